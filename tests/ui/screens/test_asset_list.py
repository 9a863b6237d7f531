"""The list of assets: of any length, sorted, filtered, grouped and selected, by keys alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication
from pytestqt.qtbot import QtBot

from fieldtool.asset import Asset
from fieldtool.asset_query import Condition
from fieldtool.journal import operation
from fieldtool.profile import Profile
from fieldtool.store import asset_indexes
from tests.bench.profiles import make_assets
from tests.ui.conftest import Shown, idle
from tests.ui.keyboard import Keys
from tests.ui.usable import assert_usable
from ui.background import changes
from ui.screen import Desk
from ui.screens.assets import SCREEN, listing
from ui.screens.assets.list_page import ListPage
from ui.screens.assets.view import AssetsView
from ui.widgets.big_table import PAGE

Done = Callable[[Callable[[Profile], object]], object]
COUNT = 430


@pytest.fixture
def listed(desk: Desk, shown: Shown, done: Done, monkeypatch: pytest.MonkeyPatch) -> Iterator[ListPage]:
    monkeypatch.setattr(asset_indexes, "FEW_ASSETS", 0)
    monkeypatch.setattr(listing, "PART", 120)

    def fill(profile: Profile) -> None:
        with operation(profile.store, profile.actor, "asset.import") as recorder:
            recorder.create_many(make_assets(COUNT))

    done(fill)
    view = shown(SCREEN.make(desk))
    assert isinstance(view, AssetsView)
    view.activateWindow()
    yield view.list
    view.hide()


def seen(page: ListPage, column: str) -> list[str]:
    """What can be read there without scrolling."""
    place = page._found.shown.index(column)  # type: ignore[union-attr]
    table = page.table
    top, bottom = table.rowAt(0), table.rowAt(table.viewport().height() - 1)
    bottom = table.rows.rowCount() - 1 if bottom < 0 else bottom
    return [table.rows.index(row, place).data() for row in range(top, bottom + 1)]


def values(done: Done, key: str, **wanted: str) -> list[str]:
    def read(profile: Profile) -> list[str]:
        assets = profile.store.assets(asset_class=wanted.get("asset_class"))
        return [str(one.number if key == "number" else one.attributes.get(key)) for one in assets]

    return cast("list[str]", done(read))


def choose_class(page: ListPage, name: str, desk: Desk, qtbot: QtBot) -> None:
    page.classes.setCurrentIndex(page.classes.findData(name))
    idle(desk, qtbot)


def test_it_spans_all_rows_and_holds_only_those_near(
    listed: ListPage, desk: Desk, done: Done, qtbot: QtBot
) -> None:
    numbers = values(done, "number")
    table = listed.table
    assert table.rows.rowCount() == COUNT
    assert seen(listed, "number") == numbers[: len(seen(listed, "number"))]
    table.verticalScrollBar().setValue(table.verticalScrollBar().maximum() // 2)
    idle(desk, qtbot)
    middle = table.rowAt(0)
    assert middle > 2 * PAGE
    assert seen(listed, "number") == numbers[middle : middle + len(seen(listed, "number"))]
    assert table.viewport().updatesEnabled()
    table.setFocus()
    QTest.keyClick(table, Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
    idle(desk, qtbot)
    assert seen(listed, "number")[-1] == numbers[-1]
    assert table.currentIndex().row() == COUNT - 1
    assert len(table.rows._pages) < COUNT / PAGE


def test_it_is_sorted_by_keys_and_by_header_and_the_look_is_kept(
    listed: ListPage, desk: Desk, done: Done, shown: Shown, qtbot: QtBot
) -> None:
    choose_class(listed, "tree", desk, qtbot)
    heights = sorted(float(one) for one in values(done, "height", asset_class="tree"))
    keys = Keys(listed)
    keys.choose("Sortieren nach", "Höhe")
    idle(desk, qtbot)
    assert seen(listed, ".height")[0] == f"{heights[0]:g} m".replace(".", ",")
    keys.to("Richtung der Sortierung", then=Qt.Key.Key_Space)
    idle(desk, qtbot)
    assert seen(listed, ".height")[0] == f"{heights[-1]:g} m".replace(".", ",")
    header = listed.table.horizontalHeader()
    place = listed._found.shown.index(".height")  # type: ignore[union-attr]
    assert listed.table.rows.headerData(place, Qt.Orientation.Horizontal) == "Höhe ▼"
    middle = header.sectionViewportPosition(place) + header.sectionSize(place) // 2
    QTest.mouseClick(
        header.viewport(), Qt.MouseButton.LeftButton, pos=header.rect().center().__class__(middle, 9)
    )
    idle(desk, qtbot)
    assert listed.way.text() == "Aufsteigend"
    again = shown(SCREEN.make(desk))
    assert isinstance(again, AssetsView)
    choose_class(again.list, "tree", desk, qtbot)
    assert again.list.sorting.currentText() == "Höhe"
    choose_class(again.list, "", desk, qtbot)
    assert again.list.sorting.currentText() == "wie sie kamen"


def test_filters_are_typed_shown_and_taken_off_by_keys(
    listed: ListPage, desk: Desk, done: Done, qtbot: QtBot
) -> None:
    choose_class(listed, "tree", desk, qtbot)
    keys = Keys(listed)
    keys.to("Filtern …", then=Qt.Key.Key_Space)
    keys.choose("Spalte", "Höhe")
    keys.choose("Bedingung des Filters", "von – bis")
    keys.type("Von (kleinster)", "hoch")
    keys.to("Filter hinzufügen", then=Qt.Key.Key_Space)
    assert listed.filtering.problem.code == "condition_unfit"
    assert listed.filtering.lowest.text() == "hoch"
    keys.type("Von (kleinster)", "12,5")
    keys.to("Filter hinzufügen", then=Qt.Key.Key_Space)
    idle(desk, qtbot)
    high = [one for one in values(done, "height", asset_class="tree") if float(one) >= 12.5]
    assert listed.table.rows.rowCount() == len(high)
    assert listed.counted.text().startswith(f"{len(high)} von ")
    keys.to("Schließen", then=Qt.Key.Key_Space)
    assert not listed.filtering.isVisible()
    keys.to("Filter wegnehmen: Höhe ab 12,5 m", then=Qt.Key.Key_Space)
    idle(desk, qtbot)
    assert not listed.chips.isVisible()
    assert listed.table.rows.rowCount() > len(high)


def test_a_choice_is_chosen_and_nothing_left_says_so(listed: ListPage, desk: Desk, qtbot: QtBot) -> None:
    choose_class(listed, "tree", desk, qtbot)
    keys = Keys(listed)
    keys.to("Filtern …", then=Qt.Key.Key_Space)
    keys.choose("Spalte", "Zustand")
    keys.choose("Wert zur Auswahl", "geschwächt")
    keys.to("Filter hinzufügen", then=Qt.Key.Key_Space)
    idle(desk, qtbot)
    assert listed.nothing.isVisible()
    assert not listed.table.isVisible()
    assert listed._conditions == (Condition(".condition", "equals", ("weakened",)),)


def test_a_group_is_counted_and_opened(listed: ListPage, desk: Desk, done: Done, qtbot: QtBot) -> None:
    areas = values(done, "area")
    keys = Keys(listed)
    keys.to("Gruppieren …", then=Qt.Key.Key_Space)
    idle(desk, qtbot)
    keys.choose("Gruppieren nach", next(one.title for one in listed._choices if one.column == ".area"))  # type: ignore[union-attr]
    idle(desk, qtbot)
    rows = {row.cells[0]: row.cells[1] for row in listed.grouping.table.rows.rows}
    assert rows == {one: str(areas.count(one)) for one in set(areas)}
    assert not listed.table.isVisible()
    listed.grouping.table.selectRow(0)
    first = listed.grouping.table.rows.rows[0].cells[0]
    keys.to("Gruppen", then=Qt.Key.Key_Return)
    idle(desk, qtbot)
    assert listed.table.isVisible()
    assert listed.table.rows.rowCount() == areas.count(first)


def test_columns_are_chosen_by_keys(listed: ListPage, desk: Desk, qtbot: QtBot) -> None:
    choose_class(listed, "tree", desk, qtbot)
    keys = Keys(listed)
    keys.to("Spalten …", then=Qt.Key.Key_Space)
    keys.to("Bemerkung", then=Qt.Key.Key_Space)
    idle(desk, qtbot)
    assert ".remarks" in listed._found.shown  # type: ignore[union-attr]
    assert listed.choosing.boxes[".remarks"].isChecked()


def test_rows_are_selected_and_exported(
    listed: ListPage, desk: Desk, done: Done, tmp_path: Path, qtbot: QtBot
) -> None:
    numbers = values(done, "number")
    keys = Keys(listed)
    assert listed.chosen_seqs() is None
    assert len(cast("tuple[str, ...]", done(listed.selected_ids()))) == COUNT
    keys.to("Auswählen", then=Qt.Key.Key_Space)
    listed.table.setCurrentIndex(listed.table.rows.index(0, 0))
    listed.table.clearSelection()
    for key in (Qt.Key.Key_Space, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Space):
        QTest.keyClick(listed.table, key)
    place = listed.table.visualRect(listed.table.rows.index(4, 1)).center()
    QTest.mouseClick(listed.table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert listed.counted.text().endswith("3 ausgewählt")
    ids = cast("tuple[str, ...]", done(listed.selected_ids()))

    def chosen(profile: Profile) -> list[str | None]:
        return [profile.store.get(Asset, one).number for one in ids]

    assert done(chosen) == [numbers[0], numbers[2], numbers[4]]
    out = tmp_path / "auswahl.csv"
    listed.exporter.save(out, "csv", "", None, listed.chosen_seqs())
    idle(desk, qtbot)
    assert listed.said.isVisible()
    told = out.read_text(encoding="utf-8")
    assert [numbers[place] in told for place in range(5)] == [True, False, True, False, True]
    QTest.keyClick(listed.table, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert len(listed.chosen_seqs() or ()) == COUNT
    keys.to("Auswahl aufheben", then=Qt.Key.Key_Space)
    assert listed.chosen_seqs() is None


def test_a_change_elsewhere_keeps_the_place(listed: ListPage, desk: Desk, done: Done, qtbot: QtBot) -> None:
    bar = listed.table.verticalScrollBar()
    bar.setValue(bar.maximum() // 2)
    idle(desk, qtbot)
    before = seen(listed, "number")

    def delete(profile: Profile) -> None:
        with operation(profile.store, profile.actor, "asset.delete") as recorder:
            recorder.delete(next(profile.store.assets()))

    done(delete)
    desk.background.changed.emit(changes("asset"))
    idle(desk, qtbot)
    assert listed.table.rows.rowCount() == COUNT - 1
    assert seen(listed, "number")[:-1] == before[1:]


@pytest.mark.parametrize("panel", ["filter", "columns", "group"])
def test_every_panel_can_be_used_by_everybody(listed: ListPage, desk: Desk, qtbot: QtBot, panel: str) -> None:
    listed._add(Condition(".street", "contains", ("weg",)))
    idle(desk, qtbot)
    cast("QAbstractButton", getattr(listed, panel)).click()
    idle(desk, qtbot)
    QApplication.processEvents()
    assert_usable(listed)
