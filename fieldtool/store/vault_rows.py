"""The vault's rows: ciphertext only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from fieldtool.store.connection import Connection


@dataclass(frozen=True, slots=True)
class KeyRow:
    """`kept` "passphrase": `sealed` is the master key wrapped with scrypt(passphrase, salt); "key_store":
    the master key is in the system's key store under `key_id`, and `sealed` proves that it is the right
    one."""

    key_id: str
    kept: Literal["key_store", "passphrase"]
    salt: bytes | None
    nonce: bytes
    sealed: bytes


@dataclass(frozen=True, slots=True)
class SealedRow:
    key_id: str
    nonce: bytes
    sealed: bytes


def key_row(connection: Connection) -> KeyRow | None:
    row = connection.row("SELECT key_id, kept, salt, nonce, sealed FROM vault_key")
    return None if row is None else KeyRow(*row)


def insert_key(connection: Connection, key: KeyRow) -> None:
    connection.execute(
        "INSERT INTO vault_key VALUES (1, ?, ?, ?, ?, ?)",
        (key.key_id, key.kept, key.salt, key.nonce, key.sealed),
    )


def sealed_row(connection: Connection, name: str) -> SealedRow | None:
    row = connection.row("SELECT key_id, nonce, sealed FROM vault WHERE name = ?", (name,))
    return None if row is None else SealedRow(*row)


def put_sealed(connection: Connection, name: str, row: SealedRow) -> None:
    connection.execute(
        """INSERT INTO vault VALUES (?, ?, ?, ?) ON CONFLICT (name) DO UPDATE SET
            key_id = excluded.key_id, nonce = excluded.nonce, sealed = excluded.sealed""",
        (name, row.key_id, row.nonce, row.sealed),
    )


def names(connection: Connection, prefix: str) -> list[str]:
    rows = connection.rows(
        "SELECT name FROM vault WHERE substr(name, 1, length(?1)) = ?1 ORDER BY name", (prefix,)
    )
    return [row[0] for row in rows]


def delete(connection: Connection, name: str) -> bool:
    return connection.execute("DELETE FROM vault WHERE name = ?", (name,)).rowcount > 0
