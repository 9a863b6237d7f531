"""The network server's rows, in the platform's own SQLite file.

Root keys are kept readable, as a real server must keep them (a join is computed with them, and GetKeys gives
them out to the right token); they are in this database only, never in an event, on the page or in an error.
The tables have ChirpStack's own names, because its refusals quote them (chirpstack/src/storage/error.rs).
"""

from __future__ import annotations

import json
import secrets
import sqlite3
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from fieldtool.training.database import Database, Work, now

SCHEMA = (
    """CREATE TABLE IF NOT EXISTS network_tenant (
        id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, created_at TEXT NOT NULL) STRICT""",
    """CREATE TABLE IF NOT EXISTS application (
        id TEXT PRIMARY KEY, tenant_id TEXT NOT NULL REFERENCES network_tenant (id), name TEXT NOT NULL,
        message BLOB NOT NULL, created_at TEXT NOT NULL) STRICT""",
    """CREATE TABLE IF NOT EXISTS device_profile (
        id TEXT PRIMARY KEY, tenant_id TEXT NOT NULL REFERENCES network_tenant (id), name TEXT NOT NULL,
        vendor_id INTEGER, vendor_profile_id INTEGER, message BLOB NOT NULL, created_at TEXT NOT NULL,
        UNIQUE (vendor_id, vendor_profile_id)) STRICT""",
    """CREATE TABLE IF NOT EXISTS device (
        dev_eui TEXT PRIMARY KEY, application_id TEXT NOT NULL REFERENCES application (id),
        device_profile_id TEXT NOT NULL REFERENCES device_profile (id), name TEXT NOT NULL,
        message BLOB NOT NULL, created_at TEXT NOT NULL, updated_at TEXT NOT NULL) STRICT""",
    """CREATE TABLE IF NOT EXISTS device_keys (
        dev_eui TEXT PRIMARY KEY REFERENCES device (dev_eui) ON DELETE CASCADE,
        message BLOB NOT NULL, dev_nonces TEXT NOT NULL,
        created_at TEXT NOT NULL, updated_at TEXT NOT NULL) STRICT""",
    """CREATE TABLE IF NOT EXISTS device_session (
        dev_eui TEXT PRIMARY KEY REFERENCES device (dev_eui) ON DELETE CASCADE,
        dev_addr TEXT NOT NULL, app_s_key TEXT NOT NULL, nwk_s_key TEXT NOT NULL,
        joined_at TEXT NOT NULL) STRICT""",
)
NONCES = 0x10000  # a DevNonce has 16 bits (LoRaWAN 1.0.3, 6.2.4)


@dataclass(frozen=True)
class Home:
    """What was there at first start: ids differ from one folder to the next, so that nobody mixes them up."""

    tenant: str
    application: str
    device_profile: str


@dataclass(frozen=True)
class Session:
    dev_addr: str
    app_s_key: str
    nwk_s_key: str
    joined_at: str


class NoKeys(Exception):
    """The device has none, so it cannot have joined."""


class NonceUsed(Exception):
    """As after a factory reset: the device counts from the beginning, and the server remembers."""


def prepare(
    database: Database, tenants: Sequence[str], application: bytes, profile: bytes
) -> dict[str, Home]:
    """By the platform's tenant. `application`, `profile`: the messages of those made at first start. Raises
    sqlite3.Error."""
    with database.transaction() as work:
        for statement in SCHEMA:
            work.connection.execute(statement)
        return {name: home(work, name) or _settle(work, name, application, profile) for name in tenants}


def _settle(work: Work, name: str, application: bytes, profile: bytes) -> Home:
    tenant = str(uuid.uuid4())
    work.connection.execute("INSERT INTO network_tenant VALUES (?, ?, ?)", (tenant, title(name), now()))
    return Home(
        tenant,
        add_application(work, tenant, title(name), application),
        add_profile(work, tenant, "Übung OTAA EU868", profile, None),
    )


def title(tenant: str) -> str:
    return f"Übung {tenant}".strip()


def home(work: Work, tenant: str) -> Home | None:
    """Raises sqlite3.OperationalError where no network server was ever started."""
    found = work.connection.execute(
        "SELECT t.id, (SELECT id FROM application WHERE tenant_id = t.id ORDER BY rowid LIMIT 1),"
        " (SELECT id FROM device_profile WHERE tenant_id = t.id ORDER BY rowid LIMIT 1)"
        " FROM network_tenant AS t WHERE t.name = ?",
        (title(tenant),),
    ).fetchone()
    return Home(*found) if found else None


def add_application(work: Work, tenant: str, name: str, message: bytes) -> str:
    identifier = str(uuid.uuid4())
    work.connection.execute(
        "INSERT INTO application VALUES (?, ?, ?, ?, ?)", (identifier, tenant, name, message, now())
    )
    return identifier


def add_profile(work: Work, tenant: str, name: str, message: bytes, vendor: tuple[int, int] | None) -> str:
    """`vendor`: vendor and profile number, the two halves of a TR005 ProfileID."""
    identifier = str(uuid.uuid4())
    work.connection.execute(
        "INSERT INTO device_profile VALUES (?, ?, ?, ?, ?, ?, ?)",
        (identifier, tenant, name, *(vendor or (None, None)), message, now()),
    )
    return identifier


def join(work: Work, dev_eui: str, dev_nonce: int | None = None) -> None:
    """Makes a session with random keys, as if the device had joined.

    `dev_nonce` None: the next one not used yet. Raises NoKeys, NonceUsed.
    """
    found = work.connection.execute(
        "SELECT dev_nonces FROM device_keys WHERE dev_eui = ?", (dev_eui,)
    ).fetchone()
    if found is None:
        raise NoKeys
    used = json.loads(found[0])
    nonce = (max(used, default=-1) + 1) % NONCES if dev_nonce is None else dev_nonce
    if nonce in used:
        raise NonceUsed
    work.connection.execute(
        "UPDATE device_keys SET dev_nonces = ? WHERE dev_eui = ?", (json.dumps([*used, nonce]), dev_eui)
    )
    work.connection.execute(
        "INSERT OR REPLACE INTO device_session VALUES (?, ?, ?, ?, ?)",
        (dev_eui, secrets.token_hex(4), secrets.token_hex(16), secrets.token_hex(16), now()),
    )


def session(work: Work, dev_eui: str) -> Session | None:
    found = work.connection.execute(
        "SELECT dev_addr, app_s_key, nwk_s_key, joined_at FROM device_session WHERE dev_eui = ?", (dev_eui,)
    ).fetchone()
    return Session(*found) if found else None


def registered(work: Work, limit: int) -> list[tuple[str, str, str, bool, bool]]:
    """(DevEUI, name, application, has keys, has joined), the last changed first.

    Empty where no network server was ever started.
    """
    try:
        rows = work.connection.execute(
            "SELECT d.dev_eui, d.name, a.name, k.dev_eui IS NOT NULL, s.dev_eui IS NOT NULL"
            " FROM device AS d JOIN application AS a ON a.id = d.application_id"
            " LEFT JOIN device_keys AS k USING (dev_eui) LEFT JOIN device_session AS s USING (dev_eui)"
            " ORDER BY d.updated_at DESC, d.rowid DESC LIMIT ?",
            (limit,),
        ).fetchall()
    except sqlite3.OperationalError as error:
        if "no such table" in str(error):
            return []
        raise
    return [
        (eui, name, application, bool(keys), bool(joined)) for eui, name, application, keys, joined in rows
    ]
