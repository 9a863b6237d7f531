"""Schema 1. Released: never changed, only followed by another one.

Plain SQL, so that a newer library can't change what an old migration makes. Entities have the client's
UUIDv7 as `id`; the journal uses the shorter `operations.sequence` inside the file.
"""

from __future__ import annotations

STATEMENTS: tuple[str, ...] = (
    # Who and what the profile is.
    """CREATE TABLE facts (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID""",
    """CREATE TABLE actors (
        id TEXT PRIMARY KEY,
        name TEXT NOT NULL,
        sign TEXT NOT NULL,
        role TEXT NOT NULL CHECK (role IN ('technik', 'bestand', 'schule'))
    ) STRICT""",
    # Entities. `seq` is the key of an asset in its indexes.
    """CREATE TABLE assets (
        seq INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        asset_class TEXT NOT NULL,
        number TEXT,
        name TEXT,
        geometry TEXT,
        attributes TEXT NOT NULL,
        parent_id TEXT REFERENCES assets(id) DEFERRABLE INITIALLY DEFERRED,
        version INTEGER NOT NULL
    ) STRICT""",
    "CREATE INDEX assets_by_number ON assets(asset_class, number)",
    "CREATE INDEX assets_by_class ON assets(asset_class, id)",
    "CREATE INDEX assets_by_parent ON assets(parent_id) WHERE parent_id IS NOT NULL",
    """CREATE TABLE devices (
        id TEXT NOT NULL PRIMARY KEY,
        profile TEXT NOT NULL,
        dev_eui TEXT UNIQUE,
        join_eui TEXT,
        serial TEXT,
        firmware TEXT,
        name TEXT,
        state TEXT NOT NULL CHECK (state IN ('in_commissioning', 'in_service', 'out_of_service')),
        asset_id TEXT REFERENCES assets(id),
        geometry TEXT,
        accuracy_m REAL,
        settings TEXT NOT NULL,
        commissioned_at TEXT,
        version INTEGER NOT NULL
    ) STRICT""",
    "CREATE INDEX devices_by_asset ON devices(asset_id) WHERE asset_id IS NOT NULL",
    """CREATE TABLE datastreams (
        id TEXT NOT NULL PRIMARY KEY,
        device_id TEXT NOT NULL REFERENCES devices(id),
        observed_property TEXT NOT NULL,
        unit TEXT NOT NULL,
        version INTEGER NOT NULL,
        UNIQUE (device_id, observed_property)
    ) STRICT""",
    """CREATE TABLE observations (
        id TEXT NOT NULL PRIMARY KEY,
        datastream_id TEXT NOT NULL REFERENCES datastreams(id),
        phenomenon_time TEXT NOT NULL,
        result REAL NOT NULL,
        raw TEXT NOT NULL,
        quality TEXT NOT NULL CHECK (quality IN ('plausible', 'implausible')),
        version INTEGER NOT NULL,
        UNIQUE (datastream_id, phenomenon_time)
    ) STRICT""",
    """CREATE TABLE tickets (
        id TEXT NOT NULL PRIMARY KEY,
        category TEXT NOT NULL,
        title TEXT NOT NULL,
        description TEXT NOT NULL,
        status TEXT NOT NULL CHECK (status IN ('open', 'in_progress', 'waiting', 'closed')),
        priority INTEGER NOT NULL,
        asset_id TEXT REFERENCES assets(id),
        device_id TEXT REFERENCES devices(id),
        geometry TEXT,
        assignee TEXT,
        due TEXT,
        version INTEGER NOT NULL
    ) STRICT""",
    "CREATE INDEX tickets_by_asset ON tickets(asset_id) WHERE asset_id IS NOT NULL",
    "CREATE INDEX tickets_by_device ON tickets(device_id) WHERE device_id IS NOT NULL",
    """CREATE TABLE ticket_events (
        id TEXT NOT NULL PRIMARY KEY,
        ticket_id TEXT NOT NULL REFERENCES tickets(id),
        kind TEXT NOT NULL CHECK (kind IN ('comment', 'status', 'finding')),
        text TEXT NOT NULL,
        at TEXT NOT NULL,
        version INTEGER NOT NULL
    ) STRICT""",
    "CREATE INDEX ticket_events_by_ticket ON ticket_events(ticket_id, at)",
    """CREATE TABLE commissionings (
        id TEXT NOT NULL PRIMARY KEY,
        profile TEXT NOT NULL,
        dev_eui TEXT NOT NULL,
        started_at TEXT NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('running', 'finished', 'abandoned')),
        device_id TEXT REFERENCES devices(id),
        label TEXT NOT NULL,
        plan TEXT NOT NULL,
        steps TEXT NOT NULL,
        version INTEGER NOT NULL
    ) STRICT""",
    "CREATE INDEX commissionings_by_dev_eui ON commissionings(dev_eui)",
    "CREATE INDEX commissionings_by_device ON commissionings(device_id) WHERE device_id IS NOT NULL",
    # Finding assets. `part` is the asset class, or empty for the whole of an entity.
    """CREATE TABLE counts (
        entity TEXT NOT NULL,
        part TEXT NOT NULL,
        number INTEGER NOT NULL,
        PRIMARY KEY (entity, part)
    ) STRICT, WITHOUT ROWID""",
    # The tree rounds to 32 bits, outwards; the columns with + keep the exact box.
    """CREATE VIRTUAL TABLE asset_boxes USING rtree(
        seq, west, east, south, north, +exact_west, +exact_east, +exact_south, +exact_north
    )""",
    """CREATE VIRTUAL TABLE asset_texts USING fts5(
        number, name, attributes, tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3'
    )""",
    "CREATE TABLE asset_texts_pending (seq INTEGER PRIMARY KEY) STRICT",
    # The journal.
    """CREATE TABLE operations (
        sequence INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        kind TEXT NOT NULL,
        actor_id TEXT NOT NULL REFERENCES actors(id),
        role TEXT NOT NULL,
        at TEXT NOT NULL,
        device_clock TEXT NOT NULL,
        reason TEXT
    ) STRICT""",
    """CREATE TABLE changes (
        row INTEGER PRIMARY KEY,
        operation INTEGER NOT NULL REFERENCES operations(sequence),
        position INTEGER NOT NULL,
        entity TEXT NOT NULL,
        entity_id TEXT NOT NULL,
        action TEXT NOT NULL CHECK (action IN ('create', 'update', 'delete')),
        base_version INTEGER,
        before TEXT,
        after TEXT,
        UNIQUE (operation, position)
    ) STRICT""",
    "CREATE INDEX changes_by_entity ON changes(entity_id)",
    """CREATE TRIGGER operations_stay BEFORE DELETE ON operations
        BEGIN SELECT raise(ABORT, 'operations are never deleted'); END""",
    """CREATE TRIGGER changes_stay BEFORE DELETE ON changes
        BEGIN SELECT raise(ABORT, 'changes are never deleted'); END""",
    # The outbox. `attempt` tells the receipts of a repeated delivery from the earlier ones.
    """CREATE TABLE targets (
        key INTEGER PRIMARY KEY,
        name TEXT NOT NULL,
        type TEXT NOT NULL,
        url TEXT NOT NULL,
        tenant TEXT,
        options TEXT NOT NULL,
        handles TEXT NOT NULL,
        added_at TEXT NOT NULL,
        added_by TEXT NOT NULL REFERENCES actors(id),
        removed_at TEXT
    ) STRICT""",
    "CREATE UNIQUE INDEX targets_by_name ON targets(name) WHERE removed_at IS NULL",
    """CREATE TABLE deliveries (
        target INTEGER NOT NULL REFERENCES targets(key),
        operation INTEGER NOT NULL REFERENCES operations(sequence),
        state TEXT NOT NULL
            CHECK (state IN ('saved', 'sending', 'accepted', 'rejected', 'conflict', 'waiting')),
        reason TEXT,
        waits_for INTEGER REFERENCES operations(sequence),
        open INTEGER NOT NULL CHECK (open >= 0),
        attempt INTEGER NOT NULL DEFAULT 1,
        PRIMARY KEY (target, operation),
        CHECK ((state = 'accepted') = (open = 0))
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX deliveries_pending ON deliveries(target, operation) WHERE state <> 'accepted'",
    """CREATE TABLE receipts (
        row INTEGER PRIMARY KEY,
        target INTEGER NOT NULL REFERENCES targets(key),
        operation INTEGER NOT NULL REFERENCES operations(sequence),
        position INTEGER NOT NULL,
        attempt INTEGER NOT NULL,
        outcome TEXT NOT NULL CHECK (outcome IN ('accepted', 'rejected', 'conflict')),
        remote_id TEXT,
        at TEXT NOT NULL,
        detail TEXT NOT NULL
    ) STRICT""",
    "CREATE INDEX receipts_by_change ON receipts(operation, position, target)",
    """CREATE UNIQUE INDEX receipts_accepted ON receipts(target, operation, position)
        WHERE outcome = 'accepted'""",
    "CREATE INDEX receipts_refused ON receipts(target, operation) WHERE outcome <> 'accepted'",
    """CREATE TABLE remote_references (
        target INTEGER NOT NULL REFERENCES targets(key),
        entity TEXT NOT NULL,
        entity_id TEXT NOT NULL,
        remote_id TEXT NOT NULL,
        base TEXT,
        seen_at TEXT NOT NULL,
        PRIMARY KEY (target, entity, entity_id)
    ) STRICT""",
    # Secrets, always encrypted.
    """CREATE TABLE vault_key (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        key_id TEXT NOT NULL,
        kept TEXT NOT NULL CHECK (kept IN ('key_store', 'passphrase')),
        salt BLOB,
        nonce BLOB NOT NULL,
        sealed BLOB NOT NULL
    ) STRICT""",
    """CREATE TABLE vault (
        name TEXT PRIMARY KEY,
        key_id TEXT NOT NULL,
        nonce BLOB NOT NULL,
        sealed BLOB NOT NULL
    ) STRICT, WITHOUT ROWID""",
)
