"""Every expected error tells a person what happened and what to do next."""

from __future__ import annotations

import ast
import dataclasses
import re
import string
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from drivers.errors import ExpectedError
from fieldtool.explain import Explanation, table
from fieldtool.selfcheck import broken_modules

TOP = Path(__file__).resolve().parents[2]
OURS = ("drivers", "fieldtool", "ui")


def below(kind: type[ExpectedError]) -> Iterator[type[ExpectedError]]:
    for found in kind.__subclasses__():
        if found.__module__.split(".")[0] in OURS:
            yield found
            yield from below(found)


@pytest.fixture(scope="module")
def kinds() -> list[type[ExpectedError]]:
    """Of every module there is."""
    assert broken_modules() == []
    return list(dict.fromkeys(below(ExpectedError)))


def raised_names() -> set[str]:
    """What the code raises by name."""
    found = set()
    for folder in OURS:
        for path in (TOP / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Raise) and node.exc is not None:
                    target = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
                    found.add(target.attr if isinstance(target, ast.Attribute) else getattr(target, "id", ""))
    return found


def test_every_error_without_subtypes_is_explained(kinds: list[type[ExpectedError]]) -> None:
    leaves = [kind for kind in kinds if not list(below(kind))]
    assert leaves
    assert [f"{kind.__module__}.{kind.__name__}" for kind in leaves if kind not in table()] == []


def test_every_error_that_is_raised_is_explained(kinds: list[type[ExpectedError]]) -> None:
    names = raised_names()
    raised = [kind for kind in kinds if kind.__name__ in names]
    assert [f"{kind.__module__}.{kind.__name__}" for kind in raised if kind not in table()] == []


def test_placeholders_are_fields_of_the_error() -> None:
    wrong = []
    for kind, explanation in table().items():
        known = (
            {field.name for field in dataclasses.fields(kind)} if dataclasses.is_dataclass(kind) else set()
        )
        for text in (explanation.message, explanation.advice):
            used = {name for _text, name, _format, _conversion in string.Formatter().parse(text) if name}
            if not used <= known:
                wrong.append((kind.__name__, used - known))
    assert wrong == []


def test_codes_are_unique_and_snake_case() -> None:
    codes = Counter(explanation.code for explanation in table().values())
    assert [code for code, times in codes.items() if times > 1] == []
    assert [code for code in codes if not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", code)] == []


def test_every_explanation_says_what_happened() -> None:
    assert all(isinstance(entry, Explanation) and entry.message.strip() for entry in table().values())


def test_no_error_carries_a_secret(kinds: list[type[ExpectedError]]) -> None:
    """A field that is a Secret would be shown as dots; its name would only mislead."""
    named = [
        (kind.__name__, field.name)
        for kind in kinds
        if dataclasses.is_dataclass(kind)
        for field in dataclasses.fields(kind)
        if "Secret" in str(field.type)
    ]
    assert named == []
