"""How the window looks on this machine: DIR/window.json. Losing it loses nothing that anybody did."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

from fieldtool.texts import LANGUAGES

if TYPE_CHECKING:
    from fieldtool.operation import Actor

FILE = "window.json"
SEPARATOR = "\t"
ThemeName = Literal["light", "dark", "sun"]
THEMES: tuple[ThemeName, ...] = get_args(ThemeName)
ZOOMS = (75, 90, 100, 110, 125, 150, 175, 200)
"""Percent."""


@dataclass(frozen=True, slots=True)
class Preferences:
    """`welcomed`: the assistant of the first start was gone through. `geometry` is Qt's, in base64; `person`
    who worked here last: id, name, sign and role."""

    theme: ThemeName = "light"
    glove: bool = False
    zoom: int = 100
    language: str = "de"
    gnss_port: str = ""
    welcomed: bool = False
    geometry: str = ""
    screen: str = ""
    person: str = ""

    def actor(self) -> Actor | None:
        """Who worked here last, so that the window need not wait for the profile."""
        from fieldtool.operation import Actor

        parts = self.person.split(SEPARATOR)
        return Actor(*parts) if self.welcomed and len(parts) == 4 else None  # type: ignore[arg-type]

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
    from fieldtool.store.connection import system_errors

    path = directory / FILE
    new = path.with_suffix(".new")
    with system_errors(path):
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        new.write_text(json.dumps(asdict(preferences)), encoding="utf-8")
        new.replace(path)
