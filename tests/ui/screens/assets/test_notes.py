"""Notes at an asset in the window, on a real profile."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLabel

from fieldtool.upkeep import noting
from tests.ui.screens.assets.conftest import Office
from tests.ui.usable import assert_usable
from ui.screens.assets.notes_card import NotesCard


@pytest.fixture
def notes(office: Office) -> NotesCard:
    office.view.open_asset(office.lights[0].id)
    office.settle()
    return office.view.detail.notes


def said(notes: NotesCard) -> list[str]:
    return [label.text() for label in notes.findChildren(QLabel) if label.isVisible()]


def test_noted_and_told_with_who_and_when(office: Office, notes: NotesCard) -> None:
    assert notes.none.isVisible()
    notes.words.setPlainText("Mast steht schief")
    office.view.detail.page.area.ensureWidgetVisible(notes.save)
    office.click(notes.save)
    assert "Mast steht schief" in said(notes)
    assert any("Karla Kleinschmidt (KK)" in words for words in said(notes))
    assert notes.words.toPlainText() == ""
    assert office.operations(office.lights[0])[-1] == "asset.note"
    history = [label.text() for label in office.view.detail.history.findChildren(QLabel)]
    assert "Mast steht schief" in history


def test_what_is_not_noted_yet_stays_with_its_asset(office: Office, notes: NotesCard) -> None:
    notes.words.setPlainText("Mast steht")
    office.view.open_asset(office.lights[1].id)
    office.settle()
    assert notes.words.toPlainText() == ""
    office.view.open_asset(office.lights[0].id)
    office.settle()
    assert notes.words.toPlainText() == "Mast steht"


def test_what_cannot_be_noted_stays_typed(office: Office, notes: NotesCard) -> None:
    notes.carry_out()
    office.settle()
    assert notes.problem.code == "note_empty"
    notes.words.setPlainText("Mast steht schief")
    office.delete(office.lights[0])
    notes.carry_out()
    office.settle()
    assert notes.problem.code == "not_found"
    assert notes.words.toPlainText() == "Mast steht schief"


def test_a_note_of_somebody_else_and_many(office: Office, notes: NotesCard) -> None:
    asset = office.lights[0].id
    office.done(lambda profile: [noting.note(profile, asset, f"Nr. {n}") for n in range(23)])
    office.view.detail.refresh()
    office.settle()
    assert "Nr. 22" in said(notes)
    assert "Nr. 2" not in said(notes)
    assert notes.more.text() == "3 ältere stehen in der Geschichte"


def test_everybody_can_use_it(office: Office, notes: NotesCard) -> None:
    office.done(lambda profile: noting.note(profile, office.lights[0].id, "Mast steht schief"))
    office.view.detail.refresh()
    office.settle()
    assert notes.isVisible()
    assert_usable(office.view)
