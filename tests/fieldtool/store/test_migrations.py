from __future__ import annotations

import shutil
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from fieldtool import outbox
from fieldtool.asset import Asset
from fieldtool.store import Store
from fieldtool.store.connection import connect
from fieldtool.store.errors import DatabaseCorrupt, DatabaseForeign, DatabaseNewer
from fieldtool.store.migrations import APPLICATION_ID, MIGRATIONS, migrate, schema_version
from tests.databases.make import HERE, SECRET, SECRET_NAME
from tests.fieldtool.making import asset, profile, record, sql
from tests.fieldtool.replaying import problems

NEXT = (*MIGRATIONS, ("ALTER TABLE assets ADD COLUMN height REAL", "UPDATE assets SET height = 1.5"))
RELEASED = sorted(HERE.glob("schema-*.sqlite"))
NEWEST = HERE / f"schema-{len(MIGRATIONS):04}.sqlite"


def placed(released: Path, folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    return Path(shutil.copy(released, folder / "fieldtool.sqlite"))


def columns(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as database:
        return [row[1] for row in database.execute("PRAGMA table_info(assets)")]


def test_every_schema_has_its_file() -> None:
    assert [path.name for path in RELEASED] == [
        f"schema-{n:04}.sqlite" for n in range(1, len(MIGRATIONS) + 1)
    ]


@pytest.mark.parametrize("released", RELEASED, ids=lambda path: path.stem)
def test_the_newest_code_opens_every_released_schema(released: Path, tmp_path: Path) -> None:
    placed(released, tmp_path / "profile")
    with profile(tmp_path / "profile") as opened:
        assert problems(opened) == []
        (tree,) = opened.store.assets()
        assert (tree.number, tree.name, tree.version) == ("4711", "Winterlinde", 2)
        assert opened.vault.get(SECRET_NAME).reveal() == SECRET
        own = [entry for entry in opened.store.history(tree.id) if entry.change.entity == "asset"]
        edit, create = reversed([entry.operation.kind for entry in own])
        assert (create, edit) == ("test.create", "asset.edit")
        states = [delivery.state for delivery in outbox.pending(opened.store, "uebungsplattform")]
        assert states == ["sending", "saved"]


@pytest.mark.parametrize("released", RELEASED, ids=lambda path: path.stem)
def test_a_new_file_has_the_schema_of_a_migrated_one(released: Path, tmp_path: Path) -> None:
    listing = "SELECT type, name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY name"
    placed(released, tmp_path / "old")
    with profile(tmp_path / "old") as old, profile(tmp_path / "new") as new:
        assert sql(old, listing) == sql(new, listing)


def test_a_backup_comes_before_a_migration(tmp_path: Path) -> None:
    path = placed(NEWEST, tmp_path)
    with closing(connect(path, write=True)) as connection:
        assert schema_version(connection) == len(MIGRATIONS)
        migrate(connection, NEXT)
        assert connection.value("SELECT height FROM assets") == 1.5
        assert connection.value("PRAGMA user_version") == len(NEXT)
    (backup,) = (tmp_path / "backups").iterdir()
    assert backup.name.startswith(f"schema-{len(MIGRATIONS):04}-")
    assert "height" not in columns(backup)
    with closing(Store.open(placed(backup, tmp_path / "restored"), write=False)) as store:
        assert store.count(Asset) == 1


def test_a_migration_that_fails_changes_nothing(tmp_path: Path) -> None:
    path = placed(NEWEST, tmp_path)
    broken = (*MIGRATIONS, ("ALTER TABLE assets ADD COLUMN height REAL", "SELECT * FROM nowhere"))
    with closing(connect(path, write=True)) as connection, pytest.raises(sqlite3.OperationalError):
        migrate(connection, broken)
    assert "height" not in columns(path)
    with closing(Store.open(path, write=True)) as store:
        assert store.count(Asset) == 1


KILLED = """
import os, signal, sys
from pathlib import Path
from fieldtool.store.connection import connect
from fieldtool.store.migrations import MIGRATIONS, migrate
connection = connect(Path(sys.argv[1]), write=True)
connection.raw.create_function("die", 0, lambda: os.kill(os.getpid(), signal.SIGKILL))
migrate(connection, (*MIGRATIONS, ("ALTER TABLE assets ADD COLUMN height REAL", "SELECT die()")))
"""


def test_a_kill_in_a_migration_changes_nothing(tmp_path: Path) -> None:
    path = placed(NEWEST, tmp_path)
    killed = subprocess.run([sys.executable, "-c", KILLED, str(path)], check=False, timeout=30)
    assert killed.returncode == -signal.SIGKILL
    assert "height" not in columns(path)
    with closing(connect(path, write=True)) as connection:
        migrate(connection, NEXT)
        assert connection.value("SELECT height FROM assets") == 1.5
    assert len(list((tmp_path / "backups").iterdir())) == 2


@pytest.mark.parametrize("write", [False, True])
def test_a_newer_database_is_refused_untouched(tmp_path: Path, *, write: bool) -> None:
    path = placed(NEWEST, tmp_path)
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA user_version = 99")
    before = path.read_bytes()
    with pytest.raises(DatabaseNewer) as newer:
        Store.open(path, write=write)
    assert newer.value.schema == 99
    assert path.read_bytes() == before


def test_another_programs_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "fieldtool.sqlite"
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE songs (title TEXT)")
    with pytest.raises(DatabaseForeign):
        Store.open(path, write=True)
    with closing(sqlite3.connect(path)) as database:
        assert database.execute("SELECT name FROM sqlite_schema").fetchall() == [("songs",)]
        database.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    assert APPLICATION_ID.to_bytes(4, "big") == b"FTL1"


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    path = tmp_path / "fieldtool.sqlite"
    path.write_bytes(b"Dies ist keine Datenbank.\n" * 500)
    with pytest.raises(DatabaseCorrupt) as corrupt:
        Store.open(path, write=True)
    assert corrupt.value.backups == str(tmp_path / "backups")


def test_damage_in_the_middle_is_named(tmp_path: Path) -> None:
    with profile(tmp_path) as opened:
        record(opened, asset("1"))
        (root,) = sql(opened, "SELECT rootpage FROM sqlite_schema WHERE name = 'assets'")[0]
        size = sql(opened, "PRAGMA page_size")[0][0]
    with (tmp_path / "fieldtool.sqlite").open("r+b") as file:
        file.seek((root - 1) * size)
        file.write(b"\xff" * size)
    with profile(tmp_path, write=False) as opened:
        for look in (lambda: list(opened.store.assets()), opened.store.problems):
            with pytest.raises(DatabaseCorrupt):
                look()


def test_damage_between_table_and_index_is_found(tmp_path: Path) -> None:
    with profile(tmp_path) as opened:
        record(opened, asset("1"))
        sql(opened, "PRAGMA writable_schema = ON")
        sql(opened, "UPDATE sqlite_schema SET rootpage = 2 WHERE name = 'assets_by_number'")
    with profile(tmp_path, write=False) as opened:
        assert opened.store.problems() != []
