"""A class of assets as the profile has it for itself, new or in place of the shipped one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from fieldtool.jsontypes import Json


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassDefinition:
    """`id` is the class's own; `definition` what a file of resources/classes would say (schema asset_class);
    `moved` the attribute keys that its last change renamed, old to new."""

    id: str
    definition: Mapping[str, Json]
    moved: Mapping[str, Json] = field(default_factory=dict)
    version: int = 0
