"""Notes at an asset: added, never overwritten."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from fieldtool.asset import Asset
from fieldtool.asset_note import AssetNote
from fieldtool.ids import new_id
from fieldtool.journal import operation
from fieldtool.policy import require
from fieldtool.profile import Profile
from fieldtool.store import Store
from fieldtool.upkeep.errors import NoteEmpty

KIND = "asset.note"


@dataclass(frozen=True, slots=True)
class Noted:
    """`who` is a name and a sign."""

    note: AssetNote
    who: str


def note(profile: Profile, asset_id: str, text: str) -> AssetNote:
    """Raises NotAllowed, NoteEmpty, NotFound, OperatorsMixed."""
    require(profile.actor, "asset.edit")
    words = text.strip()
    if not words:
        raise NoteEmpty
    asset = profile.store.get(Asset, asset_id)
    with operation(profile.store, profile.actor, KIND) as recorder:
        return recorder.create(AssetNote(id=new_id(), asset_id=asset.id, at=datetime.now(UTC), text=words))


def notes(store: Store, asset_id: str) -> list[Noted]:
    """The newest first."""
    actors = {
        entry.change.entity_id: f"{entry.actor.name} ({entry.actor.sign})"
        for entry in store.history(asset_id)
        if entry.change.entity == "asset_note"
    }
    return [Noted(one, actors[one.id]) for one in reversed(store.asset_notes(asset_id))]
