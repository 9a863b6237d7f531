"""The one gettext catalogue: English msgids, German from resources/translations/de.po.

`_` translates where it stands; `N_` only marks a text that is translated later (tables of messages).
"""

from __future__ import annotations

import functools
import os
import re
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

RESOURCES = Path(__file__).resolve().parent.parent / "resources"
LANGUAGES = ("de", "en")

CATALOGUE = RESOURCES / "translations" / "de.po"
QUOTED = r'((?:"(?:[^"\\]|\\.)*"\s*)+)'
ENTRY = re.compile(rf"^msgid {QUOTED}msgstr {QUOTED}", re.MULTILINE)
PIECE = re.compile(r'"((?:[^"\\]|\\.)*)"')
ESCAPE = re.compile(r"\\(.)")
ESCAPES = {"n": "\n", "t": "\t", '"': '"', "\\": "\\"}

BERLIN = ZoneInfo("Europe/Berlin")

_language = "de"


def use_language(language: str | None) -> None:
    """`language` or, where None, FIELDTOOL_LANGUAGE; German first."""
    global _language  # noqa: PLW0603 - one process speaks one language
    wanted = language or os.environ.get("FIELDTOOL_LANGUAGE") or "de"
    if wanted not in LANGUAGES:
        raise ValueError(wanted)
    _language = wanted


def current_language() -> str:
    return _language


def _(text: str) -> str:
    return text if _language == "en" else german().get(text, text)


def N_(text: str) -> str:
    return text


@functools.cache
def german() -> dict[str, str]:
    """Read with one expression: every start waits for it. A test holds it against what polib reads."""
    text = CATALOGUE.read_text(encoding="utf-8")
    entries = ((_joined(found[1]), _joined(found[2])) for found in ENTRY.finditer(text))
    return {msgid: msgstr for msgid, msgstr in entries if msgid and msgstr}


def _joined(quoted: str) -> str:
    text = "".join(PIECE.findall(quoted))
    return ESCAPE.sub(lambda found: ESCAPES[found[1]], text) if "\\" in text else text


def decimal(value: float, digits: int | None = None) -> str:
    """A number as people write it here: comma in German, no trailing zeros without `digits`."""
    text = f"{value:.{digits}f}" if digits is not None else f"{value:.10g}"
    return text.replace(".", ",") if _language == "de" else text


def local_time(at: datetime) -> str:
    """DD.MM.YYYY HH:MM:SS in Europe/Berlin."""
    return at.astimezone(BERLIN).strftime("%d.%m.%Y %H:%M:%S")


def thousands(number: int) -> str:
    text = f"{number:,}"
    return text.replace(",", ".") if _language == "de" else text
