"""Whose things operations and records are, as rows.

An operation's operator is its own, else the profile's default; a record's is that of the first operation on
it that names one, else the default.
"""

from __future__ import annotations

from fieldtool.store import profile_rows
from fieldtool.store.connection import Connection

DEFAULT = "default_operator"


def default_operator(connection: Connection) -> str | None:
    return profile_rows.fact(connection, DEFAULT)


def put_default_operator(connection: Connection, operator: str) -> None:
    """The first one stays."""
    connection.execute("INSERT INTO facts VALUES (?, ?) ON CONFLICT (key) DO NOTHING", (DEFAULT, operator))


def put_operator(connection: Connection, sequence: int, operator: str) -> None:
    connection.execute("UPDATE operations SET operator = ? WHERE sequence = ?", (operator, sequence))


def named_for(connection: Connection, entity_id: str, but: int | None) -> tuple[bool, str | None]:
    """Whether another operation than `but` made the record, and the operator that was named for it."""
    row = connection.row(
        """SELECT o.operator FROM changes c JOIN operations o ON o.sequence = c.operation
        WHERE c.entity_id = ? AND c.operation IS NOT ? ORDER BY o.operator IS NULL, c.row LIMIT 1""",
        (entity_id, but),
    )
    return (False, None) if row is None else (True, row[0])


def named_for_all(connection: Connection, entity: str) -> dict[str, str]:
    """By id, those of this kind for which an operator was named."""
    rows = connection.rows(
        """SELECT c.entity_id, o.operator FROM operations o JOIN changes c ON c.operation = o.sequence
        WHERE o.operator IS NOT NULL AND c.entity = ? ORDER BY c.row DESC""",
        (entity,),
    )
    return dict(rows)
