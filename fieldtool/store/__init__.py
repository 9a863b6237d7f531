"""The only SQL. `Store` is a profile's database for the rest of the core; writing entities goes through
fieldtool.journal, deliveries through fieldtool.outbox, secrets through fieldtool.vault."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime
from pathlib import Path

from fieldtool.asset import Asset
from fieldtool.asset_note import AssetNote
from fieldtool.asset_query import AssetQuery
from fieldtool.class_definition import ClassDefinition
from fieldtool.commissioning.record import Commissioning
from fieldtool.device import Device
from fieldtool.entities import E, entity_name
from fieldtool.jsontypes import Json
from fieldtool.observation import Datastream, Observation
from fieldtool.operation import Change, DeliveryState, HistoryEntry, Operation
from fieldtool.registration import Registration
from fieldtool.store import (
    asset_filter,
    asset_groups,
    asset_indexes,
    asset_order,
    history,
    queries,
    search,
    vocabulary,
)
from fieldtool.store.asset_groups import Group
from fieldtool.store.asset_order import Page, Position, Seqs
from fieldtool.store.connection import Connection, connect, system_errors
from fieldtool.store.errors import DiskFull, NotFound, ProfileMissing
from fieldtool.store.migrations import migrate, require_current
from fieldtool.store.places import Box
from fieldtool.ticket import Ticket, TicketEvent


class Store:
    """One connection, used from the thread that opened it."""

    def __init__(self, connection: Connection, *, write: bool) -> None:
        self.connection = connection
        self._write = write

    @staticmethod
    def open(path: Path, *, write: bool) -> Store:
        """A writer holds the profile's lock, makes what is missing and migrates. A reader raises
        ProfileMissing, SchemaOlder. Both: DatabaseNewer, DatabaseForeign, DatabaseCorrupt, DiskFull …"""
        with system_errors(path):
            missing = not write and not path.exists()
        if missing:
            raise ProfileMissing(str(path.parent))
        connection = connect(path, write=write)
        try:
            if write:
                migrate(connection)
            else:
                require_current(connection)
        except BaseException:
            connection.close()
            raise
        return Store(connection, write=write)

    def close(self) -> None:
        self.connection.close()

    def fold_texts(self) -> None:
        """Moves edited texts into the full-text index: for quiet moments, never before a commit."""
        try:
            search.fold(self.connection)
        except DiskFull:
            # The edits are committed and stay searchable; the next quiet moment tries again.
            return

    def transaction(self) -> AbstractContextManager[None]:
        """Durable when it ends. Nested use is an error (RuntimeError)."""
        return self.connection.transaction()

    def snapshot(self) -> AbstractContextManager[None]:
        """For reading several times what is of one moment. Not within a transaction."""
        return self.connection.snapshot()

    def find(self, kind: type[E], id: str) -> E | None:  # noqa: A002
        return queries.find(self.connection, kind, id)

    def get(self, kind: type[E], id: str) -> E:  # noqa: A002
        """Raises NotFound."""
        found = self.find(kind, id)
        if found is None:
            raise NotFound(entity_name(kind), id)
        return found

    def assets(
        self,
        *,
        asset_class: str | None = None,
        bbox: Box | None = None,
        search: str | None = None,
        id: str | None = None,  # noqa: A002
        after: str | None = None,
        limit: int | None = None,
    ) -> Iterator[Asset]:
        """In a stable order, to be continued behind the id `after`; `bbox` is west, south, east, north."""
        if id is not None:
            found = self.find(Asset, id)
            return iter([] if found is None else [found])
        if search is not None:
            return queries.assets_found(self.connection, search, bbox, asset_class, after, limit)
        return queries.assets(self.connection, asset_class, bbox, after, limit)

    def asset_page(self, query: AssetQuery, after: Position | None = None, limit: int = 100) -> Page:
        """By key, whatever the column; of a query that is not narrowed (else ValueError)."""
        if query.narrowed:
            raise ValueError(query)
        return asset_order.page(self.connection, query, self._indexes(query), after, limit)

    def asset_seqs_part(
        self, query: AssetQuery, after: Position | None, limit: int
    ) -> tuple[Seqs, Position | None]:
        """The keys of the assets in the order of the query, some of them at a time; the position is None
        behind the end. Of a query that is not narrowed (else ValueError)."""
        if query.narrowed:
            raise ValueError(query)
        return asset_order.part(self.connection, query, self._indexes(query), after, limit)

    def asset_seqs(self, query: AssetQuery) -> Seqs:
        """The keys of all assets of the query, in its order."""
        return asset_filter.seqs(self.connection, query, self._indexes(query))

    def assets_at(self, seqs: Sequence[int]) -> list[tuple[int, Asset]]:
        """In the order of `seqs`, each with its own; what is gone meanwhile is left out."""
        return asset_order.assets_at(self.connection, seqs)

    def assets_of(self, query: AssetQuery, limit: int | None = None) -> Iterator[Asset]:
        """All assets of the query, in its order."""
        seqs = self.asset_seqs(query)[:limit]
        for start in range(0, len(seqs), queries.PAGE):
            for _seq, asset in self.assets_at(seqs[start : start + queries.PAGE]):
                yield asset

    def asset_groups(self, query: AssetQuery, column: str) -> list[Group]:
        """The largest first."""
        indexes = self._indexes(query, column)
        return asset_groups.groups(self.connection, query, column, indexes)

    def _indexes(self, query: AssetQuery, *more: str) -> asset_indexes.Indexes:
        columns = [*more, *asset_filter.columns_of(query)]
        return asset_indexes.made_for(self.connection, query.asset_class, columns)

    def asset_by_number(self, asset_class: str, number: str) -> list[Asset]:
        where = "WHERE asset_class = ? AND number = ? ORDER BY +id"
        return queries.select(self.connection, Asset, where, (asset_class, number))

    def assets_by_number(self, number: str, limit: int) -> list[Asset]:
        """Of any class, exactly this number."""
        return queries.by_number(self.connection, number, limit)

    def has_word(self, word: str) -> bool:
        """Whether a word of some asset begins so."""
        wanted = search.expression(word)
        return wanted is not None and bool(search.matches(self.connection, wanted, None, None, 0, 1))

    def words(self) -> Iterator[tuple[str, int]]:
        """Every word that is searched, with how many assets have it; as the index has it."""
        return vocabulary.words(self.connection.path)

    def parts(self, asset_id: str) -> list[Asset]:
        """The assets that are directly part of this one."""
        return queries.select(self.connection, Asset, "WHERE parent_id = ? ORDER BY id", (asset_id,))

    def double_numbers(self, asset_class: str) -> list[str]:
        """Numbers that several assets of the class have."""
        return queries.double_numbers(self.connection, asset_class)

    def untouched_since(self, asset_class: str, at: datetime) -> int:
        """How many assets of the class were last changed before that."""
        return history.untouched_since(self.connection, asset_class, at)

    def untouched(self, asset_class: str, at: datetime) -> list[str]:
        """Their ids."""
        return history.untouched(self.connection, asset_class, at)

    def devices(
        self,
        *,
        dev_eui: str | None = None,
        asset_id: str | None = None,
        id: str | None = None,  # noqa: A002
        after: str | None = None,
        limit: int | None = None,
    ) -> Iterator[Device]:
        if id is not None:
            found = self.find(Device, id)
            return iter([] if found is None else [found])
        return queries.devices(self.connection, dev_eui, asset_id, after, limit)

    def registration_of(self, device_id: str) -> Registration | None:
        return queries.registration_of(self.connection, device_id)

    def datastreams(self, device_id: str) -> list[Datastream]:
        return queries.datastreams(self.connection, device_id)

    def observations(
        self,
        *,
        datastream_id: str | None = None,
        device_id: str | None = None,
        after: str | None = None,
        limit: int | None = None,
    ) -> Iterator[Observation]:
        return queries.observations(self.connection, datastream_id, device_id, after, limit)

    def tickets(
        self,
        *,
        status: str | None = None,
        category: str | None = None,
        asset_id: str | None = None,
        device_id: str | None = None,
        assignee: str | None = None,
        overdue_on: date | None = None,
        id: str | None = None,  # noqa: A002
        after: str | None = None,
        limit: int | None = None,
    ) -> Iterator[Ticket]:
        """What is to be done first: open before closed, by priority, due date and age; to be continued behind
        the id `after`. With `overdue_on` those that are not closed and were due before that day."""
        wanted = queries.Filter().equal(
            id=id,
            status=status,
            category=category,
            asset_id=asset_id,
            device_id=device_id,
            assignee=assignee,
        )
        if overdue_on is not None:
            wanted = queries.overdue(wanted, overdue_on)
        return queries.tickets(self.connection, wanted, after, limit)

    def ticket_events(self, ticket_id: str) -> list[TicketEvent]:
        """Oldest first."""
        return queries.ticket_events(self.connection, ticket_id)

    def commissionings(self, *, dev_eui: str | None = None, state: str | None = None) -> list[Commissioning]:
        """Oldest first."""
        return queries.commissionings(self.connection, dev_eui, state)

    def history(self, entity_id: str) -> Iterator[HistoryEntry]:
        """Oldest first, also of a record that is deleted; a ticket's with its events, an
        asset's with its notes."""
        return history.history(self.connection, entity_id)

    def changes_of(self, operation_id: str) -> tuple[Change, ...]:
        """What one operation did, in its order; nothing where there is no such operation."""
        return history.changes_of_operation(self.connection, operation_id)

    def operations_of(
        self, actor_id: str, kinds: Sequence[str], count: int
    ) -> list[tuple[Operation, int, Change]]:
        """Of one person, the newest first: how many changes each made, and the first of them."""
        return history.operations_of(self.connection, actor_id, kinds, count)

    def asset_notes(self, asset_id: str) -> list[AssetNote]:
        """Oldest first."""
        where = "WHERE asset_id = ? ORDER BY at, id"
        return queries.select(self.connection, AssetNote, where, (asset_id,))

    def class_definitions(self) -> list[ClassDefinition]:
        return queries.select(self.connection, ClassDefinition, "ORDER BY id")

    def deleted(self, entity_id: str) -> dict[str, Json] | None:
        """All fields of a record as they were when it was deleted; None where it never was."""
        return history.deleted(self.connection, entity_id)

    def last_kind(self, entity_id: str) -> str | None:
        """The kind of the last operation on this record."""
        return history.last_kind(self.connection, entity_id)

    def sync_states(self, entity_id: str) -> dict[str, DeliveryState]:
        """By target; empty where no target handles the record."""
        return history.sync_states(self.connection, entity_id)

    def count(self, kind: type[object], asset_class: str = "") -> int:
        """Looked up; `asset_class` counts the assets of one class."""
        return queries.count(self.connection, kind, asset_class)

    def operation_count(self) -> int:
        return int(self.connection.value("SELECT count(*) FROM operations"))

    def problems(self) -> list[str]:
        """What SQLite's own check finds, for doctor: reads the whole file. Raises DatabaseCorrupt where the
        damage does not even let it look."""
        found = [str(row[0]) for row in self.connection.rows("PRAGMA quick_check(20)")]
        broken = self.connection.rows("PRAGMA foreign_key_check")
        return [text for text in found if text != "ok"] + [f"foreign key: {row}" for row in broken]
