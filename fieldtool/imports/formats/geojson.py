"""GeoJSON (RFC 7946 and the older one with a "crs" member) and newline-delimited JSON.

A feature that is broken is a row with a problem, never the end of the file.
"""

from __future__ import annotations

import functools
import json
import math
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

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
    known: set[tuple[bool, bool, tuple[str, ...]]] = set()
    for number, member in enumerate(rows.members(), start=1):
        properties = member.get("properties") if type(member) is dict else None
        if type(member) is not dict or type(properties) is not dict:
            yield _row(number, member)
            continue
        kind = member.get("geometry") is None, "id" in member, tuple(properties)
        if kind in known and dict not in set(map(type, properties.values())):
            continue
        row = _row(number, member)
        if row.values.keys() >= properties.keys():
            known.add(kind)
        yield row


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
    if type(member) is not dict:
        return Row(number, {}, problem=_("this is not a feature"))
    if member.get("type") != "Feature":
        if member.get("geometry") is None and "coordinates" in member:
            return Row(number, {}, geometry=member)
        return Row(number, _values(member))
    geometry = member.get("geometry")
    if geometry is not None and not isinstance(geometry, dict):
        return Row(number, {}, problem=_("the geometry is not readable"))
    properties = member.get("properties")
    values = _values(properties) if isinstance(properties, dict) else {}
    if "id" in member and "id" not in values and isinstance(member["id"], str | int):
        values["id"] = member["id"]
    return Row(number, values, geometry=geometry)


def _values(properties: Mapping[str, Json]) -> dict[str, Json]:
    values: dict[str, Json] = {}
    _add(values, properties, "")
    return values


def _add(values: dict[str, Json], properties: Mapping[str, Any], prefix: str) -> None:
    """Values within values by their path ("location.latitude"), lists as JSON text, nothing for null."""
    for key, value in properties.items():
        name = prefix + _name(key) if prefix else _name(key)
        kind = type(value)
        if kind is str:
            text = value.strip() if value.isprintable() else clean(value)
            if text:
                values[name] = text
        elif kind is dict:
            _add(values, value, f"{name}.")
        elif kind is list:
            values[name] = clean(json.dumps(value, ensure_ascii=False))
        elif kind is float and not math.isfinite(value):
            values[name] = str(value)
        elif value is not None:
            values[name] = value


@functools.lru_cache(4096)
def _name(key: str) -> str:
    return clean(key)


FORMAT = ImportFormat(name="GeoJSON", recognises=recognises, read=read)
