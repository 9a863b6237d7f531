"""What can be the matter with a value of a record."""

from __future__ import annotations

from typing import Literal

from fieldtool.texts import N_

Doubt = Literal["missing", "unfit", "implausible", "double", "old"]
"""Nothing stands there; it is no value of the attribute; it is one, but can hardly be; another asset of a
class with unique numbers has the same; nobody has touched the whole record since a day."""

DOUBTS: dict[Doubt, str] = {
    "missing": N_("is missing"),
    "unfit": N_("is no value of this attribute"),
    "implausible": N_("is implausible"),
    "double": N_("occurs more than once"),
    "old": N_("not changed for long"),
}
