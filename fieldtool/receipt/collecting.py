"""What a day's receipt says, before it is a page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from fieldtool.operation import Action, Actor, DeliveryState, EntityName
from fieldtool.receipt.day import Day
from fieldtool.store import Store
from fieldtool.store.receipt_rows import (
    Confirmed,
    KnownTarget,
    Unsettled,
    confirmed,
    known_targets,
    unsettled,
    unsettled_states,
)

FEW = 5
"""More records than these of one kind, changed in one operation, are one line."""
LISTED = 200
"""Of what waits at one target."""
NAMED = 3
"""Of the records of one operation that waits."""


@dataclass(frozen=True, slots=True)
class Line:
    """One change, or many of one operation: `first` to `last`, `count` of them."""

    first: Confirmed
    last: Confirmed
    count: int


@dataclass
class _Group:
    count: int = 0
    kept: list[Confirmed] = field(default_factory=list)
    last: Confirmed | None = None

    def add(self, one: Confirmed) -> None:
        self.count += 1
        self.last = one
        if len(self.kept) < FEW:
            self.kept.append(one)

    def lines(self) -> Iterator[Line]:
        if self.last is not None and self.count > FEW:
            yield Line(self.kept[0], self.last, self.count)
        else:
            yield from (Line(one, one, 1) for one in self.kept)


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetDay:
    """`operations` and `records` were confirmed on this day; `states` count what was done by its end and is
    not confirmed yet, of which `unsettled` are the first ones."""

    known: KnownTarget
    lines: tuple[Line, ...] = ()
    operations: int = 0
    records: int = 0
    states: dict[DeliveryState, int]
    unsettled: tuple[Unsettled, ...] = ()

    @property
    def conflicts(self) -> int:
        return self.states.get("conflict", 0)

    @property
    def rejected(self) -> int:
        return self.states.get("rejected", 0)

    @property
    def waiting(self) -> int:
        return sum(self.states.values()) - self.conflicts - self.rejected


@dataclass(frozen=True, slots=True, kw_only=True)
class DayReceipt:
    """`people` are those whose work was confirmed, or who has made this page where there is none."""

    day: Day
    made_at: datetime
    made_by: Actor
    people: tuple[Actor, ...]
    targets: tuple[TargetDay, ...]

    @property
    def operations(self) -> int:
        return sum(target.operations for target in self.targets)

    @property
    def records(self) -> int:
        return sum(target.records for target in self.targets)

    @property
    def waiting(self) -> int:
        return sum(target.waiting for target in self.targets)

    @property
    def rejected(self) -> int:
        return sum(target.rejected for target in self.targets)

    @property
    def conflicts(self) -> int:
        return sum(target.conflicts for target in self.targets)


GroupKey = tuple[int, int, EntityName, Action]


def collect(store: Store, made_by: Actor, day: date, now: datetime) -> DayReceipt:
    """Every present target, and those removed ones that confirmed something on that day."""
    asked = Day(day)
    groups: dict[GroupKey, _Group] = {}
    people: dict[str, Actor] = {}
    for one in confirmed(store.connection, asked.start, asked.end):
        key = (one.target, one.operation.sequence, one.entity, one.action)
        groups.setdefault(key, _Group()).add(one)
        people.setdefault(one.actor.id, one.actor)
    found = (_target_day(store, asked, known, groups) for known in known_targets(store.connection))
    return DayReceipt(
        day=asked,
        made_at=now,
        made_by=made_by,
        people=tuple(people.values()) or (made_by,),
        targets=tuple(one for one in found if one.known.removed_at is None or one.records),
    )


def _target_day(store: Store, day: Day, known: KnownTarget, groups: dict[GroupKey, _Group]) -> TargetDay:
    own = {key: group for key, group in groups.items() if key[0] == known.key}
    plain = TargetDay(
        known=known,
        lines=tuple(_in_time(line for group in own.values() for line in group.lines())),
        operations=len({key[1] for key in own}),
        records=sum(group.count for group in own.values()),
        states={},
    )
    if known.removed_at is not None:
        return plain
    return replace(
        plain,
        states=unsettled_states(store.connection, known.key, day.end),
        unsettled=tuple(unsettled(store.connection, known.key, day.end, LISTED, NAMED)),
    )


def _in_time(lines: Iterable[Line]) -> list[Line]:
    return sorted(lines, key=lambda line: line.first.at)
