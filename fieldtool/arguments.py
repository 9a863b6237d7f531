"""Kinds of arguments that several commands take; each raises ArgumentTypeError: wrong usage, exit 2."""

from __future__ import annotations

import argparse
import math
import re

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


def dev_eui(text: str) -> str:
    """16 hex digits, however they are grouped and written."""
    digits = re.sub(r"[\s:-]", "", text).lower()
    if re.fullmatch("[0-9a-f]{16}", digits) is None:
        raise argparse.ArgumentTypeError(_("a DevEUI has 16 hex digits"))
    return digits
