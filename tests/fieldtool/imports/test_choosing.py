"""All or chosen rows, and what a person has edited since: the outcomes always add up to the rows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from fieldtool.asset import Asset
from fieldtool.imports.choosing import Choice, read_rows, was_edited
from fieldtool.imports.differences import differences, editor
from fieldtool.imports.prepare import Wish, prepare
from fieldtool.imports.report import ImportReport, make_report
from fieldtool.imports.several import Part, choose, compare_parts, write_parts
from fieldtool.journal import operation
from fieldtool.profile import Profile, open_profile
from fieldtool.store.errors import NotFound
from tests.fieldtool.imports.lists import LIGHTS

NEWER = LIGHTS.replace("6;Natriumdampf", "6;LED").replace("520,10", "525,10") + (
    "0050;393590,00;5708130,00;6;LED;Prüßweg\n"
)


@pytest.fixture
def profile(tmp_path: Path) -> Iterator[Profile]:
    with open_profile(tmp_path / "profile", write=True) as opened:
        yield opened


def parts(profile: Profile, path: Path, text: str, choice: Choice) -> list[Part]:
    path.write_text(text, encoding="utf-8")
    return choose(compare_parts([(None, prepare(Wish(path=path)))], profile.store), choice)


def take_over(profile: Profile, path: Path, text: str, **choice: object) -> ImportReport:
    found = parts(profile, path, text, Choice(**choice))  # type: ignore[arg-type]
    write_parts(profile.store, profile.actor, found)
    return make_report(found[0].prepared, found[0].steps, dry_run=False)


def counts(report: ImportReport) -> tuple[int, int, int, int, int]:
    return report.imported, report.updated, report.unchanged, report.ignored, report.not_chosen


def edit(profile: Profile, number: str, **attributes: object) -> Asset:
    (found,) = profile.store.asset_by_number("street_light", number)
    with operation(profile.store, profile.actor, "asset.edit") as recorder:
        return recorder.update(found, attributes={**found.attributes, **attributes})


@pytest.mark.parametrize(
    ("text", "rows"), [("1", [1]), ("1,5-7", [1, 5, 6, 7]), ("2-2, 9", [2, 9]), ("3-4", [3, 4])]
)
def test_rows_as_a_person_writes_them(text: str, rows: list[int]) -> None:
    assert [row for row in range(1, 12) if row in read_rows(text)] == rows


@pytest.mark.parametrize("text", ["", "a", "5-3", "0", "1;2", "1,", "-4"])
def test_rows_that_are_none(text: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(text)}$"):
        read_rows(text)


def test_only_what_is_new_or_changed(profile: Profile, tmp_path: Path) -> None:
    path = tmp_path / "leuchten.csv"
    take_over(profile, path, LIGHTS)
    report = take_over(profile, path, NEWER, only=frozenset({"imported"}))
    assert counts(report) == (1, 0, 1, 2, 2)
    assert report.rows == 4
    assert counts(take_over(profile, path, NEWER, only=frozenset({"updated"}))) == (0, 2, 2, 0, 0)


def test_only_these_rows_and_not_those(profile: Profile, tmp_path: Path) -> None:
    path = tmp_path / "leuchten.csv"
    assert counts(take_over(profile, path, LIGHTS, rows=read_rows("2,4"))) == (2, 0, 0, 1, 1)
    assert counts(take_over(profile, path, LIGHTS, others=frozenset({3}))) == (0, 0, 2, 1, 1)
    assert counts(take_over(profile, path, LIGHTS)) == (1, 0, 2, 0, 0)


def test_what_was_edited_since_is_overwritten_only_when_asked(profile: Profile, tmp_path: Path) -> None:
    path = tmp_path / "leuchten.csv"
    take_over(profile, path, LIGHTS)
    edited = [edit(profile, number, lamp="gas") for number in ("0047", "0048")]
    assert counts(take_over(profile, path, LIGHTS)) == (0, 0, 1, 2, 0)
    report = take_over(profile, path, LIGHTS, others=frozenset({3}))
    assert counts(report) == (0, 1, 1, 1, 0)
    assert profile.store.get(Asset, edited[0].id) == edited[0]
    assert profile.store.get(Asset, edited[1].id).attributes["lamp"] == "led"
    assert counts(take_over(profile, path, LIGHTS, overwrite_edited=True)) == (0, 1, 2, 0, 0)


def test_the_difference_field_by_field_and_who_edited(profile: Profile, tmp_path: Path) -> None:
    path = tmp_path / "leuchten.csv"
    take_over(profile, path, LIGHTS)
    edit(profile, "0049", lamp="gas")
    (part,) = parts(profile, path, NEWER, Choice())
    moved, lamp = (part.steps[1], part.steps[2])
    assert [one.key for one in differences(moved)] == ["geometry"]
    assert was_edited(lamp)
    (found,) = differences(lamp)
    assert (found.key, found.old, found.new) == ("lamp", "Gas", "LED")
    assert lamp.asset is not None
    who = editor(profile.store, lamp.asset.id)
    assert who is not None
    assert who.name == profile.actor.name
    assert moved.asset is not None
    assert editor(profile.store, moved.asset.id) is None


def test_the_record_is_deleted_between_look_and_import(profile: Profile, tmp_path: Path) -> None:
    """Compared anew, it is new again; of the stale comparison nothing is written."""
    path = tmp_path / "leuchten.csv"
    take_over(profile, path, LIGHTS)
    looked = parts(profile, path, NEWER, Choice())
    (found,) = profile.store.asset_by_number("street_light", "0049")
    with operation(profile.store, profile.actor, "asset.delete") as recorder:
        recorder.delete(found)
    before = profile.store.operation_count()
    with pytest.raises(NotFound):
        write_parts(profile.store, profile.actor, looked)
    assert profile.store.operation_count() == before
    assert counts(take_over(profile, path, NEWER)) == (2, 1, 1, 0, 0)
