"""Where the AppKey comes from."""

from __future__ import annotations

import csv
import re
import secrets
from pathlib import Path

from drivers.secret import Secret
from fieldtool.commissioning.errors import KeyFileUnreadable, KeyNotInFile

HEX16 = re.compile(r"[0-9a-f]{16}")
HEX32 = re.compile(r"[0-9a-f]{32}")


def generate_app_key() -> Secret:
    """128 bits from the operating system's cryptographic source."""
    return Secret(secrets.token_hex(16))


def app_key_from_file(path: Path, dev_eui: str) -> Secret:
    """A maker's delivery list: one device a line, split by ; , or tab, with or without a header. Which
    column is which follows from the values: 16 hex digits equal to the DevEUI name the line, its only
    field of 32 hex digits is the key. Raises KeyFileUnreadable, KeyNotInFile."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise KeyFileUnreadable(str(path), 0, type(error).__name__) from error
    delimiter = max(";,\t", key=text.count)
    found: Secret | None = None
    for number, row in enumerate(csv.reader(text.splitlines(), delimiter=delimiter), start=1):
        fields = [re.sub(r"[\s:-]", "", field).lower() for field in row]
        if dev_eui not in [field for field in fields if HEX16.fullmatch(field)]:
            continue
        keys = {field for field in fields if HEX32.fullmatch(field)}
        if len(keys) != 1:
            raise KeyFileUnreadable(str(path), number, f"{len(keys)} × 32 hex")
        key = Secret(keys.pop())
        if found is not None and found != key:
            raise KeyFileUnreadable(str(path), number, f"{dev_eui} × 2")
        found = key
    if found is None:
        raise KeyNotInFile(str(path), dev_eui)
    return found
