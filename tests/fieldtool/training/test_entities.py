"""Entities one by one. Clause numbers: ETSI GS CIM 009 V1.9.1."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.fieldtool.training.process import ENTITIES, Running, created, fresh_id, light, point, prop, stored


def test_create_and_retrieve(platform: Running) -> None:
    entity = light(location=point(7.465, 51.5133), power=prop(35.5, unitCode="WTT"))
    answer = platform.ask("POST", ENTITIES, entity)
    assert (answer.status, answer.raw) == (201, b"")
    assert answer.headers["location"] == f"{ENTITIES}/{entity['id']}"
    assert stored(platform, entity["id"]) == entity


def test_an_id_is_percent_decoded(platform: Running) -> None:
    entity = light("urn:ngsi-ld:Streetlight:Straße%207/ä")
    answer = platform.ask("POST", ENTITIES, entity)
    assert answer.headers["location"] == f"{ENTITIES}/urn:ngsi-ld:Streetlight:Stra%C3%9Fe%25207%2F%C3%A4"
    followed = platform.ask("GET", answer.headers["location"])
    assert (followed.status, followed.json["id"]) == (200, entity["id"])


def test_the_same_id_twice_is_a_conflict_and_changes_nothing(platform: Running) -> None:
    identifier = created(platform, light())
    again = platform.ask("POST", ENTITIES, light(identifier, other=prop(1)))
    assert (again.status, again.error, again.json["detail"]) == (409, "AlreadyExists", identifier)
    assert "other" not in stored(platform, identifier)


def test_unknown_entity(platform: Running) -> None:
    for method, body in (("GET", None), ("DELETE", None), ("PATCH", {}), ("PUT", light(fresh_id()))):
        path = f"{ENTITIES}/{body['id'] if method == 'PUT' and body else fresh_id()}"
        answer = platform.ask(method, path, body)
        assert (method, answer.status, answer.error) == (method, 404, "ResourceNotFound")


def test_an_id_that_is_no_uri(platform: Running) -> None:
    for path in (f"{ENTITIES}/mast-4711", f"{ENTITIES}/mast%204711"):
        answer = platform.ask("GET", path)
        assert (answer.status, answer.error) == (400, "BadRequestData")


def relation(target: object, **more: object) -> dict[str, object]:
    return {"type": "Relationship", "object": target, **more}


def texts(by_language: object) -> dict[str, object]:
    return {"type": "LanguageProperty", "languageMap": by_language}


def geo(kind: str, coordinates: object) -> dict[str, object]:
    return {"type": "GeoProperty", "value": {"type": kind, "coordinates": coordinates}}


BAD_ENTITIES: list[tuple[str, dict[str, Any], str]] = [
    ("no id", {"type": "T"}, "id:"),
    ("id no URI", {"id": "4711", "type": "T"}, "id:"),
    ("id with a blank", {"id": "urn:ngsi-ld:T:a b", "type": "T"}, "id:"),
    ("id is the null", {"id": "urn:ngsi-ld:null", "type": "T"}, "id:"),
    ("no type", {"id": "urn:x:1"}, "type:"),
    ("type with a digit first (4.6.2)", {"id": "urn:x:1", "type": "9T"}, "type:"),
    ("empty list of types", {"id": "urn:x:1", "type": []}, "type:"),
]
BAD_ATTRIBUTES: list[tuple[str, str, Any, str]] = [
    ("key-value instead of normalized", "a", 5, "normalized"),
    ("concise instead of normalized", "a", {"value": 5}, "a.type"),
    ("unknown type", "a", {"type": "Number", "value": 5}, "a.type"),
    ("Property without value (4.2.2)", "a", {"type": "Property"}, "'value'"),
    ("Property with null (4.2.2)", "a", {"type": "Property", "value": None}, "'value'"),
    ("Property with object (4.5.2.2)", "a", prop(1, object="urn:x:1"), "a.object"),
    ("Property with NGSI-LD Null (5.5.4)", "a", prop("urn:ngsi-ld:null"), "urn:ngsi-ld:null"),
    ("a null deep inside (5.5.4)", "a", prop({"b": ["urn:ngsi-ld:null"]}), "urn:ngsi-ld:null"),
    ("Relationship without object", "a", {"type": "Relationship", "value": "urn:x:1"}, "'object'"),
    ("Relationship to no URI", "a", {"type": "Relationship", "object": "4711"}, "a.object"),
    ("Relationship to an array", "a", {"type": "Relationship", "object": ["urn:x:1"]}, "a.object: an array"),
    ("Relationship with a unit (4.5.3.2)", "a", relation("urn:x:1", unitCode="MTR"), "unitCode"),
    ("name with a blank (4.6.2)", "my attr", prop(1), "my attr"),
    ("a core term as name (4.5.1)", "observedAt", prop("2026-01-01T00:00:00Z"), "observedAt"),
    ("@context inside (4.5.1)", "a", prop(1, **{"@context": "https://x.example/c"}), "@context"),
    ("observedAt with an offset (4.6.3)", "a", prop(1, observedAt="2026-08-10T12:00:00+02:00"), "observedAt"),
    ("observedAt without a zone", "a", prop(1, observedAt="2026-08-10T12:00:00"), "observedAt"),
    ("observedAt on 30 February", "a", prop(1, observedAt="2026-02-30T12:00:00Z"), "observedAt"),
    ("observedAt reified (4.8)", "a", prop(1, observedAt=prop("2026-01-01T00:00:00Z")), "observedAt"),
    ("typed DateTime that is none", "a", prop({"@type": "DateTime", "@value": "2016-07-31Z"}), "DateTime"),
    ("bad sub-attribute", "a", prop(1, accuracy={"type": "Property"}), "accuracy"),
    ("datasetId no URI", "a", prop(1, datasetId="gps"), "datasetId"),
    ("two default instances (4.5.5)", "a", [prop(1), prop(2, datasetId="@none")], "datasetId"),
    ("language map of numbers (4.6.5)", "a", texts({"de": 5}), "languageMap"),
    ("location as Property (4.7.1)", "location", prop(7), "GeoProperty"),
    ("geometry collection (4.7.1)", "location", geo("GeometryCollection", []), "location"),
    ("UTM instead of degrees", "location", point(393480.0, 5707871.0), "lon, lat"),
    ("latitude first, out of range", "location", point(7.4, 181.0), "lon, lat"),
    ("open ring", "location", geo("Polygon", [[[0, 0], [1, 0], [1, 1], [0, 1]]]), "ring"),
    ("coordinates as text", "location", geo("Point", ["7", "51"]), "position"),
    ("text that is no geometry (4.7.2)", "location", {"type": "GeoProperty", "value": "nowhere"}, "location"),
]  # fmt: skip


@pytest.mark.parametrize(("what", "entity", "said"), BAD_ENTITIES, ids=[row[0] for row in BAD_ENTITIES])
def test_bad_entities(platform: Running, what: str, entity: dict[str, Any], said: str) -> None:
    answer = platform.ask("POST", ENTITIES, entity)
    assert (what, answer.status, answer.error) == (what, 400, "BadRequestData")
    assert said in answer.json["detail"]


@pytest.mark.parametrize(
    ("what", "name", "attribute", "said"), BAD_ATTRIBUTES, ids=[row[0] for row in BAD_ATTRIBUTES]
)
def test_bad_attributes(platform: Running, what: str, name: str, attribute: Any, said: str) -> None:
    entity = {**light(), name: attribute}
    answer = platform.ask("POST", ENTITIES, entity)
    assert (what, answer.status, answer.error) == (what, 400, "BadRequestData")
    assert said in answer.json["detail"]
    assert platform.ask("GET", f"{ENTITIES}/{entity['id']}").status == 404


def test_what_is_kept_as_it_came(platform: Running) -> None:
    """4.6.1, 4.6.2, 4.6.4, 4.6.3 (sub-seconds), 4.5.5, sub-attributes."""
    entity = light(
        name=prop("<b>Straße</b> \"7\" ='()'; 100 €"),
        höhe_1=prop(8.25, unitCode="MTR", observedAt="2026-03-14T01:59:26.535897Z", accuracy=prop(0.05)),
        speed=[prop(55), prop(11, datasetId="urn:ngsi-ld:Dataset:gps")],
        label={"type": "LanguageProperty", "languageMap": {"de": "Leuchte", "en": ["light", "lamp"]}},
        controls={"type": "Relationship", "object": "urn:ngsi-ld:Device:1", "since": prop("2026")},
        address=prop({"type": "PostalAddress", "streetAddress": "Kampstraße 1"}),
        installed=prop({"@type": "DateTime", "@value": "2016-07-08T08:02:21.753Z"}),
        tags=prop(["a", 1, True]),
    )
    created(platform, entity)
    assert stored(platform, entity["id"]) == entity


def test_a_geometry_as_text_becomes_one(platform: Running) -> None:
    """4.7.2."""
    entity = light(location={"type": "GeoProperty", "value": '{"type": "Point", "coordinates": [7.5, 51.5]}'})
    created(platform, entity)
    assert stored(platform, entity["id"])["location"] == point(7.5, 51.5)


def test_what_the_broker_knows(platform: Running) -> None:
    """5.2.2: createdAt and modifiedAt are the broker's, shown with sysAttrs only (6.3.11)."""
    entity = light(createdAt="1999-01-01T00:00:00Z", modifiedAt="yesterday")
    created(platform, entity)
    assert set(stored(platform, entity["id"])) == {"id", "type", "status"}
    first = stored(platform, entity["id"], "?options=sysAttrs")
    moment = r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z"
    assert re.fullmatch(moment, first["createdAt"])
    assert first["createdAt"] == first["modifiedAt"] == first["status"]["createdAt"]
    platform.ask("PATCH", f"{ENTITIES}/{entity['id']}/attrs", {"status": prop("broken")})
    second = stored(platform, entity["id"], "?options=sysAttrs")
    assert second["createdAt"] == first["createdAt"] < second["modifiedAt"]
    assert second["status"]["createdAt"] == first["createdAt"]
    assert second["status"]["modifiedAt"] == second["modifiedAt"]


def test_simplified(platform: Running) -> None:
    """4.5.4."""
    entity = light(
        speed=[prop(55), prop(11, datasetId="urn:x:gps")],
        controls={"type": "Relationship", "object": "urn:ngsi-ld:Device:1"},
        label={"type": "LanguageProperty", "languageMap": {"de": "Leuchte"}},
        location=point(7.5, 51.5),
    )
    created(platform, entity)
    expected = {
        "id": entity["id"],
        "type": "Streetlight",
        "status": "ok",
        "speed": {"dataset": {"@none": 55, "urn:x:gps": 11}},
        "controls": "urn:ngsi-ld:Device:1",
        "label": {"languageMap": {"de": "Leuchte"}},
        "location": {"type": "Point", "coordinates": [7.5, 51.5]},
    }
    for query in ("?options=keyValues", "?options=simplified", "?format=simplified"):
        assert stored(platform, entity["id"], query) == expected


def test_chosen_attributes_and_type(platform: Running) -> None:
    identifier = created(platform, light(a=prop(1), b=prop(2)))
    assert set(stored(platform, identifier, "?attrs=a,c")) == {"id", "type", "a"}
    assert platform.ask("GET", f"{ENTITIES}/{identifier}?attrs=c").status == 404
    assert platform.ask("GET", f"{ENTITIES}/{identifier}?type=Bench").status == 404
    assert platform.ask("DELETE", f"{ENTITIES}/{identifier}?type=Bench").status == 404
    assert platform.ask("GET", f"{ENTITIES}/{identifier}?type=Streetlight").status == 200


def test_replace(platform: Running) -> None:
    """5.6.18."""
    identifier = created(platform, light(old=prop(1)))
    before = stored(platform, identifier, "?options=sysAttrs")
    answer = platform.ask("PUT", f"{ENTITIES}/{identifier}", {"type": "Streetlight", "new": prop(2)})
    assert (answer.status, answer.raw) == (204, b"")
    after = stored(platform, identifier, "?options=sysAttrs")
    assert set(after) == {"id", "type", "createdAt", "modifiedAt", "new"}
    assert after["createdAt"] == before["createdAt"] < after["modifiedAt"]
    assert platform.ask("PUT", f"{ENTITIES}/{identifier}", light()).error == "BadRequestData"


def test_merge(platform: Running) -> None:
    """5.5.12: member by member, into a value that is an object, a null deletes."""
    identifier = created(
        platform,
        light(
            height=prop(8, unitCode="MTR", observedAt="2026-01-01T00:00:00Z"),
            address=prop({"street": "A", "city": "Dortmund", "country": "D"}),
            gone=prop(1),
            gone_too=prop(1),
            location=point(7, 51),
        ),
    )
    answer = platform.ask(
        "PATCH",
        f"{ENTITIES}/{identifier}",
        {
            "height": {"value": 9},
            "address": prop({"street": "B", "country": "urn:ngsi-ld:null"}),
            "gone": "urn:ngsi-ld:null",
            "gone_too": prop("urn:ngsi-ld:null"),
            "never_was": "urn:ngsi-ld:null",
            "added": prop(True),
            "location": point(7.1, 51.1),
        },
        Content_Type="application/merge-patch+json",
    )
    assert (answer.status, answer.raw) == (204, b"")
    assert stored(platform, identifier) == light(
        identifier,
        height=prop(9, unitCode="MTR", observedAt="2026-01-01T00:00:00Z"),
        address=prop({"street": "B", "city": "Dortmund"}),
        added=prop(True),
        location=point(7.1, 51.1),
    )


def test_a_merge_that_would_break_the_entity_changes_nothing(platform: Running) -> None:
    identifier = created(platform, light(height=prop(8)))
    before = stored(platform, identifier, "?options=sysAttrs")
    for fragment in (
        {"height": {"unitCode": 5}},
        {"new": {"value": 5}},
        {"id": "urn:x:other"},
        {"height": 9},
    ):
        answer = platform.ask("PATCH", f"{ENTITIES}/{identifier}", {"status": prop("x"), **fragment})
        assert (answer.status, answer.error) == (400, "BadRequestData"), fragment
    assert stored(platform, identifier, "?options=sysAttrs") == before


def test_delete(platform: Running) -> None:
    identifier = created(platform, light())
    answer = platform.ask("DELETE", f"{ENTITIES}/{identifier}")
    assert (answer.status, answer.raw) == (204, b"")
    assert platform.ask("DELETE", f"{ENTITIES}/{identifier}").error == "ResourceNotFound"
    created(platform, light(identifier))


def test_append(platform: Running) -> None:
    """5.6.3."""
    identifier = created(platform, light(a=prop(1, unitCode="MTR")))
    path = f"{ENTITIES}/{identifier}/attrs"
    answer = platform.ask("POST", path, {"a": prop(2), "b": prop(3)})
    assert (answer.status, answer.raw) == (204, b"")
    assert stored(platform, identifier) == light(identifier, a=prop(2), b=prop(3))
    partly = platform.ask("POST", f"{path}?options=noOverwrite", {"a": prop(9), "c": prop(4)})
    assert partly.status == 207
    assert partly.json["updated"] == ["c"]
    assert [one["attributeName"] for one in partly.json["notUpdated"]] == ["a"]
    assert partly.json["notUpdated"][0]["reason"]
    assert stored(platform, identifier) == light(identifier, a=prop(2), b=prop(3), c=prop(4))


def test_a_fragment_can_add_a_type(platform: Running) -> None:
    """4.16."""
    identifier = created(platform, light())
    assert platform.ask("POST", f"{ENTITIES}/{identifier}/attrs", {"type": "Device"}).status == 204
    assert stored(platform, identifier)["type"] == ["Streetlight", "Device"]


def test_update(platform: Running) -> None:
    """5.6.2 and 5.5.8, example 2: the whole attribute is replaced, its unitCode is gone."""
    identifier = created(platform, light(temperature=prop(25, unitCode="CEL"), gone=prop(1)))
    path = f"{ENTITIES}/{identifier}/attrs"
    moment = "2022-03-14T13:00:00.000Z"
    fragment = {"temperature": prop(100, observedAt=moment), "gone": prop("urn:ngsi-ld:null")}
    assert platform.ask("PATCH", path, fragment).status == 204
    assert stored(platform, identifier) == light(identifier, temperature=prop(100, observedAt=moment))
    partly = platform.ask("PATCH", path, {"temperature": prop(101), "unknown": prop(1)})
    assert partly.status == 207
    assert partly.json["updated"] == ["temperature"]
    assert [one["attributeName"] for one in partly.json["notUpdated"]] == ["unknown"]
    assert stored(platform, identifier) == light(identifier, temperature=prop(101))


def test_update_adds_an_instance_with_a_new_dataset(platform: Running) -> None:
    """5.5.8."""
    identifier = created(platform, light(speed=prop(25)))
    path = f"{ENTITIES}/{identifier}/attrs"
    other = prop(30, datasetId="urn:x:gps")
    assert platform.ask("PATCH", path, {"speed": other}).status == 204
    assert stored(platform, identifier)["speed"] == [prop(25), other]
    assert platform.ask("DELETE", f"{path}/speed").status == 204
    assert stored(platform, identifier)["speed"] == other
    assert platform.ask("DELETE", f"{path}/speed").error == "ResourceNotFound"
    assert platform.ask("DELETE", f"{path}/speed?datasetId=urn:x:gps").status == 204
    assert "speed" not in stored(platform, identifier)


def test_delete_all_instances(platform: Running) -> None:
    identifier = created(platform, light(speed=[prop(25), prop(30, datasetId="urn:x:gps")]))
    path = f"{ENTITIES}/{identifier}/attrs/speed?deleteAll=true"
    assert platform.ask("DELETE", path).status == 204
    assert "speed" not in stored(platform, identifier)
    assert platform.ask("DELETE", path).status == 404


def test_a_bad_fragment_changes_nothing(platform: Running) -> None:
    identifier = created(platform, light())
    for method in ("POST", "PATCH"):
        answer = platform.ask(
            method, f"{ENTITIES}/{identifier}/attrs", {"status": prop("x"), "a": {"type": "Property"}}
        )
        assert (answer.status, answer.error) == (400, "BadRequestData")
    assert stored(platform, identifier) == light(identifier)
