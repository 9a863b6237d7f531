"""Asset classes are data: resources/classes/ID.yaml (YAML 1.2), checked against the schema asset_class.

UnknownAssetClass(name, known) and BrokenClass(file, key, reason) are CoreErrors.
"""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal

from fieldtool.errors import CoreError
from fieldtool.jsontypes import Json
from fieldtool.schemas import violation
from fieldtool.texts import N_, RESOURCES, _, current_language, decimal

FOLDER = RESOURCES / "classes"

ValueType = Literal["text", "integer", "number", "boolean", "date", "choice"]
ReleaseClass = Literal["open", "internal", "protected"]
GeometryKind = Literal["Point", "LineString", "Polygon", "MultiPoint", "MultiLineString", "MultiPolygon"]
Label = Mapping[str, str]
"""A text by language: "de" and "en"."""

CONDITION = "condition"
"""The same key in every class, so that a map can be coloured by it."""
AGE_KEYS = ("installed_on", "in_service_since", "built_year", "construction_year", "planting_year")
"""Dates and years that say how old a thing is; of several, the first that is known counts."""

NOT_OF_TYPE: dict[str, str] = {
    "text": N_("this is not a text"),
    "integer": N_("this is not a whole number"),
    "number": N_("this is not a number"),
    "boolean": N_("this is neither yes nor no"),
    "date": N_("this is not a date"),
    "choice": N_("this is none of the allowed values"),
}


@dataclass(eq=False)
class UnknownAssetClass(CoreError):
    name: str
    known: str


@dataclass(eq=False)
class BrokenClass(CoreError):
    """`key` is the place in the file ("attributes.2.type")."""

    file: str
    key: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetAttribute:
    """`unit` is UCUM; `choices` labels by stored value; `minimum` to `maximum` is what is plausible, both
    included. `fiware` is the attribute of the Smart Data Model, None where it has none for this;
    `fiware_verified` is False where no source establishes it. `words` are column names it goes by. One that
    is `retired` is no longer asked for or judged; the values that are there stay."""

    key: str
    type: ValueType
    label: Label
    unit: str | None = None
    choices: Mapping[str, Label] | None = None
    required: bool = False
    default: Json = None
    minimum: float | None = None
    maximum: float | None = None
    release: ReleaseClass = "internal"
    fiware: str | None = None
    fiware_verified: bool = True
    words: tuple[str, ...] = ()
    retired: bool = False

    def title(self) -> str:
        return self.label[current_language()]

    def problem(self, value: Json) -> str | None:
        """Why the value does not fit, in the person's language; None where it fits or is missing."""
        return self.mismatch(value) or self._implausible(value)

    def mismatch(self, value: Json) -> str | None:
        """The same, but what is only implausible fits."""
        return None if value is None or self.has_type(value) else _(NOT_OF_TYPE[self.type])

    def has_type(self, value: Json) -> bool:
        match self.type:
            case "text":
                return isinstance(value, str)
            case "boolean":
                return isinstance(value, bool)
            case "choice":
                return isinstance(value, str) and value in (self.choices or {})
            case "date":
                return isinstance(value, str) and _is_date(value)
            case "integer":
                return isinstance(value, int) and not isinstance(value, bool)
            case "number":
                return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)

    def _implausible(self, value: Json) -> str | None:
        if isinstance(value, bool) or not isinstance(value, int | float):
            return None
        if self.minimum is not None and value < self.minimum:
            return _("below the plausible {limit}").format(limit=decimal(self.minimum))
        if self.maximum is not None and value > self.maximum:
            return _("above the plausible {limit}").format(limit=decimal(self.maximum))
        return None


@dataclass(frozen=True, slots=True)
class NumberPattern:
    """What numbers of a class usually look like, from their first sign to their last."""

    pattern: re.Pattern[str]
    hint: Label


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetClass:
    """`number_unique`: no two assets of the class share a number, so a newer list updates by it.
    `words` are what file names call it, `number_words` what the column of the number is called.
    `parents` are the classes it may be part of."""

    id: str
    label: Label
    number_unique: bool
    geometry_kinds: tuple[GeometryKind, ...]
    geometry_required: bool
    fiware_type: str
    fiware_verified: bool
    attributes: tuple[AssetAttribute, ...]
    words: tuple[str, ...] = ()
    number_words: tuple[str, ...] = ()
    number_pattern: NumberPattern | None = None
    parents: tuple[str, ...] = ()
    mounts_devices: bool = True

    def title(self) -> str:
        return self.label[current_language()]

    def may_be_part_of(self, other_id: str) -> bool:
        return other_id in self.parents

    def number_remark(self, number: str | None) -> str | None:
        """What numbers of this class look like, where this one does not; never a reason to refuse it."""
        usual = self.number_pattern
        if number is None or usual is None or usual.pattern.fullmatch(number):
            return None
        return usual.hint[current_language()]

    @property
    def shown(self) -> tuple[AssetAttribute, ...]:
        """What a form or a table asks for."""
        return tuple(attribute for attribute in self.attributes if not attribute.retired)

    def age_keys(self) -> tuple[str, ...]:
        return tuple(key for key in AGE_KEYS if any(attribute.key == key for attribute in self.shown))

    def attribute(self, key: str) -> AssetAttribute | None:
        return next((attribute for attribute in self.attributes if attribute.key == key), None)

    def problems(self, attributes: Mapping[str, Json]) -> dict[str, str]:
        """By key, what is wrong with the values; keys the class does not know are kept and not judged."""
        found = {}
        for attribute in self.shown:
            value = attributes.get(attribute.key)
            reason = _("something is missing here") if attribute.required and value in (None, "") else None
            reason = reason or attribute.problem(value)
            if reason:
                found[attribute.key] = reason
        return found


_own: Mapping[str, AssetClass] = {}


def use(own: Mapping[str, AssetClass]) -> None:
    """What the profile that this process works with has for itself, in place of the shipped classes or beside
    them."""
    global _own  # noqa: PLW0603 - like the language: one process, one profile
    _own = dict(own)


def class_ids() -> list[str]:
    return sorted({*shipped_ids(), *_own})


def shipped_ids() -> list[str]:
    return list(_names_in(FOLDER))


@functools.cache
def _names_in(folder: Path) -> tuple[str, ...]:
    """Asked for with every value that is shown; what is shipped stays while the program runs."""
    return tuple(sorted(path.stem for path in folder.glob("*.yaml")))


def asset_class(name: str) -> AssetClass:
    """Raises UnknownAssetClass, BrokenClass."""
    if name not in class_ids():
        raise UnknownAssetClass(name, ", ".join(class_ids()))
    return _own[name] if name in _own else shipped_class(name)


def broken_classes() -> list[BrokenClass]:
    """Every file that can't be used, for doctor and the gate."""
    broken: list[BrokenClass] = []
    sound: list[AssetClass] = []
    for name in class_ids():
        try:
            sound.append(asset_class(name))
        except BrokenClass as error:
            broken.append(error)
    parents: dict[str, tuple[str, ...]] = dict.fromkeys(class_ids(), ())
    parents.update((kind.id, kind.parents) for kind in sound)
    for kind in sound:
        wrong = wrong_parents(kind, parents)
        if wrong is not None:
            broken.append(BrokenClass(f"{kind.id}.yaml", "parents", wrong))
    return broken


@functools.cache
def shipped_class(name: str) -> AssetClass:
    """Raises BrokenClass."""
    return read_class(FOLDER / f"{name}.yaml")


def read_class(path: Path) -> AssetClass:
    """Raises BrokenClass."""
    document = _parsed(path)
    found = class_of(document, path.name)
    if found.id != path.stem:
        raise BrokenClass(path.name, "id", _("this is not the name of the file"))
    return found


def shipped_definition(name: str) -> dict[str, Any]:
    """What the file of a shipped class says. Raises UnknownAssetClass, BrokenClass."""
    if name not in shipped_ids():
        raise UnknownAssetClass(name, ", ".join(class_ids()))
    return _parsed(FOLDER / f"{name}.yaml")


def class_of(document: Mapping[str, Any], file: str) -> AssetClass:
    """`file` is where the definition came from. Raises BrokenClass."""
    broken = violation(document, "asset_class")
    if broken is not None:
        raise BrokenClass(file, broken.key, broken.reason)
    attributes = tuple(_attribute(entry) for entry in document["attributes"])
    for index, attribute in enumerate(attributes):
        contradiction = _contradiction(attribute, attributes[:index])
        if contradiction is not None:
            raise BrokenClass(file, f"attributes.{attribute.key}", contradiction)
    return AssetClass(
        id=document["id"],
        label=document["label"],
        number_unique=document["number_unique"],
        geometry_kinds=tuple(document["geometry"]["kinds"]),
        geometry_required=document["geometry"]["required"],
        fiware_type=document["fiware"]["type"],
        fiware_verified=not document["fiware"].get("unverified", False),
        attributes=attributes,
        words=tuple(document.get("words", ())),
        number_words=tuple(document.get("number_words", ())),
        number_pattern=_number_pattern(document.get("number_pattern"), file),
        parents=tuple(document.get("parents", ())),
        mounts_devices=document.get("mounts_devices", True),
    )


def wrong_parents(kind: AssetClass, parents: Mapping[str, Collection[str]]) -> str | None:
    """Why the classes it may be part of can't be: one is unknown, or it would be part of itself.
    `parents` by the id of every class."""
    for parent in kind.parents:
        if parent != kind.id and parent not in parents:
            return _("there is no asset class {name}").format(name=parent)
    above: list[str] = list(kind.parents)
    seen: set[str] = set()
    while above:
        one = above.pop()
        if one == kind.id:
            return _("a thing of this class would be part of another of its class")
        if one not in seen:
            seen.add(one)
            above.extend(parents.get(one, ()))
    return None


def _number_pattern(entry: Mapping[str, Any] | None, file: str) -> NumberPattern | None:
    if entry is None:
        return None
    try:
        return NumberPattern(re.compile(entry["pattern"]), entry["hint"])
    except re.error as error:
        raise BrokenClass(file, "number_pattern.pattern", _("this is no regular expression")) from error


def _parsed(path: Path) -> dict[str, Any]:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        document = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    except (YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        place = _("line {line}").format(line=mark.line + 1) if mark is not None else "$"
        raise BrokenClass(path.name, place, _("this is not YAML")) from error
    return document if isinstance(document, dict) else {}


def _attribute(entry: Mapping[str, Any]) -> AssetAttribute:
    fiware = entry.get("fiware") or {}
    return AssetAttribute(
        key=entry["key"],
        type=entry["type"],
        label=entry["label"],
        unit=entry.get("unit"),
        choices=entry.get("choices"),
        required=entry.get("required", False),
        default=entry.get("default"),
        minimum=entry.get("minimum"),
        maximum=entry.get("maximum"),
        release=entry["release"],
        fiware=fiware.get("attribute"),
        fiware_verified=not fiware.get("unverified", False),
        words=tuple(entry.get("words", ())),
        retired=entry.get("retired", False),
    )


def _contradiction(attribute: AssetAttribute, earlier: tuple[AssetAttribute, ...]) -> str | None:
    """What a schema can't say."""
    if any(other.key == attribute.key for other in earlier):
        return _("this key occurs twice")
    if (attribute.type == "choice") != (attribute.choices is not None):
        return _("a choice needs its allowed values, and nothing else has them")
    lowest, highest = attribute.minimum, attribute.maximum
    if lowest is not None and highest is not None and lowest > highest:
        return _("the smallest plausible value is above the largest")
    return attribute.problem(attribute.default)


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
