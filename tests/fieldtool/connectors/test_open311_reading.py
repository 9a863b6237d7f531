"""Answers of real servers (../shared/data/open311) and of made ones, in both forms, to plain values."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from fieldtool.connectors.open311 import Open311Session, made_at
from fieldtool.connectors.open311.reading import (
    Request,
    Unreadable,
    errors,
    items,
    moment_of,
    number_of,
    request_of,
    text_of,
    update_of,
)
from fieldtool.connectors.open311.wording import (
    READ,
    STATUSES,
    description_of,
    mark_of,
    status_of,
    texts_of,
)
from fieldtool.ids import new_id

DATA = Path(__file__).resolve().parents[4] / "shared" / "data" / "open311"
OURS = "01a20833-98d8-7079-b848-3583203a2ce4"


def real(name: str) -> bytes:
    if not DATA.exists():
        pytest.skip("../shared/data is not there")
    return (DATA / name).read_bytes()


def requests_in(name: str) -> list[Request]:
    found = [request_of(item) for item in items(real(name))]
    return [one for one in found if one is not None]


def test_rostock_answers_with_texts_and_extended_attributes() -> None:
    first, second = requests_in("rostock_klarschiff_requests_extensions.json")
    assert (first.id, second.id) == ("0", "51578")
    assert (first.lat, first.lon) == (54.084745606995064, 12.145760492171316)
    assert (first.status, status_of(first)) == ("IN_PROCESS", "in_progress")
    assert (second.status, status_of(second)) == ("RECEIVED", "open")
    assert first.service_code == "29"
    assert first.address == "Bleicherstr. 31 (gegenüber)"
    assert first.requested_at == datetime(2020, 1, 30, 21, 52, 47, tzinfo=timezone(timedelta(hours=1)))
    assert texts_of(first) == ("Gegenüber der Bleicherstr.31 befindet sich ein Sperrmüllhaufen!", "")
    assert texts_of(second)[0] == "redaktionelle Prüfung ausstehend"
    assert mark_of(first) is None


def test_cologne_leaves_out_what_it_does_not_know() -> None:
    first, second = requests_in("koeln_sagsuns_2026_samples.json")
    assert (first.id, first.service_code, first.description) == ("12504-2026", "3.2", None)
    assert first.address == "50997 Köln - Godorf, Amselweg 3"
    assert texts_of(first) == ("Defekte Oberfläche", "")
    assert status_of(first) == "closed"
    assert (second.service_code, second.updated_at) == (None, None)
    assert texts_of(second) == ("#1039-2026 Defekte Oberfläche", "...")


def test_rostocks_services() -> None:
    (service,) = items(real("rostock_klarschiff_services_sample.json"))
    assert text_of(service["service_code"]) == "6"


@pytest.mark.parametrize(
    ("field", "value", "seen"),
    [
        ("service_request_id", "52000", "id"),
        ("status", "closed", "coarse"),
        ("service_code", "30", "service_code"),
        ("service_name", "Laub", "service_name"),
        ("description", "anders", "description"),
        ("address", "Hohe Straße 1", "address"),
        ("requested_datetime", "2021-01-30T21:52:47.000+01:00", "requested_at"),
        ("updated_datetime", "2021-01-30T21:52:47.000+01:00", "updated_at"),
        ("lat", "51.5", "lat"),
        ("long", "7.5", "lon"),
        ("title", "Titel", "title"),
    ],
)
def test_every_field_that_means_something_is_read(field: str, value: str, seen: str) -> None:
    item = items(real("rostock_klarschiff_requests_extensions.json"))[0]
    changed = request_of({**item, field: value})
    assert getattr(changed, seen) != getattr(request_of(item), seen)


def test_both_forms_say_the_same() -> None:
    told = [{"service_request_id": "1", "status": "open", "lat": "51,5", "long": "7.5", "address": "A & B"}]
    xml = (
        "<?xml version='1.0' encoding='utf-8'?><service_requests><request>"
        "<service_request_id>1</service_request_id><status>open</status><lat>51,5</lat><long>7.5</long>"
        "<address>A &amp; B</address></request></service_requests>"
    )
    assert request_of(items(xml.encode())[0]) == request_of(items(json.dumps(told).encode())[0])


@pytest.mark.parametrize(
    ("body", "half", "page"),
    [
        (b"[{", True, False),
        (b"<requests><request>", True, False),
        (b"hello", False, False),
        (b'"text"', False, False),
        (b"[1]", False, False),
        (b"<!DOCTYPE html><html></html>", False, True),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', False, False),
    ],
)
def test_what_is_no_answer(body: bytes, *, half: bool, page: bool) -> None:
    with pytest.raises(Unreadable) as unreadable:
        items(body)
    assert (unreadable.value.half, unreadable.value.page) == (half, page)


def test_one_alone_or_wrapped_is_a_list() -> None:
    assert items(b'{"requests": [{"a": 1}]}') == [{"a": 1}]
    assert items(b'{"a": 1, "b": 2}') == [{"a": 1, "b": 2}]
    assert errors(b'[{"code": 400, "description": "lat fehlt"}]') == "lat fehlt"
    assert errors(b"<html>") == ""


@pytest.mark.parametrize(
    ("value", "number"),
    [("51,5", 51.5), (51.5, 51.5), ("", None), (None, None), ("nord", None), (True, None)],
)
def test_numbers(value: Any, number: float | None) -> None:
    assert number_of(value) == number


def test_a_place_off_the_earth_is_none() -> None:
    request = request_of({"service_request_id": 1, "lat": 510.0, "long": 7.0})
    assert request is not None
    assert (request.lat, request.lon) == (None, None)


def test_a_time_without_an_offset_is_of_here() -> None:
    assert moment_of("2026-07-01T12:00:00") == datetime(2026, 7, 1, 10, tzinfo=UTC)
    assert moment_of("gestern") is None


def test_ours_is_known_by_its_mark_and_read_back_as_it_was_made() -> None:
    text = description_of("Ast gebrochen", "Über dem Weg.\nZwei Meter.", OURS)
    request = request_of({"service_request_id": 7, "description": text})
    assert request is not None
    assert mark_of(request) == OURS
    assert texts_of(request) == ("Ast gebrochen", "Über dem Weg.\nZwei Meter.")
    by_attribute = request_of(
        {"service_request_id": 7, "extended_attributes": {"attributes": {"external_id": OURS}}}
    )
    assert by_attribute is not None
    assert mark_of(by_attribute) == OURS


def test_every_status_of_ours_comes_back_as_itself() -> None:
    assert {READ[theirs]: theirs for theirs in STATUSES.values()} == dict(STATUSES)
    unknown = request_of({"service_request_id": 1, "status": "closed", "extended_attributes": {}})
    assert unknown is not None
    assert status_of(unknown) == "closed"


def test_an_update_without_an_id_or_a_ticket_is_none() -> None:
    assert update_of({"update_id": "a"}) is None
    assert update_of({"service_request_id": "1"}) is None
    found = update_of({"update_id": 5, "service_request_id": 1, "status": "fixed"})
    assert found is not None
    assert (found.id, found.status, found.text) == ("5", "FIXED", "")


def test_our_ids_tell_when_they_were_made() -> None:
    assert abs(made_at(new_id()) - datetime.now(UTC)) < timedelta(seconds=5)


def test_the_session_is_what_the_connector_opens() -> None:
    from fieldtool.connectors.open311 import CONNECTOR

    assert CONNECTOR.open is Open311Session
    assert CONNECTOR.pulls == CONNECTOR.handles == {"ticket", "ticket_event"}
