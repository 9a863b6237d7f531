"""The services offered: the ticket categories, and those of resources/training/open311.yaml."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fieldtool.data_files import read_data
from fieldtool.texts import RESOURCES
from fieldtool.training.open311_wire import Attributes, Call, Document, Open311Refused, moment

CATEGORIES = RESOURCES / "tickets" / "categories.yaml"
OWN = RESOURCES / "training" / "open311.yaml"
NUMBER = re.compile(r"-?\d+(\.\d+)?")


@dataclass(frozen=True)
class Attribute:
    """`values` is the human readable name by key, of the two kinds of lists."""

    code: str
    datatype: str
    required: bool
    description: str
    values: Mapping[str, str]


@dataclass(frozen=True)
class Service:
    code: str
    name: str
    description: str | None
    group: str
    keywords: str
    attributes: Sequence[Attribute]


@functools.cache
def services() -> Mapping[str, Service]:
    own = read_data(OWN, "open311_services")
    categories = read_data(CATEGORIES, "ticket_categories")
    found = [_of_category(entry, categories["findings"], own) for entry in categories["categories"]]
    found += [_own(entry) for entry in own["services"]]
    return {service.code: service for service in found}


@functools.cache
def texts() -> Mapping[str, str]:
    found: dict[str, str] = read_data(OWN, "open311_services")["texts"]
    return found


def _of_category(entry: Mapping[str, Any], findings: Mapping[str, Any], own: Mapping[str, Any]) -> Service:
    values = {code: findings[code]["de"] for code in entry["findings"]}
    return Service(
        code=entry["id"],
        name=entry["label"]["de"],
        description=None,
        group=own["group"],
        keywords=", ".join(values.values()),
        attributes=[_attribute({"values": values, **attribute}) for attribute in own["attributes"]],
    )


def _own(entry: Mapping[str, Any]) -> Service:
    return Service(
        code=entry["code"],
        name=entry["name"],
        description=entry["description"],
        group=entry["group"],
        keywords="",
        attributes=[_attribute(attribute) for attribute in entry["attributes"]],
    )


def _attribute(entry: Mapping[str, Any]) -> Attribute:
    lists = entry["datatype"].endswith("valuelist")
    return Attribute(
        code=entry["code"],
        datatype=entry["datatype"],
        required=entry["required"],
        description=entry["description"],
        values=entry.get("values", {}) if lists else {},
    )


def service(code: str) -> Service:
    if code not in services():
        raise Open311Refused(404, f"service_code {code} was not found")
    return services()[code]


def listed(kind: str) -> Document:
    """`kind`: "realtime", or "batch" where a token is answered."""
    return "services", [
        {
            "service_code": one.code,
            "service_name": one.name,
            "description": one.description,
            "metadata": bool(one.attributes),
            "type": kind,
            "keywords": one.keywords,
            "group": one.group,
        }
        for one in services().values()
    ]


def definition(_: Call, code: str) -> Document:
    return "service_definition", {
        "service_code": code,
        "attributes": [
            {
                "variable": True,
                "code": attribute.code,
                "datatype": attribute.datatype,
                "required": attribute.required,
                "datatype_description": None,
                "order": order,
                "description": attribute.description,
                **({"values": _values(attribute)} if attribute.values else {}),
            }
            for order, attribute in enumerate(service(code).attributes, start=1)
        ],
    }


def _values(attribute: Attribute) -> list[dict[str, str]]:
    return [{"key": key, "name": name} for key, name in attribute.values.items()]


def check(wanted: Service, given: Attributes) -> None:
    """A code the service does not have is no mistake: it is kept."""
    for attribute in wanted.attributes:
        name = f"attribute[{attribute.code}]"
        if attribute.code in given:
            _check_value(name, attribute, given[attribute.code])
        elif attribute.required:
            raise Open311Refused(400, f"{name} was not provided")


def _check_value(name: str, attribute: Attribute, given: str | list[str]) -> None:
    values = given if isinstance(given, list) else [given]
    if len(values) > 1 and attribute.datatype != "multivaluelist":
        raise Open311Refused(400, f"{name} takes one value")
    for value in values:
        if attribute.values and value not in attribute.values:
            raise Open311Refused(400, f"{name}: {value} is none of {', '.join(attribute.values)}")
        if attribute.datatype == "number" and NUMBER.fullmatch(value) is None:
            raise Open311Refused(400, f"{name}: {value} is not a number")
        if attribute.datatype == "datetime":
            moment(name, value)
