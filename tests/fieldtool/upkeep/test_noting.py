"""Against a real database: notes are added, told in the history, and outlive their asset."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from fieldtool import history_texts
from fieldtool.asset import Asset
from fieldtool.geometry import point
from fieldtool.ids import AssetId, new_id
from fieldtool.policy import NotAllowed
from fieldtool.profile import Profile, open_profile
from fieldtool.store.errors import NotFound
from fieldtool.upkeep import changing, noting, restoring
from fieldtool.upkeep.errors import NoteEmpty


@pytest.fixture
def profile(tmp_path: Path) -> Iterator[Profile]:
    with open_profile(tmp_path / "profile", write=True) as opened:
        yield replace(opened, actor=replace(opened.actor, role="bestand"))


@pytest.fixture
def tree(profile: Profile) -> Asset:
    asset = Asset(id=AssetId(new_id()), asset_class="tree", number="B-1", geometry=point(7.46, 51.51))
    return changing.create(profile, asset)


LONG = "Nest im Wipfel. " * 30


def test_a_note_stands_in_the_history_word_for_word(profile: Profile, tree: Asset) -> None:
    noting.note(profile, tree.id, "Ast über dem Weg\nbitte im Frühjahr ansehen")
    noting.note(profile, tree.id, f"  {LONG}  ")
    assert [one.note.text for one in noting.notes(profile.store, tree.id)] == [
        LONG.strip(),
        "Ast über dem Weg\nbitte im Frühjahr ansehen",
    ]
    assert {one.who for one in noting.notes(profile.store, tree.id)} == {
        f"{profile.actor.name} ({profile.actor.sign})"
    }
    newest, older, made = history_texts.newest(profile.store, tree.id, 10).entries
    assert (newest.what, newest.notes, newest.fields) == ("Notiz", (LONG.strip(),), ())
    assert older.notes == ("Ast über dem Weg\nbitte im Frühjahr ansehen",)
    assert (newest.restorable, made.restorable) == (False, True)
    assert profile.store.get(Asset, tree.id).version == tree.version


def test_a_note_outlives_its_asset_and_is_there_again_with_it(profile: Profile, tree: Asset) -> None:
    made = [entry.operation.id for entry in profile.store.history(tree.id)]
    noting.note(profile, tree.id, "krank")
    changing.delete(profile, profile.store.get(Asset, tree.id))
    assert [one.note.text for one in noting.notes(profile.store, tree.id)] == ["krank"]
    back = restoring.restore(profile, tree.id, made[0])
    assert (back.number, back.geometry) == (tree.number, tree.geometry)
    assert [one.note.text for one in noting.notes(profile.store, tree.id)] == ["krank"]


def test_a_state_is_that_of_the_asset_alone(profile: Profile, tree: Asset) -> None:
    noting.note(profile, tree.id, "krank")
    changed = changing.change(profile, profile.store.get(Asset, tree.id), {"name": "Am Teich"})
    last = [entry.operation.id for entry in profile.store.history(tree.id)][-1]
    state = restoring.state_after(profile.store, tree.id, last)
    assert state is not None
    assert "text" not in state
    assert state["name"] == changed.name


def test_what_is_no_note(profile: Profile, tree: Asset) -> None:
    with pytest.raises(NoteEmpty):
        noting.note(profile, tree.id, " \n ")
    with pytest.raises(NotFound):
        noting.note(profile, new_id(), "wo?")
    with pytest.raises(NotAllowed):
        noting.note(replace(profile, actor=replace(profile.actor, role="schule")), tree.id, "hier")
    assert noting.notes(profile.store, tree.id) == []
