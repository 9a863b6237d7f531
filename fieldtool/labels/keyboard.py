"""Text of a scanner that is set to a US keyboard, on a machine that has a German one.

Such a scanner sends the places of keys, not characters: where it means a colon, Ö arrives. The places are
those of the layouts "us" and "de" of xkeyboard-config.
"""

from __future__ import annotations

import unicodedata

GERMAN = '^°"§&/()=ß?´`' + "zZüÜ+*" + "öÖäÄ#'" + "yY;:-_"
US = "`~@#^&*()-_=+" + "yY[{]}" + ";:'\"\\|" + "zZ<>/?"
"""Row by row, where the two differ."""

AS_US = str.maketrans(GERMAN, US)
DEAD = {"\u0301": "´", "\u0300": "`", "\u0302": "^"}
"""Keys that wait for the next letter and go onto it."""


def as_us_keyboard(text: str) -> str:
    return "".join(map(_undead, text)).translate(AS_US)


def _undead(letter: str) -> str:
    plain, *marks = list(unicodedata.normalize("NFD", letter))
    return DEAD[marks[0]] + plain if len(marks) == 1 and marks[0] in DEAD else letter
