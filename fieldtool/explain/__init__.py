"""What an expected error says to a person, and what to do next. One module per area, found by discovery.

Each exports EXPLANATIONS, a dict from error type to Explanation. Messages are English msgids with
`{field}` places taken from the error's own data.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

from drivers import discovery
from drivers.errors import ExpectedError, FixProblem
from fieldtool.texts import N_, _, decimal, local_time

WORDS: dict[Enum, str] = {
    FixProblem.SILENT: N_("the receiver sends nothing"),
    FixProblem.NOT_NMEA: N_("what comes is not NMEA: wrong port or baud rate"),
    FixProblem.NO_FIX: N_("the receiver sees too few satellites"),
    FixProblem.NULL_ISLAND: N_("the receiver reports 0° N, 0° E"),
    FixProblem.BAD_CHECKSUMS: N_("what comes is damaged: check cable and baud rate"),
}


@dataclass(frozen=True, slots=True)
class Explanation:
    """`code` is part of the command line's contract: snake_case, never changed once released. `words` says,
    by field of the error, what its codes are called."""

    code: str
    message: str
    advice: str
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Explained:
    code: str
    message: str
    advice: str


def explain(error: ExpectedError) -> Explained:
    """Raises KeyError where no area knows the type: that is a bug, and a test looks for it."""
    entry = table()[type(error)]
    names = getattr(error, "__dataclass_fields__", {})
    data = {name: _shown(getattr(error, name), entry.words.get(name, {})) for name in names}
    return Explained(
        entry.code, _(entry.message).format(**data).strip(), _(entry.advice).format(**data).strip()
    )


@functools.cache
def table() -> dict[type[ExpectedError], Explanation]:
    entries: dict[type[ExpectedError], Explanation] = {}
    package = sys.modules[__name__]
    for name in discovery.names(package):
        entries.update(discovery.load(package, name, "EXPLANATIONS", dict))
    return entries


def _shown(value: object, words: Mapping[str, str]) -> object:
    if value is None:
        return "–"
    if isinstance(value, str):
        return _(words[value]) if value in words else value
    if isinstance(value, datetime):
        return local_time(value)
    if isinstance(value, Enum):
        return _(WORDS.get(value, str(value.value)))
    if isinstance(value, float):
        return decimal(value)
    if isinstance(value, tuple):
        return ", ".join(str(_shown(one, words)) for one in value)
    return value
