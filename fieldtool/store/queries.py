"""Reading entities. Pages go by key; counts are looked up, never scanned."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from fieldtool.asset import Asset
from fieldtool.commissioning.record import Commissioning
from fieldtool.device import Device
from fieldtool.entities import E, entity_name
from fieldtool.observation import Datastream, Observation
from fieldtool.registration import Registration
from fieldtool.store import search
from fieldtool.store.connection import Connection
from fieldtool.store.mapping import table_of, to_entity
from fieldtool.store.places import WITHIN, Box, within
from fieldtool.ticket import Ticket, TicketEvent

PAGE = 500


def find(connection: Connection, kind: type[E], id: str) -> E | None:  # noqa: A002
    table = table_of(kind)
    row = connection.row(f"SELECT {table.selected} FROM {table.name} WHERE id = ?", (id,))
    return None if row is None else to_entity(kind, row)


def select(connection: Connection, kind: type[E], rest: str, parameters: Sequence[Any] = ()) -> list[E]:
    """`rest` is what follows FROM and the table."""
    table = table_of(kind)
    rows = connection.rows(f"SELECT {table.selected} FROM {table.name} {rest}", parameters)
    return [to_entity(kind, row) for row in rows]


@dataclass(frozen=True)
class Filter:
    """Conditions that all hold, and the values of their places."""

    conditions: tuple[str, ...] = ()
    values: tuple[Any, ...] = ()

    def and_(self, condition: str, *values: Any) -> Filter:
        return Filter((*self.conditions, condition), (*self.values, *values))

    def equal(self, **wanted: Any) -> Filter:
        """None means: not asked for."""
        found = self
        for column, value in wanted.items():
            if value is not None:
                found = found.and_(f"{column} = ?", value)
        return found


def paged(
    connection: Connection, kind: type[E], wanted: Filter, after: str | None, limit: int | None
) -> Iterator[E]:
    """In the order of the ids, beginning behind `after`; rows made meanwhile are seen or not."""
    table = table_of(kind)
    last, left = after or "", limit
    while left is None or left > 0:
        size = PAGE if left is None else min(PAGE, left)
        page = wanted.and_(f"{table.name}.id > ?", last)
        rest = f"WHERE {' AND '.join(page.conditions)} ORDER BY {table.name}.id LIMIT ?"
        found = select(connection, kind, rest, (*page.values, size))
        yield from found
        if len(found) < size:
            return
        last, left = found[-1].id, None if left is None else left - size


def keyed(
    connection: Connection, kind: type[E], wanted: Filter, after: str | None, limit: int | None
) -> Iterator[E]:
    """Like `paged`, for conditions that have no index in the order of the ids: all keys are found first,
    in one go, so that the condition is worked out only once."""
    table = table_of(kind)
    sought = wanted.and_("+id > ?", after or "")
    sql = f"SELECT id FROM {table.name} WHERE {' AND '.join(sought.conditions)} ORDER BY +id LIMIT ?"
    ids = [row[0] for row in connection.rows(sql, (*sought.values, -1 if limit is None else limit))]
    for start in range(0, len(ids), PAGE):
        page = ids[start : start + PAGE]
        yield from select(connection, kind, f"WHERE id IN ({places_for(page)}) ORDER BY id", page)


def places_for(values: Sequence[Any]) -> str:
    return ", ".join("?" * len(values))


def assets(
    connection: Connection,
    asset_class: str | None,
    box: Box | None,
    after: str | None,
    limit: int | None,
) -> Iterator[Asset]:
    wanted = Filter().equal(asset_class=asset_class)
    if box is None:
        return paged(connection, Asset, wanted, after, limit)
    inside = f"seq IN (SELECT b.seq FROM asset_boxes b WHERE {WITHIN})"
    return keyed(connection, Asset, wanted.and_(inside, *within(box)), after, limit)


def assets_found(
    connection: Connection,
    text: str,
    box: Box | None,
    asset_class: str | None,
    after: str | None,
    limit: int | None,
) -> Iterator[Asset]:
    """In the order in which the assets came into this profile."""
    wanted = search.expression(text)
    if wanted is None:
        return
    nearest = "SELECT seq FROM assets WHERE id <= ? ORDER BY id DESC LIMIT 1"
    last, left = connection.value(nearest, (after,)) if after else 0, limit
    while left is None or left > 0:
        size = PAGE if left is None else min(PAGE, left)
        seqs = search.matches(connection, wanted, box, asset_class, last or 0, size)
        yield from select(connection, Asset, f"WHERE seq IN ({places_for(seqs)}) ORDER BY seq", seqs)
        if len(seqs) < size:
            return
        last, left = seqs[-1], None if left is None else left - size


def by_number(connection: Connection, number: str, limit: int) -> list[Asset]:
    """Class by class, for that is how the numbers are ordered."""
    where = """WHERE asset_class IN (SELECT part FROM counts WHERE entity = 'asset' AND part <> '')
        AND number = ? ORDER BY +id LIMIT ?"""
    return select(connection, Asset, where, (number, limit))


def double_numbers(connection: Connection, asset_class: str) -> list[str]:
    rows = connection.rows(
        """SELECT number FROM assets WHERE asset_class = ? AND number IS NOT NULL
        GROUP BY number HAVING count(*) > 1""",
        (asset_class,),
    )
    return [row[0] for row in rows]


def registration_of(connection: Connection, device_id: str) -> Registration | None:
    found = select(connection, Registration, "WHERE device_id = ?", (device_id,))
    return found[0] if found else None


def datastreams(connection: Connection, device_id: str) -> list[Datastream]:
    return select(connection, Datastream, "WHERE device_id = ? ORDER BY id", (device_id,))


def observations(
    connection: Connection,
    datastream_id: str | None,
    device_id: str | None,
    after: str | None,
    limit: int | None,
) -> Iterator[Observation]:
    wanted = Filter().equal(datastream_id=datastream_id)
    if device_id is not None:
        wanted = wanted.and_("datastream_id IN (SELECT id FROM datastreams WHERE device_id = ?)", device_id)
    search_by = keyed if wanted.conditions else paged
    return search_by(connection, Observation, wanted, after, limit)


def devices(
    connection: Connection,
    dev_eui: str | None,
    asset_id: str | None,
    after: str | None,
    limit: int | None,
) -> Iterator[Device]:
    return paged(connection, Device, Filter().equal(dev_eui=dev_eui, asset_id=asset_id), after, limit)


WORTH = "status = 'closed', priority, ifnull(due, '9999'), id"
"""What is still to be done first, then by priority and due date, then as they were made."""


def tickets(connection: Connection, wanted: Filter, after: str | None, limit: int | None) -> Iterator[Ticket]:
    """In the order of their worth as it was at the beginning: all keys are found first."""
    if after is not None:
        place = connection.row(f"SELECT {WORTH} FROM tickets WHERE id = ?", (after,))
        if place is None:
            return
        wanted = wanted.and_(f"({WORTH}) > (?, ?, ?, ?)", *place)
    where = f"WHERE {' AND '.join(wanted.conditions)}" if wanted.conditions else ""
    sql = f"SELECT id FROM tickets {where} ORDER BY {WORTH} LIMIT ?"
    ids = [row[0] for row in connection.rows(sql, (*wanted.values, -1 if limit is None else limit))]
    for start in range(0, len(ids), PAGE):
        page = ids[start : start + PAGE]
        found = {one.id: one for one in select(connection, Ticket, f"WHERE id IN ({places_for(page)})", page)}
        yield from (found[key] for key in page if key in found)


def overdue(wanted: Filter, today: date) -> Filter:
    return wanted.and_("status IN ('open', 'in_progress', 'waiting')").and_("due < ?", today.isoformat())


def ticket_events(connection: Connection, ticket_id: str) -> list[TicketEvent]:
    return select(connection, TicketEvent, "WHERE ticket_id = ? ORDER BY at, id", (ticket_id,))


def commissionings(connection: Connection, dev_eui: str | None, state: str | None) -> list[Commissioning]:
    return list(paged(connection, Commissioning, Filter().equal(dev_eui=dev_eui, state=state), None, None))


def count(connection: Connection, kind: type[object], part: str = "") -> int:
    found = connection.value(
        "SELECT number FROM counts WHERE entity = ? AND part = ?", (entity_name(kind), part)
    )
    return found or 0
