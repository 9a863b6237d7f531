"""What an operation did is taken back, of classes too."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from fieldtool import class_changes, class_library
from fieldtool.asset import Asset
from fieldtool.asset_classes import asset_class
from fieldtool.person import set_person
from fieldtool.profile import Profile, open_profile
from fieldtool.store.errors import StaleVersion
from fieldtool.upkeep import changing, classes, undoing
from fieldtool.upkeep.errors import NothingToUndo
from tests.fieldtool.making import asset, record


@pytest.fixture
def profile(tmp_path: Path) -> Iterator[Profile]:
    with open_profile(tmp_path, write=True) as opened:
        set_person(opened, name="Karla Kleinschmidt", role="bestand")
    with open_profile(tmp_path, write=True) as opened:
        yield opened
    class_library.use([])


@pytest.fixture
def light(profile: Profile) -> Asset:
    (made,) = record(
        profile, asset("L-1", asset_class="street_light", attributes={"circuit": "SK 7", "power": 50})
    )
    return made


def rename(profile: Profile) -> None:
    before = classes.definition_in_use(profile.store, "street_light")
    classes.apply(profile, class_changes.rename_attribute(before, "circuit", "circuit_number"))


def newest(profile: Profile) -> str:
    return undoing.recent(profile.store, profile.actor.id, 1)[0].operation.id


def test_a_class_is_as_it_was_and_so_are_its_rows(profile: Profile, light: Asset) -> None:
    rename(profile)
    assert profile.store.get(Asset, light.id).attributes == {"circuit_number": "SK 7", "power": 50}
    seen = undoing.preview(profile.store, newest(profile))
    assert seen.undone.changed == 1
    assert undoing.undo(profile, newest(profile)).changed == 1
    assert profile.store.get(Asset, light.id).attributes == {"circuit": "SK 7", "power": 50}
    assert asset_class("street_light").attribute("circuit") is not None


def test_what_was_entered_under_the_new_name_moves_back(profile: Profile, light: Asset) -> None:
    rename(profile)
    done = newest(profile)
    changed = profile.store.get(Asset, light.id)
    changing.change(profile, changed, {"attributes": {**changed.attributes, "circuit_number": "SK 8"}})
    undoing.undo(profile, done)
    assert profile.store.get(Asset, light.id).attributes == {"circuit": "SK 8", "power": 50}


def test_a_class_that_was_changed_again_stays(profile: Profile, light: Asset) -> None:
    del light
    rename(profile)
    done = newest(profile)
    before = classes.definition_in_use(profile.store, "street_light")
    classes.apply(profile, class_changes.retire_attribute(before, "power"))
    with pytest.raises(StaleVersion):
        undoing.undo(profile, done)
    undoing.undo(profile, newest(profile))
    undoing.undo(profile, done)
    assert asset_class("street_light").attribute("circuit") is not None


def test_a_look_writes_nothing_and_nothing_is_said_so(profile: Profile, light: Asset) -> None:
    changing.change(profile, light, {"name": "Leuchte"})
    done = newest(profile)
    before = profile.store.operation_count()
    assert undoing.preview(profile.store, done).examples
    assert profile.store.operation_count() == before
    undoing.undo(profile, done)
    with pytest.raises(NothingToUndo):
        undoing.undo(profile, done)
    assert profile.store.get(Asset, light.id).name is None
