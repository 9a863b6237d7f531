"""Classes and attributes, added and changed in the window, on a real profile."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QPushButton

from fieldtool import class_changes, class_library
from fieldtool.asset_classes import asset_class
from fieldtool.profile import Profile
from fieldtool.upkeep import classes
from tests.ui.keyboard import Keys
from tests.ui.screens.assets.conftest import Office
from tests.ui.usable import assert_usable
from ui.screens.assets.classes_page import ClassesPage


@pytest.fixture
def page(office: Office):  # type: ignore[no-untyped-def]
    office.view.open_classes()
    office.settle()
    yield office.view.classes
    class_library.use(())


def open_attribute(office: Office, page: ClassesPage, class_id: str, key: str) -> None:
    page.open_class(class_id)
    office.settle()
    page.open_attribute(key)
    office.settle()


def choose(box: QComboBox, wanted: str) -> None:
    index = box.findData(wanted)
    assert index >= 0
    box.setCurrentIndex(index)


def carry_out(office: Office, page: ClassesPage) -> None:
    office.click(page.look)
    office.click(page.carry_out)


def test_an_attribute_is_added_and_asked_for_at_once(office: Office, page: ClassesPage) -> None:
    open_attribute(office, page, "street_light", "")
    form = page.form
    form.de.setText("Dimmstufe")
    choose(form.types, "choice")
    form.values.rows[0].de.setText("voll")
    office.click(form.values.add)
    form.values.rows[1].de.setText("halb")
    office.click(page.look)
    assert "5 Objekte haben diese Klasse." in page.told.text()
    assert "Ihre Werte bleiben, wie sie sind." in page.told.text()
    office.click(page.carry_out)
    attribute = asset_class("street_light").attribute("dimmstufe")
    assert attribute is not None
    assert list(attribute.choices or {}) == ["voll", "halb"]
    assert page.said.isVisible()
    office.view.open_form(office.lights[0].id)
    office.settle()
    assert "dimmstufe" in office.view.form.fields


def test_what_becomes_of_the_values_is_seen_before(office: Office, page: ClassesPage) -> None:
    """A text for a figure loses nothing, a figure for a choice is kept beside it."""
    open_attribute(office, page, "street_light", "lamp")
    choose(page.form.types, "integer")
    office.click(page.look)
    assert "Bei 4 davon stehen danach andere Werte" in page.told.text()
    assert "4 Werte passen nicht" in page.told.text()
    assert office.now(office.lights[0]).attributes["lamp"] == "sodium"
    office.click(page.carry_out)
    assert office.now(office.lights[0]).attributes == {"lamp_source": "sodium", "power": 51}
    assert office.operations(office.lights[0])[-1] == "class.change"


def test_an_attribute_is_retired_and_taken_up_again(office: Office, page: ClassesPage) -> None:
    open_attribute(office, page, "street_light", "power")
    office.click(page.retire)
    office.click(page.carry_out)
    assert "power" not in [one.key for one in asset_class("street_light").shown]
    assert office.now(office.lights[0]).attributes["power"] == 51
    open_attribute(office, page, "street_light", "power")
    assert page.retire.text() == "Wieder aufnehmen …"
    office.click(page.retire)
    office.click(page.carry_out)
    assert "power" in [one.key for one in asset_class("street_light").shown]


def test_a_new_class_and_its_first_thing(office: Office, page: ClassesPage) -> None:
    office.click(page.new_class)
    page.fresh.de.setText("Trinkbrunnen")
    carry_out(office, page)
    assert asset_class("trinkbrunnen").title() == "Trinkbrunnen"
    assert page.page.title.text() == "Trinkbrunnen"
    office.view.open_new("trinkbrunnen")
    office.settle()
    assert office.view.form.classes.currentText() == "Trinkbrunnen"
    assert "condition" in office.view.form.fields


def test_what_is_wrong_is_said_and_kept(office: Office, page: ClassesPage) -> None:
    open_attribute(office, page, "street_light", "")
    page.form.de.setText("Dimmstufe")
    choose(page.form.types, "number")
    page.form.minimum.setText("wenig")
    office.click(page.look)
    assert page.problem.code == "values_invalid"
    assert not page.carry_out.isVisible()
    assert page.form.minimum.text() == "wenig"
    page.form.minimum.setText("0")
    office.click(page.look)
    assert page.carry_out.isVisible()
    page.form.minimum.setText("1")
    assert not page.carry_out.isVisible()


def test_a_unit_stays(office: Office, page: ClassesPage) -> None:
    open_attribute(office, page, "street_light", "power")
    assert page.form.unit.isReadOnly()
    assert page.form.unit_stays.isVisible()


def test_somebody_changed_the_class_meanwhile(office: Office, page: ClassesPage) -> None:
    open_attribute(office, page, "street_light", "")
    page.form.de.setText("Dimmstufe")
    office.click(page.look)

    def meanwhile(profile: Profile) -> object:
        before = classes.definition_in_use(profile.store, "street_light")
        return classes.apply(profile, class_changes.retire_attribute(before, "power"))

    office.done(meanwhile)
    office.click(page.carry_out)
    assert page.problem.code == "stale_version"
    assert asset_class("street_light").attribute("dimmstufe") is None
    (again,) = page.problem.findChildren(QPushButton)
    office.click(again)
    office.click(page.carry_out)
    kind = asset_class("street_light")
    assert kind.attribute("dimmstufe") is not None
    assert "power" not in [one.key for one in kind.shown]


def test_by_keyboard_alone(office: Office, page: ClassesPage) -> None:
    keys = Keys(office.view)
    keys.to("Klassen der Objekte")
    page.classes.choose("street_light")
    keys.press(Qt.Key.Key_Return)
    office.settle()
    keys.to("Neues Merkmal …", Qt.Key.Key_Space)
    office.settle()
    keys.type("Name (deutsch)", "Dimmstufe")
    keys.choose("Art des Werts", "Zahl")
    office.settle()
    keys.type("Einheit", "W")
    keys.type("Kleinster plausibler Wert", "1,5")
    keys.to("Vorschau", Qt.Key.Key_Space)
    office.settle()
    keys.to("Klasse ändern", Qt.Key.Key_Space)
    office.settle()
    attribute = asset_class("street_light").attribute("dimmstufe")
    assert attribute is not None
    assert (attribute.type, attribute.unit, attribute.minimum) == ("number", "W", 1.5)


def test_everybody_can_use_it(office: Office, page: ClassesPage) -> None:
    assert_usable(office.view)
    page.open_class("street_light")
    office.settle()
    assert_usable(office.view)
    page.open_attribute("lamp")
    choose(page.form.types, "text")
    choose(page.form.types, "choice")
    office.settle()
    assert_usable(office.view)
    choose(page.form.types, "integer")
    office.click(page.look)
    assert_usable(office.view)
    office.click(page.back)
    office.click(page.back)
    office.click(page.new_class)
    assert_usable(office.view)
