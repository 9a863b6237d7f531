"""How long it takes to take a list over, against what SQLite alone needs for the same rows in the same run.

python -m tests.bench.imports [--rows N] [--workbook FILE.xlsx]

Bare: the same rows of `assets` by one `executemany` into the same table with its indexes, in one transaction.
By triggers: the same, with history, search and map index kept row by row as triggers do it.
"""

from __future__ import annotations

import argparse
import json
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

from fieldtool.entities import json_text
from fieldtool.imports.prepare import Wish, prepare
from fieldtool.imports.source import read_source
from fieldtool.imports.write import compare, write
from fieldtool.profile import open_profile
from fieldtool.store import schema_0001
from tests.bench.lists import COLUMNS, street_lights, write_csv

ASSETS = [one for one in schema_0001.STATEMENTS if "ON assets" in one or "TABLE assets" in one]
TRIGGERS = """
CREATE VIRTUAL TABLE boxes USING rtree(seq, west, east, south, north);
CREATE VIRTUAL TABLE texts USING fts5(number, name, attributes, tokenize = 'unicode61 remove_diacritics 2',
    prefix = '2 3');
CREATE TABLE history (row INTEGER PRIMARY KEY, entity_id TEXT NOT NULL, after TEXT NOT NULL) STRICT;
CREATE INDEX history_by_entity ON history(entity_id);
CREATE TRIGGER made AFTER INSERT ON assets BEGIN
    INSERT INTO history(entity_id, after) VALUES (new.id, json_object('asset_class', new.asset_class,
        'number', new.number, 'name', new.name, 'geometry', json(new.geometry),
        'attributes', json(new.attributes)));
    INSERT INTO texts(rowid, number, name, attributes) VALUES (new.seq, new.number, new.name,
        (SELECT group_concat(value, ' ') FROM json_each(new.attributes)));
    INSERT INTO boxes VALUES (new.seq,
        json_extract(new.geometry, '$.coordinates[0]'), json_extract(new.geometry, '$.coordinates[0]'),
        json_extract(new.geometry, '$.coordinates[1]'), json_extract(new.geometry, '$.coordinates[1]'));
END;
"""
GOALS = {
    "storing": "at most 4",
    "whole import from CSV": "at most 8",
    "by triggers / whole import": "at least 3",
    "by triggers / storing": "at least 3",
    "ogr2ogr / reading and bare insert": "at least 2",
    "openpyxl / reading XLSX": "at least 8",
}


def seconds(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def bare(path: Path, rows: list[tuple[Any, ...]], more: str = "") -> float:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        for statement in ASSETS:
            connection.execute(statement)
        connection.executescript(more)

        def insert() -> None:
            connection.execute("BEGIN")
            places = ", ".join("?" * len(rows[0]))
            connection.executemany(f"INSERT INTO assets VALUES ({places})", rows)
            connection.execute("COMMIT")

        return seconds(insert)


def csv_import(folder: Path, count: int) -> dict[str, float]:
    path = folder / "leuchten.csv"
    write_csv(path, count)
    prepare(Wish(path=path))  # loads what a running program has loaded
    begin = time.perf_counter()
    prepared = prepare(Wish(path=path))
    with open_profile(folder / "profile", write=True) as profile:
        steps = compare(prepared, profile.store)
        stored_from = time.perf_counter()
        write(profile.store, profile.actor, prepared, steps)
        profile.store.fold_texts()
        end = time.perf_counter()
        assert profile.store.connection.value("SELECT count(*) FROM asset_texts_pending") == 0
        rows = profile.store.connection.rows("SELECT * FROM assets")
    assert len(rows) == count
    alone = bare(folder / "bare.sqlite", rows)
    by_triggers = bare(folder / "triggers.sqlite", rows, TRIGGERS)
    return {
        "bare executemany": alone,
        "storing": (end - stored_from) / alone,
        "whole import from CSV": (end - begin) / alone,
        "by triggers / whole import": by_triggers / (end - begin),
        "by triggers / storing": by_triggers / (end - stored_from),
    }


def features(count: int) -> Iterable[str]:
    for index, cells in enumerate(street_lights(count)):
        properties = dict(zip(COLUMNS, cells, strict=True)) | {
            f"Merkmal {number}": f"Wert {index * number} an der Straße" for number in range(6)
        }
        place = {"type": "Point", "coordinates": [7.3 + index % 977 * 2e-4, 51.4 + index % 1009 * 1e-4]}
        feature = {"type": "Feature", "properties": properties, "geometry": place}
        yield json.dumps(feature, ensure_ascii=False)


def write_geojson(path: Path, count: int) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write('{"type": "FeatureCollection",\n"features": [\n')
        file.write(",\n".join(features(count)))
        file.write("\n]}\n")


READING = """
import sys
from pathlib import Path
import fieldtool.imports.formats.geojson
from fieldtool.imports.source import read_source
def most():
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024
read_source(Path(sys.argv[2]))
base = most()
source = read_source(Path(sys.argv[1]))
rows = sum(1 for _row in source.rows)
print(most() - base)
"""


def geojson(folder: Path, count: int) -> dict[str, float]:
    path = folder / "leuchten.geojson"
    write_geojson(path, count)
    found = {"GeoJSON megabytes": path.stat().st_size / 1e6}
    short = folder / "eine.geojson"
    write_geojson(short, 1)
    words = [sys.executable, "-c", READING, str(path), str(short)]
    found["memory above base (MB)"] = float(subprocess.run(words, capture_output=True, check=True).stdout)

    def read_and_insert() -> None:
        rows = (
            (row.number, json_text(row.geometry), json_text(row.values)) for row in read_source(path).rows
        )
        with closing(sqlite3.connect(folder / "read.sqlite")) as connection:
            connection.execute(
                "CREATE TABLE rows (number INTEGER PRIMARY KEY, geometry TEXT, attributes TEXT)"
            )
            with connection:
                connection.executemany("INSERT INTO rows VALUES (?, ?, ?)", rows)

    read_and_insert_s = seconds(read_and_insert)
    found["reading and bare insert (s)"] = read_and_insert_s
    try:
        words = ["ogr2ogr", "-f", "GPKG", str(folder / "ogr.gpkg"), str(path)]
        ogr = seconds(lambda: subprocess.run(words, check=True, capture_output=True))
    except FileNotFoundError:
        print("ogr2ogr is not installed (Debian package gdal-bin): that ratio is missing")
    else:
        found["ogr2ogr / reading and bare insert"] = ogr / read_and_insert_s
    return found


def workbook(path: Path) -> dict[str, float]:
    import openpyxl

    def by_openpyxl() -> None:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        for sheet in book.worksheets:
            for _row in sheet.iter_rows(values_only=True):
                pass

    ours = seconds(lambda: list(read_source(path).rows))
    return {"reading XLSX (s)": ours, "openpyxl / reading XLSX": seconds(by_openpyxl) / ours}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--workbook", type=Path, help="an XLSX file with many rows")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = csv_import(Path(folder), options.rows) | geojson(Path(folder), options.rows)
    if options.workbook is not None:
        found |= workbook(options.workbook)
    for name, figure in found.items():
        goal = f"   goal: {GOALS[name]}" if name in GOALS else ""
        print(f"{name:36} {figure:8.2f}{goal}")
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{'memory of all of it (MB)':36} {most:8.0f}")


if __name__ == "__main__":
    main()
