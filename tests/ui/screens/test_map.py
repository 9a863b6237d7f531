"""The map in the real web view, on a real profile. One view for all tests: the engine starts slowly."""

from __future__ import annotations

import json
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader
from PySide6.QtCore import QBuffer, QIODevice, QPoint, Qt, QUrl
from PySide6.QtGui import QColor, QImage
from PySide6.QtNetwork import QNetworkProxy
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from drivers.secret import Secret
from fieldtool.asset import Asset
from fieldtool.children import child
from fieldtool.geometry import point
from fieldtool.ids import AssetId, new_id
from fieldtool.journal import operation
from fieldtool.operation import Actor
from fieldtool.profile import Profile
from tests.fieldtool.store.test_mbtiles import written
from tests.ui.usable import assert_usable
from ui import printing, themes
from ui.application import speak
from ui.background import Background, Place
from ui.preferences import Preferences
from ui.screen import Desk
from ui.screens.map import SCREEN
from ui.screens.map.view import MapScreen
from ui.themes import touch_px

OAK, ELM, BIN = (7.5000, 51.5000), (7.5010, 51.5000), (7.5000, 51.5006)
AREA = {
    "type": "Polygon",
    "coordinates": [[[7.504, 51.501], [7.505, 51.501], [7.505, 51.502], [7.504, 51.502], [7.504, 51.501]]],
}
CROWD_PLACE = (7.6, 51.6)
CROWD = 400
MIDDLE = (7.5005, 51.5003)


def stock() -> list[Asset]:
    def made(number: str, asset_class: str, geometry: Any, **attributes: Any) -> Asset:
        return Asset(
            id=AssetId(new_id()),
            asset_class=asset_class,
            number=number,
            geometry=geometry,
            attributes=attributes,
        )

    lon, lat = CROWD_PLACE
    return [
        made("Eiche 1", "tree", point(*OAK), planting_year=1950),
        made("Ulme 2", "tree", point(*ELM), planting_year=2020),
        made("Korb 3", "bin", point(*BIN)),
        made("Platz 4", "other", AREA),
        *(
            made(f"L{n}", "street_light", point(lon + n % 20 / 1e4, lat + n // 20 / 1e4))
            for n in range(CROWD)
        ),
    ]


class Map:
    """The screen, and what its page says."""

    def __init__(self, screen: MapScreen) -> None:
        self.screen = screen
        self.heard: list[dict[str, Any]] = []
        self.gone: list[tuple[str, dict[str, str]]] = []
        screen.desk.wanted.connect(lambda name, where: self.gone.append((name, where)))
        self.screen.map.bridge.heard.connect(lambda told: self.heard.append(dict(told)))

    @property
    def surface(self) -> Any:
        assert self.screen.map.view is not None
        return self.screen.map.view.focusProxy()

    def js(self, qtbot: QtBot, expression: str) -> Any:
        found: list[Any] = []
        assert self.screen.map.view is not None
        self.screen.map.view.page().runJavaScript(f"JSON.stringify({expression})", 0, found.append)
        qtbot.waitUntil(lambda: bool(found))
        return json.loads(found[0]) if found[0] else None

    def settle(self, qtbot: QtBot) -> None:
        """What was told to the page has been answered, and no job runs."""
        self.js(qtbot, "1")
        qtbot.waitUntil(lambda: self.screen.desk.background.running == 0)
        QApplication.processEvents()

    def go(self, qtbot: QtBot, place: tuple[float, float], zoom: int = 18) -> None:
        self.screen.map.go(*place, zoom)
        self.settle(qtbot)

    def pixel(self, qtbot: QtBot, place: tuple[float, float]) -> QPoint:
        lon, lat = place
        found = self.js(qtbot, f"fieldtool.page.map.latLngToContainerPoint([{lat}, {lon}])")
        return QPoint(round(found["x"]), round(found["y"]))

    def seen(self, at: QPoint) -> QColor:
        shown: QColor = self.surface.grab().toImage().pixelColor(at)
        return shown

    def click(self, qtbot: QtBot, place: tuple[float, float]) -> None:
        at = self.pixel(qtbot, place)
        QTest.mouseMove(self.surface, at)
        QTest.mouseClick(self.surface, Qt.MouseButton.LeftButton, pos=at)

    def focus(self, qtbot: QtBot) -> None:
        self.screen.activateWindow()
        self.surface.setFocus()
        qtbot.waitUntil(lambda: self.js(qtbot, "document.hasFocus()") is True)
        self.js(qtbot, "fieldtool.page.map.getContainer().focus()")

    def key(self, key: Qt.Key) -> None:
        QTest.keyClick(self.surface, key)

    def listed(self) -> list[str]:
        return [row.cells[0] for row in self.screen.chosen.rows.rows]


class Trap:
    """A proxy on this machine that every way out leads to. Nothing comes back from it."""

    def __init__(self) -> None:
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.socket.setblocking(False)
        self.port = self.socket.getsockname()[1]

    def caught(self) -> bool:
        try:
            connection, _address = self.socket.accept()
        except BlockingIOError:
            return False
        connection.close()
        return True


@pytest.fixture(scope="module")
def trap() -> Iterator[Trap]:
    """There from before the first page on."""
    before = QNetworkProxy.applicationProxy()
    made = Trap()
    with closing(made.socket):
        QNetworkProxy.setApplicationProxy(
            QNetworkProxy(QNetworkProxy.ProxyType.HttpProxy, "127.0.0.1", made.port)
        )
        yield made
        QNetworkProxy.setApplicationProxy(before)


@pytest.fixture(scope="module")
def shared(qapp: QApplication, tmp_path_factory: pytest.TempPathFactory, trap: Trap) -> Iterator[Map]:
    assert not trap.caught()
    speak(qapp)
    themes.apply(qapp, Preferences())
    folder = tmp_path_factory.mktemp("map")
    background = Background(Place(folder / "profile", Secret("übung macht meister"), "Mia Muster"))

    def prepare(profile: Profile) -> None:
        with operation(profile.store, profile.actor, "test.stock") as running:
            running.create_many(stock())

    background.ask(background, prepare, lambda _nothing: None)
    desk = Desk(background, Preferences(welcomed=True), Actor("1", "Mia Muster", "MM", "bestand"))
    screen = SCREEN.make(desk)
    assert isinstance(screen, MapScreen)
    made = Map(screen)
    screen.resize(1080, 720)
    screen.show()
    screen.shown({})
    yield made
    screen.close()
    screen.map.end()
    background.close()
    screen.deleteLater()
    qapp.setStyleSheet("")


@pytest.fixture
def on(shared: Map, qtbot: QtBot) -> Map:
    """As it is when it was turned to: near the trees, the first tool in hand, nothing selected."""
    qtbot.waitUntil(lambda: any(told["what"] == "shown" for told in shared.heard), timeout=30_000)
    shared.screen.drawing.use("look")
    shared.screen.map.tell("select", seqs=[])
    shared.screen._selected([])
    shared.go(qtbot, MIDDLE)
    shared.gone.clear()
    return shared


def test_the_points_are_drawn_in_their_colours(on: Map, qtbot: QtBot) -> None:
    told = next(told for told in on.heard if told["what"] == "shown")
    assert told["count"] == told["total"] == CROWD + 4
    legend = on.js(qtbot, "fieldtool.page.layer.points.tail.legend")
    titles = {one["title"]: one for one in legend}
    assert {name: one["count"] for name, one in titles.items()} == {
        "Abfallbehälter": 1,
        "Baum": 2,
        "Sonstiges Objekt": 1,
        "Straßenleuchte": CROWD,
    }
    for place, title in ((OAK, "Baum"), (BIN, "Abfallbehälter")):
        at = on.pixel(qtbot, place)
        colour = QColor(titles[title]["colour"])
        qtbot.waitUntil(lambda at=at, colour=colour: near(on.seen(at), colour))
    assert "Straßenleuchte (400)" in on.js(qtbot, "document.querySelector('.legend').textContent")
    assert on.screen.count.text() == "404 Objekte insgesamt"


def near(one: QColor, other: QColor) -> bool:
    return all(abs(a - b) < 12 for a, b in zip(one.getRgb(), other.getRgb(), strict=True))


def test_a_click_selects_and_the_list_leads_to_the_record(on: Map, qtbot: QtBot) -> None:
    on.click(qtbot, OAK)
    qtbot.waitUntil(lambda: on.listed() == ["Baum Eiche 1"])
    on.screen.chosen.setCurrentIndex(on.screen.chosen.rows.index(0, 0))
    QTest.keyClick(on.screen.chosen, Qt.Key.Key_Return)
    ((screen, where),) = on.gone
    assert screen == "assets"
    assert where["id"] == on.screen.chosen.rows.rows[0].id
    on.click(qtbot, (7.5005, 51.5001))
    qtbot.waitUntil(lambda: on.screen.chosen_count.text() == "Nichts ist ausgewählt.")


def test_the_keyboard_alone_selects_at_the_cross(on: Map, qtbot: QtBot) -> None:
    on.go(qtbot, ELM)
    on.focus(qtbot)
    on.key(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: on.listed() == ["Baum Ulme 2"])
    before = on.js(qtbot, "fieldtool.page.map.getCenter()")
    on.key(Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: on.js(qtbot, "fieldtool.page.map.getCenter()")["lng"] > before["lng"])


def test_a_rectangle_by_two_clicks(on: Map, qtbot: QtBot) -> None:
    on.screen.drawing.use("box")
    on.click(qtbot, (7.4998, 51.5008))
    on.click(qtbot, (7.5004, 51.4998))
    qtbot.waitUntil(lambda: on.listed() == ["Abfallbehälter Korb 3", "Baum Eiche 1"])
    assert on.screen.chosen_count.text() == "2 ausgewählt"


def test_an_outline_by_keys(on: Map, qtbot: QtBot) -> None:
    on.screen.drawing.use("polygon")
    on.focus(qtbot)
    for corner in ((7.4998, 51.4998), (7.5013, 51.4998), (7.5013, 51.5002), (7.4998, 51.5002)):
        on.go(qtbot, corner)
        on.key(Qt.Key.Key_Return)
        on.settle(qtbot)
    qtbot.waitUntil(on.screen.drawing.finish.isEnabled)
    on.screen.drawing.finish.click()
    qtbot.waitUntil(lambda: on.listed() == ["Baum Eiche 1", "Baum Ulme 2"])
    assert not on.screen.drawing.finish.isEnabled()


def test_measuring(on: Map, qtbot: QtBot) -> None:
    drawing = on.screen.drawing
    drawing.use("distance")
    on.click(qtbot, OAK)
    on.click(qtbot, ELM)
    qtbot.waitUntil(drawing.result.isVisible)
    name, length, unit = drawing.result.text().split()
    assert (name, unit) == ("Strecke:", "m")
    assert abs(float(length.replace(",", ".")) - 69.4) < 1
    on.click(qtbot, BIN)
    qtbot.waitUntil(lambda: drawing.result.text() > "Strecke: 1")
    drawing.back.click()
    qtbot.waitUntil(lambda: drawing.result.text() == f"Strecke: {length} m")
    drawing.use("area")
    for corner in (OAK, ELM, BIN):
        on.click(qtbot, corner)
    qtbot.waitUntil(lambda: drawing.result.isVisible() and "Umfang" in drawing.result.text())
    area = float(drawing.result.text().split()[1].replace(".", ""))
    assert abs(area - 2317) < 60


def test_many_in_one_place_are_a_number_until_one_is_near(on: Map, qtbot: QtBot) -> None:
    on.go(qtbot, CROWD_PLACE, 12)
    crowds = on.js(qtbot, "fieldtool.page.layer.crowds.map((one) => one.count)")
    assert sum(crowds) == CROWD
    zoom = on.js(qtbot, "fieldtool.page.map.getZoom()")
    on.focus(qtbot)
    on.key(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: on.js(qtbot, "fieldtool.page.map.getZoom()") > zoom)
    on.go(qtbot, CROWD_PLACE, 21)
    assert on.js(qtbot, "fieldtool.page.layer.crowds.length") == 0


def test_areas_are_outlined(on: Map, qtbot: QtBot) -> None:
    on.go(qtbot, (7.5045, 51.5015), 18)
    assert on.js(qtbot, "fieldtool.page.outlines.getLayers().length") == 2
    edge = on.pixel(qtbot, (7.504, 51.5015))
    qtbot.waitUntil(lambda: not near(on.seen(edge), QColor(themes.THEMES["light"].window)))


def test_it_turns_to_an_asset(on: Map, qtbot: QtBot) -> None:
    found: list[str] = []
    on.screen.desk.background.ask(
        on.screen,
        lambda profile: next(iter(profile.store.assets(search="Ulme"))).id,
        found.append,
    )
    qtbot.waitUntil(lambda: bool(found))
    on.screen.shown({"id": found[0]})
    qtbot.waitUntil(lambda: on.listed() == ["Baum Ulme 2"])
    centre = on.js(qtbot, "fieldtool.page.map.getCenter()")
    assert (centre["lng"], centre["lat"]) == pytest.approx(ELM, abs=1e-5)
    on.settle(qtbot)
    facts = [label.accessibleName() for label in on.screen.place.findChildren(type(on.screen.count))]
    assert any(fact.startswith("WGS84: 51,5000") and "° N, 7,5010" in fact for fact in facts)
    assert any("ETRS89/UTM 32: 395" in fact and "Ost" in fact for fact in facts)


def test_colours_by_age(on: Map, qtbot: QtBot) -> None:
    colours = on.screen.colours
    colours.setCurrentIndex(colours.findData("age"))
    colours.activated.emit(colours.currentIndex())
    shown = "document.querySelector('.legend').textContent"
    qtbot.waitUntil(lambda: "50 Jahre und älter (1)" in on.js(qtbot, shown))
    assert "jünger als 10 Jahre (1)" in on.js(qtbot, shown)
    assert "unbekannt (402)" in on.js(qtbot, shown)
    colours.setCurrentIndex(colours.findData("class"))
    colours.activated.emit(colours.currentIndex())
    qtbot.waitUntil(lambda: "Baum (2)" in on.js(qtbot, shown))


def test_what_changes_elsewhere_is_seen(on: Map, qtbot: QtBot) -> None:
    from ui.background import changes

    new = Asset(id=AssetId(new_id()), asset_class="gateway", number="G", geometry=point(7.5, 51.4995))

    def add(profile: Profile) -> None:
        with operation(profile.store, profile.actor, "test.more") as running:
            running.create(new)

    def remove(profile: Profile) -> None:
        with operation(profile.store, profile.actor, "test.less") as running:
            running.delete(profile.store.get(Asset, new.id))

    for verb, count in ((add, CROWD + 5), (remove, CROWD + 4)):
        on.screen.desk.background.change(on.screen, verb, changes("asset"))
        qtbot.waitUntil(lambda count=count: on.js(qtbot, "fieldtool.page.layer.points.total") == count)


@pytest.mark.parametrize("theme", ["dark", "sun", "light"])
def test_the_theme_and_the_zoom_reach_the_page(on: Map, qtbot: QtBot, theme: str) -> None:
    stated = on.screen.desk.preferences
    on.screen.desk.preferences = replace(stated, theme=theme, zoom=200, glove=True)  # type: ignore[arg-type]
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    themes.apply(app, on.screen.desk.preferences)
    read = "getComputedStyle(document.documentElement).getPropertyValue('--surface')"
    qtbot.waitUntil(lambda: on.js(qtbot, read) == themes.THEMES[theme].surface)  # type: ignore[index]
    size = on.js(qtbot, "document.querySelector('.leaflet-control-zoom-in').getBoundingClientRect().height")
    assert size >= touch_px() >= 64
    on.screen.desk.preferences = stated
    themes.apply(app, stated)
    on.settle(qtbot)
    size = on.js(qtbot, "document.querySelector('.leaflet-control-zoom-in').getBoundingClientRect().height")
    assert size >= 48


def test_everybody_can_use_it(on: Map, qtbot: QtBot) -> None:
    on.screen.drawing.use("polygon")
    on.screen.base.show_form()
    QApplication.processEvents()
    assert_usable(on.screen, touch_px())
    on.screen.base.form_away()
    label = on.js(qtbot, "fieldtool.page.map.getContainer().getAttribute('aria-label')")
    assert "Pfeiltasten" in label
    unnamed = on.js(
        qtbot, "[...document.querySelectorAll('a[role=button]')].filter((one) => !one.ariaLabel).length"
    )
    assert unnamed == 0


def colour_tile(colour: str) -> bytes:
    image = QImage(256, 256, QImage.Format.Format_RGB32)
    image.fill(QColor(colour))
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return bytes(buffer.data().data())


def test_a_map_file_lies_below_the_points_the_right_way_up(on: Map, qtbot: QtBot, tmp_path: Path) -> None:
    """Of zoom 1, north-east of the equator is row 0 in the page and row 1 in the file."""
    tiles = [(1, 1, 1, colour_tile("#11aa22")), (1, 1, 0, colour_tile("#aa1122"))]
    path = written(tmp_path / "welt.mbtiles", tiles, format="png", name="Welt", attribution="Amt &amp; Co")
    on.screen.base.use_file(path)
    loaded = "fieldtool.page.base && !fieldtool.page.base.isLoading()"
    qtbot.waitUntil(lambda: on.js(qtbot, loaded) is True)
    at = on.pixel(qtbot, (7.5008, 51.5006))
    qtbot.waitUntil(lambda: near(on.seen(at), QColor("#11aa22")))
    assert "Amt & Co" in on.js(qtbot, "document.querySelector('.leaflet-control-attribution').textContent")
    assert on.screen.base.bases.currentText() == "Welt"
    assert not on.screen.base.online.isVisible()
    on.screen.base.use_file(tmp_path / "away.mbtiles")
    qtbot.waitUntil(lambda: on.screen.base.problem.code == "map_file_unusable")
    assert on.screen.base.bases.currentText() == "Welt"
    on.screen.base.remove.click()
    qtbot.waitUntil(lambda: on.js(qtbot, "!fieldtool.page.base"))
    on.settle(qtbot)
    assert not on.screen.base.remove.isVisible()


OUTSIDE = (
    "fetch('https://tiles.example.org/x').catch(() => 0)",
    "new Image().src = 'http://tiles.example.org/1/1/1.png'",
    "document.head.appendChild(Object.assign(document.createElement('script'), {src: 'https://example.org/x.js'}))",
    "navigator.sendBeacon('https://example.org/b', 'x')",
    "new Image().src = 'http://tiles.example.org:81/1/1/1.png'",
)


def test_not_one_request_leaves_the_machine(on: Map, qtbot: QtBot, trap: Trap) -> None:
    guard, scheme = on.screen.map.guard, on.screen.map.scheme
    assert guard is not None
    assert scheme is not None
    assert (guard.refused, guard.passed, scheme.unknown) == ([], [], []), "nothing was asked for so far"
    assert on.screen.map.view is not None
    with qtbot.waitSignal(on.screen.map.shown, timeout=20_000):
        on.screen.map.view.setUrl(QUrl("fieldtool://map/"))
    for zoom in (3, 12, 18):
        on.go(qtbot, MIDDLE, zoom)
    assert guard.refused == []
    for attempt in OUTSIDE:
        on.js(qtbot, f"Boolean({attempt})")
    qtbot.waitUntil(lambda: len(guard.refused) >= len(OUTSIDE))
    assert not trap.caught()
    guard.refused.clear()


def test_a_chosen_service_and_only_it_is_asked(on: Map, qtbot: QtBot, trap: Trap) -> None:
    """That the trap catches at all is what gives the test above its worth."""
    guard, base = on.screen.map.guard, on.screen.base
    assert guard is not None
    base.show_form()
    base.url.setText("http://tiles.example.org/{z}/{x}/{y}.png")
    base.attribution.setText("Land NRW")
    base.take.click()
    qtbot.waitUntil(trap.caught, timeout=20_000)
    assert base.online.isVisible()
    assert guard.passed
    assert all(url.startswith("http://tiles.example.org/") for url in guard.passed)
    assert guard.refused == []
    assert "Land NRW" in on.js(qtbot, "document.querySelector('.leaflet-control-attribution').textContent")
    for attempt in (OUTSIDE[0], OUTSIDE[2], OUTSIDE[4]):
        on.js(qtbot, f"Boolean({attempt})")
    qtbot.waitUntil(lambda: len(guard.refused) == 3)
    base.remove.click()
    qtbot.waitUntil(lambda: on.js(qtbot, "!fieldtool.page.base"))
    assert guard.allowed is None
    guard.refused.clear()
    guard.passed.clear()


def test_an_address_that_cannot_be_is_told_and_kept(on: Map, qtbot: QtBot) -> None:
    base = on.screen.base
    base.show_form()
    base.url.setText("tiles.example.org")
    base.take.click()
    qtbot.waitUntil(lambda: base.problem.code == "map_service_unusable")
    assert base.url.text() == "tiles.example.org"
    assert base.form.isVisible()
    base.url.clear()
    base.form_away()


def test_the_receiver_says_where_we_are(on: Map, qtbot: QtBot, tmp_path: Path) -> None:
    screen = on.screen
    screen.locate.click()
    assert "GNSS" in screen.problem.message.text()
    script = tmp_path / "gnss.json"
    script.write_text(json.dumps({"gnss": {"lon": 7.4653, "lat": 51.5136, "rate_hz": 10}}), encoding="utf-8")
    stated = screen.desk.preferences
    with child(["simulate", "nmea-gnss", "--script", str(script)]) as (_process, ready):
        screen.desk.preferences = replace(stated, gnss_port=ready["port"])
        screen.locate.click()
        assert not screen.locate.isEnabled()
        qtbot.waitUntil(screen.locate.isEnabled, timeout=20_000)
    screen.desk.preferences = stated
    assert "m genau" in screen.position.text()
    centre = on.js(qtbot, "fieldtool.page.map.getCenter()")
    assert (centre["lng"], centre["lat"]) == pytest.approx((7.4653, 51.5136), abs=1e-3)
    radius = on.js(qtbot, "fieldtool.page.position.getLayers()[0].getRadius()")
    assert radius > 0
    screen.map.tell("position", fix=None)


def test_a_sheet_is_printed(on: Map, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "karte.pdf"
    before = on.js(qtbot, "fieldtool.page.map.getCenter()")
    on.screen.print_to(path)
    assert not on.screen.print.isEnabled()
    qtbot.waitUntil(on.screen.said.isVisible, timeout=20_000)
    (page,) = PdfReader(path).pages
    words = " ".join(page.extract_text().split())
    assert "Karte der Objekte nach Klasse" in words
    assert "Maßstab 1:1." in words
    assert "Mia Muster" in words
    assert "Straßenleuchte (400)" in words
    assert (round(page.mediabox.width), round(page.mediabox.height)) == (842, 595)
    on.settle(qtbot)
    after = on.js(qtbot, "fieldtool.page.map.getCenter()")
    assert (after["lng"], after["lat"]) == pytest.approx((before["lng"], before["lat"]), abs=1e-5)
    assert on.screen.print.isEnabled()


def test_who_moves_fast_gets_only_the_latest_answer(on: Map, qtbot: QtBot) -> None:
    on.js(qtbot, "window.got = []")
    ask = "fetch(`points?box=7,51,8,52&zoom=${n}&by=class`).then((a) => got.push([n, a.ok]))"
    background, gate = on.screen.desk.background, threading.Event()
    background.ask(on.screen, lambda _profile: gate.wait(20), lambda _opened: None)
    on.js(qtbot, f"[1, 2, 3].map((n) => {{ {ask} }})")
    qtbot.waitUntil(lambda: background.running == 4)
    gate.set()
    qtbot.waitUntil(lambda: len(on.js(qtbot, "got")) == 3)
    assert sorted(on.js(qtbot, "got")) == [[1, False], [2, False], [3, True]]


def test_the_first_assets_are_turned_to(on: Map, desk: Desk, qtbot: QtBot) -> None:
    from ui.background import changes

    assert on.screen.isVisible()
    screen = SCREEN.make(desk)
    assert isinstance(screen, MapScreen)
    qtbot.addWidget(screen)
    screen.resize(1080, 720)
    screen.show()
    screen.shown({})
    mine = Map(screen)
    qtbot.waitUntil(lambda: screen.map.painted, timeout=20_000)
    assert "noch keine Objekte" in mine.js(qtbot, "document.querySelector('.note').textContent")
    far = Asset(id=AssetId(new_id()), asset_class="tree", geometry=point(13.4, 52.5))

    def add(profile: Profile) -> None:
        with operation(profile.store, profile.actor, "test.stock") as running:
            running.create(far)

    desk.background.change(screen, add, changes("asset"))
    qtbot.waitUntil(lambda: mine.js(qtbot, "fieldtool.page.map.getCenter()")["lng"] > 13)
    mine.settle(qtbot)
    screen.map.end()


def test_where_it_was_left_is_kept(on: Map, qtbot: QtBot) -> None:
    from fieldtool.base_maps import read_maps

    on.screen.hide()
    on.settle(qtbot)
    place = read_maps(on.screen.desk.background.place.directory).place
    assert place == pytest.approx((*MIDDLE, 18), abs=1e-4)
    on.screen.show()


def test_without_the_web_view_there_is_a_hint(on: Map, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "PySide6.QtWebEngineCore", None)
    monkeypatch.delattr("PySide6.QtWebEngineCore", raising=False)
    assert not printing.web_view_usable()
    screen = SCREEN.make(on.screen.desk)
    qtbot.addWidget(screen)
    screen.show()
    screen.shown({})
    qtbot.waitUntil(lambda: on.screen.desk.background.running == 0)
    assert isinstance(screen, MapScreen)
    assert screen.map.view is None
    assert "fehlt hier" in screen.map.hint.text()
