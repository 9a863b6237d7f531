"""What is done with many and with one, by taps alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLineEdit
from pytestqt.qtbot import QtBot

from fieldtool import class_library
from fieldtool.asset_classes import asset_class
from fieldtool.upkeep import changing
from tests.ui.screens.assets.conftest import Office, light
from tests.ui.touch import Finger
from ui import themes
from ui.preferences import Preferences


@pytest.fixture(params=[False, True], ids=["bare", "in gloves"])
def finger(office: Office, looks: QApplication, qtbot: QtBot, request: pytest.FixtureRequest) -> Finger:
    themes.apply(looks, Preferences(glove=request.param))
    office.settle()
    return Finger(office.view, office.view.desk, qtbot, themes.GLOVE_PX if request.param else themes.TOUCH_PX)


LIST = """Mastnummer;Rechtswert;Hochwert;Leuchtmittel;Notiz
L-8;393555,75;5708120,00;LED;Westenhellweg
L-9;393590,00;5708130,00;LED;Ostwall
"""


def command(office: Office, words: str) -> QAbstractButton:
    """As it is read on the screen."""
    found = [
        one
        for one in office.view.findChildren(QAbstractButton)
        if one.isVisible() and one.text().replace("&", "") == words
    ]
    assert len(found) == 1, (words, [one.text() for one in office.view.findChildren(QAbstractButton)])
    return found[0]


def lamps(office: Office) -> list[object]:
    return [office.now(one).attributes.get("lamp") for one in office.lights]


def search(office: Office, finger: Finger, words: str, count: int) -> None:
    finger.type(office.view.list.search, words)
    rows = office.view.list.table.rows
    finger.qtbot.waitUntil(lambda: rows.rowCount() == count and rows.row(0) is not None)
    office.settle()


def test_found_noted_edited_and_an_earlier_state_brought_back(office: Office, finger: Finger) -> None:
    view, light = office.view, office.lights[2]
    search(office, finger, "L-3", 1)
    finger.row(view.list.table, 0)
    assert view.stack.currentWidget() is view.detail
    finger.type(view.detail.notes.words, "Mast steht schief")
    finger.tap(view.detail.notes.save)
    assert office.operations(light)[-1] == "asset.note"
    finger.tap(view.detail.edit)
    power = view.form.fields["power"].control
    assert isinstance(power, QLineEdit)
    finger.type(power, "viel")
    finger.tap(view.form.save)
    assert view.stack.currentWidget() is view.form
    assert power.text() == "viel"
    finger.type(power, "75")
    finger.tap(view.form.save)
    assert view.stack.currentWidget() is view.detail
    assert office.now(light).attributes["power"] == 75
    (restore,) = [
        one
        for one in view.detail.history.findChildren(QAbstractButton)
        if one.isVisible() and "zurückholen" in one.text()
    ]
    finger.tap(restore)
    assert office.now(light).attributes["power"] == 53
    assert office.operations(light) == ["asset.create", "asset.note", "asset.edit", "asset.restore"]
    finger.tap(view.detail.back)
    assert view.stack.currentWidget() is view.list


def test_many_changed_and_taken_back(office: Office, finger: Finger) -> None:
    finger.tap(command(office, "Viele ändern …"))
    page = office.view.bulk
    finger.choose(page.classes, "Straßenleuchte (5)")
    finger.choose(page.attributes, "Leuchtmittel")
    finger.choose(page.manners, "überall eintragen")
    assert page.new is not None
    assert isinstance(page.new.control, QComboBox)
    finger.choose(page.new.control, "LED")
    finger.tap(page.look)
    assert "4 werden geändert" in page.counts.text()
    finger.tap(page.carry_out)
    assert lamps(office) == ["led"] * 5
    finger.tap(page.back)
    finger.tap(command(office, "Rückgängig …"))
    undo = office.view.undo
    finger.row(undo.table, 0)
    assert "4 Objekte" in undo.counts.text()
    finger.tap(undo.carry_out)
    assert lamps(office) == ["sodium", "sodium", "led", None, "sodium"]


def test_the_list_filtered_sorted_and_its_columns_chosen(office: Office, finger: Finger) -> None:
    shown = office.view.list
    finger.choose(shown.classes, shown.classes.itemText(shown.classes.findData("street_light")))
    finger.tap(shown.filter)
    filtering = shown.filtering
    finger.choose(filtering.columns, "Leuchtmittel")
    finger.choose(filtering.values, "LED")
    finger.tap(filtering.add)
    finger.qtbot.waitUntil(lambda: shown.table.rows.rowCount() == 1)
    office.settle()
    finger.tap(filtering.close_it)
    (chip,) = [one for one in shown.chips.findChildren(QAbstractButton) if one.isVisible()]
    finger.tap(chip)
    finger.qtbot.waitUntil(lambda: shown.table.rows.rowCount() == 5)
    office.settle()
    finger.choose(shown.sorting, "Nr.")
    first = shown.table.rows.row(0)
    assert first is not None
    finger.tap(shown.way)
    finger.qtbot.waitUntil(lambda: shown.table.rows.row(0) not in (None, first))
    office.settle()
    finger.tap(shown.columns)
    boxes = shown.choosing.boxes
    before = len(shown.table.rows.columns)
    finger.tap(next(box for box in boxes.values() if not box.isChecked()))
    finger.qtbot.waitUntil(lambda: len(shown.table.rows.columns) == before + 1)


def test_the_work_list_walked(office: Office, finger: Finger) -> None:
    strong = [light("L-8", power=9e6), light("L-9", power=9e6)]
    office.done(lambda profile: [changing.create(profile, one) for one in strong])
    finger.tap(command(office, "Qualität …"))
    page = office.view.quality
    finger.choose(page.classes, page.classes.itemText(page.classes.findData("street_light")))
    finger.choose(page.doubts, "unplausible Werte")
    finger.tap(page.begin_walk)
    form = office.view.form
    assert form.is_walking
    finger.tap(form.skip)
    finger.tap(form.cancel)
    assert office.view.stack.currentWidget() is page


def test_a_list_taken_over(office: Office, finger: Finger, tmp_path: Path) -> None:
    """The dialog for the file is the system's own."""
    path = tmp_path / "leuchten.csv"
    path.write_text(LIST, encoding="utf-8")
    finger.tap(command(office, "Liste übernehmen …"))
    page = office.view.importing
    page.read(path)
    office.settle()
    (opener,) = [opener for opener, section in page._sections if section is page.columns]
    finger.tap(opener)
    finger.choose(page.columns.boxes["Notiz"], "Straße")
    finger.tap(page.columns.apply)
    finger.tap(page.take)
    found = office.done(lambda profile: profile.store.asset_by_number("street_light", "L-9"))
    assert [one.attributes["street"] for one in found] == ["Ostwall"]


def test_a_class_gets_an_attribute(office: Office, finger: Finger) -> None:
    finger.tap(command(office, "Klassen …"))
    page = office.view.classes
    try:
        rows = page.classes.rows.rows
        finger.row(page.classes, next(n for n, row in enumerate(rows) if row.id == "street_light"))
        finger.tap(page.new_attribute)
        finger.type(page.form.de, "Dimmstufe")
        finger.choose(page.form.types, "ganze Zahl")
        finger.tap(page.look)
        assert "5 Objekte haben diese Klasse." in page.told.text()
        finger.tap(page.carry_out)
        assert asset_class("street_light").attribute("dimmstufe") is not None
        finger.tap(page.back)
    finally:
        class_library.use(())
