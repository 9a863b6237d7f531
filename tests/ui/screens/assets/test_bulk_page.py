"""Many assets at once, in the window, on a real profile."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QPushButton

from fieldtool.upkeep import changing
from fieldtool.upkeep.bulk import Selection
from tests.ui.keyboard import Keys
from tests.ui.screens.assets.conftest import Office
from tests.ui.usable import assert_usable
from ui.screens.assets.bulk_page import BulkPage
from ui.screens.assets.fields import AttributeField


@pytest.fixture
def page(office: Office) -> BulkPage:
    office.view.open_bulk(Selection(asset_class="street_light"))
    office.settle()
    return office.view.bulk


def choose(box: QComboBox, wanted: str) -> None:
    index = box.findData(wanted)
    assert index >= 0
    box.setCurrentIndex(index)


def enter(editor: AttributeField | None, words: str) -> None:
    assert editor is not None
    editor.type_words(words)


def wish(page: BulkPage, key: str, manner: str, new: str = "", old: str = "") -> None:
    choose(page.attributes, key)
    choose(page.manners, manner)
    if old:
        enter(page.old, old)
    if new:
        enter(page.new, new)


def said(page: BulkPage) -> str:
    return " ".join(label.text() for label in page.findChildren(QLabel) if label.isVisible())


def lamps(office: Office) -> list[object]:
    return [office.now(one).attributes.get("lamp") for one in office.lights]


def test_set_for_all_of_a_class_and_taken_back_as_one(office: Office, page: BulkPage) -> None:
    wish(page, "lamp", "set", "led")
    office.click(page.look)
    assert "4 werden geändert" in page.counts.text()
    assert "bei 1 steht das schon" in page.counts.text()
    assert "Straßenleuchte L-1" in said(page)
    page.reason.setText("Umrüstung 2026")
    office.click(page.carry_out)
    assert lamps(office) == ["led"] * 5
    assert office.operations(office.lights[0])[-1] == "asset.bulk"
    assert office.operations(office.lights[2]) == ["asset.create"]
    office.click(page.undo)
    assert lamps(office) == ["sodium", "sodium", "led", None, "sodium"]
    assert office.operations(office.lights[0])[-1] == "asset.undo"
    assert not page.undo.isVisible()


def test_only_where_nothing_is_known(office: Office, page: BulkPage) -> None:
    wish(page, "lamp", "fill", "led")
    office.click(page.look)
    assert "1 werden geändert" in page.counts.text()
    assert "4 bleiben: dort steht etwas anderes" in page.counts.text()
    office.click(page.carry_out)
    assert lamps(office) == ["sodium", "sodium", "led", "led", "sodium"]


def test_one_value_is_replaced_by_another(office: Office, page: BulkPage) -> None:
    wish(page, "power", "replace", "60", "51")
    office.click(page.look)
    office.click(page.carry_out)
    assert [office.now(one).attributes["power"] for one in office.lights] == [60, 52, 53, 54, 55]


def test_a_value_is_taken_away(office: Office, page: BulkPage) -> None:
    wish(page, "lamp", "clear")
    assert page.new is None
    office.click(page.look)
    office.click(page.carry_out)
    assert lamps(office) == [None] * 5


def test_what_is_selected_and_nothing_else(office: Office) -> None:
    chosen = office.lights[1], office.lights[3]
    gone = office.lights[4]
    office.delete(gone)
    office.view.open_bulk(Selection(asset_class="", ids=(*(one.id for one in chosen), gone.id)))
    office.settle()
    page = office.view.bulk
    assert not page.search.isVisible()
    wish(page, "lamp", "set", "led")
    office.click(page.look)
    assert "1 gibt es nicht mehr" in page.counts.text()
    office.click(page.carry_out)
    assert [office.now(one).attributes.get("lamp") for one in office.lights[:4]] == [
        "sodium",
        "led",
        "led",
        "led",
    ]


def test_what_a_search_finds(office: Office, page: BulkPage) -> None:
    page.search.setText("L-2")
    wish(page, "lamp", "set", "led")
    office.click(page.look)
    office.click(page.carry_out)
    assert lamps(office) == ["sodium", "led", "led", None, "sodium"]


def test_somebody_was_faster(office: Office, page: BulkPage) -> None:
    wish(page, "lamp", "set", "led")
    office.click(page.look)
    office.done(lambda profile: changing.change(profile, office.lights[0], {"name": "Am Ostpark"}))
    office.click(page.carry_out)
    assert page.page.problem.code == "stale_version"
    assert lamps(office) == ["sodium", "sodium", "led", None, "sodium"]
    (again,) = page.page.problem.findChildren(QPushButton)
    office.click(again)
    office.click(page.carry_out)
    assert lamps(office) == ["led"] * 5


def test_what_somebody_changed_since_is_left_and_said(office: Office, page: BulkPage) -> None:
    wish(page, "lamp", "set", "led")
    office.click(page.look)
    office.click(page.carry_out)
    first = office.now(office.lights[0])
    values = changing.with_values(first, {"lamp": "fluorescent"})
    office.done(lambda profile: changing.change(profile, first, {"attributes": values}))
    office.click(page.undo)
    assert lamps(office) == ["fluorescent", "sodium", "led", None, "sodium"]
    assert "1 bleiben so" in page.said.text()


def test_what_does_not_fit_is_not_looked_at(office: Office, page: BulkPage) -> None:
    wish(page, "power", "set", "viel")
    office.click(page.look)
    assert page.page.problem.isVisible()
    assert not page.carry_out.isVisible()
    assert page.new is not None
    control = page.new.control
    assert isinstance(control, QLineEdit)
    assert control.text() == "viel"
    control.setText("900000")
    office.click(page.look)
    assert page.doubt.isVisible()
    assert page.carry_out.isVisible()


def test_another_wish_needs_another_look(office: Office, page: BulkPage) -> None:
    wish(page, "lamp", "set", "led")
    office.click(page.look)
    assert page.carry_out.isVisible()
    enter(page.new, "sodium")
    assert not page.carry_out.isVisible()


@pytest.mark.usefixtures("page")
def test_by_keyboard_alone(office: Office) -> None:
    keys = Keys(office.view)
    keys.choose("Merkmal", "Leuchtmittel")
    office.settle()
    keys.choose("Neuer Wert", "LED")
    keys.to("Vorschau", Qt.Key.Key_Space)
    office.settle()
    keys.type("Grund", "Neue Lampen")
    keys.to("4 Objekte ändern", Qt.Key.Key_Space)
    office.settle()
    assert lamps(office) == ["led"] * 5
    keys.to("Die ganze Änderung rückgängig machen", Qt.Key.Key_Space)
    office.settle()
    assert lamps(office) == ["sodium", "sodium", "led", None, "sodium"]


def test_everybody_can_use_it(office: Office, page: BulkPage) -> None:
    assert_usable(office.view)
    wish(page, "lamp", "replace", "led", "sodium")
    office.click(page.look)
    assert_usable(office.view)
    office.click(page.carry_out)
    assert_usable(office.view)
