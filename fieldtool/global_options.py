"""The options that every command has, and whether it is the window that is wanted. Loads little: the window
waits for it."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from fieldtool.command import Invocation
from fieldtool.texts import LANGUAGES, use_language

if TYPE_CHECKING:
    import argparse


@dataclass(frozen=True, slots=True)
class WindowWish:
    """The window on this profile; `demo`: it plays the demonstration."""

    invocation: Invocation
    demo: bool


def window_wanted(arguments: Sequence[str]) -> WindowWish | None:
    """Without a command, and for a demonstration that is to be seen; None: a command of the command line."""
    if not arguments:
        use_language(None)
        return WindowWish(plain_invocation(), demo=False)
    known, rest = global_options().parse_known_args(list(arguments))
    if known.help or known.json or rest not in ([], ["demo"]):
        return None
    use_language(known.language)
    return WindowWish(invocation_of(known), demo=bool(rest))


def plain_invocation() -> Invocation:
    return Invocation(
        profile_directory=default_profile(),
        profile_named=False,
        json=False,
        passphrase_file=None,
        actor=None,
        out=sys.stdout,
        err=sys.stderr,
    )


def invocation_of(known: argparse.Namespace) -> Invocation:
    return Invocation(
        profile_directory=known.profile or default_profile(),
        profile_named=known.profile is not None,
        json=known.json,
        passphrase_file=known.passphrase_file,
        actor=known.actor,
        out=sys.stdout,
        err=sys.stderr,
    )


def global_options() -> argparse.ArgumentParser:
    import argparse

    parser = argparse.ArgumentParser(prog="fieldtool", add_help=False, allow_abbrev=False)
    parser.add_argument("--profile", type=Path, metavar="DIR")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--passphrase-file", type=Path, metavar="FILE")
    parser.add_argument("--actor", metavar="NAME")
    parser.add_argument("--language", choices=LANGUAGES)
    parser.add_argument("-h", "--help", action="store_true")
    return parser


def default_profile() -> Path:
    named = os.environ.get("FIELDTOOL_PROFILE")
    if named:
        return Path(named)
    if sys.platform == "win32":
        return Path(os.environ["LOCALAPPDATA"]) / "Fieldtool"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "fieldtool"
