"""Every kind that the program records, and every field of an entity people look at, has a title."""

from __future__ import annotations

import pytest

from fieldtool.commissioning.record import STEPS, Commissioning
from fieldtool.device import Device
from fieldtool.entities import fields_of
from fieldtool.geometry import point
from fieldtool.observation import Observation
from fieldtool.titles import field_title, kind_title, value_text


@pytest.mark.parametrize("kind", [f"commissioning.{step}" for step in STEPS] + ["asset.import"])
def test_every_kind_has_a_title(kind: str) -> None:
    assert kind_title(kind) != kind


def test_an_unknown_kind_is_shown_as_it_is() -> None:
    assert kind_title("bench.repair") == "bench.repair"


@pytest.mark.parametrize("kind", [Device, Observation, Commissioning])
def test_every_field_of_a_device_has_a_title(kind: type[Device | Observation | Commissioning]) -> None:
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
        ("settings", {"interval": "900"}, '{"interval":"900"}'),
    ],
)
def test_values_as_people_write_them(name: str, value: object, text: str) -> None:
    assert value_text(name, value) == text  # type: ignore[arg-type]


def test_a_long_value_is_cut() -> None:
    assert value_text("steps", "x" * 500) == "x" * 119 + "…"
