"""Bestand walked by taps alone."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from fieldtool.asset import Asset
from fieldtool.demo.play import take_trees_along
from fieldtool.profile import Profile
from tests.ui.conftest import Shown
from tests.ui.touch import Finger
from ui.screen import Desk
from ui.screens.assets import SCREEN
from ui.screens.assets.view import AssetsView

Done = Callable[[Callable[[Profile], object]], object]


def test_a_value_edited_kept_and_mended(desk: Desk, shown: Shown, done: Done, qtbot: QtBot) -> None:
    done(take_trees_along)
    view = shown(SCREEN.make(desk))
    assert isinstance(view, AssetsView)
    tree = done(lambda profile: next(iter(profile.store.assets())))
    assert isinstance(tree, Asset)
    view.open_asset(tree.id)
    finger = Finger(view, desk, qtbot)
    qtbot.waitUntil(lambda: view.detail.edit.isVisible() and desk.background.running == 0)
    finger.tap(view.detail.edit)
    control = view.form.fields["height"].control
    assert isinstance(control, QLineEdit)
    finger.type(control, "hoch")
    finger.tap(view.form.save)
    assert view.form.problem.isVisible()
    assert control.text() == "hoch"
    finger.type(control, "15,5")
    finger.tap(view.form.save)
    assert view.stack.currentWidget() is view.detail
    now = done(lambda profile: profile.store.get(Asset, tree.id))
    assert isinstance(now, Asset)
    assert now.attributes == {**tree.attributes, "height": 15.5}
