"""The history of a real record on a real profile."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from drivers.secret import Secret
from fieldtool import outbox
from fieldtool.asset import Asset
from fieldtool.delivery import Target
from fieldtool.device import Device
from fieldtool.ids import AssetId, DeviceId, new_id
from fieldtool.journal import operation
from fieldtool.profile import Profile
from fieldtool.sync import targets
from tests.ui.conftest import idle
from ui.screen import Desk
from ui.widgets.history import PAGE, History

Done = Callable[[Callable[[Profile], object]], object]


@pytest.fixture
def history(desk: Desk, qtbot: QtBot) -> Callable[[str], History]:
    def show(record: str) -> History:
        made = History(desk)
        qtbot.addWidget(made)
        made.show()
        made.show_record(record)
        idle(desk, qtbot)
        return made

    return show


def words(made: History) -> list[str]:
    """Top down, one text per line."""
    found = []
    for number in range(made.entries.count()):
        entry = made.entries.itemAt(number).widget()
        assert entry is not None
        found += [label.text() for label in entry.findChildren(QLabel)]
    return found


def tree(profile: Profile) -> Asset:
    new = Asset(id=AssetId(new_id()), asset_class="tree", number="4711", attributes={"height": 12.5})
    with operation(profile.store, profile.actor, "asset.import", reason="baeume.csv") as recorder:
        return recorder.create(new)


def test_the_newest_comes_first_with_who_what_and_the_values_in_words(
    history: Callable[[str], History], done: Done
) -> None:
    def prepare(profile: Profile) -> str:
        asset = tree(profile)
        with operation(profile.store, profile.actor, "asset.edit") as recorder:
            recorder.update(asset, attributes={"height": 14.0, "condition": "damaged", "farbe": "grün"})
        return asset.id

    told = words(history(cast("str", done(prepare))))
    assert told[0] == "bearbeitet"
    assert told[1].endswith("· Mia Muster (MM)")
    assert told[2].splitlines() == ["Höhe: 12,5 m → 14 m", "Zustand: geschädigt", "farbe: grün"]
    assert told[3] == "importiert (angelegt)"
    assert told[5].splitlines() == ["Grund: baeume.csv", "Klasse: Baum", "Nummer: 4711", "Höhe: 12,5 m"]


def test_the_state_at_each_platform_stands_with_it(history: Callable[[str], History], done: Done) -> None:
    def prepare(profile: Profile) -> str:
        target = Target("Urbane Plattform", "ngsi-ld", "https://localhost")
        targets.add(profile, target, Secret("token-0123456789"))
        assert [one.name for one in outbox.targets(profile.store)] == ["Urbane Plattform"]
        return tree(profile).id

    told = words(history(cast("str", done(prepare))))
    assert told[-1] == "Urbane Plattform: gespeichert, noch nicht gesendet"


def test_what_a_record_names_is_named_not_numbered(history: Callable[[str], History], done: Done) -> None:
    def prepare(profile: Profile) -> str:
        asset = tree(profile)
        device = Device(id=DeviceId(new_id()), profile="dragino-lse01", dev_eui="a84041f1e2d3c4b5")
        with operation(profile.store, profile.actor, "commissioning.plan") as recorder:
            device = recorder.create(device)
        with operation(profile.store, profile.actor, "commissioning.mount") as recorder:
            recorder.update(device, asset_id=asset.id)
        return device.id

    told = words(history(cast("str", done(prepare))))
    assert told[2] == "angebracht an: Baum 4711"


def test_a_long_history_comes_in_pages(
    history: Callable[[str], History], desk: Desk, done: Done, qtbot: QtBot
) -> None:
    def prepare(profile: Profile) -> str:
        asset = tree(profile)
        for number in range(PAGE + 4):
            with operation(profile.store, profile.actor, "asset.edit") as recorder:
                asset = recorder.update(asset, name=f"Linde {number}")
        return asset.id

    made = history(cast("str", done(prepare)))
    assert made.entries.count() == PAGE
    assert made.counted.text() == f"{PAGE} von {PAGE + 5} werden gezeigt"
    made.older.setFocus()
    made.older.click()
    idle(desk, qtbot)
    assert made.entries.count() == PAGE + 5
    assert not made.older.isVisible()
    assert words(made)[-3] == "importiert (angelegt)"


def test_nothing_yet_is_said(history: Callable[[str], History]) -> None:
    made = history(new_id())
    assert made.empty.isVisible()
    assert made.entries.count() == 0


def test_an_answer_about_another_record_is_not_shown(
    history: Callable[[str], History], desk: Desk, done: Done, qtbot: QtBot
) -> None:
    first, second = (cast("str", done(lambda profile: tree(profile).id)) for _number in range(2))
    made = history(first)

    def rename(profile: Profile) -> None:
        with operation(profile.store, profile.actor, "asset.edit") as recorder:
            recorder.update(profile.store.get(Asset, second), name="Esche")

    done(rename)
    made.show_record(first)
    made.show_record(second)
    made.show_record(first)
    idle(desk, qtbot)
    assert not any("Esche" in word for word in words(made))
