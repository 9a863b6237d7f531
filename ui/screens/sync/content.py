"""How the platforms stand, in words. No Qt: made in the database's and the network's thread."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from drivers.errors import ExpectedError
from fieldtool import outbox
from fieldtool.connectors import errors as platform
from fieldtool.connectors.errors import UnreachableReason
from fieldtool.delivery import Target
from fieldtool.documents import write_document
from fieldtool.jsontypes import Json
from fieldtool.naming import ENTITIES, counted, record_text
from fieldtool.operation import DeliveryState
from fieldtool.profile import Profile
from fieldtool.receipt.collecting import DayReceipt, Line, TargetDay, collect
from fieldtool.receipt.page import receipt_html, shown, sum_line, target_title
from fieldtool.store import Store, sync_rows
from fieldtool.store.receipt_rows import KnownTarget, Unsettled, known_targets, unsettled
from fieldtool.sync.report import Standing, SyncReport, Twin, advice_text, is_mapping, reason_text
from fieldtool.sync.run import sync_all, take_up_again
from fieldtool.sync.targets import named
from fieldtool.texts import N_, _, local_time, thousands
from fieldtool.titles import ACTIONS, DELIVERY_STATES, KINDS, field_title, kind_title

WAITING_SHOWN = 50
STUCK_SHOWN = 50
NAMED = 3
"""Of the records of one operation."""
CONFIRMED_SHOWN = 50
TYPES = {
    "ngsi-ld": N_("Urban data platform (NGSI-LD)"),
    "chirpstack": N_("LoRaWAN network server (ChirpStack)"),
    "open311": N_("Reporting platform (Open311)"),
}
AGAIN = N_("Correct the record here, or ask who runs the platform; then try it again.")
ASK = N_("Ask who runs the platform; then try it again.")
ADVICE = {
    "application_unknown": ASK,
    "category_unknown": N_(
        "Name the category of the platform in the settings, or have it set up there; then try it again."
    ),
    "device_profile_unknown": N_(
        "Have a device profile set up there and name it in the settings; then try it again."
    ),
    "lorawan_version_unsupported": ASK,
    "maybe_there": N_("Look there: if the request is yours, close the ticket here; if not, try it again."),
    "place_missing": N_("Give the ticket a place or an address; then try it again."),
}
"""Where the core's advice speaks of the command line."""
COUNTED: tuple[tuple[DeliveryState, str], ...] = (
    ("saved", N_("{count} to be sent")),
    ("sending", N_("{count} being sent")),
    ("waiting", N_("{count} waiting for another change")),
    ("rejected", N_("{count} refused")),
    ("conflict", N_("{count} in conflict")),
    ("accepted", N_("{count} confirmed")),
)
OFFLINE = (UnreachableReason.REFUSED, UnreachableReason.DNS, UnreachableReason.TIMEOUT, UnreachableReason.CUT)
LOGIN = (platform.TargetUnauthorized, platform.TokenUnusable)


@dataclass(frozen=True, slots=True)
class Side:
    """One field of a conflict, as people read it."""

    field: str
    base: str
    mine: str
    theirs: str


@dataclass(frozen=True, slots=True)
class Stuck:
    """What a person has to look at: refused, or in conflict."""

    operation_id: str
    what: str
    about: str
    made: str
    conflict: bool
    reason: str
    advice: str
    said: str
    sides: tuple[Side, ...]


@dataclass(frozen=True, slots=True)
class Waiting:
    what: str
    about: str
    made: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetState:
    name: str
    kind: str
    address: str
    operator: str
    last: str
    counts: tuple[str, ...]
    pending: int
    stuck: tuple[Stuck, ...]
    stuck_more: int
    waiting: tuple[Waiting, ...]
    waiting_more: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What the last sync did at one target, in words. `calm`: being offline is a state, no error."""

    name: str
    said: str
    calm: bool
    twins: tuple[str, ...]
    error: ExpectedError | None
    login: bool
    reached: bool
    good: bool


@dataclass(frozen=True, slots=True)
class ReceiptLine:
    clock: str
    sign: str
    what: str
    record: str
    there: str


@dataclass(frozen=True, slots=True)
class ReceiptTarget:
    title: str
    counts: str
    lines: tuple[ReceiptLine, ...]
    more: int


@dataclass(frozen=True, slots=True)
class ReceiptDay:
    day: date
    sums: str
    targets: tuple[ReceiptTarget, ...]


def overview(profile: Profile) -> tuple[TargetState, ...]:
    known = [one for one in known_targets(profile.store.connection) if one.removed_at is None]
    return tuple(_state(profile.store, one) for one in known)


def sync(profile: Profile, names: Sequence[str], again: str | None = None) -> tuple[Outcome, ...]:
    """All of them where none is named; `again` is the operation that is taken up once more, "all" each.
    Raises UnknownTarget."""
    wanted = [named(profile, name) for name in names] if names else outbox.targets(profile.store)
    if again is not None:
        take_up_again(profile, wanted, again)
    now = datetime.now(UTC)
    return tuple(outcome(profile.store, report, now) for report in sync_all(profile, wanted))


def outcome(store: Store, report: SyncReport, now: datetime) -> Outcome:
    error = report.stopped_by
    calm = is_calm(error)
    return Outcome(
        name=report.target.name,
        said=_offline(error, report.pending) if calm and error is not None else _done(report, now),
        calm=calm,
        twins=tuple(_twin(store, twin) for twin in report.twins),
        error=None if calm else error,
        login=isinstance(error, LOGIN),
        reached=not isinstance(error, platform.Unreachable),
        good=error is None and not (report.rejected or report.conflicts),
    )


def is_calm(error: ExpectedError | None) -> bool:
    if isinstance(error, platform.Unreachable):
        return error.reason in OFFLINE
    return isinstance(error, platform.AskedToWait | platform.RateLimited)


def _offline(error: ExpectedError, pending: int) -> str:
    waiting = _waiting(pending)
    if isinstance(error, platform.AskedToWait):
        until = local_time(error.until)
        return _("asked to be left alone until {until} – {waiting}").format(until=until, waiting=waiting)
    if isinstance(error, platform.RateLimited):
        return _("asked for a pause – {waiting}").format(waiting=waiting)
    return _("not reachable – {waiting}").format(waiting=waiting)


def _waiting(pending: int) -> str:
    if not pending:
        return _("nothing waits for it")
    return _("1 change waits") if pending == 1 else _("{count} changes wait").format(count=thousands(pending))


def _done(report: SyncReport, now: datetime) -> str:
    parts = []
    if report.accepted:
        parts.append(_("{count} confirmed").format(count=thousands(report.accepted)))
    if report.pulled:
        parts.append(_("{count} taken over").format(count=thousands(report.pulled)))
    parts.append(_waiting(report.pending) if report.pending else _("nothing is left"))
    if report.orphans:
        parts.append(_("{count} entries belong to tickets that are not here").format(count=report.orphans))
    return _("Synchronised at {clock}: {what}").format(clock=local_time(now)[11:16], what=", ".join(parts))


def _twin(store: Store, twin: Twin) -> str:
    about = record_text(store, "ticket", twin.ticket_id)
    told = _("{about} was there a second time: {remote_id} was closed in favour of {kept}.")
    return told.format(about=about, remote_id=twin.remote_id, kept=twin.kept)


def type_text(name: str) -> str:
    return _(TYPES[name]) if name in TYPES else name


def advice(reason: str) -> str:
    """As `advice_text`, for the window."""
    told = advice_text(reason)
    if reason in ADVICE:
        return _(ADVICE[reason])
    return _(AGAIN) if "--" in told else told


def _state(store: Store, known: KnownTarget) -> TargetState:
    target = known.target
    counts = outbox.counts(store, target.name)
    stuck_count = counts["rejected"] + counts["conflict"]
    shown_stuck = min(stuck_count, STUCK_SHOWN)
    limit = stuck_count + WAITING_SHOWN if stuck_count <= STUCK_SHOWN else STUCK_SHOWN
    end = datetime.now(UTC) + timedelta(days=3660)  # also what a wrong clock dated ahead
    found = list(unsettled(store.connection, known.key, end, limit, NAMED))
    stuck = [one for one in found if one.state in ("rejected", "conflict")][:shown_stuck]
    waiting = [one for one in found if one.state not in ("rejected", "conflict")]
    last = sync_rows.last_receipt(store.connection, known.key)
    pending = sum(count for state, count in counts.items() if state != "accepted")
    return TargetState(
        name=target.name,
        kind=type_text(target.type),
        address=_address(target),
        operator=target.operator or "",
        last=local_time(last)[:-3] if last is not None else "",
        counts=tuple(_(text).format(count=thousands(counts[state])) for state, text in _nonzero(counts)),
        pending=pending,
        stuck=tuple(_stuck(store, target, one) for one in stuck),
        stuck_more=stuck_count - len(stuck),
        waiting=tuple(_waits(store, one) for one in waiting),
        waiting_more=pending - stuck_count - len(waiting),
    )


def _nonzero(counts: Mapping[DeliveryState, int]) -> list[tuple[DeliveryState, str]]:
    return [(state, text) for state, text in COUNTED if counts.get(state)]


def _address(target: Target) -> str:
    tenant = _("tenant {name}").format(name=target.tenant) if target.tenant else ""
    return " · ".join(part for part in (target.url, tenant) if part)


def _stuck(store: Store, target: Target, one: Unsettled) -> Stuck:
    said = tuple(outbox.refusals(store, target.name, one.operation.id))
    standing = Standing(one.operation.id, one.operation.kind, one.reason or "", one.records, said)
    texts = dict.fromkeys(str(detail["text"]) for detail in said if detail.get("text"))
    return Stuck(
        operation_id=one.operation.id,
        what=kind_title(one.operation.kind),
        about=_about(store, one),
        made=_made(one),
        conflict=one.state == "conflict",
        reason=reason_text(one.reason or "unspecified"),
        advice=advice(one.reason or "unspecified"),
        said="; ".join(texts),
        sides=tuple(_side(field) for field in standing.fields if is_mapping(dict(field))),
    )


def _side(field: Mapping[str, Json]) -> Side:
    name = str(field.get("field"))
    base, mine, theirs = (shown(name, field.get(key)) for key in ("base", "mine", "theirs"))
    return Side(field_title(name), base, mine, theirs)


def _waits(store: Store, one: Unsettled) -> Waiting:
    why = _(DELIVERY_STATES[one.state])
    if one.reason:
        why = reason_text(one.reason)
    return Waiting(kind_title(one.operation.kind), _about(store, one), _made(one), why)


def _about(store: Store, one: Unsettled) -> str:
    names = list(dict.fromkeys(record_text(store, entity, entity_id) for entity, entity_id in one.records))
    if one.open > len(one.records):
        names.append(_("and {count} more").format(count=thousands(one.open - len(one.records))))
    return ", ".join(names)


def _made(one: Unsettled) -> str:
    return f"{local_time(one.operation.at)[:-3]}, {one.actor.sign}"


def receipt(profile: Profile, asked: date) -> ReceiptDay:
    found = collect(profile.store, profile.actor, asked, datetime.now(UTC))
    return ReceiptDay(
        asked, sum_line(found), tuple(_receipt_target(profile.store, found, one) for one in found.targets)
    )


def _receipt_target(store: Store, found: DayReceipt, target: TargetDay) -> ReceiptTarget:
    counts = (
        (target.records, N_("{count} confirmed")),
        (target.waiting, N_("{count} waiting")),
        (target.rejected, N_("{count} refused")),
        (target.conflicts, N_("{count} in conflict")),
    )
    told = [_(text).format(count=thousands(count)) for count, text in counts if count]
    lines = target.lines[:CONFIRMED_SHOWN]
    return ReceiptTarget(
        target_title(target),
        " · ".join(told) or _("nothing on this day"),
        tuple(_receipt_line(store, found, line) for line in lines),
        len(target.lines) - len(lines),
    )


def _receipt_line(store: Store, found: DayReceipt, line: Line) -> ReceiptLine:
    first = line.first
    kind = first.operation.kind
    single = line.count == 1
    several = counted(line.count, ENTITIES[first.entity])
    return ReceiptLine(
        found.day.clock(first.at),
        first.actor.sign,
        kind_title(kind) if kind in KINDS else _(ACTIONS[first.action]),
        record_text(store, first.entity, first.entity_id) if single else several,
        (first.remote_id or "–") if single else "…",
    )


def receipt_page(profile: Profile, asked: date) -> str:
    return receipt_html(profile.store, collect(profile.store, profile.actor, asked, datetime.now(UTC)))


def save_receipt(profile: Profile, asked: date, path: Path) -> Path:
    """Raises DiskFull, DocumentNotWritten."""
    return write_document(path, receipt_page(profile, asked))
