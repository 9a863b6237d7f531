"""GeoPackages: SQLite files of others, only ever read.

What they hold is not trusted: nothing in their schema is run but their own views, text that is no UTF-8 is
read with replacement signs, and every name from the file is quoted.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

Cell = str | int | float | bytes | None
KINDS = ("features", "attributes", "aspatial")
KEYS = ("fid", "ogc_fid")
"""What GIS programs call the key they made up."""


class NoGeoPackage(ValueError):
    """A SQLite file, but without the tables of a GeoPackage."""


@dataclass(eq=False)
class GeoPackageDamaged(ValueError):
    """`cause` is SQLite's own message."""

    cause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """`columns` with their declared type in upper case, without key and geometry; `organization` and `code`
    name the coordinate system, `definition` spells it out."""

    name: str
    columns: Mapping[str, str]
    geometry_column: str | None
    organization: str | None
    code: int | None
    definition: str | None


class GeoPackage:
    def __init__(self, raw: sqlite3.Connection) -> None:
        self._raw = raw

    def layers(self) -> list[Layer]:
        """Those with rows, in the order of the file. Raises NoGeoPackage, GeoPackageDamaged."""
        with _damaged():
            tables = self._tables("table", "view")
            if "gpkg_contents" not in tables:
                raise NoGeoPackage
            marks = ", ".join("?" * len(KINDS))
            named = self._raw.execute(
                f"SELECT table_name FROM gpkg_contents WHERE lower(data_type) IN ({marks})", KINDS
            )
            names = [tables[name.lower()] for (name,) in named if name.lower() in tables]
            return [self._layer(name, tables) for name in names if self._filled(name)]

    def rows(self, layer: Layer) -> list[tuple[Cell, ...]]:
        """The cells of its columns, and behind them the geometry as the file has it. Raises
        GeoPackageDamaged."""
        selected = [*layer.columns, layer.geometry_column] if layer.geometry_column else [*layer.columns]
        query = f"SELECT {', '.join(map(_quoted, selected)) or 'NULL'} FROM {_quoted(layer.name)}"
        with _damaged():
            try:
                self._raw.text_factory = str
                return self._raw.execute(query).fetchall()
            except (sqlite3.OperationalError, UnicodeDecodeError):
                self._raw.text_factory = _text  # Slower, for each cell is decoded here.
                return self._raw.execute(query).fetchall()

    def _tables(self, *kinds: str) -> dict[str, str]:
        """By name in lower case: SQLite does not tell the cases apart."""
        found = self._raw.execute("SELECT type, name FROM sqlite_master")
        return {name.lower(): name for kind, name in found if kind in kinds}

    def _filled(self, table: str) -> bool:
        return self._raw.execute(f"SELECT 1 FROM {_quoted(table)} LIMIT 1").fetchone() is not None

    def _layer(self, name: str, tables: Mapping[str, str]) -> Layer:
        geometry = None
        if "gpkg_geometry_columns" in tables:
            geometry = self._raw.execute(
                "SELECT column_name, srs_id FROM gpkg_geometry_columns WHERE lower(table_name) = lower(?)",
                (name,),
            ).fetchone()
        system: Sequence[Cell] | None = None
        if geometry is not None and "gpkg_spatial_ref_sys" in tables:
            system = self._raw.execute(
                "SELECT organization, organization_coordsys_id, definition"
                " FROM gpkg_spatial_ref_sys WHERE srs_id = ?",
                (geometry[1],),
            ).fetchone()
        organization, code, definition = system or (None, None, None)
        return Layer(
            name=name,
            columns=self._columns(name, None if geometry is None else geometry[0]),
            geometry_column=None if geometry is None else geometry[0],
            organization=organization if isinstance(organization, str) else None,
            code=code if isinstance(code, int) else None,
            definition=definition if isinstance(definition, str) else None,
        )

    def _columns(self, table: str, geometry: str | None) -> dict[str, str]:
        found = self._raw.execute("SELECT name, type, pk FROM pragma_table_info(?)", (table,)).fetchall()
        return {
            name: kind.upper()
            for name, kind, key in found
            if not (key and name.lower() in KEYS) and name.lower() != (geometry or "").lower()
        }


@contextmanager
def opened(path: Path) -> Iterator[GeoPackage]:
    """Raises GeoPackageDamaged."""
    pending = any(path.with_name(path.name + end).exists() for end in ("-wal", "-journal"))
    mode = "mode=ro" if pending else "mode=ro&immutable=1"
    with _damaged():
        raw = sqlite3.connect(f"file:{quote(str(path.absolute()))}?{mode}", uri=True)
    with closing(raw):
        raw.text_factory = _text
        with _damaged():
            raw.execute("PRAGMA trusted_schema=OFF")
            raw.execute("PRAGMA cell_size_check=ON")
        yield GeoPackage(raw)


@contextmanager
def _damaged() -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, UnicodeDecodeError) as error:
        # SQLite's message on a broken schema repeats its bytes.
        raise GeoPackageDamaged(str(error)) from error


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
