"""JSON Schemas of the command line's outputs and input files: resources/schemas/NAME.json."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from fieldtool.texts import N_, RESOURCES, _

FOLDER = RESOURCES / "schemas"

REASONS = {
    "required": N_("something is missing here"),
    "additionalProperties": N_("there is a name here that is not known"),
    "type": N_("this is of the wrong kind"),
    "enum": N_("this is none of the allowed values"),
    "const": N_("this is none of the allowed values"),
    "oneOf": N_("this fits none of the allowed forms, or more than one"),
    "anyOf": N_("this fits none of the allowed forms"),
    "minimum": N_("this is too small"),
    "exclusiveMinimum": N_("this is too small"),
    "maximum": N_("this is too large"),
    "minLength": N_("this is empty or too short"),
    "pattern": N_("this is not written as it should be"),
}


@dataclass(frozen=True, slots=True)
class Violation:
    """`key` is the place in the document ("settings.interval", or "$" for its top)."""

    key: str
    reason: str


def schema_names() -> list[str]:
    return sorted(path.stem for path in FOLDER.glob("*.json"))


def schema(name: str) -> dict[str, Any]:
    """Raises KeyError for an unknown name."""
    if name not in schema_names():
        raise KeyError(name)
    loaded: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return loaded


def violation(document: object, name: str) -> Violation | None:
    """The one most telling way in which the document breaks its schema, or None."""
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import best_match

    worst = best_match(Draft202012Validator(schema(name)).iter_errors(document))
    if worst is None:
        return None
    place = ".".join(str(part) for part in worst.absolute_path) or "$"
    return Violation(place, _(REASONS.get(str(worst.validator), N_("this is not allowed"))))
