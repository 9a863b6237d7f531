"""PLACEHOLDER by the lead so that the workflow can be tried; helper L overwrites this file."""

from __future__ import annotations

from dataclasses import dataclass

from drivers.secret import Secret
from fieldtool.errors import CoreError


@dataclass(frozen=True)
class Label:
    format: str
    dev_eui: str | None = None
    join_eui: str | None = None
    profile_id: str | None = None
    serial: str | None = None
    proprietary: str | None = None
    asset_id: str | None = None
    owner_token: Secret | None = None
    app_key: Secret | None = None

    def secret_names(self) -> list[str]:
        return ["app_key"] if self.app_key else []


@dataclass(eq=False)
class UnknownLabel(CoreError):
    text: str


def read_label(text: str) -> Label:
    if text.startswith("LW:D0:"):
        parts = text.split(":")
        return Label("tr005", parts[3].lower(), parts[2].lower(), parts[4].lower(), parts[5][1:] if len(parts) > 5 else None)
    parts = text.split(";")
    if len(parts) == 4:
        return Label("dragino", parts[1].lower(), parts[2].lower(), serial=parts[0], app_key=Secret(parts[3].lower()))
    raise UnknownLabel(text)
