"""GeoJSON (RFC 7946 and the older one with a "crs" member) and newline-delimited JSON.

A feature that is broken is a row with a problem, never the end of the file.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import BinaryIO

from fieldtool.imports.encoding import MixedText, NotText, decode
from fieldtool.imports.errors import FileEmpty, FormatUnknown, GeoJsonBroken, TextUnreadable
from fieldtool.imports.feature_lines import MARK, FeatureRows, lines_of, spooled
from fieldtool.imports.source import ImportFormat, Row, Source, file_bytes
from fieldtool.imports.words import clean
from fieldtool.jsontypes import Json
from fieldtool.texts import _

SUFFIXES = (".geojson", ".json", ".ndjson", ".geojsonl", ".jsonl")
EPSG = re.compile(r"EPSG:{1,2}(?:[\d.]*:)?(\d{4,6})$")
CRS84 = "CRS84"
SHORT = 8 * 1024 * 1024
"""Bytes. Beyond, a file is read line by line."""


def recognises(head: bytes, suffix: str) -> int:
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"{", b"[")):
        return 90
    return 60 if suffix in SUFFIXES else 0


def read(path: Path, _layer: str | None) -> Source:
    if path.stat().st_size > SHORT:
        found = _long(path)
        if found is not None:
            return found
    return _whole(path)


def _long(path: Path) -> Source | None:
    """Without holding it in memory; None where it is no plain UTF-8 document of features."""
    file: BinaryIO = path.open("rb")  # open as long as its rows are wanted
    found = lines_of(file)
    if found is None:
        again = spooled(file)
        file.close()
        if again is None:
            return None
        file, found = again
    rows = FeatureRows(file, found.starts, _row)
    try:
        frame = {} if found.frame is None else json.loads(found.frame)
        columns, has_geometries = _surveyed(_new_kinds(rows))
    except ValueError:  # another encoding, or a line that is no JSON: the whole file tells more
        file.close()
        return None
    with path.open("rb") as begin:
        marked = begin.read(len(MARK)) == MARK
    return Source(
        path=path,
        format="ndjson" if found.frame is None else "geojson",
        encoding="utf-8-sig" if marked else "utf-8",
        columns=columns,
        rows=rows,
        crs=_declared_crs(frame),
        has_geometries=has_geometries,
    )


def _new_kinds(rows: FeatureRows) -> Iterator[Row]:
    """Those that may hold other columns than the rows before."""
    known: set[tuple[bool, tuple[str, ...]]] = set()
    for number, member in enumerate(rows.members(), start=1):
        kind = _kind(member)
        if kind is None or kind not in known:
            yield _row(number, member)
        if kind is not None:
            known.add(kind)


def _kind(member: Json) -> tuple[bool, tuple[str, ...]] | None:
    """Equal for features with the same columns; None where only the whole row tells."""
    properties = member.get("properties") if isinstance(member, dict) else None
    if not isinstance(member, dict) or not isinstance(properties, dict) or "id" in member:
        return None
    values = properties.values()
    if any(value is None or isinstance(value, dict) or _may_be_empty(value) for value in values):
        return None
    return member.get("geometry") is None, tuple(properties)


def _may_be_empty(value: Json) -> bool:
    return isinstance(value, str) and (value.isspace() or value[:1] in "\ufeff\x00")


def _surveyed(rows: Iterable[Row]) -> tuple[tuple[str, ...], bool]:
    """The columns in the order of their first row, and whether there are geometries."""
    columns: dict[str, None] = {}
    has_geometries = False
    for row in rows:
        columns.update(dict.fromkeys(row.values))
        has_geometries = has_geometries or row.geometry is not None
    return tuple(columns), has_geometries


def _whole(path: Path) -> Source:
    try:
        found = decode(file_bytes(path))
    except NotText as error:
        raise FormatUnknown(str(path), "CSV, GeoJSON") from error
    except MixedText as error:
        raise TextUnreadable(str(path), error.line) from error
    text = found.text.lstrip("\ufeff \t\r\n")
    document = _document(path, text)
    if isinstance(document, dict) and document.get("type") == "FeatureCollection":
        members = _features(path, document)
        name, crs = "geojson", _declared_crs(document)
    else:
        members = document if isinstance(document, list) else [document]
        lines = isinstance(document, list) and not text.startswith("[")
        name, crs = "ndjson" if lines else "geojson", None
    rows = [_row(number, member) for number, member in enumerate(members, start=1)]
    if not rows:
        raise FileEmpty(str(path))
    columns, has_geometries = _surveyed(rows)
    return Source(
        path=path,
        format=name,
        encoding=found.encoding,
        columns=columns,
        rows=rows,
        crs=crs,
        has_geometries=has_geometries,
    )


def _document(path: Path, text: str) -> Json:
    try:
        return _parsed(text)
    except json.JSONDecodeError as error:
        lines = text.splitlines()
        if error.msg == "Extra data" and len(lines) > 1:
            return list(_lines(lines))
        raise GeoJsonBroken(str(path), error.lineno, _("this is not JSON")) from error
    except RecursionError as error:
        raise GeoJsonBroken(str(path), 1, _("too many brackets within each other")) from error


def _parsed(text: str) -> Json:
    loaded: Json = json.loads(text, parse_constant=lambda _name: None)
    return loaded


def _lines(lines: list[str]) -> Iterator[Json]:
    """One object per line; a line that is no JSON stays a text, and becomes a rejected row."""
    for line in lines:
        if line.strip():
            try:
                yield _parsed(line)
            except (json.JSONDecodeError, RecursionError):
                yield line


def _features(path: Path, document: Mapping[str, Json]) -> list[Json]:
    features = document.get("features")
    if not isinstance(features, list):
        raise GeoJsonBroken(str(path), 1, _("the list of features is missing"))
    return features


def _declared_crs(document: Mapping[str, Json]) -> str | None:
    """What an older file names. RFC 7946 knows WGS84 only, but not every file that names none keeps to it."""
    crs = document.get("crs")
    properties = crs.get("properties") if isinstance(crs, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    if not isinstance(name, str):
        return None
    if name.endswith(CRS84):
        return "EPSG:4326"
    found = EPSG.search(name)
    return f"EPSG:{found[1]}" if found else None


def _row(number: int, member: Json) -> Row:
    if not isinstance(member, dict):
        return Row(number, {}, problem=_("this is not a feature"))
    if member.get("type") != "Feature":
        if member.get("geometry") is None and "coordinates" in member:
            return Row(number, {}, geometry=member)
        return Row(number, dict(_flat(member)))
    geometry = member.get("geometry")
    if geometry is not None and not isinstance(geometry, dict):
        return Row(number, {}, problem=_("the geometry is not readable"))
    properties = member.get("properties")
    values = dict(_flat(properties)) if isinstance(properties, dict) else {}
    if "id" in member and "id" not in values and isinstance(member["id"], str | int):
        values["id"] = member["id"]
    return Row(number, values, geometry=geometry)


def _flat(properties: Mapping[str, Json], prefix: str = "") -> Iterator[tuple[str, Json]]:
    """Values within values by their path ("location.latitude"), lists as JSON text, nothing for null."""
    for key, value in properties.items():
        name = f"{prefix}{clean(key)}"
        if isinstance(value, dict):
            yield from _flat(value, f"{name}.")
        elif isinstance(value, list):
            yield name, clean(json.dumps(value, ensure_ascii=False))
        elif isinstance(value, float) and not math.isfinite(value):
            yield name, str(value)
        elif isinstance(value, str):
            if text := clean(value):
                yield name, text
        elif value is not None:
            yield name, value


FORMAT = ImportFormat(name="GeoJSON", recognises=recognises, read=read)
