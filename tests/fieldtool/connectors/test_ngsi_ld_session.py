"""The session against a loopback broker: which requests it makes, and what it reads out of the answers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from drivers.secret import Secret
from fieldtool.connectors import errors
from fieldtool.connectors.connector import Accepted, Access, Exists, Missing, Record, Rejected
from fieldtool.connectors.ngsi_ld import CONNECTOR, NgsiLdSession
from fieldtool.jsontypes import Json
from tests.fieldtool.connectors.broker import PROBLEM, TOKEN, Broker, Fault, canned, problem, running


@contextmanager
def opened(broker: Broker, tenant: str | None = None, **options: Json) -> Iterator[NgsiLdSession]:
    session = NgsiLdSession(Access(url=broker.url, tenant=tenant, options=options, token=Secret(TOKEN)))
    try:
        yield session
    finally:
        session.close()


@pytest.fixture
def broker() -> Iterator[Broker]:
    with running() as made:
        yield made


def tree(number: int, **fields: Json) -> Record:
    return Record(
        entity="asset",
        entity_id=f"018f0000-0000-7000-8000-{number:012d}",
        fields={"asset_class": "tree", "number": str(number), **fields},
        context={"asset_class": "tree"},
    )


def test_a_batch_gets_an_outcome_per_entity(broker: Broker) -> None:
    trees = [tree(number) for number in range(4)]
    bad, there = f"urn:ngsi-ld:Tree:{trees[1].entity_id}", f"urn:ngsi-ld:Tree:{trees[2].entity_id}"
    broker.entities[there] = {"id": there, "type": "Tree"}
    broker.refuses[bad] = {"type": PROBLEM + "BadRequestData", "title": "no", "detail": "height is a text"}
    with opened(broker) as session:
        outcomes = session.create(trees)
    assert outcomes == [
        Accepted(f"urn:ngsi-ld:Tree:{trees[0].entity_id}"),
        Rejected("bad_request_data", "height is a text"),
        Exists(there),
        Accepted(f"urn:ngsi-ld:Tree:{trees[3].entity_id}"),
    ]
    assert len(broker.sent("POST")) == 1


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        ({"type": PROBLEM + "AlreadyExists", "title": "x"}, Exists),
        ({"title": "x", "status": 409}, Exists),
        ({"type": PROBLEM + "BadRequestData", "title": "Already exists"}, Rejected),
        (["entity already exists"], Rejected),
        ("urn:ngsi-ld already exists", Rejected),
    ],
)
def test_an_outcome_is_read_from_types_never_from_texts(broker: Broker, error: Json, outcome: type) -> None:
    trees = [tree(1), tree(2)]
    second = f"urn:ngsi-ld:Tree:{trees[1].entity_id}"
    body = {"success": ["x"], "errors": [{"entityId": second, "error": error}]}
    broker.faults.append(Fault(canned("207 -", json.dumps(body)), part="entityOperations"))
    with opened(broker) as session:
        outcomes = session.create(trees)
    assert isinstance(outcomes[0], Accepted)
    assert isinstance(outcomes[1], outcome)


def test_a_207_of_another_shape_is_not_taken_for_success(broker: Broker) -> None:
    broker.faults.append(Fault(canned("207 -", '{"done": true}'), part="entityOperations"))
    with opened(broker) as session, pytest.raises(errors.UnexpectedAnswer):
        session.create([tree(1), tree(2)])


@pytest.mark.parametrize("refusal", [problem(400, "BadRequestData"), canned("413 -"), canned("501 -")])
def test_a_batch_refused_as_a_whole_is_sent_one_by_one(broker: Broker, refusal: bytes) -> None:
    broker.faults.append(Fault(refusal, part="entityOperations", times=9))
    with opened(broker) as session:
        assert [type(one) for one in session.create([tree(1), tree(2)])] == [Accepted, Accepted]
    assert len(broker.entities) == 2


def test_a_broker_without_batches_is_served_one_by_one() -> None:
    with running(Broker(batches=False)) as broker, opened(broker) as session:
        assert [type(one) for one in session.create([tree(1), tree(2)])] == [Accepted, Accepted]


def test_many_are_looked_up_by_id_through_all_pages() -> None:
    with running(Broker(page=20)) as broker, opened(broker) as session:
        trees = [tree(number) for number in range(120)]
        session.create(trees[:110])
        found = session.lookup(trees)
    assert set(found) == {one.entity_id for one in trees[:110]}
    assert found[trees[7].entity_id].content["number"] == "7"
    assert found[trees[7].entity_id].modified_at == "2026-11-23T08:00:00Z"
    queries = broker.sent("GET")
    assert len(queries) == 3 + 3 + 1
    assert max(len(query.query["id"]) for query in queries) < 4000
    assert all(query.query["type"] == "Tree" for query in queries)


def test_the_tenant_goes_with_every_request_and_an_unknown_one_is_named(broker: Broker) -> None:
    with opened(broker, tenant="schwerte") as session:
        session.check()
        broker.faults.append(Fault(problem(404, "NonexistentTenant")))
        with pytest.raises(errors.TenantUnknown) as caught:
            session.check()
    assert caught.value.tenant == "schwerte"
    assert {one.headers["ngsild-tenant"] for one in broker.requests} == {"schwerte"}


@pytest.mark.parametrize("context", [None, "https://platform.example/context.jsonld"])
def test_the_context_is_in_the_link_or_nowhere_never_in_the_body(broker: Broker, context: str | None) -> None:
    options: dict[str, Json] = {} if context is None else {"context": context}
    with opened(broker, **options) as session:
        session.create([tree(1), tree(2)])
        session.lookup([tree(1)])
    link = (
        None
        if context is None
        else (f'<{context}>; rel="http://www.w3.org/ns/json-ld#context"; type="application/ld+json"')
    )
    assert {one.headers.get("link") for one in broker.requests} == {link}
    assert "@context" not in json.dumps([one.body for one in broker.requests])
    assert broker.sent("POST")[0].headers["content-type"] == "application/json"


def test_an_update_changes_adds_and_clears_only_what_it_is_told(broker: Broker) -> None:
    one = tree(1, name="Eiche", attributes={"height": 10.0, "area": "Mitte"})
    with opened(broker) as session:
        session.create([one])
        broker.entities[session.remote_id(one)]["circumference"] = {"type": "Property", "value": 3}
        theirs = session.lookup([one])[one.entity_id].content
        outcome = session.update(
            one, {"attributes.height": 11.0, "attributes.species": "Quercus", "attributes.area": None}, theirs
        )
        after = broker.entities[session.remote_id(one)]
    assert isinstance(outcome, Accepted)
    assert [(r.method, r.path.rsplit("/", 1)[1]) for r in broker.requests[-3:]] == [
        ("PATCH", "attrs"),
        ("POST", "attrs"),
        ("DELETE", "areaServed"),
    ]
    assert broker.sent("PATCH")[0].body == {"height": {"type": "Property", "value": 11.0, "unitCode": "MTR"}}
    assert after["species"]["value"] == "Quercus"
    assert "areaServed" not in after
    assert (after["name"]["value"], after["circumference"]["value"]) == ("Eiche", 3)


def test_attributes_that_were_not_taken_are_named(broker: Broker) -> None:
    one = tree(1)
    body = {"updated": [], "notUpdated": [{"attributeName": "alternateName", "reason": "read-only"}]}
    with opened(broker) as session:
        session.create([one])
        broker.faults.append(Fault(canned("207 -", json.dumps(body)), method="PATCH"))
        assert session.update(one, {"number": "9"}, {"number": "1"}) == Rejected(
            "attributes_not_updated", "alternateName"
        )


def test_deleting_twice_says_that_it_is_gone(broker: Broker) -> None:
    one = tree(1)
    with opened(broker) as session:
        session.create([one])
        assert isinstance(session.delete(one), Accepted)
        assert isinstance(session.delete(one), Missing)


def test_check_finds_the_wrong_path_and_the_wrong_kind_of_server(broker: Broker) -> None:
    broker.faults += [Fault(canned("404 -", "not here")), Fault(canned("200 -", '{"welcome": true}'))]
    with opened(broker) as session:
        with pytest.raises(errors.TargetNotFound):
            session.check()
        with pytest.raises(errors.UnexpectedAnswer):
            session.check()
        session.check()


def test_the_address_may_be_given_with_and_without_the_base(broker: Broker) -> None:
    session = CONNECTOR.open(Access(url=broker.url + "/ngsi-ld/v1/", token=Secret(TOKEN)))
    session.check()
    session.close()
    assert broker.requests[0].path == "/ngsi-ld/v1/entities"
