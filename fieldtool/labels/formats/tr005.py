"""LoRa Alliance TR005, "LoRaWAN Device Identification QR Codes".

    LW:D0:<JoinEUI>:<DevEUI>:<ProfileID>[:O<token>][:S<serial>][:P<proprietary>][:C<checksum>]

Extensions are told apart by their first letter, come in any order and may be empty. The checksum covers
everything before `:C`.
"""

from __future__ import annotations

from fieldtool.labels import parts
from fieldtool.labels.checksum import checksum
from fieldtool.labels.errors import MalformedLabel, WrongChecksum
from fieldtool.labels.label import Label, LabelFormat
from fieldtool.labels.masking import masked

NAME = "tr005"
PREFIX = "LW:D0:"
EXTENSIONS = {"O": "owner_token", "S": "serial", "P": "proprietary", "C": "checksum"}


def read(text: str) -> Label | None:
    if text[: len(PREFIX)].upper() != PREFIX:
        return None
    fields = as_printed(text).split(":")
    join_eui, dev_eui, profile_id = (*fields[2:], "", "", "")[:3]
    join_eui = parts.join_eui(NAME, join_eui)
    dev_eui = parts.dev_eui(NAME, dev_eui)
    profile_id = parts.hex_digits(NAME, "profile_id", profile_id, 8)
    found = extensions(fields[5:])
    verify(fields)
    return Label(
        NAME,
        dev_eui=dev_eui,
        join_eui=join_eui,
        profile_id=profile_id,
        serial=parts.plain_text(NAME, "serial", found.get("serial", "")),
        proprietary=found.get("proprietary") or None,
        owner_token=parts.token(NAME, found.get("owner_token", "")),
    )


def extensions(fields: list[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for field in filter(None, fields):
        letter, value = field[0].upper(), field[1:]
        if letter not in EXTENSIONS or EXTENSIONS[letter] in found:
            # Only the letter: what follows may be the rest of a token with a colon in it.
            raise MalformedLabel(NAME, "extension", masked(letter))
        found[EXTENSIONS[letter]] = value
    return found


def as_printed(text: str) -> str:
    """TR005 writes labels in upper case. A scanner that is set to lower case is known by a checksum that
    only fits the upper-case text."""
    upper = text.upper()
    covered, stated = checksum_of(upper.split(":"))
    return upper if text == text.lower() and stated == checksum(covered) else text


def checksum_of(fields: list[str]) -> tuple[str, str]:
    """What the checksum covers, and the checksum stated or ""."""
    for index, field in enumerate(fields[5:], start=5):
        if field[:1].upper() == "C":
            return ":".join(fields[:index]), field[1:].upper()
    return ":".join(fields), ""


def verify(fields: list[str]) -> None:
    covered, stated = checksum_of(fields)
    if not stated:
        refuse_damaged_mark(covered)
        return
    parts.hex_digits(NAME, "checksum", stated, 4)
    if stated != checksum(covered):
        raise WrongChecksum(stated, checksum(covered))


def refuse_damaged_mark(text: str) -> None:
    """A label that ends in its right checksum, but with one wrong character in the `:C` before it, is
    damaged and not one without a checksum: the part before would be read wrongly."""
    before, colon, letter, stated = text[:-6], text[-6], text[-5], text[-4:].upper()
    if (colon == ":") != (letter == "C") and stated == checksum(before):
        raise MalformedLabel(NAME, "checksum", stated)


FORMAT = LabelFormat(name=NAME, example="LW:D0:…", order=10, read=read)
