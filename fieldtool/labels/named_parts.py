"""Parts by their names, as JSON labels and `DevEUI=…` lines write them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from fieldtool.labels import parts
from fieldtool.labels.errors import MalformedLabel
from fieldtool.labels.label import Label
from fieldtool.labels.masking import masked
from fieldtool.labels.parts import without_separators

NAMES = {
    "dev_eui": r"dev(?:ice)?[ _-]?eui",
    "join_eui": r"(?:join|app)[ _-]?eui",
    "app_key": r"app[ _-]?key",
    "profile_id": r"profile[ _-]?id",
    "serial": r"serial(?:[ _-]?(?:number|no|nr))?\.?|s/?n",
    "owner_token": r"owner[ _-]?token|claim[ _-]?code",
}
"""AppEUI is what LoRaWAN before 1.0.4 calls the JoinEUI."""

ANY_NAME = "|".join(f"(?P<{part}>{pattern})" for part, pattern in NAMES.items())
WHOLE_NAME = re.compile(ANY_NAME, re.IGNORECASE)
OF_LORAWAN = {"dev_eui", "join_eui", "app_key"}
SECRET = {"app_key", "owner_token"}


def part_named(name: str) -> str | None:
    found = WHOLE_NAME.fullmatch(name.strip())
    return found.lastgroup if found else None


def label_of(label_format: str, pairs: Iterable[tuple[str, str]]) -> Label | None:
    """`pairs` of part and value. None where no part has to do with LoRaWAN.

    Raises MalformedLabel, also where two values of one part contradict each other.
    """
    found: dict[str, str] = {}
    for part, value in pairs:
        text = value.strip() if part in ("serial", "owner_token") else without_separators(value)
        if text and found.setdefault(part, text).lower() != text.lower():
            raise MalformedLabel(label_format, part, None if part in SECRET else masked(value))
    if not OF_LORAWAN & found.keys():
        return None
    if "dev_eui" not in found:
        raise MalformedLabel(label_format, "dev_eui", None)
    profile_id = found.get("profile_id", "")
    return Label(
        label_format,
        dev_eui=parts.dev_eui(label_format, found["dev_eui"]),
        join_eui=parts.join_eui(label_format, found["join_eui"]) if "join_eui" in found else None,
        # Other numbers go by this name too; only eight hex digits are the one of TR005.
        profile_id=profile_id.lower() if parts.is_hex(profile_id, 8) else None,
        serial=parts.plain_text(label_format, "serial", found.get("serial", "")),
        owner_token=parts.token(label_format, found.get("owner_token", "")),
        app_key=parts.app_key(label_format, found["app_key"]) if "app_key" in found else None,
    )
