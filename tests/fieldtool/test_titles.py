"""Every kind that the program records, and every field of an entity people look at, has a title."""

from __future__ import annotations

import pytest

from fieldtool.commissioning.record import STEPS, Commissioning
from fieldtool.device import Device
from fieldtool.entities import fields_of
from fieldtool.geometry import point
from fieldtool.observation import Observation
from fieldtool.ticket import Ticket, TicketEvent
from fieldtool.titles import field_title, kind_title, value_text

KINDS = [f"commissioning.{step}" for step in STEPS] + ["asset.import"]
KINDS += [f"ticket.{verb}" for verb in ("create", "comment", "finding", "status", "assign", "edit")]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_title(kind: str) -> None:
    assert kind_title(kind) != kind


def test_an_unknown_kind_is_shown_as_it_is() -> None:
    assert kind_title("bench.repair") == "bench.repair"


@pytest.mark.parametrize("kind", [Device, Observation, Commissioning, Ticket, TicketEvent])
def test_every_field_people_look_at_has_a_title(kind: type[object]) -> None:
    names = {field.name for field in fields_of(kind)} - {"id", "version"}
    assert names
    assert {name for name in names if field_title(name) == name} == set()


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("state", "in_service", "in Betrieb"),
        ("accuracy_m", 2.1472195955733775, "2,15"),
        ("commissioned_at", "2026-11-23T07:03:19.797640Z", "23.11.2026 08:03:19"),
        ("geometry", point(7.465298, 51.513587), "51,513587° N, 7,465298° E"),
        ("name", None, "–"),
        ("status", "in_progress", "in Arbeit"),
        ("status", "lost", "lost"),
        ("kind", "finding", "Befund"),
        ("due", "2026-12-01", "01.12.2026"),
        ("at", "2026-11-23T07:03:19.797640Z", "23.11.2026 08:03:19"),
        ("category", "battery", "Batterie schwach oder leer"),
        ("category", "Wilder Müll (Klarschiff)", "Wilder Müll (Klarschiff)"),
        ("priority", 2, "2"),
        ("settings", {"interval": "900"}, '{"interval":"900"}'),
    ],
)
def test_values_as_people_write_them(name: str, value: object, text: str) -> None:
    assert value_text(name, value) == text  # type: ignore[arg-type]


def test_a_long_value_is_cut() -> None:
    assert value_text("steps", "x" * 500) == "x" * 119 + "…"
