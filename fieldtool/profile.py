"""A profile: one directory that holds everything of one person's work on one machine."""

from __future__ import annotations

import getpass
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from drivers.secret import Secret
from fieldtool import class_library
from fieldtool.command import Invocation
from fieldtool.ids import new_id
from fieldtool.keystore import KeyStore, SystemKeyStore
from fieldtool.operation import Actor
from fieldtool.profile_folder import DATABASE, FOLDERS, HOLDER
from fieldtool.store import Store, profile_rows
from fieldtool.store.connection import system_errors
from fieldtool.store.errors import ProfileInUse
from fieldtool.store.migrations import SchemaOlder
from fieldtool.vault import PassphraseUnreadable, Vault


@dataclass(frozen=True)
class Profile:
    """Used from one thread. The vault asks for its key when the first secret is wanted."""

    directory: Path
    store: Store
    actor: Actor
    key_store: KeyStore
    passphrase: Secret | None

    @cached_property
    def vault(self) -> Vault:
        return Vault(self.store, self.key_store, self.passphrase)


@contextmanager
def open_profile(
    directory: Path,
    *,
    write: bool,
    passphrase: Secret | None = None,
    actor: str | None = None,
    key_store: KeyStore | None = None,
) -> Iterator[Profile]:
    """A writer makes what is missing and holds the profile's lock: ProfileInUse. A reader works beside a
    writer; it raises ProfileMissing. A new vault uses `passphrase` where it is given, else the key store."""
    path = directory / DATABASE
    with _lock(directory, path) if write else _unlocked():
        store = Store.open(path, write=True) if write else _reader(directory, path)
        try:
            class_library.use(store.class_definitions())
            yield Profile(
                directory, store, _actor(store, actor, write=write), key_store or SystemKeyStore(), passphrase
            )
            if write:
                store.fold_texts()
        finally:
            store.close()


@contextmanager
def open_beside(
    directory: Path,
    *,
    passphrase: Secret | None = None,
    actor: str | None = None,
    key_store: KeyStore | None = None,
) -> Iterator[Profile]:
    """Another connection that writes, for another thread of the process that holds the profile's lock."""
    store = Store.open(directory / DATABASE, write=True)
    try:
        yield Profile(
            directory, store, _actor(store, actor, write=True), key_store or SystemKeyStore(), passphrase
        )
    finally:
        store.close()


@contextmanager
def open_invocation_profile(invocation: Invocation, *, write: bool) -> Iterator[Profile]:
    """The profile that the command line names. Raises PassphraseUnreadable too."""
    try:
        passphrase = invocation.passphrase()
    except (OSError, UnicodeDecodeError) as error:
        raise PassphraseUnreadable(str(invocation.passphrase_file)) from error
    with open_profile(
        invocation.profile_directory, write=write, passphrase=passphrase, actor=invocation.actor
    ) as profile:
        yield profile


def _reader(directory: Path, path: Path) -> Store:
    try:
        return Store.open(path, write=False)
    except SchemaOlder:
        with _lock(directory, path):
            Store.open(path, write=True).close()
    return Store.open(path, write=False)


@contextmanager
def _unlocked() -> Iterator[None]:
    yield


@contextmanager
def _lock(directory: Path, path: Path) -> Iterator[None]:
    from filelock import FileLock, Timeout

    with system_errors(path):
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        for folder in FOLDERS:
            (directory / folder).mkdir(exist_ok=True)
        lock = FileLock(directory / "lock", blocking=False)
        holder = directory / HOLDER
        try:
            lock.acquire()
        except Timeout as error:
            raise ProfileInUse(str(directory), _noted(holder)) from error
    try:
        with system_errors(path):
            holder.write_text(json.dumps({"pid": os.getpid(), "program": _program()}), encoding="utf-8")
        yield
    finally:
        with suppress(OSError):
            holder.unlink()
        lock.release()


def _program() -> str:
    called = Path(sys.argv[0])
    return called.parent.name if called.name == "__main__.py" else called.stem


def _noted(holder: Path) -> str | None:
    """Only a hint: the note may be missing or half written."""
    try:
        noted = json.loads(holder.read_text(encoding="utf-8"))
        return f"{noted['program']} ({noted['pid']})"
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _actor(store: Store, name: str | None, *, write: bool) -> Actor:
    """Who is named, else who was the first here, else the person logged in to the machine."""
    connection = store.connection
    first = profile_rows.fact(connection, "actor")
    if name is None and first is not None:
        found = profile_rows.actor_by_id(connection, first)
    else:
        found = profile_rows.actor_by_name(connection, name or _login())
    if found is not None:
        return found
    new = Actor(new_id(), name or _login(), sign(name or _login()), "technik")
    if write:
        with store.transaction():
            profile_rows.insert_actor(connection, new)
            if first is None:
                profile_rows.put_fact(connection, "actor", new.id)
    return new


def _login() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "?"  # a container's user without a name


def sign(name: str) -> str:
    """The first letters of the first and the last name."""
    words = name.split()
    return "".join(word[0] for word in (words[0], words[-1])[: len(words)]).upper() if words else "?"
