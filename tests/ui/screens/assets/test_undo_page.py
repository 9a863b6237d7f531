"""One's own last changes, looked at and taken back in the window."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from fieldtool.asset import Asset
from fieldtool.profile import Profile
from fieldtool.upkeep import bulk, changing
from fieldtool.upkeep.bulk import Selection
from tests.ui.screens.assets.conftest import Office
from tests.ui.usable import assert_usable
from ui.screens.assets.undo_page import UndoPage


def all_led(office: Office) -> None:
    wanted = Selection(asset_class="street_light")

    def change(profile: Profile) -> int:
        seen = bulk.preview(profile.store, wanted, {"lamp": "led"})
        bulk.apply(profile, seen, "street_light", {"lamp": "led"}, "Umrüstung")
        return len(seen.versions)

    assert office.done(change) == 4


@pytest.fixture
def page(office: Office) -> UndoPage:
    all_led(office)
    office.view.open_undo()
    office.settle()
    return office.view.undo


def said(page: UndoPage) -> str:
    return " ".join(label.text() for label in page.findChildren(QLabel) if label.isVisible())


def look_at_newest(office: Office, page: UndoPage) -> None:
    page.table.setFocus()
    page.table.selectRow(0)
    QTest.keyClick(page.table, Qt.Key.Key_Return)
    office.settle()


def lamps(office: Office) -> list[object]:
    return [office.now(one).attributes.get("lamp") for one in office.lights]


def test_looked_at_first_and_then_taken_back(office: Office, page: UndoPage) -> None:
    look_at_newest(office, page)
    assert "4 Objekte" in page.counts.text()
    assert lamps(office) == ["led"] * 5
    assert_usable(office.view)
    office.click(page.carry_out)
    assert lamps(office) == ["sodium", "sodium", "led", None, "sodium"]
    assert office.operations(office.lights[0])[-1] == "asset.undo"
    assert "4 Objekte" in page.said.text()


def test_what_was_changed_since_stays_and_is_named(office: Office, page: UndoPage) -> None:
    def edit(profile: Profile) -> Asset:
        found = profile.store.get(Asset, office.lights[0].id)
        return changing.change(profile, found, {"attributes": {**found.attributes, "lamp": "mercury"}})

    office.done(edit)
    bulk_row = next(row for row in page.table.rows.rows if row.cells[2].startswith("4"))
    page.look_at(bulk_row.id)
    office.settle()
    assert "Straßenleuchte L-1" in said(page)
    office.click(page.carry_out)
    assert lamps(office) == ["mercury", "sodium", "led", None, "sodium"]


def test_taken_back_and_taken_back_again(office: Office, page: UndoPage) -> None:
    look_at_newest(office, page)
    office.click(page.carry_out)
    look_at_newest(office, page)
    office.click(page.carry_out)
    assert lamps(office) == ["led"] * 5


def test_what_is_gone_meanwhile_is_said(office: Office, page: UndoPage) -> None:
    look_at_newest(office, page)
    for light in office.lights:
        office.delete(office.now(light))
    office.click(page.carry_out)
    assert page.problem.code == "nothing_to_undo"
    assert page.busy is False
