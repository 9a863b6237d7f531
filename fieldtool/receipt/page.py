"""The receipt of the day as a page for paper. Only what is listed here is shown: a secret never is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import cast

from fieldtool.documents import h, listing, page, table
from fieldtool.jsontypes import Json
from fieldtool.naming import ENTITIES, counted, record_text
from fieldtool.operation import Action, Operation
from fieldtool.receipt.collecting import DayReceipt, Line, TargetDay
from fieldtool.receipt.day import Day
from fieldtool.store import Store
from fieldtool.store.receipt_rows import Unsettled
from fieldtool.sync.report import advice_text, reason_text
from fieldtool.texts import N_, _, decimal, local_time, thousands
from fieldtool.titles import ACTIONS, DELIVERY_STATES, KINDS, day, field_title, kind_title, value_text

FACTS = {
    "activated": N_("joined the network"),
    "last_seen_at": N_("last heard"),
    "rssi_dbm": "RSSI",
    "snr_db": "SNR",
    "packets": N_("packets of the last day"),
}
"""What a platform tells besides, in this order."""
RECORDS = (N_("record"), N_("records"))
OPERATIONS = (N_("operation"), N_("operations"))
UNITS = {"rssi_dbm": "\u00a0dBm", "snr_db": "\u00a0dB"}
WIDTHS = ("5.2em", "3em", "27%", "auto", "25%")


def receipt_html(store: Store, receipt: DayReceipt) -> str:
    title = _("Receipt of the day") + f" {day(receipt.day.date)}"
    parts = [
        f'<p class="sum">{h(sum_line(receipt))}</p>',
        table(_who(receipt)),
        *_overview(receipt),
        *(part for target in receipt.targets for part in _confirmed(store, receipt.day, target)),
        *_open(store, receipt),
        *_conflicts(store, receipt),
    ]
    return page(title, parts)


def sum_line(receipt: DayReceipt) -> str:
    if not receipt.records:
        confirmed = _("Nothing was confirmed on this day.")
    else:
        numbers = counted(receipt.records, RECORDS), counted(receipt.operations, OPERATIONS)
        confirmed = _("Confirmed: {numbers}.").format(numbers=", ".join(numbers))
    unsettled = (
        (receipt.waiting, _("{count} waiting")),
        (receipt.rejected, _("{count} refused")),
        (receipt.conflicts, _("{count} in conflict")),
    )
    left = ", ".join(text.format(count=thousands(count)) for count, text in unsettled if count)
    return f"{confirmed} " + (_("Not yet: {left}.").format(left=left) if left else _("Nothing is waiting."))


def target_title(target: TargetDay) -> str:
    removed = target.known.removed_at
    name = target.known.target.name
    return name if removed is None else _("{name} (removed {at})").format(name=name, at=local_time(removed))


def _who(receipt: DayReceipt) -> Iterator[tuple[str, str]]:
    yield _("Recorded by"), ", ".join(f"{person.name} ({person.sign})" for person in receipt.people)
    start, end = receipt.day.start, receipt.day.end
    hours = round((end - start).total_seconds() / 3600)
    if receipt.day.clock_changes:
        yield _("Day"), _("{hours} hours: the clocks change").format(hours=hours)
    made_at = f"{local_time(receipt.made_at)}, {receipt.made_by.name} ({receipt.made_by.sign})"
    yield _("Printed from the state of"), made_at


def _overview(receipt: DayReceipt) -> Iterator[str]:
    yield f"<h2>{h(_('Platforms'))}</h2>"
    if not receipt.targets:
        yield f"<p>{h(_('No platform is set up yet.'))}</p>"
        return
    heads = (_("Platform"), _("Belongs to"), _("Confirmed"), _("Waiting"), _("Refused"), _("Conflicts"))
    yield listing(heads, map(_overview_cells, receipt.targets), ("", "", *["number"] * 4))


def _overview_cells(found: TargetDay) -> tuple[str, ...]:
    target = found.known.target
    place = " · ".join(part for part in (target.type, target.url, target.tenant) if part)
    counts = (found.records, found.waiting, found.rejected, found.conflicts)
    return (
        f'{h(target_title(found))}<div class="small">{h(place)}</div>',
        h(target.operator or "–"),
        *(thousands(count) for count in counts),
    )


def _confirmed(store: Store, asked: Day, target: TargetDay) -> Iterator[str]:
    if not target.lines:
        return
    yield f"<h2>{h(_('Confirmed by {name}').format(name=target_title(target)))}</h2>"
    yield listing(
        (_("Time"), _("By"), _("What"), _("Record"), _("Identifier there")),
        (_line_cells(store, asked, line) for line in target.lines),
        ("time", "", "", "", "code"),
        WIDTHS,
    )


def _line_cells(store: Store, asked: Day, line: Line) -> tuple[str, ...]:
    first, last = line.first, line.last
    clock = h(asked.clock(first.at))
    if asked.clock(last.at) != asked.clock(first.at):
        clock = f"{clock} – {h(asked.clock(last.at))}"
    if line.count == 1:
        record = h(record_text(store, first.entity, first.entity_id))
        facts = " · ".join(fact_texts(first.detail))
        return (
            clock,
            h(first.actor.sign),
            _what(asked, first.operation, first.action),
            record + (f'<div class="small">{h(facts)}</div>' if facts else ""),
            h(first.remote_id or "–"),
        )
    ends = [record_text(store, one.entity, one.entity_id) for one in (first, last)]
    return (
        clock,
        h(first.actor.sign),
        _what(asked, first.operation, first.action),
        f'{h(counted(line.count, ENTITIES[first.entity]))}<div class="small">{h(" … ".join(ends))}</div>',
        "<br>… ".join(h(one.remote_id or "–") for one in (first, last)),
    )


def _what(asked: Day, operation: Operation, action: Action) -> str:
    text = kind_title(operation.kind) if operation.kind in KINDS else _(ACTIONS[action])
    if operation.reason:
        text = f"{text} ({operation.reason})"
    if asked.holds(operation.at):
        return h(text)
    made = _("of {at}").format(at=local_time(operation.at))
    return f'{h(text)}<div class="small">{h(made)}</div>'


def fact_texts(detail: Mapping[str, Json]) -> Iterator[str]:
    told = detail.get("facts")
    if not isinstance(told, dict):
        return
    for name, title in FACTS.items():
        if told.get(name) is not None:
            yield f"{_(title)}: {_fact(name, told[name])}{UNITS.get(name, '')}"


def _fact(name: str, value: Json) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, int | float):
        return decimal(round(value, 1)).replace("-", "−")
    return shown(name, value)


def shown(name: str, value: Json) -> str:
    """Platforms may hold something else than a time where we keep one."""
    try:
        return value_text(name, value)
    except (TypeError, ValueError):
        return str(value)


def _open(store: Store, receipt: DayReceipt) -> Iterator[str]:
    waiting = [target for target in receipt.targets if target.unsettled]
    if not waiting:
        return
    yield f"<h2>{h(_('Not confirmed yet'))}</h2>"
    for target in waiting:
        yield f"<h3>{h(target_title(target))}</h3>"
        yield listing(
            (_("Recorded"), _("By"), _("What"), _("Record"), _("Why, and what to do")),
            (_open_cells(store, one) for one in target.unsettled),
        )
        left = sum(target.states.values()) - len(target.unsettled)
        if left:
            yield f"<p>{h(_('and {count} more').format(count=thousands(left)))}</p>"


def _open_cells(store: Store, one: Unsettled) -> tuple[str, ...]:
    operation = one.operation
    names = [record_text(store, entity, entity_id) for entity, entity_id in one.records]
    if one.open > len(names):
        names.append(_("and {count} more").format(count=thousands(one.open - len(names))))
    text = kind_title(operation.kind)
    why = [] if one.state == "waiting" and one.reason else [_(DELIVERY_STATES[one.state])]
    if one.reason:
        why.append(reason_text(one.reason))
    advice = advice_text(one.reason) if one.reason else ""
    return (
        h(local_time(operation.at)),
        h(one.actor.sign),
        h(f"{text} ({operation.reason})" if operation.reason else text),
        "<br>".join(map(h, names)),
        h(": ".join(why)) + (f'<div class="small">{h(advice)}</div>' if advice else ""),
    )


def _conflicts(store: Store, receipt: DayReceipt) -> Iterator[str]:
    found = [
        cells
        for target in receipt.targets
        for one in target.unsettled
        if one.state == "conflict"
        for cells in _conflict_cells(store, target, one)
    ]
    if found:
        yield f"<h2>{h(_('Conflicts'))}</h2>"
        heads = (_("Platform"), _("Record"), _("Field"), _("Before"), _("Here"), _("There"))
        yield listing(heads, found)


def _conflict_cells(store: Store, target: TargetDay, one: Unsettled) -> Iterator[tuple[str, ...]]:
    fields = one.refusal.get("fields")
    record = ", ".join(record_text(store, entity, entity_id) for entity, entity_id in one.records[:1])
    for field in cast("list[Mapping[str, Json]]", fields if isinstance(fields, list) else []):
        name = str(field.get("field"))
        values = (shown(name, field.get(key)) for key in ("base", "mine", "theirs"))
        yield (h(target_title(target)), h(record), h(field_title(name)), *map(h, values))
