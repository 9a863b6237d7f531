"""Of what an import would do, what a person wants: some outcomes, some rows, some edits overwritten."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from fieldtool.imports.matching import Outcome, Step, difference
from fieldtool.imports.records import Remark
from fieldtool.texts import _

WRITING: tuple[Outcome, ...] = ("imported", "updated")
RANGE = re.compile(r"(\d{1,9})(?:-(\d{1,9}))?")


@dataclass(frozen=True, slots=True)
class Rows:
    """Numbers of rows as ranges, both ends included; the same text reads and writes it ("1,5-9")."""

    ranges: tuple[tuple[int, int], ...]

    def __contains__(self, row: int) -> bool:
        return any(first <= row <= last for first, last in self.ranges)

    def __str__(self) -> str:
        return ",".join(str(first) if first == last else f"{first}-{last}" for first, last in self.ranges)


def read_rows(text: str) -> Rows:
    """Raises ValueError."""
    found = [RANGE.fullmatch(part.strip()) for part in text.split(",")]
    ranges = tuple((int(one[1]), int(one[2] or one[1])) for one in found if one is not None)
    if len(ranges) != len(found) or any(first > last or not first for first, last in ranges):
        raise ValueError(text)
    return Rows(ranges)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """`only` and `rows` are None where everything is wanted; what a person has edited since the last list
    is a kind of its own. `others` are rows for which the opposite holds."""

    only: frozenset[Outcome] | None = None
    rows: Rows | None = None
    overwrite_edited: bool = False
    others: frozenset[int] = frozenset()


EVERYTHING = Choice()


def was_edited(step: Step) -> bool:
    """Whether it is left alone because a person changed the record since the last list."""
    return step.outcome == "ignored" and step.asset is not None


def chosen(lists: Sequence[Sequence[Step]], choices: Sequence[Choice]) -> list[list[Step]]:
    """Of each list the same rows in the same order; those that are not wanted are ignored, and say why."""
    found = [
        list(steps) if choice == EVERYTHING else [_chosen(step, choice) for step in steps]
        for steps, choice in zip(lists, choices, strict=True)
    ]
    gone = {
        step.record.id
        for steps, now in zip(lists, found, strict=True)
        for step, one in zip(steps, now, strict=True)
        if one is not step and one.outcome == "ignored" and step.record.id is not None and step.asset is None
    }
    return [list(_without_parents(steps, gone)) for steps in found] if gone else found


def is_not_chosen(step: Step) -> bool:
    return step.outcome == "ignored" and step.asset is None and step.remark is None


def _chosen(step: Step, choice: Choice) -> Step:
    asset = step.asset
    edited = was_edited(step)
    if not edited and step.outcome not in WRITING:
        return step
    of_its_kind = choice.overwrite_edited if edited else choice.only is None or step.outcome in choice.only
    row = step.record.row
    wanted = of_its_kind != (row in choice.others) and (choice.rows is None or row in choice.rows)
    if edited:
        if not wanted or asset is None:
            return step
        return Step(step.record, "updated", asset, difference(step.record, asset))
    return step if wanted else Step(step.record, "ignored")


def _without_parents(steps: Sequence[Step], gone: Collection[str]) -> Iterator[Step]:
    """What a thing is part of may not have been chosen."""
    for step in steps:
        parent = step.record.parent_id
        if parent is None or parent not in gone or step.outcome not in WRITING:
            yield step
            continue
        changes = {name: value for name, value in step.changes.items() if name != "parent_id"}
        remark = Remark(step.record.row, None, parent, _("what it is part of is not here yet"))
        yield replace(step, record=replace(step.record, parent_id=None), changes=changes, remark=remark)
