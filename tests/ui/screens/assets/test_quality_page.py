"""Quality in numbers, and from record to record, in the window, on a real profile."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit

from fieldtool.upkeep import changing
from tests.ui.keyboard import Keys
from tests.ui.screens.assets.conftest import Office, light
from tests.ui.usable import assert_usable
from ui.screens.assets.quality_page import QualityPage


@pytest.fixture
def page(office: Office) -> QualityPage:
    """Two more lights are implausibly strong."""
    strong = [light("L-8", power=9e6), light("L-9", power=9e6)]

    office.lights += office.done(lambda profile: [changing.create(profile, one) for one in strong])
    office.view.open_quality()
    office.settle()
    choose(office, "street_light")
    return office.view.quality


def choose(office: Office, asset_class: str, doubt: str = "") -> None:
    page = office.view.quality
    page.classes.setCurrentIndex(page.classes.findData(asset_class))
    page.doubts.setCurrentIndex(page.doubts.findData(doubt))
    page.refresh()
    office.settle()


def said(page: QualityPage) -> str:
    return " ".join(label.accessibleName() or label.text() for label in page.findChildren(QLabel))


def listed(page: QualityPage) -> list[str]:
    return [row.cells[0] for row in page.work.rows.rows]


def power(office: Office, words: str) -> None:
    control = office.view.form.fields["power"].control
    assert isinstance(control, QLineEdit)
    control.setText(words)


def test_numbers_of_a_class(page: QualityPage) -> None:
    assert "Vollständig: 7 von 7 (100 %)" in said(page)
    assert "Unplausible Werte: 2" in said(page)
    assert "Seit 2 Jahren nicht geändert: 0 von 7 (0 %)" in said(page)


def test_the_list_walks_from_record_to_record(office: Office, page: QualityPage) -> None:
    choose(office, "street_light", "implausible")
    assert listed(page) == ["Straßenleuchte L-8", "Straßenleuchte L-9"]
    office.click(page.begin_walk)
    form = office.view.form
    assert form.walking.text() == "1 von 2 anzusehen"
    assert "unplausibel" in form.notes.text()
    assert QApplication.focusWidget() is form.fields["power"].control
    power(office, "80")
    office.click(form.save)
    assert form.walking.text() == "2 von 2 anzusehen"
    power(office, "90")
    office.click(form.save)
    assert office.view.stack.currentWidget() is page
    assert listed(page) == []
    assert page.fine.isVisible()
    assert [office.now(one).attributes["power"] for one in office.lights[-2:]] == [80, 90]


def test_skipped_is_not_saved(office: Office, page: QualityPage) -> None:
    choose(office, "street_light", "implausible")
    office.click(page.begin_walk)
    power(office, "80")
    office.click(office.view.form.skip)
    office.click(office.view.form.cancel)
    assert office.view.stack.currentWidget() is page
    assert office.operations(office.lights[-2]) == ["asset.create"]
    assert not office.view.form.is_walking


def test_a_record_that_is_gone_is_skipped(office: Office, page: QualityPage) -> None:
    choose(office, "street_light", "implausible")
    gone = office.lights[-2]
    office.delete(gone)
    office.click(page.begin_walk)
    form = office.view.form
    assert form.page.problem.code == "not_found"
    office.click(form.skip)
    assert "L-9" in form.page.title.text()
    assert not form.page.problem.isVisible()


def test_a_row_is_where_the_walk_begins(office: Office, page: QualityPage) -> None:
    choose(office, "street_light", "implausible")
    page.work.opened.emit(office.lights[-1].id)
    office.settle()
    assert office.view.form.walking.text() == "2 von 2 anzusehen"


def test_what_nobody_touched_for_long(office: Office, page: QualityPage) -> None:
    choose(office, "street_light", "old")
    assert page.fine.isVisible()


def test_by_keyboard_alone(office: Office, page: QualityPage) -> None:
    choose(office, "street_light", "implausible")
    keys = Keys(office.view)
    keys.to("Liste durcharbeiten", Qt.Key.Key_Space)
    office.settle()
    keys.type("Leistung (W)", "80")
    keys.to("Speichern und nächster", Qt.Key.Key_Space)
    office.settle()
    keys.to("Weiter, ohne diesen zu speichern", Qt.Key.Key_Space)
    office.settle()
    assert office.view.stack.currentWidget() is page
    assert listed(page) == ["Straßenleuchte L-9"]


def test_everybody_can_use_it(office: Office, page: QualityPage) -> None:
    assert_usable(office.view)
    choose(office, "street_light", "implausible")
    office.click(page.begin_walk)
    assert_usable(office.view)


def test_an_empty_database(office: Office) -> None:
    trees = office.done(lambda profile: list(profile.store.assets(asset_class="tree")))
    for one in (*office.lights, *trees):
        office.delete(one)
    office.view.open_quality()
    office.settle()
    assert office.view.quality.none.isVisible()
    assert not office.view.quality.working.isVisible()
