"""The non-volatile memory of a device: what it was told to keep, in a file if the script names one."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from drivers.simulated.errors import StateFileUnusable

WORDS = {
    "+DEUI": "dev_eui",
    "+APPEUI": "join_eui",
    "+APPKEY": "app_key",
    "+PWORD": "password",
    "+NJM": "join_mode",
    "+TDC": "interval_ms",
}
"""What the file calls them; the others go by the command's name in lower case."""


class Memory:
    """Values by command name ("+TDC"), hex as lower-case digits. Every change is on the disk, whole, before
    the device answers; a kill in the middle leaves the state before it. The file holds keys: its mode is
    0600."""

    def __init__(self, factory: Mapping[str, str], path: Path | None) -> None:
        """Raises StateFileUnusable."""
        self.factory = dict(factory)
        self.values = dict(factory)
        self.joined = False
        self.write_protected = False
        self._path = path
        self.restored = path is not None and path.exists()
        if path is not None:
            self._read(path) if self.restored else self._write(path)

    def __getitem__(self, name: str) -> str:
        return self.values[name]

    def keep(self, name: str, value: str) -> None:
        if not self.write_protected:
            self.values[name] = value
            self.save()

    def join(self) -> None:
        self.joined = True
        self.save()

    def leave(self) -> None:
        self.joined = False
        self.save()

    def reset(self, spared: Iterable[str]) -> None:
        self.values = {**self.factory, **{name: self.values[name] for name in spared}}
        self.joined = False
        self.save()

    def save(self) -> None:
        if self._path is not None:
            self._write(self._path)

    def _read(self, path: Path) -> None:
        try:
            found = json.loads(path.read_text(encoding="utf-8"))
            self.values = {name: str(found[word(name)]) for name in self.factory}
            self.joined = bool(found["joined"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise StateFileUnusable(str(path), f"{type(error).__name__}") from error

    def _write(self, path: Path) -> None:
        fresh = path.with_name(f".{path.name}.new")
        told = {word(name): value for name, value in self.values.items()}
        content = json.dumps({**told, "joined": self.joined}, indent=1)
        try:
            file = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(file, "w", encoding="utf-8") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
            fresh.replace(path)
        except OSError as error:
            raise StateFileUnusable(str(path), error.strerror or type(error).__name__) from error


def word(name: str) -> str:
    return WORDS.get(name, name.removeprefix("+").lower())
