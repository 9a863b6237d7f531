"""The four batch operations: an outcome for every entity (5.6.7 to 5.6.10)."""

from __future__ import annotations

import pytest

from tests.fieldtool.training.process import (
    API,
    CORE,
    ENTITIES,
    ERRORS,
    Reply,
    Running,
    created,
    fresh_id,
    light,
    prop,
    stored,
)

OPERATIONS = f"{API}/entityOperations"


def outcome(answer: Reply, success: list[str], errors: dict[str, str]) -> None:
    """`errors`: the error type by entity id."""
    document = answer.json
    assert answer.status == 207
    assert set(document) == {"success", "errors"}
    assert document["success"] == success
    assert {
        one["entityId"]: one["error"]["type"].removeprefix(ERRORS) for one in document["errors"]
    } == errors


def test_create(platform: Running) -> None:
    entities = [light(), light()]
    answer = platform.ask("POST", f"{OPERATIONS}/create", entities)
    assert (answer.status, answer.json) == (201, [entity["id"] for entity in entities])
    assert [stored(platform, entity["id"]) for entity in entities] == entities


def test_create_partly(platform: Running) -> None:
    there = created(platform, light(a=prop(1)))
    good, broken = light(), light(a={"type": "Property"})
    answer = platform.ask(
        "POST", f"{OPERATIONS}/create", [good, light(there), broken, {"type": "T"}, 7, good]
    )
    document = answer.json
    assert answer.status == 207
    assert document["success"] == [good["id"]]
    assert [(one["entityId"], one["error"]["type"].removeprefix(ERRORS)) for one in document["errors"]] == [
        (there, "AlreadyExists"),
        (broken["id"], "BadRequestData"),
        ("", "BadRequestData"),
        ("", "BadRequestData"),
        (good["id"], "AlreadyExists"),
    ]
    assert "a" in stored(platform, there)
    assert platform.ask("GET", f"{ENTITIES}/{broken['id']}").status == 404


def test_upsert_replaces(platform: Running) -> None:
    there, new = created(platform, light(old=prop(1))), fresh_id()
    answer = platform.ask("POST", f"{OPERATIONS}/upsert", [light(there, a=prop(2)), light(new)])
    assert (answer.status, answer.json) == (201, [new])
    assert stored(platform, there) == light(there, a=prop(2))
    again = platform.ask("POST", f"{OPERATIONS}/upsert", [light(there), light(new)])
    assert (again.status, again.raw) == (204, b"")


def test_upsert_updates(platform: Running) -> None:
    there = created(platform, light(old=prop(1)))
    body = [light(there, status=prop("broken"), a=prop(2))]
    assert platform.ask("POST", f"{OPERATIONS}/upsert?options=update", body).status == 204
    assert stored(platform, there) == light(there, old=prop(1), status=prop("broken"), a=prop(2))


def test_upsert_partly(platform: Running) -> None:
    there, new, broken = created(platform, light()), fresh_id(), fresh_id()
    body = [light(there), light(new), {"id": broken}]
    answer = platform.ask("POST", f"{OPERATIONS}/upsert", body)
    outcome(answer, [there, new], {broken: "BadRequestData"})


def test_the_later_of_two_wins(platform: Running) -> None:
    """4.6.6."""
    identifier = fresh_id()
    body = [light(identifier, speed=prop(1), old=prop(1)), light(identifier, speed=prop(2))]
    assert platform.ask("POST", f"{OPERATIONS}/upsert", body).status == 201
    assert stored(platform, identifier) == light(identifier, speed=prop(2))


def test_update(platform: Running) -> None:
    there, unknown = created(platform, light(a=prop(1))), fresh_id()
    answer = platform.ask("POST", f"{OPERATIONS}/update", [light(there, b=prop(2))])
    assert (answer.status, answer.raw) == (204, b"")
    assert stored(platform, there) == light(there, a=prop(1), b=prop(2))
    outcome(
        platform.ask("POST", f"{OPERATIONS}/update", [light(there), light(unknown)]),
        [there],
        {unknown: "ResourceNotFound"},
    )
    kept = platform.ask("POST", f"{OPERATIONS}/update?options=noOverwrite", [light(there, a=prop(9))])
    outcome(kept, [], {there: "BadRequestData"})
    assert stored(platform, there)["a"] == prop(1)


def test_delete(platform: Running) -> None:
    one, other, unknown = created(platform, light()), created(platform, light()), fresh_id()
    answer = platform.ask("POST", f"{OPERATIONS}/delete", [one])
    assert (answer.status, answer.raw) == (204, b"")
    partly = platform.ask("POST", f"{OPERATIONS}/delete", [other, unknown, "no-uri"])
    outcome(partly, [other], {unknown: "ResourceNotFound", "no-uri": "BadRequestData"})
    assert platform.ask("GET", f"{ENTITIES}/{other}").status == 404


@pytest.mark.parametrize("operation", ["create", "upsert", "update", "delete"])
def test_a_null_or_nothing_fails_as_a_whole(platform: Running, operation: str) -> None:
    """5.6.7.4."""
    entity = light()
    item = entity["id"] if operation == "delete" else entity
    for body in ([], [item, None], {"id": entity["id"]}, "x"):
        answer = platform.ask("POST", f"{OPERATIONS}/{operation}", body)
        assert (answer.status, answer.error) == (400, "BadRequestData")
    assert platform.ask("GET", f"{ENTITIES}/{entity['id']}").status == 404


def test_every_entity_brings_its_context(platform: Running) -> None:
    """6.3.5."""
    good, bare = light(**{"@context": CORE}), light()
    answer = platform.ask("POST", f"{OPERATIONS}/create", [good, bare], Content_Type="application/ld+json")
    outcome(answer, [good["id"]], {bare["id"]: "BadRequestData"})
    answer = platform.ask("POST", f"{OPERATIONS}/create", [bare, light(**{"@context": CORE})])
    assert (answer.status, answer.json["success"]) == (207, [bare["id"]])
