"""GET /entities."""

from __future__ import annotations

import itertools
import re
from typing import Any
from urllib.parse import quote, urlencode

import pytest

from tests.fieldtool.training.process import CORE, ENTITIES, LINK, Reply, Running, created, light, point, prop

_types = itertools.count(1)


def query(platform: Running, /, accept: str | None = None, **parameters: object) -> Reply:
    return platform.ask("GET", f"{ENTITIES}?{urlencode(parameters, quote_via=quote)}", Accept=accept)


def ids(answer: Reply) -> list[str]:
    assert answer.status == 200, answer.raw
    return [entity["id"] for entity in answer.json]


def next_page(answer: Reply, relation: str = "next") -> str | None:
    found = re.search(rf'<([^>]*)>; rel="{relation}"', answer.headers.get("link", ""))
    return found.group(1) if found else None


@pytest.fixture
def kind() -> str:
    return f"Kind{next(_types)}"


def test_pages(platform: Running, kind: str) -> None:
    made = [created(platform, light(kind=kind)) for _ in range(7)]
    first = query(platform, type=kind, limit=3, count="true")
    assert (ids(first), first.headers["ngsild-results-count"]) == (made[:3], "7")
    assert next_page(first, "prev") is None
    second = platform.ask("GET", next_page(first) or "")
    assert ids(second) == made[3:6]
    third = platform.ask("GET", next_page(second) or "")
    assert (ids(third), next_page(third)) == (made[6:], None)
    assert ids(platform.ask("GET", next_page(third, "prev") or "")) == made[3:6]


def test_count_alone(platform: Running, kind: str) -> None:
    created(platform, light(kind=kind))
    answer = query(platform, type=kind, limit=0, count="true")
    assert (ids(answer), answer.headers["ngsild-results-count"]) == ([], "1")
    assert "ngsild-results-count" not in query(platform, type=kind).headers
    assert query(platform, type=kind, limit=0).error == "BadRequestData"


def test_limits(platform: Running, kind: str) -> None:
    for _ in range(22):
        created(platform, light(kind=kind))
    assert len(ids(query(platform, type=kind))) == 20
    assert len(ids(query(platform, type=kind, limit=1000))) == 22
    assert ids(query(platform, type=kind, offset=100)) == []
    too_many = query(platform, type=kind, limit=1001)
    assert (too_many.status, too_many.error) == (403, "TooManyResults")
    for wrong in ({"limit": -1}, {"limit": "x"}, {"offset": "1.5"}, {"count": "yes"}):
        assert query(platform, type=kind, **wrong).error == "BadRequestData"


def test_types_and_ids(platform: Running, kind: str) -> None:
    other = f"{kind}b"
    one, two = created(platform, light(kind=kind)), created(platform, light(kind=other))
    both = created(platform, {"id": f"urn:ngsi-ld:{kind}:both", "type": [kind, other]})
    assert ids(query(platform, type=kind)) == [one, both]
    assert ids(query(platform, type=f"{kind},{other}")) == [one, two, both]
    assert ids(query(platform, type=other, id=f"{one},{two}")) == [two]
    assert ids(query(platform, type=kind, idPattern="both$")) == [both]
    assert ids(query(platform, type="NobodyMadeThis")) == []


def test_too_wide(platform: Running, kind: str) -> None:
    """5.7.2.4."""
    identifier = created(platform, light(kind=kind))
    for given in ({}, {"id": identifier}, {"q": 'modifiedAt>"2020-01-01T00:00:00Z"'}, {"attrs": "createdAt"}):
        answer = query(platform, **given)
        assert (answer.status, answer.error) == (400, "BadRequestData"), given
    assert ids(query(platform, id=identifier, local="true")) == [identifier]


@pytest.fixture(scope="module")
def lamps(shared: Running) -> str:
    kind = "QueriedLamp"
    for name, attributes in LAMPS.items():
        created(shared, light(f"urn:x:{name}", kind, **attributes))
    return kind


LAMPS: dict[str, dict[str, Any]] = {
    "a": {
        "height": prop(8, unitCode="MTR", observedAt="2026-01-01T10:00:00Z", accuracy=prop(0.1)),
        "name": prop("Mast 4711; Süd"),
        "on": prop(True),
        "cabinet": {"type": "Relationship", "object": "urn:x:cabinet:1"},
        "address": prop({"city": "Dortmund", "geo": {"zone": "44137"}}),
    },
    "b": {
        "height": prop(10.5),
        "name": prop("Mast 4712"),
        "on": prop(False),
        "tags": prop(["led", "dimmed"]),
        "changed": prop({"@type": "DateTime", "@value": "2016-07-08T08:02:21.753Z"}),
    },
    "c": {"height": prop("8"), "speed": [prop(1), prop(2, datasetId="urn:x:gps")]},
}

QUERIES = [
    ("height", "abc"),
    ("height==8", "a"),
    ('height=="8"', "c"),
    ("height!=8", "bc"),
    ("height>8", "b"),
    ("height>=8", "ab"),
    ("height<10.5", "a"),
    ("height==8..11", "ab"),
    ("height==8,10.5", "ab"),
    ('name=="Mast 4711; Süd"', "a"),
    ('name~="^Mast 47"', "ab"),
    ('name!~="4711"', "b"),
    ("on==true", "a"),
    ("on==false", "b"),
    ("missing", ""),
    ("missing!=5", ""),
    ("cabinet==urn:x:cabinet:1", "a"),
    ('cabinet=="urn:x:cabinet:2"', ""),
    ("address[city]", "a"),
    ('address[city]=="Dortmund"', "a"),
    ('address[geo.zone]=="44137"', "a"),
    ("height.accuracy<1", "a"),
    ("height.observedAt>2026-01-01T09:00:00Z", "a"),
    ('height.unitCode=="MTR"', "a"),
    ('tags=="led"', "b"),
    ("changed>=2016-07-08T08:02:21.753Z", "b"),
    ("speed==2", "c"),
    ("height==8;on==false", ""),
    ("height==8|on==false", "ab"),
    ("on==true|on==false;height==8", "a"),
    ("(on==true|on==false);height>9", "b"),
    ("height;createdAt>2020-01-01T00:00:00Z", "abc"),
]


@pytest.mark.parametrize(("q", "found"), QUERIES, ids=[row[0] for row in QUERIES])
def test_query_language(platform: Running, lamps: str, q: str, found: str) -> None:
    """4.9."""
    assert ids(query(platform, type=lamps, q=q)) == [f"urn:x:{name}" for name in found]


@pytest.mark.parametrize(
    "q",
    ["height==", "==8", "height==8;", "(height==8", "height==8)", "height>1..2", 'name~="("', "a==1,,2", ""],
)
def test_bad_query_language(platform: Running, q: str) -> None:
    answer = query(platform, type="QueriedLamp", q=q)
    assert (answer.status, answer.error) == (400, "BadRequestData")


def test_a_query_pages_too(platform: Running, lamps: str) -> None:
    answer = query(platform, type=lamps, q="height", limit=2, count="true")
    assert (ids(answer), answer.headers["ngsild-results-count"]) == (["urn:x:a", "urn:x:b"], "3")
    assert ids(platform.ask("GET", next_page(answer) or "")) == ["urn:x:c"]


def test_chosen_attributes(platform: Running, lamps: str) -> None:
    found = query(platform, type=lamps, attrs="name,on").json
    assert [set(entity) for entity in found] == [{"id", "type", "name", "on"}] * 2


@pytest.fixture(scope="module")
def places(shared: Running) -> str:
    kind = "PlacedLamp"
    # Around 51.5 N: 0.001 degrees of latitude are 111.2 m, of longitude 69.2 m.
    for name, location in {
        "here": point(7.465, 51.5),
        "north": point(7.465, 51.501),
        "east": point(7.466, 51.5),
        "line": {
            "type": "GeoProperty",
            "value": {"type": "LineString", "coordinates": [[7.4, 51.51], [7.5, 51.51]]},
        },
    }.items():
        created(shared, light(f"urn:x:{name}", kind, location=location))
    created(shared, light("urn:x:nowhere", kind, other=point(7.465, 51.5)))
    return kind


NEAR = [
    ("near;maxDistance==1", ["here"]),
    ("near;maxDistance==68", ["here"]),
    ("near;maxDistance==71", ["here", "east"]),
    ("near;maxDistance==113", ["here", "north", "east"]),
    ("near;maxDistance==1100", ["here", "north", "east"]),
    ("near;maxDistance==1120", ["here", "north", "east", "line"]),
    ("near;minDistance==100", ["north", "line"]),
]


@pytest.mark.parametrize(("georel", "found"), NEAR, ids=[row[0] for row in NEAR])
def test_near(platform: Running, places: str, georel: str, found: list[str]) -> None:
    """4.10."""
    answer = query(platform, type=places, georel=georel, geometry="Point", coordinates="[7.465,51.5]")
    assert ids(answer) == [f"urn:x:{name}" for name in found]


def test_within_and_another_property(platform: Running, places: str) -> None:
    ring = "[[[7.46,51.49],[7.4655,51.49],[7.4655,51.52],[7.46,51.52],[7.46,51.49]]]"
    area = {"geometry": "Polygon", "coordinates": ring}
    assert ids(query(platform, type=places, georel="within", **area)) == ["urn:x:here", "urn:x:north"]
    assert ids(query(platform, type=places, georel="intersects", **area))[-1] == "urn:x:line"
    other = query(platform, type=places, georel="within", geoproperty="other", **area)
    assert ids(other) == ["urn:x:nowhere"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"georel": "near"},
        {"georel": "near;maxDistance==0"},
        {"georel": "near;maxDistance==-5"},
        {"georel": "near;maxDistance==1e400"},
        {"georel": "near;maxDistance==5;minDistance==1"},
        {"georel": "touches"},
        {"coordinates": "7.4,51.5"},
        {"coordinates": "[7.4]"},
        {"geometry": "Circle"},
        {"geometry": ""},
    ],
)
def test_bad_geoqueries(platform: Running, wrong: dict[str, str]) -> None:
    right = {"georel": "near;maxDistance==5", "geometry": "Point", "coordinates": "[7.4,51.5]"}
    answer = query(platform, type="X", **{**right, **wrong})
    assert (answer.status, answer.error) == (400, "BadRequestData")


def test_half_a_geoquery(platform: Running) -> None:
    assert query(platform, type="X", geometry="Point").error == "BadRequestData"


def test_unknown_parameters(platform: Running) -> None:
    """6.3.20."""
    answer = query(platform, type="X", typo="1")
    assert (answer.status, answer.error) == (400, "InvalidRequest")
    assert "typo" in answer.json["detail"]
    assert platform.ask("GET", f"{ENTITIES}?type=X&type=Y").error == "InvalidRequest"
    assert query(platform, type="X", options="concise").error == "InvalidRequest"
    assert platform.ask("POST", f"{ENTITIES}?typo=1", light()).error == "InvalidRequest"


def test_forms_of_answers(platform: Running, kind: str) -> None:
    """6.3.6: JSON with the @context in the Link header, JSON-LD with it inside."""
    identifier = created(
        platform, light(kind=kind, **{"@context": [CORE]}), Content_Type="application/ld+json"
    )
    as_json = query(platform, type=kind)
    assert as_json.headers["content-type"] == "application/json"
    assert 'rel="http://www.w3.org/ns/json-ld#context"' in as_json.headers["link"]
    assert "@context" not in as_json.json[0]
    as_ld = query(platform, "application/ld+json", type=kind)
    assert as_ld.headers["content-type"] == "application/ld+json"
    assert as_ld.json[0]["@context"] == [CORE]
    one = platform.ask("GET", f"{ENTITIES}/{identifier}", Link=LINK)
    assert one.headers["link"] == LINK
    simple = query(platform, type=kind, options="keyValues,sysAttrs").json[0]
    assert simple["status"] == "ok"
    assert "createdAt" in simple
