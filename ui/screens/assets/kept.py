"""How each person looks at each class: DIR/views.json. Losing it loses nothing that anybody did."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from fieldtool.store.connection import system_errors

FILE = "views.json"


@dataclass(frozen=True, slots=True)
class Look:
    """`columns` none: those that the class begins with."""

    columns: tuple[str, ...] = ()
    sort: str = ""
    descending: bool = False


def read_look(directory: Path, person: str, asset_class: str) -> Look:
    found = _document(directory).get(_key(person, asset_class), {})
    columns, sort = found.get("columns"), found.get("sort")
    if not isinstance(columns, list) or not all(isinstance(one, str) for one in columns):
        return Look()
    return Look(tuple(columns), sort if isinstance(sort, str) else "", found.get("descending") is True)


def keep_look(directory: Path, person: str, asset_class: str, look: Look) -> None:
    """Whole or not at all. Raises the store's errors of a full or failing disk."""
    document = {**_document(directory), _key(person, asset_class): asdict(look)}
    path = directory / FILE
    new = path.with_suffix(".new")
    with system_errors(path):
        new.write_text(json.dumps(document), encoding="utf-8")
        new.replace(path)


def _key(person: str, asset_class: str) -> str:
    return f"{person} {asset_class}"


def _document(directory: Path) -> dict[str, dict[str, Any]]:
    """What cannot be read is as at first."""
    try:
        document = json.loads((directory / FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    if not isinstance(document, dict):
        return {}
    return {key: value for key, value in document.items() if isinstance(value, dict)}
