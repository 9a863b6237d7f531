"""Writing changes to a target so that doing it twice does no harm: look first, write, read back, compare.

Nothing here touches the store. A ConnectorError that leaves a function means: unknown what was done, so the
next attempt must look first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from fieldtool.connectors.connector import (
    Accepted,
    Content,
    Deferred,
    Exists,
    Found,
    Missing,
    Outcome,
    Record,
    Session,
)
from fieldtool.connectors.errors import WrittenButMissing
from fieldtool.jsontypes import Json
from fieldtool.operation import Change, Operation
from fieldtool.sync.merge import FieldConflict, differing, merge


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One change on its way. `mine` is what the target keeps of it: the whole record for a creation, the
    changed fields for an update (None clears one). `before` are the same fields before it, `base` what the
    target was last known to have. `in_doubt`: it may have arrived in an earlier, interrupted attempt."""

    operation: Operation
    change: Change
    record: Record
    mine: Content
    before: Content = field(default_factory=dict)
    base: Content | None = None
    in_doubt: bool = False

    @property
    def id(self) -> str:
        return self.change.entity_id


@dataclass(frozen=True, slots=True)
class Settled:
    """It is there as wanted. `base` is the content that both sides now agree on, None where it is deleted.
    `facts` is what the target told besides."""

    remote_id: str
    base: Content | None
    facts: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Postponed:
    """The target has taken it and decides later; until then it is known there as `remote_id`."""

    remote_id: str


@dataclass(frozen=True, slots=True)
class Refused:
    reason: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Conflicting:
    reason: str
    remote_id: str
    fields: tuple[FieldConflict, ...]
    theirs_at: str | None = None


Result = Settled | Refused | Conflicting | Postponed


def write(session: Session, target: str, items: Sequence[Item], *, again: bool) -> list[Result]:
    """All of one action and each of another record; `again`: an attempt before this one broke off."""
    match items[0].change.action:
        case "create":
            return _create(session, target, items, again=again)
        case "update":
            return _update(session, target, items)
        case "delete":
            return _delete(session, items)


def _create(session: Session, target: str, items: Sequence[Item], *, again: bool) -> list[Result]:
    doubtful = [item.record for item in items if again or item.in_doubt]
    found = session.lookup(doubtful) if doubtful else {}
    arrived = {key: there for key, there in found.items() if there.ours}
    sent = [item for item in items if item.id not in arrived]
    outcomes = dict(zip((item.id for item in sent), _created(session, sent), strict=True))
    there = session.lookup([item.record for item in sent if _worth_reading(outcomes[item.id])])
    results: list[Result] = []
    for item in items:
        if item.id in arrived:
            # What differs was changed there since, and stays.
            there_now = arrived[item.id]
            results.append(Settled(there_now.remote_id, item.mine, there_now.facts))
        else:
            results.append(_judged_creation(item, outcomes[item.id], there.get(item.id), target))
    return results


def _created(session: Session, items: Sequence[Item]) -> Sequence[Outcome]:
    return session.create([item.record for item in items]) if items else []


def _worth_reading(outcome: Outcome) -> bool:
    match outcome:
        case Accepted() | Exists():
            return True
        case Missing() | Deferred():
            return False
    return outcome.reason == "unspecified"


def _judged_creation(item: Item, outcome: Outcome, there: Found | None, target: str) -> Result:
    other = differing(item.mine, _part(there.content, item.mine)) if there is not None else []
    match outcome:
        case Accepted(remote_id):
            if there is None:
                raise WrittenButMissing(target, remote_id)
            if other:
                return Refused("not_kept", ", ".join(other))
            return Settled(there.remote_id, item.mine, there.facts)
        case Missing():
            return Refused("not_found")
        case Deferred(remote_id):
            return Postponed(remote_id)
    if there is not None:
        return _judged_existing(item, there, other)
    return (
        Refused("already_exists") if isinstance(outcome, Exists) else Refused(outcome.reason, outcome.detail)
    )


def _judged_existing(item: Item, there: Found, other: Sequence[str]) -> Result:
    if not other:
        return Settled(there.remote_id, item.mine, there.facts)
    fields = tuple(FieldConflict(name, None, item.mine.get(name), there.content.get(name)) for name in other)
    return Conflicting("exists_with_other_content", there.remote_id, fields, there.modified_at)


def _update(session: Session, target: str, items: Sequence[Item]) -> list[Result]:
    found = session.lookup([item.record for item in items])
    results: dict[str, Result] = {}
    written: dict[str, Content] = {}
    for item in items:
        there = found.get(item.id)
        if there is None:
            results[item.id] = _deleted_there(session, item)
            continue
        merged = merge(_base(item), item.mine, _part(there.content, item.mine))
        if merged.conflicts:
            results[item.id] = Conflicting(
                "changed_on_both_sides", there.remote_id, merged.conflicts, there.modified_at
            )
        elif merged.write:
            outcome = session.update(item.record, merged.write, there.content)
            if isinstance(outcome, Accepted):
                written[item.id] = merged.write
            else:
                results[item.id] = _refused_update(session, item, outcome)
    back = session.lookup([item.record for item in items if item.id in written]) if written else {}
    for item in items:
        if item.id not in results:
            results[item.id] = _judged_update(session, target, item, written.get(item.id), back)
    return [results[item.id] for item in items]


def _judged_update(
    session: Session, target: str, item: Item, written: Content | None, back: Mapping[str, Found]
) -> Result:
    remote_id = session.remote_id(item.record)
    if written is not None:
        if item.id not in back:
            raise WrittenButMissing(target, remote_id)
        other = differing(written, _part(back[item.id].content, written))
        if other:
            return Refused("not_kept", ", ".join(other))
    # Fields that somebody changed there alone keep their old base, so that a later change of ours to one
    # of them is seen as a conflict and does not overwrite.
    agreed = {**(item.base or {}), **item.mine}
    kept = {name: value for name, value in agreed.items() if value is not None}
    return Settled(remote_id, kept, back[item.id].facts if item.id in back else {})


def _refused_update(session: Session, item: Item, outcome: Outcome) -> Result:
    match outcome:
        case Missing():
            return _deleted_there(session, item)
        case Accepted() | Exists() | Deferred():
            return Refused("already_exists")
    return Refused(outcome.reason, outcome.detail)


def _deleted_there(session: Session, item: Item) -> Conflicting:
    base = _base(item)
    fields = tuple(FieldConflict(name, base.get(name), value, None) for name, value in item.mine.items())
    return Conflicting("deleted_there", session.remote_id(item.record), fields)


def _delete(session: Session, items: Sequence[Item]) -> list[Result]:
    found = session.lookup([item.record for item in items])
    results: dict[str, Result] = {}
    for item in items:
        there = found.get(item.id)
        if there is None:
            results[item.id] = Settled(session.remote_id(item.record), None)
            continue
        base = _base(item)
        changed = differing(base, _part(there.content, base))
        if changed:
            fields = tuple(
                FieldConflict(name, base.get(name), None, there.content.get(name)) for name in changed
            )
            results[item.id] = Conflicting(
                "changed_there_deleted_here", there.remote_id, fields, there.modified_at
            )
            continue
        match session.delete(item.record):
            case Accepted(remote_id) | Missing(remote_id):
                results[item.id] = Settled(remote_id, None)
            case Exists() | Deferred():
                results[item.id] = Refused("already_exists")
            case refused:
                results[item.id] = Refused(refused.reason, refused.detail)
    deleted = [item for item in items if isinstance(results[item.id], Settled) and item.id in found]
    for left in session.lookup([item.record for item in deleted]) if deleted else ():
        results[left] = Refused("not_kept")
    return [results[item.id] for item in items]


def _base(item: Item) -> Content:
    """What both sides had: as last seen there, or, where that is not known, as it was here."""
    known: Content = item.base if item.base is not None else item.before
    names = item.mine if item.change.action == "update" else known
    return {name: known.get(name) for name in names}


def _part(whole: Content, wanted: Content) -> dict[str, Json]:
    return {name: whole.get(name) for name in wanted}
