"""What was meant by a word that nothing has."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from fieldtool.profile import Profile
from fieldtool.similar import closest, similar
from tests.fieldtool.making import asset, profile, record

TERMS = [
    ("hafenstrasse", 3),
    ("hagenerstrasse", 9),
    ("linde", 5),
    ("lindenhof", 1),
    ("markischestrasse", 40),
    ("tilia", 2),
]


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("markichestrasse", "markischestrasse"),
        ("merkischestrasse", "markischestrasse"),
        ("markischestrases", "markischestrasse"),
        ("lidne", "linde"),
        ("hafenstarsse", "hafenstrasse"),
        ("markisce", "markischestrasse"),
        ("maerkischestr", "markischestrasse"),
    ],
)
def test_slips_are_forgiven(word: str, meant: str) -> None:
    assert closest(word, TERMS)[0] == meant


@pytest.mark.parametrize("word", ["xyz", "kastanie", "lxxde"])
def test_what_is_something_else_stays_so(word: str) -> None:
    assert closest(word, TERMS) == ()


def test_the_fewest_slips_first_then_the_most_frequent() -> None:
    assert closest("linda", [("lindau", 1), ("linde", 2), ("lindner", 9)]) == (
        *("lindau", "lindner", "linde"),
    )
    assert closest("buche", [("buchs", 1), ("bucht", 7)]) == ("bucht", "buchs")


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Profile]:
    with profile(tmp_path / "profile") as made:
        record(
            made,
            asset("B-1", name="Winterlinde", attributes={"street": "Märkische Straße"}),
            asset("B-2", name="Süntelbuche", attributes={"street": "Hörder Straße"}),
        )
        made.store.fold_texts()
        yield made


def test_only_words_that_nothing_has_are_replaced(opened: Profile) -> None:
    found = similar(opened.store, "Merkische Straße B-1")
    assert found is not None
    assert found.instead == {"Merkische": ("markische",)}
    assert [one.number for one in opened.store.assets(search=found.text)] == ["B-1"]


@pytest.mark.parametrize(
    "text", ["Märkische", "Straß", "ab", "B-9", "4711", "", "\"' OR *", "Kastanienallee"]
)
def test_nothing_to_replace(opened: Profile, text: str) -> None:
    assert similar(opened.store, text) is None


@pytest.mark.usefixtures("opened")
def test_a_reader_may_ask_too(tmp_path: Path) -> None:
    with profile(tmp_path / "profile", write=False) as reader:
        found = similar(reader.store, "Suntelbuhce")
        assert found is not None
        assert found.text == "suntelbuche"
