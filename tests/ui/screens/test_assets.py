"""The infrastructure database in the window, on a real profile with the demo's trees."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import cast

import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QFileDialog,
    QLabel,
    QLineEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot

from fieldtool.asset import Asset
from fieldtool.demo.play import take_trees_along
from fieldtool.device import Device
from fieldtool.ids import AssetId, DeviceId, TicketId, new_id
from fieldtool.journal import operation
from fieldtool.profile import Profile
from fieldtool.ticket import Ticket
from fieldtool.ticketing import changing
from tests.ui.conftest import Shown, idle
from ui.background import changes
from ui.screen import Desk
from ui.screens.assets import SCREEN
from ui.screens.assets.exporting import FORMATS
from ui.screens.assets.view import AssetsView
from ui.themes import touch_px

Done = Callable[[Callable[[Profile], object]], object]
LIST = """Baumnummer;Baumart;Pflanzjahr;Höhe m;Straße;lon;lat
D-1;Eiche;1980;12,5;Weg;7,4493;51,5287
D-2;Buche;gestern;14;Platz;7,4494;51,5288
D-3;Linde;1990;140;Allee;7,4495;51,5289
D-4;Linde;1990;14;Allee;;
D-5;Linde;1990;14;Allee;abc;51,5
"""


@pytest.fixture
def trees(done: Done) -> None:
    done(take_trees_along)


@pytest.fixture
def view(desk: Desk, shown: Shown) -> Callable[..., AssetsView]:
    def show(**where: str) -> AssetsView:
        made = shown(SCREEN.make(desk), **where)
        assert isinstance(made, AssetsView)
        made.activateWindow()
        return made

    return show


def tab_to(wanted: QWidget) -> None:
    """By the Tab key alone."""
    for _press in range(60):
        focused = QApplication.focusWidget()
        if focused is wanted:
            return
        QTest.keyClick(focused or wanted.window(), Qt.Key.Key_Tab)
    pytest.fail(f"Tab never came to {wanted.accessibleName()}")


def press(wanted: QWidget) -> None:
    tab_to(wanted)
    QTest.keyClick(wanted, Qt.Key.Key_Space)


def column(made: AssetsView, number: int) -> list[str]:
    rows = made.list.table.rows
    return [rows.index(place, number).data() for place in range(rows.rowCount())]


def told(whole: QWidget) -> str:
    QApplication.processEvents()
    return "\n".join(label.text() for label in whole.findChildren(QLabel) if label.isVisible())


def store(*assets: Asset) -> Callable[[Profile], None]:
    def verb(profile: Profile) -> None:
        with operation(profile.store, profile.actor, "asset.import") as recorder:
            recorder.create_many(assets)

    return verb


def tree_id(done: Done, number: str) -> str:
    return cast("str", done(lambda profile: profile.store.asset_by_number("tree", number)[0].id))


@pytest.mark.usefixtures("trees")
def test_it_is_searched_while_typing_and_by_enter(
    view: Callable[..., AssetsView], desk: Desk, qtbot: QtBot
) -> None:
    made = view()
    assert made.list.counted.text() == "12 von 12"
    assert made.list.classes.itemText(1) == "Baum (12)"
    tab_to(made.list.search)
    QTest.keyClicks(made.list.search, "hafen-0816")
    qtbot.waitUntil(lambda: column(made, 1) == ["D-Hafen-0816"])
    assert made.list.counted.text() == "1 von 12"
    made.list.search.clear()
    QTest.keyClicks(made.list.search, "quercus")
    QTest.keyClick(made.list.search, Qt.Key.Key_Return)
    idle(desk, qtbot)
    assert column(made, 1) == ["D-Hörde-0077"]
    QTest.keyClicks(made.list.search, "xyz")
    QTest.keyClick(made.list.search, Qt.Key.Key_Return)
    idle(desk, qtbot)
    assert made.list.nothing.isVisible()
    assert not made.list.table.isVisible()


@pytest.mark.usefixtures("trees")
def test_an_outdated_answer_is_dropped(view: Callable[..., AssetsView], desk: Desk, qtbot: QtBot) -> None:
    made = view()
    made.list.search.setText("quercus")
    made.list.refresh()
    made.list.search.setText("ginkgo")
    made.list.refresh()
    seen: list[list[str]] = []
    made.list.table.rows.modelReset.connect(lambda: seen.append(column(made, 1)))
    idle(desk, qtbot)
    assert seen == [["D-Mitte-0440"]]


@pytest.mark.usefixtures("trees")
def test_an_asset_is_opened_by_keys_with_all_that_belongs_to_it(
    view: Callable[..., AssetsView], desk: Desk, done: Done, qtbot: QtBot
) -> None:
    tree = AssetId(tree_id(done, "D-Hafen-0815"))
    device = Device(id=DeviceId(new_id()), profile="dragino-lse01", dev_eui="a84041f1e2d3c4b5", asset_id=tree)
    ticket = Ticket(id=TicketId(new_id()), category="other", title="Ast gebrochen", asset_id=tree)

    def prepare(profile: Profile) -> None:
        asset = profile.store.get(Asset, tree)
        with operation(profile.store, profile.actor, "asset.edit") as recorder:
            recorder.create(device)
            recorder.update(asset, attributes={**asset.attributes, "height": 99.5, "farbe": "grün"})
        changing.create(profile, ticket)

    done(prepare)
    made = view()
    assert column(made, 4)[0] == "1 Gerät"
    tab_to(made.list.table)
    QTest.keyClick(made.list.table, Qt.Key.Key_Down)
    made.list.table.choose(tree)
    QTest.keyClick(made.list.table, Qt.Key.Key_Return)
    idle(desk, qtbot)
    page = made.detail
    assert page.page.title.text() == "Baum D-Hafen-0815"
    words = told(page)
    assert "Bitte prüfen Sie einen Wert." in words
    assert "99,5 m (über dem plausiblen Wert 60)" in words
    assert "1998" in words
    assert "1998 a" not in words
    assert "51,528710° N, 7,449320° E" in words
    assert "392433,65 Ost, 5709761,86 Nord" in words
    assert "Höhe: 14,5 m → 99,5 m" in words
    wishes: list[tuple[str, dict[str, str]]] = []
    desk.wanted.connect(lambda name, where: wishes.append((name, where)))
    for table in (page.devices, page.tickets):
        tab_to(table)
        table.choose(table.rows.rows[0].id)
        QTest.keyClick(table, Qt.Key.Key_Return)
    press(page.new_ticket)
    assert wishes == [
        ("devices", {"id": device.id}),
        ("tickets", {"id": ticket.id}),
        ("tickets", {"new": "1", "asset": tree}),
    ]
    press(page.back)
    assert made.stack.currentWidget() is made.list
    assert QApplication.focusWidget() is made.list.table


@pytest.mark.usefixtures("trees")
def test_a_change_elsewhere_is_seen_in_the_history(
    view: Callable[..., AssetsView], desk: Desk, done: Done, qtbot: QtBot
) -> None:
    tree = tree_id(done, "D-Hafen-0816")
    made = view(id=tree)
    assert made.detail.history.entries.count() == 1

    def rename(profile: Profile) -> None:
        with operation(profile.store, profile.actor, "asset.edit") as recorder:
            recorder.update(profile.store.get(Asset, tree), name="Linde am Kai")

    desk.background.change(desk, rename, changes("asset"))
    qtbot.waitUntil(lambda: "Name: Linde am Kai" in told(made.detail.history))
    assert made.detail.history.entries.count() == 2


def test_an_asset_without_devices_tickets_and_place_says_so(
    view: Callable[..., AssetsView], done: Done
) -> None:
    bare = Asset(id=AssetId(new_id()), asset_class="street_light", number="L-9")
    done(store(bare))
    made = view(id=bare.id)
    page = made.detail
    assert page.no_devices.isVisible()
    assert page.no_tickets.isVisible()
    assert "Bitte prüfen Sie einen Wert." in told(page)
    assert "hier fehlt etwas" in told(page)


def test_a_line_tells_its_points_and_where_it_begins(view: Callable[..., AssetsView], done: Done) -> None:
    bridge = Asset(
        id=AssetId(new_id()),
        asset_class="bridge",
        number="B-1",
        geometry={"type": "LineString", "coordinates": [[7.46, 51.51], [7.47, 51.52]]},
    )
    done(store(bridge))
    made = view(id=bridge.id)
    words = told(made.detail)
    assert "Linie aus 2 Punkten" in words
    assert "51,510000° N, 7,460000° E (erster Punkt)" in words


def test_an_unknown_class_is_kept_and_shown(
    view: Callable[..., AssetsView], desk: Desk, done: Done, qtbot: QtBot
) -> None:
    strange = Asset(
        id=AssetId(new_id()),
        asset_class="wetterhahn",
        number="W-1",
        attributes={"gewicht": 12.5, "gold": True},
    )
    done(store(strange))
    made = view()
    assert column(made, 0) == ["wetterhahn"]
    assert column(made, 3) == ["12,5 · ja"]
    made.open_asset(strange.id)
    idle(desk, qtbot)
    assert "kennt die Klasse „wetterhahn“ nicht" in told(made.detail)
    assert "gewicht" in told(made.detail)


def test_what_is_not_there_is_told(view: Callable[..., AssetsView]) -> None:
    made = view(id=new_id())
    assert made.detail.page.problem.code == "not_found"
    assert not made.detail.new_ticket.isEnabled()


def test_an_empty_database_leads_to_the_import_and_its_dialog(view: Callable[..., AssetsView]) -> None:
    made = view()
    assert made.list.empty.isVisible()
    assert not made.list.table.isVisible()
    press(next(one for one in made.list.empty.findChildren(QAbstractButton)))
    assert made.stack.currentWidget() is made.importing
    assert QApplication.focusWidget() is made.importing.choose
    QTest.keyClick(made.importing.choose, Qt.Key.Key_Space)
    dialog = next(one for one in made.importing.findChildren(QFileDialog))
    assert dialog.isVisible()
    dialog.reject()


def test_a_list_is_read_reported_and_then_taken_over(
    view: Callable[..., AssetsView], desk: Desk, done: Done, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "baeume.csv"
    path.write_text(LIST, encoding="utf-8")
    made = view()
    made.open_import()
    page = made.importing
    page.read(path)
    assert not page.choose.isEnabled()
    idle(desk, qtbot)
    assert page.file.text() == "baeume.csv: 5 Zeilen"
    assert page.counts.text() == "3 neu · 2 abgewiesen"
    assert page.classes.currentText() == "Baum"
    assert page.crs.currentData() == "EPSG:4326"
    words = told(page)
    assert all(part in words for part in ("Zeile 5", "die Position fehlt", "Zeile 6", "lon", "abc"))
    assert all(part in words for part in ("Pflanzjahr", "gestern", "über dem plausiblen Wert 60"))
    assert done(lambda profile: profile.store.count(Asset)) == 0
    assert QApplication.focusWidget() is page.take
    QTest.keyClick(page.take, Qt.Key.Key_Space)
    assert not page.cancel.isVisible()
    idle(desk, qtbot)
    assert page.said.text() == "Übernommen:"
    assert not page.take.isVisible()
    assert done(lambda profile: profile.store.count(Asset, "tree")) == 3
    press(page.back)
    idle(desk, qtbot)
    assert column(made, 1) == ["D-1", "D-2", "D-3"]
    made.open_import()
    page.read(path)
    idle(desk, qtbot)
    assert page.counts.text() == "3 unverändert · 2 abgewiesen"
    assert page.nothing.isVisible()
    assert not page.take.isVisible()


def test_a_wrong_guess_of_the_class_is_mended(
    view: Callable[..., AssetsView], desk: Desk, done: Done, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "liste.csv"
    path.write_text("Bezeichnung;lon;lat\nKorb 1;7,4493;51,5287\nKorb 2;7,4494;51,5288\n", encoding="utf-8")
    made = view()
    made.open_import()
    page = made.importing
    page.read(path)
    idle(desk, qtbot)
    assert page.classes.currentData() == "other"
    tab_to(page.classes)
    page.classes.setCurrentIndex(page.classes.findData("bin"))
    page.classes.activated.emit(page.classes.currentIndex())
    idle(desk, qtbot)
    assert page.report is not None
    assert page.report.asset_class == "bin"
    assert QApplication.focusWidget() is page.classes
    press(page.take)
    idle(desk, qtbot)
    assert done(lambda profile: profile.store.count(Asset, "bin")) == 2


def test_an_uncertain_coordinate_system_is_asked(
    view: Callable[..., AssetsView], desk: Desk, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "baeume.csv"
    path.write_text("Baumnummer;x;y\nB-1;51,5287;7,4493\nB-2;1234567;7654321\n", encoding="utf-8")
    made = view()
    made.open_import()
    page = made.importing
    page.read(path)
    idle(desk, qtbot)
    assert page.unclear.isVisible()
    assert QApplication.focusWidget() is page.crs
    assert not page.take.isVisible()
    page.crs.setCurrentIndex(page.crs.findData("EPSG:4326"))
    page.crs.activated.emit(page.crs.currentIndex())
    idle(desk, qtbot)
    assert not page.unclear.isVisible()
    assert page.take.isVisible()
    assert page.classes.currentData() == "tree"


def test_a_list_that_cannot_be_read_is_told_beside_it(
    view: Callable[..., AssetsView], desk: Desk, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "leer.csv"
    path.write_text("", encoding="utf-8")
    made = view()
    made.open_import()
    made.importing.read(path)
    idle(desk, qtbot)
    assert made.importing.page.problem.code == "file_empty"
    assert QApplication.focusWidget() is made.importing.choose


def test_reading_can_be_cancelled(
    view: Callable[..., AssetsView], desk: Desk, done: Done, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "baeume.csv"
    path.write_text(LIST, encoding="utf-8")
    made = view()
    made.open_import()
    page = made.importing
    page.read(path)
    press(page.cancel)
    idle(desk, qtbot)
    assert page.report is None
    assert not page.busy
    assert page.choose.isEnabled()
    assert done(lambda profile: profile.store.count(Asset)) == 0


@pytest.mark.usefixtures("trees")
def test_everything_has_a_name_and_its_size(
    view: Callable[..., AssetsView], desk: Desk, done: Done, qtbot: QtBot
) -> None:
    made = view()
    tree = tree_id(done, "D-Hafen-0815")
    for turn in (made.show_list, lambda: made.open_asset(tree), made.open_import):
        turn()
        idle(desk, qtbot)
        for control in made.findChildren(QWidget):
            used = control.isVisible() and control.focusPolicy() & Qt.FocusPolicy.TabFocus
            if used and isinstance(control, QAbstractButton | QLineEdit | QComboBox):
                assert control.accessibleName(), control
                assert control.height() >= touch_px(), control.accessibleName()


def test_of_several_sheets_a_person_chooses(
    view: Callable[..., AssetsView], desk: Desk, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "baeume.xlsx"
    book = openpyxl.Workbook()
    for index, name in enumerate(("Nord", "Süd")):
        sheet = book.create_sheet(name, index)
        sheet.append(["Baumnummer", "Baumart", "lon", "lat"])
        for tree in range(3):
            sheet.append([f"{name}-{tree}", "Eiche", 7.45 + tree / 1000, 51.52])
    book.save(path)
    made = view()
    made.open_import()
    page = made.importing
    page.read(path)
    idle(desk, qtbot)
    assert page.report is None
    assert page.layers.isVisible()
    assert QApplication.focusWidget() is page.layers
    page.layers.setCurrentIndex(page.layers.findData("Süd"))
    page.layers.activated.emit(page.layers.currentIndex())
    idle(desk, qtbot)
    assert not page.layers.isVisible()
    assert page.counts.text() == "3 neu"


@pytest.mark.usefixtures("trees")
@pytest.mark.parametrize("name", ["geopackage", "csv-excel-de", "shapefile"])
def test_what_is_shown_is_exported(
    view: Callable[..., AssetsView], desk: Desk, tmp_path: Path, qtbot: QtBot, name: str
) -> None:
    made = view()
    suffix = {one: ending for one, _title, ending in FORMATS}[name]
    path = tmp_path / f"baeume.{suffix}".rstrip(".")
    made.list.exporter.save(path, name, "tree")
    idle(desk, qtbot)
    assert path.exists()
    assert str(path) in made.list.said.text()
    assert "12 Objekte" in made.list.said.text()
    made.list.exporter.save(tmp_path / "fehlt" / "baeume.gpkg", name, "tree")
    idle(desk, qtbot)
    assert made.list.page.problem.code == "target_not_written"


@pytest.mark.usefixtures("trees")
def test_the_dialog_of_an_export_names_the_formats(view: Callable[..., AssetsView]) -> None:
    made = view()
    press(made.list.export)
    dialog = next(one for one in made.list.findChildren(QFileDialog))
    assert len(dialog.nameFilters()) == len(FORMATS)
    dialog.reject()
