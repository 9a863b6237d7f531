"""The query language of `q` (4.9): terms joined by ";" (and), "|" (or) and parentheses.

Left out: language filters, linked entities, expandValues.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from fieldtool.training.attribute_rules import VALUE_MEMBERS, Instance
from fieldtool.training.database import Row
from fieldtool.training.values import bad

Test = Callable[[Row], bool]

_TOKEN = re.compile(
    r"""(?P<mark>[();|])
    |(?P<path>[^\W\d]\w*(?::\w+)?(?:\.[^\W\d]\w*)*(?:\[[\w.]+\])?)
     (?:(?P<operator>==|!=|>=|<=|>|<|~=|!~=)
        (?P<value>(?:"(?:[^"\\]|\\.)*"|[^"();|])+))?""",
    re.VERBOSE,
)
_PART = re.compile(r'"(?:[^"\\]|\\.)*"|\.\.|,|(?:(?!\.\.)[^",])+')
_NUMBER = re.compile(r"-?\d+(\.\d+)?([eE][+-]?\d+)?")
ORDERED: dict[str, Callable[[Any, Any], bool]] = {
    ">": lambda one, other: one > other,
    ">=": lambda one, other: one >= other,
    "<": lambda one, other: one < other,
    "<=": lambda one, other: one <= other,
}


@dataclass(frozen=True)
class Query:
    test: Test
    names: frozenset[str]


def parse(text: str) -> Query:
    """Raises Refused (BadRequestData)."""
    reader = _Reader(_tokens(text))
    test = reader.alternatives()
    if reader.tokens:
        raise bad(f"q: unexpected {reader.tokens[0].group()!r}")
    return Query(test, frozenset(reader.names))


def _tokens(text: str) -> list[re.Match[str]]:
    tokens, place = [], 0
    while place < len(text):
        token = _TOKEN.match(text, place)
        if token is None:
            raise bad(f"q: not understood from {text[place:]!r}")
        tokens.append(token)
        place = token.end()
    return tokens


class _Reader:
    def __init__(self, tokens: list[re.Match[str]]) -> None:
        self.tokens = tokens
        self.names: set[str] = set()

    def alternatives(self) -> Test:
        tests = [self._together()]
        while self._takes("|"):
            tests.append(self._together())
        return lambda row: any(test(row) for test in tests)

    def _together(self) -> Test:
        tests = [self._unit()]
        while self._takes(";"):
            tests.append(self._unit())
        return lambda row: all(test(row) for test in tests)

    def _unit(self) -> Test:
        if self._takes("("):
            inner = self.alternatives()
            if not self._takes(")"):
                raise bad("q: a parenthesis is not closed")
            return inner
        if not self.tokens or self.tokens[0]["path"] is None:
            raise bad("q: an attribute is missing")
        token = self.tokens.pop(0)
        self.names.add(re.split(r"[.\[]", token["path"])[0])
        return _term(token["path"], token["operator"], token["value"])

    def _takes(self, mark: str) -> bool:
        if self.tokens and self.tokens[0]["mark"] == mark:
            del self.tokens[0]
            return True
        return False


def _term(path: str, operator: str | None, text: str | None) -> Test:
    if operator is None or text is None:
        return lambda row: bool(targets(row, path))
    matches = _matcher(operator, text)
    return lambda row: any(matches(target) for target in targets(row, path))


def targets(row: Row, path: str) -> list[Any]:
    """The values a path points at, one per instance; none where something on the way is missing."""
    attribute, _, trail = path.partition("[")
    name, *inner = attribute.split(".")
    if name in ("createdAt", "modifiedAt"):
        return [row.created_at if name == "createdAt" else row.modified_at]
    found: list[Any] = list(row.attributes.get(name, {}).values())
    for step in inner:
        found = [instance[step] for instance in found if isinstance(instance, dict) and step in instance]
    values = [_value(instance) for instance in found]
    for step in trail.rstrip("]").split(".") if trail else []:
        values = [value[step] for value in values if isinstance(value, dict) and step in value]
    return values


def _value(found: Any) -> Any:
    if isinstance(found, dict) and found.get("type") in VALUE_MEMBERS:
        instance: Instance = found
        value = instance[VALUE_MEMBERS[instance["type"]]]
        return value.get("@value", value) if isinstance(value, dict) else value
    return found


def _matcher(operator: str, text: str) -> Callable[[Any], bool]:
    if operator in ("~=", "!~="):
        return _pattern(operator, text)
    parts = _PART.findall(text)
    if operator in ORDERED:
        if len(parts) != 1:
            raise bad(f"q: {operator} takes one value")
        bound = _literal(parts[0])
        return lambda target: _same_kind(target, bound) and ORDERED[operator](target, bound)
    wanted = _range(parts) if ".." in parts else _one_of(parts)
    if operator == "==":
        return wanted
    return lambda target: not wanted(target)


def _pattern(operator: str, text: str) -> Callable[[Any], bool]:
    try:
        pattern = re.compile(str(_literal(text)))
    except re.error as error:
        raise bad(f"q: {text!r} is no regular expression: {error}") from None
    return lambda target: isinstance(target, str) and (pattern.search(target) is None) == (operator == "!~=")


def _range(parts: list[str]) -> Callable[[Any], bool]:
    if len(parts) != 3 or parts[1] != "..":
        raise bad("q: a range is LOW..HIGH")
    low, high = _literal(parts[0]), _literal(parts[2])
    return lambda target: _same_kind(target, low) and _same_kind(target, high) and low <= target <= high


def _one_of(parts: list[str]) -> Callable[[Any], bool]:
    if any(part == "," for part in parts[::2]) or any(part != "," for part in parts[1::2]):
        raise bad("q: a list is VALUE,VALUE")
    values = [_literal(part) for part in parts[::2]]
    return lambda target: any(
        _same_kind(one, value) and one == value
        for one in (target if isinstance(target, list) else [target])
        for value in values
    )


def _literal(text: str) -> Any:
    if text.startswith('"'):
        return re.sub(r"\\(.)", r"\1", text[1:-1])
    if text in ("true", "false"):
        return text == "true"
    return float(text) if _NUMBER.fullmatch(text) else text


def _same_kind(one: object, other: object) -> bool:
    for kind in (bool, str):
        if isinstance(one, kind) or isinstance(other, kind):
            return isinstance(one, kind) and isinstance(other, kind)
    return isinstance(one, int | float) and isinstance(other, int | float)
