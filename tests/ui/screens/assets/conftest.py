"""The screen of the assets as somebody of the infrastructure staff has it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from drivers.secret import Secret
from fieldtool.asset import Asset
from fieldtool.geometry import point
from fieldtool.ids import AssetId, new_id
from fieldtool.jsontypes import Json
from fieldtool.person import set_person
from fieldtool.profile import Profile, open_profile
from fieldtool.upkeep import changing
from tests.ui.conftest import idle
from tests.ui.touch import Finger
from ui.background import Background, Place
from ui.preferences import Preferences
from ui.screen import Desk
from ui.screens.assets import SCREEN
from ui.screens.assets.view import AssetsView

T = TypeVar("T")


def light(number: str, **attributes: Json) -> Asset:
    return Asset(
        id=AssetId(new_id()),
        asset_class="street_light",
        number=number,
        geometry=point(7.46, 51.51),
        attributes=attributes,
    )


class Office:
    """The screen, a person at it, and the profile behind it."""

    def __init__(self, view: AssetsView, qtbot: QtBot, lights: Sequence[Asset]) -> None:
        self.view, self.qtbot, self.lights = view, qtbot, list(lights)

    def click(self, wanted: QWidget) -> None:
        Finger(self.view, self.view.desk, self.qtbot).tap(wanted)

    def settle(self) -> None:
        idle(self.view.desk, self.qtbot)

    def done(self, verb: Callable[[Profile], T]) -> T:
        """On the database's lane, as somebody else does it beside the window."""
        found: list[T] = []
        self.view.desk.background.ask(self.view, verb, found.append)
        self.qtbot.waitUntil(lambda: bool(found))
        return found[0]

    def now(self, asset: Asset) -> Asset:
        return self.done(lambda profile: profile.store.get(Asset, asset.id))

    def delete(self, asset: Asset) -> None:
        def delete(profile: Profile) -> bool:
            changing.delete(profile, asset)
            return True

        self.done(delete)

    def operations(self, asset: Asset) -> list[str]:
        return self.done(lambda profile: [entry.operation.kind for entry in profile.store.history(asset.id)])


@pytest.fixture
def clerk(looks: QApplication, tmp_path: Path, qtbot: QtBot) -> Iterator[Desk]:
    del looks
    folder = tmp_path / "clerk"
    with open_profile(folder, write=True) as profile:
        actor = set_person(profile, name="Karla Kleinschmidt", role="bestand")
    background = Background(Place(folder, Secret("übung macht meister"), "Karla Kleinschmidt"))
    desk = Desk(background, Preferences(welcomed=True), actor)
    yield desk
    idle(desk, qtbot)
    background.close()


@pytest.fixture
def office(clerk: Desk, qtbot: QtBot) -> Office:
    """Five street lights and a tree."""
    lamps: tuple[Json, ...] = ("sodium", "sodium", "led", None, "sodium")
    lights = tuple(
        light(f"L-{number}", **({} if lamp is None else {"lamp": lamp}), power=50 + number)
        for number, lamp in enumerate(lamps, start=1)
    )
    tree = Asset(id=AssetId(new_id()), asset_class="tree", number="B-1", geometry=point(7.5, 51.5))
    view = SCREEN.make(clerk)
    assert isinstance(view, AssetsView)
    made = Office(view, qtbot, ())
    qtbot.addWidget(view)
    *made.lights, _tree = made.done(
        lambda profile: [changing.create(profile, one) for one in (*lights, tree)]
    )
    view.resize(1080, 720)
    view.show()
    view.activateWindow()
    view.shown({})
    made.settle()
    return made
