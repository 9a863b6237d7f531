"""What a person said of a list is known for the next one with the same columns, per profile and person."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from fieldtool.entities import json_text
from fieldtool.exports.saving import replacing
from fieldtool.imports.doubts import Box
from fieldtool.imports.mapping import MappingFile, told_by
from fieldtool.profile import Profile
from fieldtool.schemas import violation
from fieldtool.store import Store, profile_rows

AREA = "import_area"


def remember_mapping(profile: Profile, columns: Sequence[str], mapping: MappingFile) -> None:
    with profile.store.transaction():
        profile_rows.put_fact(profile.store.connection, _key(profile, columns), json_text(mapping.document))


def forget_mapping(profile: Profile, columns: Sequence[str]) -> None:
    with profile.store.transaction():
        profile_rows.put_fact(profile.store.connection, _key(profile, columns), "")


def remembered_mapping(profile: Profile, columns: Sequence[str]) -> MappingFile | None:
    """None too where another version of the program wrote what this one does not know."""
    found = _fact(profile.store, _key(profile, columns))
    return None if found is None or violation(found, "mapping") is not None else told_by(found)


def save_mapping(path: Path, mapping: MappingFile, *, force: bool = False) -> None:
    """Raises TargetExists, TargetNotWritten, DiskFull …"""
    with replacing(path, path.suffix, force=force) as partial:
        text = json.dumps(mapping.document, ensure_ascii=False, indent=2)
        partial.write_text(text + "\n", encoding="utf-8")


def set_area(store: Store, area: Box | None) -> None:
    """Where the things of this profile lie, in degrees: west, south, east, north."""
    with store.transaction():
        profile_rows.put_fact(store.connection, AREA, "" if area is None else json_text(list(area)))


def area_of(store: Store) -> Box | None:
    found = _fact(store, AREA)
    if not isinstance(found, list) or len(found) != 4:
        return None
    west, south, east, north = (float(figure) for figure in found)
    return (west, south, east, north) if all(map(math.isfinite, (west, south, east, north))) else None


def _key(profile: Profile, columns: Sequence[str]) -> str:
    signature = hashlib.sha256("\n".join(columns).encode("utf-8", "replace")).hexdigest()[:24]
    return f"import_mapping:{profile.actor.id}:{signature}"


def _fact(store: Store, key: str) -> Any:
    text = profile_rows.fact(store.connection, key)
    return json.loads(text) if text else None
