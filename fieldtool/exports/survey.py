"""What there is to export, found in one pass: classes, their columns and kinds of geometry."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from fieldtool.asset import Asset
from fieldtool.asset_classes import AssetClass, ReleaseClass
from fieldtool.asset_facts import known_class
from fieldtool.entities import json_text
from fieldtool.exports.columns import UNSAFE, Kind, column_of
from fieldtool.imports.layout import clean_name
from fieldtool.imports.records import KEPT_SUFFIX
from fieldtool.jsontypes import Json

KIND_OF_TYPE: Mapping[type, Kind] = {str: "text", int: "integer", float: "number", bool: "boolean"}


@dataclass(frozen=True, slots=True)
class Column:
    """`known` is False for what lists brought along: a key that the class does not have."""

    key: str
    name: str
    kind: Kind
    release: ReleaseClass
    known: bool


@dataclass(frozen=True, slots=True)
class Table:
    """The assets of one class. `geometries` counts by GeoJSON type, with " Z" where there are heights, ""
    for none; `longest` is the most characters an asset has in JSON; `released` are the keys with values that
    are exported, `left_out` those that are not."""

    asset_class: str
    kind: AssetClass | None
    assets: int
    columns: tuple[Column, ...]
    geometries: Mapping[str, int]
    longest: int
    released: Mapping[str, ReleaseClass]
    left_out: frozenset[str]


@dataclass(slots=True)
class _Found:
    kind: AssetClass | None
    assets: int = 0
    types: dict[str, set[type]] = field(default_factory=dict)
    geometries: Counter[str] = field(default_factory=Counter)
    longest: int = 0


def survey(assets: Iterable[Asset], *, open_data: bool) -> tuple[Table, ...]:
    """In the order of the ids of the classes."""
    found: dict[str, _Found] = {}
    for asset in assets:
        entry = found.get(asset.asset_class)
        if entry is None:
            entry = found[asset.asset_class] = _Found(known_class(asset.asset_class))
        _note(entry, asset)
    return tuple(_table(name, found[name], open_data=open_data) for name in sorted(found))


def _note(entry: _Found, asset: Asset) -> None:
    entry.assets += 1
    entry.geometries[geometry_type(asset.geometry)] += 1
    types, length = entry.types, 0
    for key, value in asset.attributes.items():
        kind = type(value)
        if kind is str:
            length += len(value) + len(key)  # type: ignore[arg-type]
        elif kind is list or kind is dict:
            length += len(json_text(value))
        else:
            length += 24 + len(key)
        try:
            types[key].add(kind)
        except KeyError:
            types[key] = {kind}
    if asset.geometry is not None and asset.geometry.get("type") != "Point":
        length += len(json_text(dict(asset.geometry)))
    entry.longest = max(entry.longest, length)


def geometry_type(geometry: Mapping[str, Json] | None) -> str:
    if geometry is None:
        return ""
    inner = geometry.get("coordinates")
    while isinstance(inner, list) and inner and isinstance(inner[0], list):
        inner = inner[0]
    height = " Z" if isinstance(inner, list) and len(inner) > 2 else ""
    return f"{geometry.get('type')}{height}"


def _table(name: str, found: _Found, *, open_data: bool) -> Table:
    columns: list[Column] = []
    names: set[str] = set()
    keys = [] if found.kind is None else [attribute.key for attribute in found.kind.attributes]
    keys += [key for key in found.types if key not in keys]
    left_out = set()
    for key in keys:
        release = release_of(found.kind, key)
        if open_data and release != "open":
            left_out.add(key)
            continue
        column = column_of(key)
        if column.casefold() in names or clean_name(column) != column or UNSAFE.search(column) or not column:
            continue
        names.add(column.casefold())
        attribute = None if found.kind is None else found.kind.attribute(key)
        kind = attribute.type if attribute is not None else _kind_of(found.types[key])
        columns.append(Column(key, column, kind, release, attribute is not None))
    return Table(
        name,
        found.kind,
        found.assets,
        tuple(columns),
        dict(found.geometries),
        found.longest,
        {key: release_of(found.kind, key) for key in found.types if key not in left_out},
        frozenset(left_out),
    )


def release_of(kind: AssetClass | None, key: str) -> ReleaseClass:
    """What no class knows is internal; a value kept as a list had it is released as its attribute is."""
    if kind is None:
        return "internal"
    attribute = kind.attribute(key) or kind.attribute(key.removesuffix(KEPT_SUFFIX))
    return "internal" if attribute is None else attribute.release


def _kind_of(types: set[type]) -> Kind:
    real = types - {type(None)}
    if real == {int, float}:
        return "number"
    return KIND_OF_TYPE.get(real.pop(), "text") if len(real) == 1 else "text"
