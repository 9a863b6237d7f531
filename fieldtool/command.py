"""What a command is, and what it is given. The commands themselves are the modules of fieldtool/cli."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from drivers.secret import Secret
from fieldtool.jsontypes import Json

if TYPE_CHECKING:
    import argparse


@dataclass(frozen=True)
class Invocation:
    """The global options. `profile_directory` is where everything of this run lives; `profile_named` says
    whether --profile named it."""

    profile_directory: Path
    profile_named: bool
    json: bool
    passphrase_file: Path | None
    actor: str | None
    out: TextIO
    err: TextIO

    def document(self, document: Mapping[str, Json]) -> None:
        """The one JSON document of a command; with --json only."""
        if self.json:
            json.dump(document, self.out, ensure_ascii=False)
            self.out.write("\n")
            self.out.flush()

    def row(self, row: Mapping[str, Json], text: str) -> None:
        """One JSON line with --json, else `text`."""
        self.out.write((json.dumps(row, ensure_ascii=False) if self.json else text) + "\n")
        self.out.flush()

    def say(self, text: str) -> None:
        """A line for people; silent with --json."""
        if not self.json:
            self.out.write(text + "\n")
            self.out.flush()

    def progress(self, text: str) -> None:
        """A line for people while work goes on, on standard error."""
        self.err.write(text + "\n")
        self.err.flush()

    def passphrase(self) -> Secret | None:
        if self.passphrase_file is not None:
            return Secret(self.passphrase_file.read_text(encoding="utf-8").rstrip("\r\n"))
        text = os.environ.get("FIELDTOOL_PASSPHRASE")
        return Secret(text) if text else None


@dataclass(frozen=True)
class Command:
    """`run` returns the exit status: 0 done, 1 an expected failure that it has reported itself."""

    summary: str
    arguments: Callable[[argparse.ArgumentParser], None]
    run: Callable[[argparse.Namespace, Invocation], int]
