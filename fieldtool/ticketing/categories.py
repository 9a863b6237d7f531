"""Categories of tickets are data: resources/tickets/categories.yaml.

A platform may have categories of its own: they stay as they are and are shown as they are.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fieldtool.data_files import BrokenData, read_data
from fieldtool.texts import RESOURCES, _, current_language
from fieldtool.ticketing.errors import CodeUnknown, UnknownCategory

FILE = RESOURCES / "tickets" / "categories.yaml"

Label = Mapping[str, str]
"""A text by language: "de" and "en"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """`asset_classes` and `device_types` are those it is about, None for any. `findings` and `closings` are
    what is usually found and done, by code; with `finding_required` it closes only with a finding."""

    id: str
    label: Label
    asset_classes: tuple[str, ...] | None
    device_types: tuple[str, ...] | None
    priority: int
    due_days: int
    finding_required: bool
    findings: Mapping[str, Label]
    closings: Mapping[str, Label]

    def title(self) -> str:
        return self.label[current_language()]

    def fits(self, asset_class: str | None, device_type: str | None) -> bool:
        """None: the ticket is about no asset, or about no device."""
        return _among(asset_class, self.asset_classes) and _among(device_type, self.device_types)

    def finding_text(self, code: str) -> str:
        """Raises CodeUnknown."""
        return _text(self, code, self.findings)

    def closing_text(self, code: str) -> str:
        """Raises CodeUnknown."""
        return _text(self, code, self.closings)


def _among(value: str | None, allowed: tuple[str, ...] | None) -> bool:
    return value is None or allowed is None or value in allowed


def _text(category: Category, code: str, labels: Mapping[str, Label]) -> str:
    if code not in labels:
        raise CodeUnknown(code, category.title(), ", ".join(labels) or "–")
    return labels[code][current_language()]


def categories() -> tuple[Category, ...]:
    """In the order of the file. Raises BrokenData."""
    return read_categories(FILE)


def known_category(id: str) -> Category | None:  # noqa: A002
    return next((category for category in categories() if category.id == id), None)


def category(id: str) -> Category:  # noqa: A002
    """Raises UnknownCategory, BrokenData."""
    found = known_category(id)
    if found is None:
        raise UnknownCategory(id, ", ".join(one.id for one in categories()))
    return found


def category_title(id: str) -> str:  # noqa: A002
    found = known_category(id)
    return id if found is None else found.title()


@functools.cache
def read_categories(path: Path) -> tuple[Category, ...]:
    """Raises BrokenData."""
    document = read_data(path, "ticket_categories")
    for key, reason in _contradictions(document):
        raise BrokenData(str(path), key, reason)
    return tuple(_category(entry, document) for entry in document["categories"])


def _contradictions(document: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What a schema can't say."""
    seen: set[str] = set()
    for number, entry in enumerate(document["categories"]):
        if entry["id"] in seen:
            yield f"categories.{number}.id", _("this name is there twice")
        seen.add(entry["id"])
        for kind in ("findings", "closings"):
            if not set(entry[kind]) <= document[kind].keys():
                yield f"categories.{number}.{kind}", _("there is a name here that is not known")


def _category(entry: Mapping[str, Any], document: Mapping[str, Any]) -> Category:
    return Category(
        id=entry["id"],
        label=entry["label"],
        asset_classes=_only(entry.get("asset_classes")),
        device_types=_only(entry.get("device_types")),
        priority=entry["priority"],
        due_days=entry["due_days"],
        finding_required=entry["finding_required"],
        findings={code: document["findings"][code] for code in entry["findings"]},
        closings={code: document["closings"][code] for code in entry["closings"]},
    )


def _only(names: list[str] | None) -> tuple[str, ...] | None:
    return None if names is None else tuple(names)
