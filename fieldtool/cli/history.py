"""`fieldtool history --id ID`: who changed a record, when, what and why, and what the platforms said."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping

from fieldtool.arguments import at_least_one
from fieldtool.command import Command, Invocation
from fieldtool.entities import time_text
from fieldtool.jsontypes import Json
from fieldtool.operation import Change, HistoryEntry, TargetOutcome
from fieldtool.sync.report import reason_text
from fieldtool.texts import N_, _, local_time
from fieldtool.titles import ACTIONS, DELIVERY_STATES, field_title, kind_title, value_text


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--id", required=True, metavar="ID", help=_("the record's id"))
    parser.add_argument("--limit", type=at_least_one, metavar="N", help=_("at most so many"))


def run(options: argparse.Namespace, invocation: Invocation) -> int:
    """Raises NotFound for an id that never was."""
    from fieldtool.profile import open_invocation_profile
    from fieldtool.store.errors import NotFound

    found = 0
    with open_invocation_profile(invocation, write=False) as profile:
        for entry in profile.store.history(options.id):
            invocation.row(row(entry), "\n".join(lines(entry)))
            found += 1
            if found == options.limit:
                break
    if not found:
        raise NotFound("–", options.id)
    return 0


def row(entry: HistoryEntry) -> dict[str, Json]:
    operation, actor, change = entry.operation, entry.actor, entry.change
    return {
        "operation_id": operation.id,
        "sequence": operation.sequence,
        "kind": operation.kind,
        "at": time_text(operation.at),
        "device_clock": operation.device_clock,
        "actor": {"name": actor.name, "sign": actor.sign, "role": operation.role},
        "reason": operation.reason,
        "operator": operation.operator,
        "entity": change.entity,
        "entity_id": change.entity_id,
        "action": change.action,
        "base_version": change.base_version,
        "before": None if change.before is None else dict(change.before),
        "after": None if change.after is None else dict(change.after),
        "targets": [target_row(outcome) for outcome in entry.targets],
    }


def target_row(outcome: TargetOutcome) -> dict[str, Json]:
    return {
        "target": outcome.target,
        "state": outcome.state,
        "reason": outcome.reason,
        "remote_id": outcome.remote_id,
        "at": None if outcome.at is None else time_text(outcome.at),
        "facts": facts_of(outcome),
    }


def facts_of(outcome: TargetOutcome) -> dict[str, Json]:
    told = outcome.detail.get("facts")
    return dict(told) if isinstance(told, dict) else {}


def lines(entry: HistoryEntry) -> Iterator[str]:
    from fieldtool.receipt.page import fact_texts

    operation, actor = entry.operation, entry.actor
    action = _(ACTIONS[entry.change.action])
    yield f"{local_time(operation.at)}  {actor.name} ({actor.sign})  {action}  {kind_title(operation.kind)}"
    if operation.reason:
        yield "    " + _("Reason: {reason}").format(reason=operation.reason)
    if operation.operator:
        yield "    " + _("Operator: {operator}").format(operator=operation.operator)
    if entry.change.entity == "ticket_event" and entry.change.after is not None:
        yield f"    {said(entry.change.after)}"
    else:
        for name, before, after in fields(entry.change):
            yield f"    {name}: {before} → {after}"
    for outcome in entry.targets:
        at = f", {local_time(outcome.at)}" if outcome.at is not None else ""
        reason = f" ({reason_text(outcome.reason)})" if outcome.reason else ""
        facts = " · ".join(fact_texts(outcome.detail))
        yield f"    {outcome.target}: {_(DELIVERY_STATES[outcome.state])}{reason}{at}"
        if facts:
            yield f"        {facts}"


def said(event: Mapping[str, Json]) -> str:
    return f"{value_text('kind', event.get('kind'))}: {value_text('text', event.get('text'))}"


def fields(change: Change) -> Iterator[tuple[str, str, str]]:
    before, after = change.before or {}, change.after or {}
    for name in {**before, **after}:
        texts = value_text(name, before.get(name)), value_text(name, after.get(name))
        if before.get(name) != after.get(name) and texts != ("–", "–"):
            yield field_title(name), *texts


COMMAND = Command(N_("show what was done to a record, and by whom"), arguments, run)
