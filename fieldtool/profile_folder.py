"""What is in a profile's directory."""

from __future__ import annotations

DATABASE = "fieldtool.sqlite"
FOLDERS = ("attachments", "backups", "logs", "reports")
HOLDER = "lock-holder"
"""Who holds the lock: a note for people, gone with the holder."""
