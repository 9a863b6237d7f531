from __future__ import annotations

import dataclasses
from enum import Enum

import pytest

from fieldtool.connectors import errors
from fieldtool.errors import CoreError
from fieldtool.explain import explain
from fieldtool.sync.report import REASONS
from fieldtool.texts import german, use_language

LEAVES = sorted(
    (
        kind
        for kind in vars(errors).values()
        if isinstance(kind, type) and issubclass(kind, CoreError) and not kind.__subclasses__()
    ),
    key=lambda kind: kind.__name__,
)
EXAMPLES: dict[str, object] = {
    "reason": errors.UnreachableReason.DNS,
    "what": errors.Unexpected.HTML,
    "status": 500,
    "from_gateway": True,
    "retry_after": 3.0,
}


@pytest.mark.parametrize("kind", LEAVES, ids=lambda kind: kind.__name__)
def test_every_error_is_told_in_german_with_what_to_do_next(kind: type[CoreError]) -> None:
    use_language("de")
    names = [field.name for field in dataclasses.fields(kind)]
    told = explain(kind(**{name: EXAMPLES.get(name, "https://stadt.example") for name in names}))
    for text in (told.message, told.advice):
        assert text
        assert "{" not in text
        assert "html" not in text
    assert explain_in_english(kind, names) != told.message


def explain_in_english(kind: type[CoreError], names: list[str]) -> str:
    use_language("en")
    try:
        return explain(kind(**{name: EXAMPLES.get(name, "https://stadt.example") for name in names})).message
    finally:
        use_language("de")


@pytest.mark.parametrize("word", [*errors.UnreachableReason, *errors.Unexpected])
def test_every_reason_has_german_words(word: Enum) -> None:
    use_language("de")
    error = (
        errors.Unreachable("https://stadt.example", word)
        if isinstance(word, errors.UnreachableReason)
        else errors.UnexpectedAnswer("https://stadt.example", errors.Unexpected(word))
    )
    assert f"({word.value})" not in explain(error).message


def test_every_reason_of_a_receipt_has_german_words() -> None:
    assert [text for text in REASONS.values() if text not in german()] == []
