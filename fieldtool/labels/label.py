"""A label, and what a label format is. One module in formats/ exports one FORMAT."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from drivers.secret import Secret


@dataclass(frozen=True, slots=True)
class Label:
    """EUIs are 16, `profile_id` (VendorID, VendorProfileID) 8, the AppKey 32 lower-case hex digits.

    `proprietary` is the maker's own; nobody can say that it holds no key, so it is never shown.
    """

    format: str
    dev_eui: str | None = None
    join_eui: str | None = None
    profile_id: str | None = None
    serial: str | None = None
    proprietary: str | None = field(default=None, repr=False)
    asset_id: str | None = None
    owner_token: Secret | None = None
    app_key: Secret | None = None

    def secret_names(self) -> list[str]:
        secrets = {"app_key": self.app_key, "owner_token": self.owner_token}
        return [name for name, value in secrets.items() if value is not None]


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelFormat:
    """`example` shows people what such a label looks like. Formats are tried by ascending `order`, the
    distinctive before the lax.

    `read` gets cleaned text and returns None where it is not of this format. Raises MalformedLabel and
    WrongChecksum where it is, but does not hold.
    """

    name: str
    example: str
    order: int
    read: Callable[[str], Label | None]
