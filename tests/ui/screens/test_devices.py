"""The screen of the devices, with a real simulated probe and receiver on the other side of their ptys."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pypdf import PdfReader
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from fieldtool.commissioning.record import STEPS
from fieldtool.device import Device
from fieldtool.profile import Profile
from tests.ui.bench import practised
from tests.ui.conftest import Shown, idle
from tests.ui.keyboard import Keys
from tests.ui.usable import assert_usable
from ui.practice import Ready
from ui.screen import Desk, Port
from ui.screens.devices.assistant import Assistant
from ui.screens.devices.ports import PERIOD_MS
from ui.screens.devices.view import DevicesView

DONE = 60_000


@pytest.fixture
def ready(desk: Desk, qtbot: QtBot) -> Iterator[Ready]:
    with practised(desk, qtbot) as found:
        yield found


def begun(view: DevicesView) -> Assistant:
    assert view.assistant is not None
    return view.assistant


def fill_in(assistant: Assistant, ready: Ready, qtbot: QtBot, desk: Desk) -> None:
    """By clicks and entries, up to the last page."""
    device, site = assistant.device, assistant.site
    qtbot.waitUntil(lambda: device.port.findData(ready.table.probe_port) > 0)
    device.port.setCurrentIndex(device.port.findData(ready.table.probe_port))
    device.choose_kind("dragino-lse01")
    device.password.setText(ready.site.password.reveal())
    qtbot.mouseClick(assistant.next, Qt.MouseButton.LeftButton)
    assistant.label.entry.entry.setText(ready.site.label)
    qtbot.mouseClick(assistant.label.entry.take, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(assistant.next, Qt.MouseButton.LeftButton)
    idle(desk, qtbot)
    site.search.setText(ready.site.number)
    qtbot.waitUntil(lambda: len(site.assets.rows.rows) == 1)
    click_row(site.assets, 0, qtbot)
    site.gnss.setText(ready.table.gnss_port)
    site.template.setCurrentIndex(site.template.findData("street-tree"))
    qtbot.mouseClick(assistant.next, Qt.MouseButton.LeftButton)
    assert assistant.page is assistant.run


def click_row(table: QWidget, number: int, qtbot: QtBot) -> None:
    index = table.model().index(number, 0)  # type: ignore[attr-defined]
    place = table.visualRect(index).center()  # type: ignore[attr-defined]
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)  # type: ignore[attr-defined]


def test_an_empty_screen_says_what_to_do(desk: Desk, shown: Shown) -> None:
    view = shown(DevicesView(desk))
    assert isinstance(view, DevicesView)
    assert view.overview.empty.isVisible()
    assert not view.overview.devices.isVisible()
    assert "Kabel" in view.overview.empty.text()


def test_a_commissioning_by_clicks(
    desk: Desk,
    shown: Shown,
    qtbot: QtBot,
    ready: Ready,
    done: Callable[[object], object],
    tmp_path: Path,
) -> None:
    view = shown(DevicesView(desk), new="1", ticket=ready.ticket.id)
    assert isinstance(view, DevicesView)
    assistant = begun(view)
    fill_in(assistant, ready, qtbot, desk)
    run = assistant.run
    qtbot.mouseClick(run.begin_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: run.result is not None, timeout=DONE)
    assert [run.lines[name].state.text() for name in STEPS] == ["erledigt"] * len(STEPS)
    assert ready.site.dev_eui in run.lines["compare"].found.text()
    assert "Sendeabstand" in run.lines["read_back"].found.text()
    assert "geschlossen" in run.lines["finish"].found.text()
    assert Path(run.result.report).exists() if run.result else False

    def stored(profile: Profile) -> tuple[str, str, int]:
        (device,) = profile.store.devices()
        (ticket,) = profile.store.tickets(id=ready.ticket.id)
        return device.state, ticket.status, profile.store.count(Device)

    assert done(stored) == ("in_service", "closed", 1)
    raw = run.raw.toPlainText()
    assert "AT+DEUI" in raw
    for secret in (ready.site.password, ready.site.app_key):
        assert secret.reveal() not in raw
    qtbot.mouseClick(assistant.next, Qt.MouseButton.LeftButton)
    idle(desk, qtbot)
    assert view.assistant is None
    assert [row.cells[2] for row in view.overview.devices.rows.rows] == ["in Betrieb"]
    click_row(view.overview.devices, 0, qtbot)
    idle(desk, qtbot)
    assert view.detail.page.title.text().endswith(ready.site.dev_eui)
    assert len(view.detail.readings.rows.rows) >= 3
    out = tmp_path / "bericht.pdf"
    view.detail.saver.save(view.detail.report_page(), out)
    qtbot.waitUntil(view.detail.saved.isVisible, timeout=DONE)
    words = "".join(page.extract_text() for page in PdfReader(out).pages)
    assert ready.site.dev_eui in words
    assert not [one for one in (ready.site.password, ready.site.app_key) if one.reveal() in words]
    told = [label.text() for label in view.detail.history.findChildren(QLabel)]
    assert any("Inbetriebnahme" in words for words in told)


def test_a_commissioning_by_the_keyboard_alone(desk: Desk, shown: Shown, qtbot: QtBot, ready: Ready) -> None:
    view = shown(DevicesView(desk))
    assert isinstance(view, DevicesView)
    keys = Keys(view)
    keys.to("Sensor in Betrieb nehmen", Qt.Key.Key_Space)
    assistant = begun(view)
    qtbot.waitUntil(lambda: assistant.device.port.findData(ready.table.probe_port) > 0)
    keys.choose("Anschluss", ready.ports[0].title)
    keys.choose("Gerätetyp", "Dragino LSE01")
    keys.type("Passwort des Geräts (auf dem Etikett oder der Verpackung)", ready.site.password.reveal())
    keys.to("Weiter", Qt.Key.Key_Space)
    keys.type("Text des Etiketts", ready.site.label)
    keys.press(Qt.Key.Key_Return)
    assert assistant.label.label is not None
    keys.to("Weiter", Qt.Key.Key_Space)
    idle(desk, qtbot)
    keys.choose("Ticket, das damit erledigt ist", ready.ticket.title)
    idle(desk, qtbot)
    keys.type("Objekt suchen", ready.site.number)
    qtbot.waitUntil(lambda: len(assistant.site.assets.rows.rows) == 1)
    keys.to("Gefundene Objekte", Qt.Key.Key_Down)
    keys.press(Qt.Key.Key_Return)
    keys.type("Anschluss des GNSS-Empfängers", ready.table.gnss_port)
    keys.choose("Art des Standorts", "Straßenbaum")
    keys.to("Weiter", Qt.Key.Key_Space)
    keys.to("Beginnen", Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: assistant.run.result is not None, timeout=DONE)
    keys.to("Abschließen", Qt.Key.Key_Space)
    idle(desk, qtbot)
    assert len(view.overview.devices.rows.rows) == 1


def test_a_wrong_label_is_told_beside_the_step_and_nothing_is_written(
    desk: Desk, shown: Shown, qtbot: QtBot, ready: Ready
) -> None:
    view = shown(DevicesView(desk), new="1")
    assert isinstance(view, DevicesView)
    assistant = begun(view)
    fill_in(assistant, ready, qtbot, desk)
    other = ready.site.dev_eui[:-1] + ("0" if ready.site.dev_eui[-1] != "0" else "1")
    qtbot.mouseClick(assistant.back, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(assistant.back, Qt.MouseButton.LeftButton)
    assistant.label.entry.enter_text(f"DevEUI={other}")
    for _page in range(2):
        qtbot.mouseClick(assistant.next, Qt.MouseButton.LeftButton)
        idle(desk, qtbot)
    run = assistant.run
    qtbot.mouseClick(run.begin_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(run.page.problem.isVisible, timeout=DONE)
    assert run.page.problem.code == "other_device"
    assert (run.lines["compare"].state.text(), run.lines["write"].state.text()) == ("fehlgeschlagen", "offen")
    assert "AT+APPKEY=" not in run.raw.toPlainText()


def test_a_cable_that_is_pulled_out_is_noticed_and_said(
    desk: Desk, shown: Shown, qtbot: QtBot, tmp_path: Path
) -> None:
    port = tmp_path / "ttyUSB7"
    port.touch()
    desk.extra_ports = (Port(str(port), "Prüfkabel"),)
    view = shown(DevicesView(desk), new="1")
    assert isinstance(view, DevicesView)
    device = begun(view).device
    qtbot.waitUntil(lambda: device.port.findData(str(port)) > 0)
    device.port.setCurrentIndex(device.port.findData(str(port)))
    port.unlink()
    qtbot.waitUntil(device.lost.isVisible, timeout=DONE)
    # The design wants two seconds: it is looked for twice as often.
    assert PERIOD_MS <= 1000
    assert device.lost.text() == f"{port} wurde abgezogen."
    assert device.chosen_port == ""


def test_stopped_and_gone_on_with_later(desk: Desk, shown: Shown, qtbot: QtBot, ready: Ready) -> None:
    view = shown(DevicesView(desk), new="1")
    assert isinstance(view, DevicesView)
    assistant = begun(view)
    fill_in(assistant, ready, qtbot, desk)
    run = assistant.run
    qtbot.mouseClick(run.begin_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: run.lines["read_back"].state.text() == "läuft …", timeout=DONE)
    qtbot.mouseClick(assistant.leave, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: view.assistant is None, timeout=DONE)
    idle(desk, qtbot)
    (unfinished,) = view.overview.unfinished.rows.rows
    assert unfinished.cells[0] == ready.site.dev_eui
    assert unfinished.cells[3].startswith("als Nächstes: ")
    click_row(view.overview.unfinished, 0, qtbot)
    idle(desk, qtbot)
    again = begun(view)
    assert again.run.lines["write"].state.text() == "erledigt"
    device = again.device
    qtbot.waitUntil(lambda: device.port.findData(ready.table.probe_port) > 0)
    device.port.setCurrentIndex(device.port.findData(ready.table.probe_port))
    device.password.setText(ready.site.password.reveal())
    for _page in range(3):
        assert again.page.missing() == ""
        qtbot.mouseClick(again.next, Qt.MouseButton.LeftButton)
        idle(desk, qtbot)
    qtbot.mouseClick(again.run.begin_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: again.run.result is not None, timeout=DONE)
    assert again.run.lines["identify"].state.text() in ("erledigt", "früher erledigt, nachgesehen")


def test_every_page_of_the_assistant_can_be_used_by_everybody(
    desk: Desk, shown: Shown, qtbot: QtBot, ready: Ready
) -> None:
    del ready
    view = shown(DevicesView(desk), new="1")
    assert isinstance(view, DevicesView)
    assistant = begun(view)
    for number in range(len(assistant.pages)):
        assistant.turn_to(number)
        idle(desk, qtbot)
        assert_usable(view)
