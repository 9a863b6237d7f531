"""Schema 3: the profile's own classes of assets. Released: never changed, only followed by another one."""

from __future__ import annotations

STATEMENTS: tuple[str, ...] = (
    # `id` is the class's; `moved`: which keys of attributes its last change has renamed, old to new.
    """CREATE TABLE class_definitions (
        id TEXT NOT NULL PRIMARY KEY,
        definition TEXT NOT NULL,
        moved TEXT NOT NULL,
        version INTEGER NOT NULL
    ) STRICT""",
)
