"""Entering, editing, deleting and restoring assets in the window, on a real profile."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from drivers.secret import Secret
from fieldtool.asset import Asset
from fieldtool.demo.play import take_trees_along
from fieldtool.person import set_person
from fieldtool.profile import Profile, open_profile
from fieldtool.upkeep import changing
from tests.ui.conftest import Shown, idle
from tests.ui.keyboard import Keys
from tests.ui.usable import assert_usable
from ui.background import Background, Place
from ui.preferences import Preferences
from ui.screen import Desk
from ui.screens.assets import SCREEN
from ui.screens.assets.view import AssetsView

Done = Callable[[Callable[[Profile], object]], object]
Answer = Callable[[Callable[[Profile], object]], object]


@pytest.fixture
def view(desk: Desk, shown: Shown, done: Done) -> AssetsView:
    done(take_trees_along)
    made = shown(SCREEN.make(desk))
    assert isinstance(made, AssetsView)
    made.resize(1100, 800)
    made.activateWindow()
    return made


@pytest.fixture
def tree(done: Done) -> Asset:
    found = done(lambda profile: next(iter(profile.store.assets())))
    assert isinstance(found, Asset)
    return found


class Hands:
    """What a person does with the mouse, waiting for what comes of it."""

    def __init__(self, view: AssetsView, qtbot: QtBot) -> None:
        self.view, self.qtbot = view, qtbot

    def click(self, wanted: QWidget) -> None:
        QTest.mouseClick(wanted, Qt.MouseButton.LeftButton)
        idle(self.view.desk, self.qtbot)

    def edit(self, tree: Asset) -> None:
        self.view.open_asset(tree.id)
        idle(self.view.desk, self.qtbot)
        self.click(self.view.detail.edit)
        assert self.view.stack.currentWidget() is self.view.form

    def typed(self, key: str, words: str) -> QLineEdit:
        control = self.view.form.fields[key].control
        assert isinstance(control, QLineEdit)
        control.clear()
        QTest.keyClicks(control, words)
        return control

    def save(self) -> None:
        self.click(self.view.form.save)


def first_row(view: AssetsView) -> str:
    view.list.table.selectRow(0)
    chosen = view.list.table.chosen()
    assert chosen is not None
    return chosen


@pytest.fixture
def hands(view: AssetsView, qtbot: QtBot) -> Hands:
    return Hands(view, qtbot)


def stored(done: Done, asset: str) -> Asset:
    found = done(lambda profile: profile.store.get(Asset, asset))
    assert isinstance(found, Asset)
    return found


def test_only_what_was_changed_is_saved_as_one_entry(
    view: AssetsView, hands: Hands, tree: Asset, done: Done
) -> None:
    hands.edit(tree)
    hands.typed("height", "15,5")
    view.form.reason.setText("nachgemessen")
    hands.save()
    assert view.stack.currentWidget() is view.detail
    now = stored(done, tree.id)
    assert now.attributes == {**tree.attributes, "height": 15.5}
    entries = done(lambda profile: list(profile.store.history(tree.id)))
    assert isinstance(entries, list)
    assert entries[-1].operation.reason == "nachgemessen"
    assert set(entries[-1].change.after) == {"attributes"}


def test_what_does_not_fit_is_told_while_typing_and_kept(
    view: AssetsView, hands: Hands, tree: Asset, done: Done
) -> None:
    hands.edit(tree)
    control = hands.typed("height", "hoch")
    said = view.form.fields["height"].said
    assert said.isVisible()
    hands.save()
    assert view.stack.currentWidget() is view.form
    assert view.form.problem.isVisible()
    assert control.text() == "hoch"
    assert stored(done, tree.id) == tree
    hands.typed("height", "400")
    assert said.isVisible()
    hands.typed("height", "14")
    assert not said.isVisible()
    hands.save()
    assert stored(done, tree.id).attributes["height"] == 14


def test_somebody_else_was_faster(view: AssetsView, hands: Hands, tree: Asset, done: Done) -> None:
    hands.edit(tree)
    hands.typed("height", "15,5")
    done(lambda profile: changing.change(profile, tree, {"name": "anders"}))
    hands.save()
    assert view.form.problem.code == "stale_version"
    (again,) = view.form.problem.findChildren(QPushButton)
    hands.click(again)
    assert view.form.name.text() == "anders"
    control = view.form.fields["height"].control
    assert isinstance(control, QLineEdit)
    assert control.text() == "15,5"
    hands.save()
    now = stored(done, tree.id)
    assert (now.name, now.attributes["height"]) == ("anders", 15.5)


def test_unsaved_words_are_there_again(view: AssetsView, hands: Hands, tree: Asset, done: Done) -> None:
    others = done(lambda profile: list(profile.store.assets(limit=2)))
    assert isinstance(others, list)
    hands.edit(tree)
    hands.typed("height", "15,5")
    hands.edit(others[1])
    assert not view.form.unsaved.isVisible()
    hands.edit(tree)
    assert view.form.unsaved.isVisible()
    hands.save()
    assert stored(done, tree.id).attributes["height"] == 15.5


def test_cancelled_is_cancelled(view: AssetsView, hands: Hands, tree: Asset, done: Done) -> None:
    hands.edit(tree)
    hands.typed("height", "15,5")
    hands.click(view.form.cancel)
    assert view.stack.currentWidget() is view.detail
    hands.edit(tree)
    control = view.form.fields["height"].control
    assert isinstance(control, QLineEdit)
    assert control.text() != "15,5"
    assert stored(done, tree.id) == tree


def test_entered_by_keyboard_alone(view: AssetsView, done: Done, qtbot: QtBot) -> None:
    keys = Keys(view)
    keys.to("Objekt erfassen …", Qt.Key.Key_Space)
    assert view.stack.currentWidget() is view.form
    keys.choose("Klasse", "Straßenleuchte")
    idle(view.desk, qtbot)
    keys.type("Nummer", "SL-77")
    keys.type("Breite in Grad", "51,5136")
    keys.type("Länge in Grad", "7,4653")
    keys.type("Lichtpunkthöhe (m)", "7,5")
    keys.choose("Leuchtmittel", "LED")
    keys.to("Speichern", Qt.Key.Key_Space)
    idle(view.desk, qtbot)
    assert view.stack.currentWidget() is view.detail
    lights = done(lambda profile: list(profile.store.assets(asset_class="street_light")))
    assert isinstance(lights, list)
    (made,) = lights
    assert made.number == "SL-77"
    assert made.attributes == {"lantern_height": 7.5, "lamp": "led"}
    assert made.geometry == {"type": "Point", "coordinates": [7.4653, 51.5136]}


@pytest.fixture
def clerk(looks: QApplication, tmp_path: Path, qtbot: QtBot) -> Iterator[Desk]:
    """Somebody of the infrastructure staff."""
    del looks
    folder = tmp_path / "clerk"
    with open_profile(folder, write=True) as profile:
        take_trees_along(profile)
        actor = set_person(profile, name="Karla Kleinschmidt", role="bestand")
    background = Background(Place(folder, Secret("übung macht meister"), "Karla Kleinschmidt"))
    yield Desk(background, Preferences(welcomed=True), actor)
    idle(Desk(background, Preferences(), actor), qtbot)
    background.close()


def test_deleted_after_a_question(clerk: Desk, qtbot: QtBot) -> None:
    view = SCREEN.make(clerk)
    assert isinstance(view, AssetsView)
    qtbot.addWidget(view)
    view.resize(1080, 720)
    view.show()
    view.shown({})
    idle(clerk, qtbot)
    hands = Hands(view, qtbot)
    tree, count = first_row(view), view.list.counted.text()
    view.open_asset(tree)
    idle(clerk, qtbot)
    hands.click(view.detail.delete)
    delete, keep = view.detail.sure.findChildren(QPushButton)
    assert view.detail.sure.isVisible()
    assert QApplication.focusWidget() in (keep, None)
    hands.click(keep)
    assert not view.detail.sure.isVisible()
    hands.click(view.detail.delete)
    hands.click(delete)
    assert view.stack.currentWidget() is view.list
    assert view.list.counted.text() != count


def test_a_technician_deletes_nothing(view: AssetsView, hands: Hands, tree: Asset) -> None:
    view.open_asset(tree.id)
    idle(view.desk, hands.qtbot)
    assert view.detail.edit.isVisible()
    assert not view.detail.delete.isVisible()


def test_an_earlier_state_is_brought_back(view: AssetsView, hands: Hands, tree: Asset, done: Done) -> None:
    hands.edit(tree)
    hands.typed("height", "15,5")
    hands.save()
    (back,) = [one for one in view.detail.history.findChildren(QPushButton) if "zurückholen" in one.text()]
    hands.click(back)
    assert stored(done, tree.id).attributes == tree.attributes


def test_everybody_can_use_it(view: AssetsView, hands: Hands, tree: Asset) -> None:
    hands.edit(tree)
    hands.typed("height", "hoch")
    hands.save()
    QApplication.processEvents()
    assert_usable(view)
