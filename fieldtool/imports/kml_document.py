"""The placemarks of a KML document (OGC 12-007r2), one after the other.

Read here rather than by GDAL, which puts underscores for the umlauts in the names of fields.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from fieldtool.imports.well_formed import check_xml
from fieldtool.imports.words import clean
from fieldtool.jsontypes import Json
from fieldtool.texts import _

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

CONTAINERS = ("Document", "Folder")
FACTS = ("name", "description", "address", "phoneNumber")
TIMES = ("when", "begin", "end")
GEOMETRIES = (
    *("Point", "LineString", "LinearRing", "Polygon", "MultiGeometry"),
    *("Track", "MultiTrack", "Model"),
)
AROUND_COMMA = re.compile(r"\s*,\s*")


@dataclass
class Container:
    """A folder or the document; its name may come after its first placemarks."""

    name: str = ""


@dataclass(frozen=True, slots=True)
class Placemark:
    """`problem` in the person's language, where its geometry can't be read."""

    container: Container
    values: dict[str, Json]
    geometry: dict[str, Json] | None = None
    problem: str | None = None


@dataclass
class _NoGeometry(ValueError):
    reason: str = field(default_factory=lambda: _("the coordinates are not readable"))


def placemarks(path: Path) -> Iterator[Placemark]:
    """Raises FileDamaged."""
    from xml.etree.ElementTree import iterparse

    check_xml(path)
    containers, parents = [Container()], [""]
    for event, element in iterparse(path, ("start", "end")):
        kind = _kind(element)
        if event == "start":
            parents.append(kind)
            if kind in CONTAINERS:
                containers.append(Container())
            continue
        parents.pop()
        if kind == "name" and parents[-1] in CONTAINERS:
            containers[-1].name = clean(element.text or "")
        elif kind in CONTAINERS:
            containers.pop()
        elif kind == "Placemark":
            yield _placemark(element, containers[-1])
            element.clear()


def _placemark(element: Element, container: Container) -> Placemark:
    values = _values(element)
    shape = next((child for child in element if _kind(child) in GEOMETRIES), None)
    if shape is None:
        return Placemark(container, values)
    try:
        return Placemark(container, values, _geometry(shape))
    except _NoGeometry as error:
        return Placemark(container, values, problem=error.reason)


def _values(element: Element) -> dict[str, Json]:
    """Two different values under one name get two."""
    values: dict[str, Json] = {}
    for name, text in _said(element):
        value, free = clean(text or ""), clean(name)
        count = 2
        while free in values and values[free] != value:
            free = f"{clean(name)} ({count})"
            count += 1
        if value and free:
            values[free] = value
    return values


def _said(element: Element) -> Iterator[tuple[str, str | None]]:
    if element.get("id"):
        yield "kml_id", element.get("id")
    for child in element:
        if _kind(child) in FACTS:
            yield _kind(child), "".join(child.itertext())
        elif _kind(child) in ("TimeStamp", "TimeSpan"):
            yield from ((_kind(time), time.text) for time in child if _kind(time) in TIMES)
        elif _kind(child) == "ExtendedData":
            for data in child.iter():
                if _kind(data) == "SimpleData":
                    yield data.get("name", ""), data.text
                elif _kind(data) == "Data":
                    yield from (
                        (data.get("name", ""), value.text) for value in data if _kind(value) == "value"
                    )


def _geometry(element: Element) -> dict[str, Json]:
    if _kind(element) != "MultiGeometry":
        return _part(element)
    parts = list(_parts(element))
    kinds = {kind for kind, _coordinates in parts}
    if len(kinds) != 1:
        raise _NoGeometry(_("this kind of geometry is not taken over"))
    return {"type": f"Multi{kinds.pop()}", "coordinates": [coordinates for _kind, coordinates in parts]}


def _parts(element: Element) -> Iterator[tuple[str, Json]]:
    for child in element:
        if _kind(child) == "MultiGeometry":
            yield from _parts(child)
        elif _kind(child) in GEOMETRIES:
            part = _part(child)
            yield str(part["type"]), part["coordinates"]


def _part(element: Element) -> dict[str, Json]:
    high = any(_kind(child) == "altitudeMode" and child.text == "absolute" for child in element)
    match _kind(element):
        case "Point":
            return {"type": "Point", "coordinates": _positions(element, high=high)[0]}
        case "LineString" | "LinearRing":
            return {"type": "LineString", "coordinates": [*_positions(element, high=high)]}
        case "Polygon":
            rings = [child for child in element.iter() if _kind(child) == "LinearRing"]
            return {"type": "Polygon", "coordinates": [[*_positions(ring, high=high)] for ring in rings]}
    raise _NoGeometry(_("this kind of geometry is not taken over"))


def _positions(element: Element, *, high: bool) -> list[Json]:
    """Without heights, which mean nothing unless they are absolute. Blanks around the commas are wrong and
    common."""
    text = next((child.text for child in element if _kind(child) == "coordinates"), None) or ""
    found: list[Json] = []
    for position in AROUND_COMMA.sub(",", text).split():
        try:
            figures: list[Json] = [float(figure) for figure in position.split(",") if figure]
        except ValueError:
            raise _NoGeometry from None
        if len(figures) < 2:
            raise _NoGeometry
        found.append(figures[:3] if high else figures[:2])
    if not found:
        raise _NoGeometry
    return found


def _kind(element: Element) -> str:
    """Its tag without the namespace: every version of KML has another, and some files have none."""
    return element.tag.rpartition("}")[2]
