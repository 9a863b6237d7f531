"""One place per platform interface, found by discovery, exporting CONNECTOR; beside them what is shared."""

from __future__ import annotations

import os
import sys

from drivers import discovery
from fieldtool.connectors.connector import Connector
from fieldtool.connectors.errors import ConnectorUnavailable, ConnectorUnknown

# What grpc can log of a call holds the login and the keys; it reads these when it loads.
os.environ["GRPC_TRACE"] = ""
os.environ["GRPC_VERBOSITY"] = "NONE"

SHARED = ("connector", "errors", "http", "open_data", "map_services", "source", "source_errors")


def connector_names() -> list[str]:
    """Imports none of them."""
    found = discovery.names(sys.modules[__name__])
    return [name.replace("_", "-") for name in found if name not in SHARED]


def load_connector(name: str) -> Connector:
    """Raises ConnectorUnknown, ConnectorUnavailable."""
    if name not in connector_names():
        raise ConnectorUnknown(name, ", ".join(connector_names()))
    module = name.replace("-", "_")
    try:
        return discovery.load(sys.modules[__name__], module, "CONNECTOR", Connector)
    except discovery.ModuleBroken as broken:
        raise ConnectorUnavailable(name, broken.cause) from broken


def load_all() -> tuple[dict[str, Connector], list[ConnectorUnavailable]]:
    loaded: dict[str, Connector] = {}
    broken: list[ConnectorUnavailable] = []
    for name in connector_names():
        try:
            loaded[name] = load_connector(name)
        except ConnectorUnavailable as error:
            broken.append(error)
    return loaded, broken
