"""An attribute or a class as it is typed into a form, and the definition that becomes of it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from fieldtool.asset_classes import (
    AssetAttribute,
    GeometryKind,
    ReleaseClass,
    ValueType,
    class_of,
    shipped_definition,
)
from fieldtool.numbers import typed_number
from fieldtool.texts import _
from fieldtool.upkeep.entry import shown, typed
from fieldtool.upkeep.errors import ValuesInvalid

COMMON = ("condition", "installed_on", "street", "area", "remarks")
"""What nearly every class has: a new one begins with these, as the class `other` has them."""
MODEL = "other"
NUMERIC: tuple[ValueType, ...] = ("integer", "number")
RESERVED = frozenset({"number", "name", "east", "north", "position", "extra_cells"})
KEPT = re.compile("_source(_[0-9]+)?$")
SHAPES: Mapping[str, tuple[GeometryKind, ...]] = {
    "point": ("Point",),
    "line": ("LineString", "MultiLineString"),
    "area": ("Polygon", "MultiPolygon"),
    "any": ("Point", "LineString", "Polygon", "MultiPoint", "MultiLineString", "MultiPolygon"),
}


@dataclass(frozen=True, slots=True)
class TypedChoice:
    """`key` is empty for a new one."""

    key: str
    de: str
    en: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedAttribute:
    """`key` empty: it is made from the label. `words` are column names, divided by commas."""

    de: str
    type: ValueType
    key: str = ""
    en: str = ""
    unit: str = ""
    choices: tuple[TypedChoice, ...] = ()
    required: bool = False
    default: str = ""
    minimum: str = ""
    maximum: str = ""
    release: ReleaseClass = "internal"
    fiware: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedClass:
    """`shape` is a key of SHAPES."""

    de: str
    en: str = ""
    id: str = ""
    number_unique: bool = False
    shape: str = "point"
    place_required: bool = True
    parents: tuple[str, ...] = ()


def key_of(words: str, taken: Collection[str] = ()) -> str:
    """What a definition may call it: small letters, digits and underscores, of those that are free."""
    plain = words.casefold()
    for umlaut, letters in (("ä", "ae"), ("ö", "oe"), ("ü", "ue")):
        plain = plain.replace(umlaut, letters)
    ascii_only = unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode()
    base = re.sub("[^a-z0-9]+", "_", ascii_only).strip("_")
    if not re.match("[a-z]", base):
        base = f"value_{base}".strip("_")
    if base in RESERVED or KEPT.search(base):
        base += "_value"
    found, count = base, 2
    while found in taken:
        found = f"{base}_{count}"
        count += 1
    return found


def attribute_entry(
    wanted: TypedAttribute, taken: Collection[str] = (), old: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """What the definition says of it; of one that is there already, what the form does not show stays.
    Raises ValuesInvalid."""
    label = _label(wanted.de, wanted.en)
    numeric = wanted.type in NUMERIC
    entry: dict[str, Any] = {
        **(old or {}),
        "key": wanted.key or key_of(label["en"], taken),
        "type": wanted.type,
        "label": label,
        "unit": (wanted.unit.strip() or None) if numeric else None,
        "choices": _choices(wanted.choices) if wanted.type == "choice" else None,
        "required": wanted.required or None,
        "default": None,
        "minimum": _limit(wanted.minimum, _("Smallest plausible value")) if numeric else None,
        "maximum": _limit(wanted.maximum, _("Largest plausible value")) if numeric else None,
        "release": wanted.release,
        "fiware": _fiware(wanted.fiware.strip(), (old or {}).get("fiware")),
        "words": _words(wanted.words) or None,
    }
    made = {name: value for name, value in entry.items() if value is not None}
    if wanted.default.strip():
        made["default"] = _default(made, wanted.default)
    return made


def with_entry(definition: Mapping[str, Any], entry: Mapping[str, Any]) -> dict[str, Any]:
    """In the place of the one of its key, else as the last."""
    there = list(definition["attributes"])
    keys = [one["key"] for one in there]
    if entry["key"] in keys:
        there[keys.index(entry["key"])] = dict(entry)
    else:
        there.append(dict(entry))
    return {**definition, "attributes": there}


def class_definition(wanted: TypedClass, taken: Collection[str] = ()) -> dict[str, Any]:
    """Raises ValuesInvalid."""
    label = _label(wanted.de, wanted.en)
    class_id = wanted.id or key_of(label["en"], taken)
    common = {one["key"]: one for one in shipped_definition(MODEL)["attributes"]}
    made: dict[str, Any] = {
        "id": class_id,
        "label": label,
        "words": [label["de"].casefold()] if len(label["de"]) > 1 else [],
        "number_unique": wanted.number_unique,
        "geometry": {"kinds": list(SHAPES[wanted.shape]), "required": wanted.place_required},
        "fiware": {
            "type": "".join(part.capitalize() for part in class_id.split("_")),
            "unverified": True,
        },
        "attributes": [common[key] for key in COMMON],
    }
    return made | ({"parents": list(wanted.parents)} if wanted.parents else {})


def typed_attribute(attribute: AssetAttribute) -> TypedAttribute:
    """As the form shows it."""
    limits = (
        "" if limit is None else shown(attribute, limit) for limit in (attribute.minimum, attribute.maximum)
    )
    minimum, maximum = limits
    return TypedAttribute(
        key=attribute.key,
        de=attribute.label["de"],
        en=attribute.label["en"],
        type=attribute.type,
        unit=attribute.unit or "",
        choices=tuple(
            TypedChoice(key, label["de"], label["en"]) for key, label in (attribute.choices or {}).items()
        ),
        required=attribute.required,
        default=shown_default(attribute),
        minimum=minimum,
        maximum=maximum,
        release=attribute.release,
        fiware=attribute.fiware or "",
        words=", ".join(attribute.words),
    )


def shown_default(attribute: AssetAttribute) -> str:
    if attribute.choices is not None and isinstance(attribute.default, str):
        return attribute.choices[attribute.default]["de"]
    return shown(attribute, attribute.default)


def _label(de: str, en: str) -> dict[str, str]:
    german = " ".join(de.split())
    if not german:
        raise ValuesInvalid(_("the German name is missing"))
    return {"de": german, "en": " ".join(en.split()) or german}


def _choices(wanted: Iterable[TypedChoice]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for one in wanted:
        if one.de.strip():
            label = _label(one.de, one.en)
            found[one.key or key_of(label["en"], found)] = label
    if not found:
        raise ValuesInvalid(_("a choice needs its allowed values"))
    labels = [label["de"].casefold() for label in found.values()]
    double = next((label for label in labels if labels.count(label) > 1), None)
    if double is not None:
        raise ValuesInvalid(_("the allowed value “{label}” occurs twice").format(label=double))
    return found


def _limit(words: str, title: str) -> float | int | None:
    if not words.strip():
        return None
    found = typed_number(words)
    if found is None:
        raise ValuesInvalid(f"{title}: {_('this is not a number')}")
    return int(found) if float(found).is_integer() else found


def _words(text: str) -> list[str]:
    return list(dict.fromkeys(word.strip() for word in text.split(",") if len(word.strip()) > 1))


def _fiware(name: str, old: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if not name:
        return None
    if old is not None and old["attribute"] == name:
        return dict(old)
    if re.fullmatch("[A-Za-z][A-Za-z0-9]*", name) is None:
        raise ValuesInvalid(_("the FIWARE attribute has letters and digits only"))
    return {"attribute": name, "unverified": True}


def _default(entry: Mapping[str, Any], words: str) -> Any:
    model = shipped_definition(MODEL)
    kind = class_of({**model, "attributes": [dict(entry)]}, MODEL)
    found = typed(kind.attributes[0], words)
    if found.problem is not None:
        raise ValuesInvalid(f"{_('Default')}: {found.problem}")
    return found.value
