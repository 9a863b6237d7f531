"""Schema 4: what people note at an asset. Released: never changed, only followed by another one."""

from __future__ import annotations

STATEMENTS: tuple[str, ...] = (
    # Who noted it is in the journal. A note outlives its asset: the history of what is deleted stays whole.
    """CREATE TABLE asset_notes (
        id TEXT NOT NULL PRIMARY KEY,
        asset_id TEXT NOT NULL,
        at TEXT NOT NULL,
        text TEXT NOT NULL CHECK (text <> ''),
        version INTEGER NOT NULL
    ) STRICT""",
    "CREATE INDEX asset_notes_by_asset ON asset_notes(asset_id, at)",
)
