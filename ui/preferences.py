"""How the window looks on this machine: DIR/window.json. Losing it loses nothing that anybody did."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Literal, get_args

from fieldtool.store.connection import system_errors
from fieldtool.texts import LANGUAGES

FILE = "window.json"
ThemeName = Literal["light", "dark", "sun"]
THEMES: tuple[ThemeName, ...] = get_args(ThemeName)
ZOOMS = (75, 90, 100, 110, 125, 150, 175, 200)
"""Percent."""


@dataclass(frozen=True, slots=True)
class Preferences:
    """`welcomed`: the assistant of the first start was gone through. `geometry` is Qt's, in base64."""

    theme: ThemeName = "light"
    glove: bool = False
    zoom: int = 100
    language: str = "de"
    gnss_port: str = ""
    welcomed: bool = False
    geometry: str = ""
    screen: str = ""

    def zoomed(self, steps: int) -> Preferences:
        """`steps` of ZOOMS on from here, 0: back to 100 %."""
        if steps == 0:
            return replace(self, zoom=100)
        nearest = min(range(len(ZOOMS)), key=lambda index: abs(ZOOMS[index] - self.zoom))
        return replace(self, zoom=ZOOMS[max(0, min(len(ZOOMS) - 1, nearest + steps))])


def read_preferences(directory: Path) -> Preferences:
    """What cannot be read or used is as at first."""
    try:
        document = json.loads((directory / FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return Preferences()
    if not isinstance(document, dict):
        return Preferences()
    return Preferences(**{name: value for name, value in document.items() if _usable(name, value)})


def _usable(name: str, value: Any) -> bool:
    standard = asdict(Preferences())
    if name not in standard or type(value) is not type(standard[name]):
        return False
    allowed = {"theme": THEMES, "language": LANGUAGES, "zoom": ZOOMS}.get(name)
    return allowed is None or value in allowed


def write_preferences(directory: Path, preferences: Preferences) -> None:
    """Whole or not at all. Raises the store's errors of a full or failing disk."""
    path = directory / FILE
    new = path.with_suffix(".new")
    with system_errors(path):
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        new.write_text(json.dumps(asdict(preferences)), encoding="utf-8")
        new.replace(path)
