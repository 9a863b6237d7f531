"""How an entity looks on the wire: normalized or simplified, with or without what the broker knows of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fieldtool.training.attribute_rules import VALUE_MEMBERS, Instance, Instances, as_written
from fieldtool.training.database import Row


@dataclass(frozen=True)
class View:
    """`attributes` None: all of them."""

    simplified: bool = False
    system: bool = False
    attributes: frozenset[str] | None = None


def represented(row: Row, view: View) -> dict[str, Any]:
    kinds = row.types[0] if len(row.types) == 1 else row.types
    entity: dict[str, Any] = {"id": row.id, "type": kinds}
    if view.system:
        entity |= {"createdAt": row.created_at, "modifiedAt": row.modified_at}
    for name, attribute in row.attributes.items():
        if view.attributes is None or name in view.attributes:
            shown = simplified if view.simplified else normalized
            entity[name] = shown(attribute, view)
    return entity


def normalized(attribute: Instances, view: View) -> object:
    if view.system:
        return as_written(attribute)
    return as_written(
        {
            dataset: {key: value for key, value in instance.items() if key not in ("createdAt", "modifiedAt")}
            for dataset, instance in attribute.items()
        }
    )


def simplified(attribute: Instances, _: View) -> object:
    """4.5.4: values alone; several instances by their datasetId, the default one under "@none"."""
    values = {dataset or "@none": _value(instance) for dataset, instance in attribute.items()}
    return values["@none"] if list(values) == ["@none"] else {"dataset": values}


def _value(instance: Instance) -> object:
    member = VALUE_MEMBERS[instance["type"]]
    return {member: instance[member]} if member == "languageMap" else instance[member]
