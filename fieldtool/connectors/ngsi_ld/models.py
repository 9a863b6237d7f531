"""Which attribute of which Smart Data Model holds which field.

Device and DeviceMeasurement: smart-data-models/dataModel.Device, their schema.json. Attributes that no model
has are ours: devEui, joinEui, locationAccuracy, assetClass, isPartOf, additionalAttributes, and an asset
attribute without a model's name goes by its key in camel case.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from fieldtool.asset_classes import AssetAttribute, AssetClass

Kind = Literal["value", "geometry", "relation", "model", "time", "date", "outlier"]

ASSET_FIELDS = ("name", "alternateName", "location", "isPartOf", "assetClass", "additionalAttributes")
OTHER_ATTRIBUTES = "attributes.*"


@dataclass(frozen=True, slots=True)
class Term:
    """`field` of ours, `name` on the wire, `unit` in UCUM."""

    field: str
    name: str
    kind: Kind = "value"
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Model:
    type: str
    terms: tuple[Term, ...]

    def term(self, field: str) -> Term | None:
        return next((term for term in self.terms if term.field == field), None)


DEVICE = Model(
    "Device",
    (
        Term("profile", "refDeviceModel", "model"),
        Term("dev_eui", "devEui"),
        Term("join_eui", "joinEui"),
        Term("serial", "serialNumber"),
        Term("firmware", "firmwareVersion"),
        Term("name", "name"),
        Term("state", "deviceState"),
        Term("asset_id", "controlledAsset", "relation"),
        Term("geometry", "location", "geometry"),
        Term("accuracy_m", "locationAccuracy", unit="m"),
        Term("settings", "configuration"),
        Term("commissioned_at", "dateInstalled", "time"),
    ),
)

MEASUREMENT = Model(
    "DeviceMeasurement",
    (
        Term("result", "numValue"),
        Term("phenomenon_time", "dateObserved", "time"),
        Term("quality", "outlier", "outlier"),
        Term("observed_property", "controlledProperty"),
        Term("device_id", "refDevice", "relation"),
    ),
)


def asset_model(asset_class: AssetClass) -> Model:
    fixed = (
        Term("asset_class", "assetClass"),
        Term("number", "alternateName"),
        Term("name", "name"),
        Term("geometry", "location", "geometry"),
        Term("parent_id", "isPartOf", "relation"),
    )
    terms = tuple(_attribute_terms(asset_class.attributes))
    return Model(asset_class.fiware_type, (*fixed, *terms, Term(OTHER_ATTRIBUTES, "additionalAttributes")))


def _attribute_terms(attributes: Iterable[AssetAttribute]) -> Iterable[Term]:
    """Each name once: where two attributes claim the same, the later one goes by its own key."""
    taken = set(ASSET_FIELDS)
    for attribute in attributes:
        wanted = attribute.fiware or camel_case(attribute.key)
        name = wanted if wanted not in taken else f"{camel_case(attribute.key)}Attribute"
        taken.add(name)
        kind: Kind = "date" if attribute.type == "date" else "value"
        yield Term(f"attributes.{attribute.key}", name, kind, attribute.unit)


def camel_case(key: str) -> str:
    head, *tail = re.split(r"[_\W]+", key)
    return head + "".join(part.capitalize() for part in tail)
