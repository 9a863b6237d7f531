"""The journal: every change is an operation, written in the transaction of the rows it changes."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import islice
from typing import Any, cast

from fieldtool.asset import Asset
from fieldtool.entities import Columns, E, Entity, Fields, entity_name, field_value, to_columns, to_fields
from fieldtool.ids import OperationId, new_id
from fieldtool.operation import Action, Actor, Change, HistoryEntry, Operation, Role, TargetOutcome
from fieldtool.operators import Ownership
from fieldtool.store import Store
from fieldtool.store.errors import StaleVersion
from fieldtool.store.journal_rows import (
    insert_changes,
    insert_created,
    insert_created_assets,
    insert_deliveries,
    insert_operation,
)
from fieldtool.store.mapping import row_text, table_of
from fieldtool.store.operator_rows import put_operator
from fieldtool.store.rows import RowWriter

__all__ = [
    "Action",
    "Actor",
    "Change",
    "HistoryEntry",
    "Operation",
    "Recorder",
    "Role",
    "StaleVersion",
    "TargetOutcome",
    "operation",
]

BATCH = 20_000


@contextmanager
def operation(
    store: Store, actor: Actor, kind: str, *, reason: str | None = None, operator: str | None = None
) -> Iterator[Recorder]:
    """Rows, operation, changes and deliveries commit together when the block ends, or not at all. Without
    a change there is no operation; what else was written inside commits all the same. `operator` is whose
    things it is about where these do not say so themselves."""
    with store.transaction():
        recorder = Recorder(store, actor, kind, reason, operator)
        yield recorder
        recorder.finish()


class Recorder:
    """Lives inside its operation's transaction. Every verb raises OperatorsMixed where the operation would
    be about things of two operators."""

    def __init__(
        self, store: Store, actor: Actor, kind: str, reason: str | None, operator: str | None
    ) -> None:
        self.operation_id = OperationId(new_id())
        self._connection = store.connection
        self._rows = RowWriter(store.connection)
        self._ownership = Ownership(store.connection, operator)
        self._actor, self._kind, self._reason = actor, kind, reason
        self._sequence: int | None = None
        self._position = 0
        self._afterwards: list[Callable[[], None]] = []

    def create(self, entity: E) -> E:
        """Raises AlreadyThere, ReferenceBroken."""
        fields = to_fields(entity)
        columns = {name: (value,) for name, value in fields.items()}
        with self._whole():
            self._ownership.made(columns, self._sequence)
            self._rows.insert(type(entity), [entity.id], columns)
            self._note(entity, "create", None, None, fields)
        return dataclasses.replace(entity, version=1)

    def create_many(self, entities: Iterable[Entity]) -> int:
        """The same for many of one type, in batches; returns how many."""
        source = iter(entities)
        made = 0
        while batch := list(islice(source, BATCH)):
            kind = type(batch[0])
            self.create_columns(kind, [entity.id for entity in batch], to_columns(kind, batch))
            made += len(batch)
        return made

    def create_columns(self, kind: type[Entity], ids: Sequence[str], columns: Columns) -> None:
        """The same for one batch of them, whose mappings are plain dicts."""
        with self._whole():
            self._ownership.made(columns, self._sequence)
            self._note_created(kind, ids, self._rows.insert(kind, ids, columns))

    def update(self, entity: E, **changes: object) -> E:
        """`entity` as it was read; fields that stay the same are left out, and without any other nothing is
        written. Raises StaleVersion where the row has moved on, NotFound, AlreadyThere, ReferenceBroken."""
        kind = type(entity)
        before = {name: field_value(kind, name, getattr(entity, name)) for name in changes}
        after = {name: field_value(kind, name, value) for name, value in changes.items()}
        changed = [name for name in changes if before[name] != after[name]]
        if not changed:
            return entity
        fields = {name: after[name] for name in changed}
        with self._whole():
            self._ownership.changed(entity.id, fields, self._sequence)
            self._rows.update(entity, fields)
            self._note(entity, "update", entity.version, {name: before[name] for name in changed}, fields)
        values = cast("dict[str, Any]", {name: changes[name] for name in changed})
        return dataclasses.replace(entity, **values, version=entity.version + 1)

    def delete(self, entity: Entity) -> None:
        """`entity` as it was read. Raises StaleVersion, NotFound, ReferenceBroken."""
        with self._whole():
            self._ownership.changed(entity.id, {}, self._sequence)
            self._rows.delete(entity)
            self._note(entity, "delete", entity.version, to_fields(entity), None)

    @contextmanager
    def _whole(self) -> Iterator[None]:
        """A caller may catch the error of one change and go on: then nothing of that change is there."""
        kept, owned = (self._sequence, self._position), self._ownership.state()
        try:
            with self._rows.whole():
                yield
        except BaseException:
            self._sequence, self._position = kept
            self._ownership.restore(owned)
            raise

    def finish(self) -> None:
        """Before the commit; `operation` calls it."""
        self._rows.finish()
        if self._sequence is None:
            return
        if self._ownership.operator is not None:
            put_operator(self._connection, self._sequence, self._ownership.operator)
        insert_deliveries(self._connection, self._sequence)
        for action in self._afterwards:
            action()

    def afterwards(self, action: Callable[[], None]) -> None:
        """Done in the same transaction, once the deliveries are there."""
        self._afterwards.append(action)

    def _note(
        self, entity: Entity, action: Action, base: int | None, before: Fields | None, after: Fields | None
    ) -> None:
        name = entity_name(type(entity))
        self._insert(
            [Change(self.operation_id, self._position, name, entity.id, action, base, before, after)]
        )

    def _note_created(self, kind: type[Entity], ids: Sequence[str], values: Sequence[Sequence[Any]]) -> None:
        if kind is Asset:
            insert_created_assets(self._connection, self._begun(), self._position, len(ids))
        else:
            texts = [row_text(table_of(kind), row) for row in zip(*values, strict=True)]
            insert_created(self._connection, self._begun(), self._position, entity_name(kind), ids, texts)
        self._position += len(ids)

    def _insert(self, changes: Sequence[Change]) -> None:
        insert_changes(self._connection, self._begun(), changes)
        self._position += len(changes)

    def _begun(self) -> int:
        if self._sequence is None:
            self._sequence = insert_operation(self._connection, self._operation(), self._actor)
        return self._sequence

    def _operation(self) -> Operation:
        now = datetime.now(UTC)
        clock = now.astimezone().isoformat(timespec="microseconds")
        actor = self._actor
        return Operation(self.operation_id, 0, self._kind, actor.id, actor.role, now, clock, self._reason)
