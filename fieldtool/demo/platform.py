"""The other side of the demonstration: a training platform with its three interfaces, as targets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from drivers.secret import Secret
from fieldtool.children import child
from fieldtool.delivery import Target

NGSI_LD = "uebungsplattform"
NETWORK_SERVER = "uebungsnetz"
TICKETS = "uebungsmelder"


@dataclass(frozen=True)
class Platform:
    """Where its interfaces are, as it says itself when it starts."""

    url: str
    chirpstack: Mapping[str, Any]
    token: Secret


@contextmanager
def platform(data: Path, known: Sequence[Target]) -> Iterator[Platform]:
    """At the ports where `known` targets look for it, else at any free ones."""
    urls = {target.name: target.url for target in known}
    command = ["training-platform", "--port", _port(urls.get(NGSI_LD)), "--data", str(data)]
    command += ["--chirpstack-port", _port(urls.get(NETWORK_SERVER))]
    with child(command) as (_, ready):
        token = Secret(Path(ready["token_file"]).read_text(encoding="ascii").strip())
        yield Platform(ready["url"], ready["chirpstack"], token)


def _port(url: str | None) -> str:
    return "0" if url is None else url.rsplit(":", 1)[1]


def ngsi_ld_target(there: Platform) -> Target:
    return Target(NGSI_LD, "ngsi-ld", there.url)


def network_server_target(there: Platform) -> Target:
    home = there.chirpstack["tenants"][""]
    options = {"application": home["application"], "device_profile": home["device_profile"]}
    return Target(NETWORK_SERVER, "chirpstack", str(there.chirpstack["url"]), home["tenant"], options)


def ticket_target(there: Platform) -> Target:
    return Target(TICKETS, "open311", f"{there.url}/open311/v2")


def all_targets(there: Platform) -> list[Target]:
    return [ngsi_ld_target(there), network_server_target(there), ticket_target(there)]
