"""What is true of every profile at any time, whatever happened to it: the journal replayed is the data."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import Any

from fieldtool.entities import ENTITY_TYPES, fields_of, to_fields
from fieldtool.profile import Profile
from fieldtool.store import queries
from tests.fieldtool.making import sql


def problems(opened: Profile) -> list[str]:
    return [
        *(f"integrity: {text}" for text in opened.store.problems()),
        *journal_problems(opened),
        *row_problems(opened),
        *delivery_problems(opened),
        *index_problems(opened),
    ]


def journal_problems(opened: Profile) -> list[str]:
    positions: dict[int, list[int]] = defaultdict(list)
    for operation, position in sql(opened, "SELECT operation, position FROM changes ORDER BY row"):
        positions[operation].append(position)
    operations = {row[0] for row in sql(opened, "SELECT sequence FROM operations")}
    found = [f"operation {number} without changes" for number in operations - set(positions)]
    return found + [
        f"operation {number}: positions {given}"
        for number, given in positions.items()
        if given != list(range(len(given)))
    ]


def row_problems(opened: Profile) -> list[str]:
    state, found = replayed(opened)
    for name, kind in ENTITY_TYPES.items():
        rows = {
            entity.id: (to_fields(entity), entity.version)
            for entity in queries.select(opened.store.connection, kind, "")
        }
        journal = {
            key[1]: ({**nothing(kind), **fields}, version)
            for key, (fields, version) in state.items()
            if key[0] == name
        }
        found += [f"{name} {key}: row without operation" for key in rows.keys() - journal.keys()]
        found += [f"{name} {key}: operation without row" for key in journal.keys() - rows.keys()]
        found += [
            f"{name} {key}: row {rows[key]}, journal {journal[key]}"
            for key in rows.keys() & journal.keys()
            if rows[key] != journal[key]
        ]
        if opened.store.count(kind) != len(rows):
            found.append(f"{name}: count {opened.store.count(kind)}, rows {len(rows)}")
    return found


def nothing(kind: type[Any]) -> dict[str, Any]:
    """What a field holds of which the journal knows nothing yet: it came with a later schema."""
    return {field.name: None for field in fields_of(kind)}


def replayed(opened: Profile) -> tuple[dict[tuple[str, str], tuple[dict[str, Any], int]], list[str]]:
    state: dict[tuple[str, str], tuple[dict[str, Any], int]] = {}
    found = []
    columns = "entity, entity_id, action, base_version, before, after"
    for entity, entity_id, action, base, before, after in sql(
        opened, f"SELECT {columns} FROM changes ORDER BY operation, position"
    ):
        key = (entity, entity_id)
        old, version = state.get(key, ({}, None))
        if version != base:
            found.append(f"{key}: {action} on version {base}, it was {version}")
        was = json.loads(before) if before else {}
        if any(old.get(name) != value for name, value in was.items()):
            found.append(f"{key}: before {was}, it was {old}")
        if action == "delete":
            del state[key]
        else:
            state[key] = ({**old, **json.loads(after)}, (version or 0) + 1)
    return state, found


def delivery_problems(opened: Profile) -> list[str]:
    """One delivery per target and operation with a handled change, of its operator where it has one; open and
    state follow the receipts."""
    default = next(iter(sql(opened, "SELECT value FROM facts WHERE key = 'default_operator'")), (None,))[0]
    found = []
    first = sql(opened, "SELECT operator FROM targets WHERE operator IS NOT NULL ORDER BY key LIMIT 1")
    if (default,) != next(iter(first), (None,)):
        found.append(f"default operator {default}, first target with one {first}")
    wanted = {
        (target, operation): (handled, accepted)
        for target, operation, handled, accepted in sql(
            opened,
            """SELECT t.key, c.operation, count(*), count(r.row) FROM targets t
            JOIN changes c ON c.entity IN (SELECT value FROM json_each(t.handles))
            JOIN operations o ON o.sequence = c.operation
            LEFT JOIN receipts r ON r.target = t.key AND r.operation = c.operation
                AND r.position = c.position AND r.outcome = 'accepted'
            WHERE t.removed_at IS NULL AND (t.operator IS NULL OR t.operator = coalesce(
                o.operator, (SELECT value FROM facts WHERE key = 'default_operator')))
            AND coalesce((
                SELECT count(*) = 0 OR count(*) FILTER (WHERE h.target = t.key) > 0
                FROM changes m JOIN operations p ON p.sequence = m.operation AND p.kind = 'ticket.pulled'
                JOIN remote_references h ON h.entity_id = m.entity_id AND h.entity = 'ticket'
                WHERE m.entity = 'ticket' AND m.action = 'create' AND m.entity_id =
                    iif(c.entity = 'ticket', c.entity_id, coalesce(c.after, c.before) ->> '$.ticket_id')
            ), 1)
            GROUP BY t.key, c.operation""",
        )
    }
    there = {
        (target, operation): (state, left)
        for target, operation, state, left in sql(
            opened,
            """SELECT d.target, d.operation, d.state, d.open FROM deliveries d
            JOIN targets t ON t.key = d.target WHERE t.removed_at IS NULL""",
        )
    }
    found += [f"delivery {key} is missing or too much" for key in wanted.keys() ^ there.keys()]
    for key in wanted.keys() & there.keys():
        handled, accepted = wanted[key]
        state, left = there[key]
        if left != handled - accepted or (state == "accepted") != (left == 0):
            found.append(f"delivery {key}: {state}, open {left}, handled {handled}, accepted {accepted}")
    return found


def index_problems(opened: Profile) -> list[str]:
    """Tree and full text know exactly the assets there are; what is pending may lag."""
    found = []
    placed = {row[0] for row in sql(opened, "SELECT seq FROM assets WHERE geometry IS NOT NULL")}
    boxes = {row[0] for row in sql(opened, "SELECT seq FROM asset_boxes")}
    if placed != boxes:
        found.append(f"tree: {placed ^ boxes}")
    pending = {row[0] for row in sql(opened, "SELECT seq FROM asset_texts_pending")}
    texts = {row[0] for row in sql(opened, "SELECT rowid FROM asset_texts")} - pending
    assets = {row[0] for row in sql(opened, "SELECT seq FROM assets")} - pending
    return found + ([f"texts: {texts ^ assets}"] if texts != assets else [])
