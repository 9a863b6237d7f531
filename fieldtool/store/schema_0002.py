"""Schema 2: registrations at network servers, whose record an operation is, and what a target keeps asking.
Released: never changed, only followed by another one.
"""

from __future__ import annotations

STATEMENTS: tuple[str, ...] = (
    """CREATE TABLE registrations (
        id TEXT NOT NULL PRIMARY KEY,
        device_id TEXT NOT NULL UNIQUE REFERENCES devices(id),
        dev_eui TEXT NOT NULL,
        join_eui TEXT NOT NULL,
        profile TEXT NOT NULL,
        lorawan_version TEXT NOT NULL,
        name TEXT NOT NULL,
        key_check TEXT NOT NULL,
        key_written_at TEXT NOT NULL,
        profile_id TEXT,
        version INTEGER NOT NULL
    ) STRICT""",
    "ALTER TABLE tickets ADD COLUMN address TEXT",
    """ALTER TABLE ticket_events ADD COLUMN status TEXT
        CHECK (status IN ('open', 'in_progress', 'waiting', 'closed'))""",
    "CREATE INDEX tickets_by_status ON tickets(status, id)",
    # Whose thing it is: "schwerte". NULL in an operation: nobody said so, in a target: it takes everything.
    "ALTER TABLE operations ADD COLUMN operator TEXT",
    "ALTER TABLE targets ADD COLUMN operator TEXT",
    # `cursor` is up to where a target was pulled, `not_before` what it asked for with Retry-After.
    """CREATE TABLE target_states (
        target INTEGER PRIMARY KEY REFERENCES targets(key),
        cursor TEXT,
        not_before TEXT
    ) STRICT""",
    "CREATE INDEX remote_references_by_remote ON remote_references(target, entity, remote_id)",
    "CREATE INDEX receipts_by_time ON receipts(at)",
    # Which change goes to which target: one that handles such things, of the operator whose they are, and
    # for a ticket that was pulled only the target it came from.
    """CREATE VIEW handled_changes AS
        SELECT t.key AS target, c.operation, c.position, c.entity, c.entity_id
        FROM changes c JOIN operations o ON o.sequence = c.operation JOIN targets t
        WHERE c.entity IN (SELECT value FROM json_each(t.handles))
        AND (t.operator IS NULL OR t.operator = coalesce(
            o.operator, (SELECT value FROM facts WHERE key = 'default_operator')
        ))
        AND (
            c.entity NOT IN ('ticket', 'ticket_event')
            OR NOT EXISTS (
                SELECT 1 FROM changes m JOIN operations p ON p.sequence = m.operation
                WHERE m.entity_id = CASE c.entity WHEN 'ticket' THEN c.entity_id
                    ELSE coalesce(c.after, c.before) ->> '$.ticket_id' END
                AND m.entity = 'ticket' AND m.action = 'create' AND p.kind = 'ticket.pulled'
            )
            OR EXISTS (
                SELECT 1 FROM remote_references r WHERE r.target = t.key AND r.entity = 'ticket'
                AND r.entity_id = CASE c.entity WHEN 'ticket' THEN c.entity_id
                    ELSE coalesce(c.after, c.before) ->> '$.ticket_id' END
            )
        )""",
)
