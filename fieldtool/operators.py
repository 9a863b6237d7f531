"""Whose things they are, where one profile works for two cities: nothing of one reaches the other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from fieldtool.asset import Asset
from fieldtool.entities import Columns, Fields
from fieldtool.errors import CoreError
from fieldtool.store import Store, operator_rows
from fieldtool.store.connection import Connection

MENTIONING = ("parent_id", "asset_id", "device_id", "datastream_id", "ticket_id")
"""Fields that name the record which another one belongs to."""


@dataclass(eq=False)
class OperatorsMixed(CoreError):
    first: str
    second: str


def default_operator(store: Store) -> str | None:
    return operator_rows.default_operator(store.connection)


def operator_of(store: Store, entity_id: str) -> str | None:
    """Whose thing a record is; None where nobody said so."""
    known, named = operator_rows.named_for(store.connection, entity_id, None)
    return named or (default_operator(store) if known else None)


def open_to(store: Store, operator: str | None, assets: Iterable[Asset]) -> Iterator[Asset]:
    """Those that are of this operator or nobody's; all of them where no operator is in question."""
    default = default_operator(store)
    wanted = operator or default
    if wanted is None:
        yield from assets
        return
    named = operator_rows.named_for_all(store.connection, "asset")
    yield from (asset for asset in assets if named.get(asset.id, default) in (wanted, None))


class Ownership:
    """Whose things one operation is about, as found change by change. `operator` is what is written down:
    only what somebody named, never the default, which is looked up when it is wanted; `whose` counts it
    too."""

    def __init__(self, connection: Connection, named: str | None) -> None:
        self.operator = named
        self._connection = connection
        self._default = operator_rows.default_operator(connection)
        self._known: dict[str, tuple[bool, str | None]] = {}
        self.whose = named

    def made(self, columns: Columns, sequence: int | None) -> None:
        """New records of one type are whose the records are that they name. Raises OperatorsMixed."""
        for entity_id in _mentioned(columns):
            self._include(entity_id, sequence, inherit=True)

    def changed(self, entity_id: str, fields: Fields, sequence: int | None) -> None:
        """Raises OperatorsMixed, also for what it names newly: a device of one on a mast of the other."""
        self._include(entity_id, sequence, inherit=True)
        for mentioned in _mentioned({name: (value,) for name, value in fields.items()}):
            self._include(mentioned, sequence, inherit=False)

    def state(self) -> tuple[str | None, str | None]:
        return self.operator, self.whose

    def restore(self, state: tuple[str | None, str | None]) -> None:
        self.operator, self.whose = state

    def _include(self, entity_id: str, sequence: int | None, *, inherit: bool) -> None:
        """`sequence` is this operation's own: what it made itself is nobody's yet."""
        if entity_id not in self._known:
            self._known[entity_id] = operator_rows.named_for(self._connection, entity_id, sequence)
        known, named = self._known[entity_id]
        whose = named or (self._default if known else None)
        if whose is None:
            return
        if self.whose is not None and self.whose != whose:
            raise OperatorsMixed(self.whose, whose)
        if inherit:
            self.whose = whose
            self.operator = self.operator or named


def _mentioned(columns: Columns) -> Iterator[str]:
    """Each once."""
    for name in MENTIONING:
        named = dict.fromkeys(columns.get(name, ()))
        yield from (entity_id for entity_id in named if isinstance(entity_id, str))
