"""What the demonstration is about: one tree of the list, and a sensor that nobody else has."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from typing import Any

from drivers.secret import Secret
from fieldtool.texts import RESOURCES

DEVICE_TYPE = "dragino-lse01"
TREES = RESOURCES / "demo" / "strassenbaeume.geojson"


@dataclass(frozen=True)
class Site:
    """The tree of the demonstration and the sensor that comes to it."""

    number: str
    lon: float
    lat: float
    dev_eui: str
    join_eui: str
    app_key: Secret
    password: Secret

    @property
    def label(self) -> str:
        return f"LW:D0:{self.join_eui}:{self.dev_eui}:00A80001:SDEMO-{self.dev_eui[-4:]}".upper()


def invented_site() -> Site:
    """The first tree of the list, with a sensor that nobody else has."""
    tree = json.loads(TREES.read_text(encoding="utf-8"))["features"][0]
    lon, lat = tree["geometry"]["coordinates"]
    return Site(
        number=tree["properties"]["baumnummer"],
        lon=lon,
        lat=lat,
        dev_eui="a84041" + secrets.token_hex(5),
        join_eui="a840410000000101",
        app_key=Secret(secrets.token_hex(16)),
        password=Secret(str(secrets.randbelow(900000) + 100000)),
    )


def plan_document(site: Site, gnss_port: str, ticket_id: str | None) -> dict[str, Any]:
    document: dict[str, Any] = {
        "label": site.label,
        "site_template": "street-tree",
        "app_key": {"source": "generate"},
        "position": {"gnss_port": gnss_port, "fixes": 10, "seconds": 30},
        "asset": {"class": "tree", "number": site.number},
    }
    return document if ticket_id is None else {**document, "ticket": ticket_id}
