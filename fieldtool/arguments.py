"""Kinds of arguments that several commands take; each raises ArgumentTypeError: wrong usage, exit 2."""

from __future__ import annotations

import argparse
import math
import re
from datetime import date

from fieldtool.days import typed_day
from fieldtool.operation import operator_name
from fieldtool.texts import N_, _

ARGPARSE_TEXTS = (
    N_("usage: "),
    N_("positional arguments"),
    N_("options"),
    N_("show this help message and exit"),
    N_("%(prog)s: error: %(message)s\n"),
    N_("argument %(argument_name)s: %(message)s"),
    N_("the following arguments are required: %s"),
    N_("unrecognized arguments: %s"),
    N_("expected one argument"),
    N_("expected at least one argument"),
    N_("invalid choice: %(value)r (choose from %(choices)s)"),
    N_("invalid %(type)s value: %(value)r"),
    N_("ignored explicit argument %r"),
    N_("not allowed with argument %s"),
    N_("one of the arguments %s is required"),
)
"""What argparse itself says, as its source spells it; what is missing here stays English."""


def translate_argparse() -> None:
    """argparse looks its texts up in the process's default gettext domain, which a program inside another
    can't own; its module-level `_` is the one place to say otherwise."""
    setattr(argparse, "_", _)  # noqa: B010 - the name is not in its type stub


def at_least_one(text: str) -> int:
    number = int(text) if text.isascii() and text.isdigit() else 0
    if number < 1:
        raise argparse.ArgumentTypeError(_("a whole number from 1 is wanted"))
    return number


def box(text: str) -> tuple[float, float, float, float]:
    """W,S,E,N in degrees of WGS84."""
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        west, south, east, north = math.nan, math.nan, math.nan, math.nan
    if not (west <= east and south <= north and all(map(math.isfinite, (west, south, east, north)))):
        raise argparse.ArgumentTypeError(_("four figures are wanted: west,south,east,north in degrees"))
    return west, south, east, north


def place(text: str) -> tuple[float, float]:
    """LON,LAT in degrees of WGS84."""
    try:
        lon, lat = (float(part) for part in text.split(","))
    except ValueError:
        lon, lat = math.nan, math.nan
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise argparse.ArgumentTypeError(_("two figures are wanted: longitude,latitude in degrees"))
    return lon, lat


def calendar_day(text: str) -> date:
    """2026-12-01 or 01.12.2026."""
    found = typed_day(text)
    if found is None:
        raise argparse.ArgumentTypeError(_("a date is wanted, as 2026-12-01 or 01.12.2026"))
    return found


def operator(text: str) -> str:
    """Whose things they are, in the one spelling that is stored."""
    name = operator_name(text)
    if not name:
        raise argparse.ArgumentTypeError(_("a name is wanted, as schwerte"))
    return name


def dev_eui(text: str) -> str:
    """16 hex digits, however they are grouped and written."""
    digits = re.sub(r"[\s:-]", "", text).lower()
    if re.fullmatch("[0-9a-f]{16}", digits) is None:
        raise argparse.ArgumentTypeError(_("a DevEUI has 16 hex digits"))
    return digits
