"""What `doctor` says: what is installed, what does not load, and how the profile is."""

from __future__ import annotations

import platform
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata

from drivers.errors import ExpectedError
from drivers.family import family_names
from drivers.transport.serial import list_ports
from fieldtool import catalogue, outbox
from fieldtool.asset import Asset
from fieldtool.asset_classes import broken_classes, class_ids
from fieldtool.cli import command_names
from fieldtool.command import Invocation
from fieldtool.connectors import connector_names
from fieldtool.device import Device
from fieldtool.explain import explain
from fieldtool.imports.source import format_names
from fieldtool.jsontypes import Json
from fieldtool.keystore import NoKeyStore, SystemKeyStore
from fieldtool.observation import Observation
from fieldtool.profile import Profile, open_invocation_profile
from fieldtool.selfcheck import broken_modules
from fieldtool.store.errors import ProfileMissing
from fieldtool.store.features import SqliteFeatures, sqlite_features
from fieldtool.store.migrations import schema_version
from fieldtool.texts import N_, _


@dataclass(frozen=True, slots=True)
class Fault:
    """`what` is module, asset_class, device_type, sqlite or profile."""

    what: str
    name: str
    reason: str


def diagnosis(invocation: Invocation) -> dict[str, Json]:
    """The document of `fieldtool doctor --json` (schema "doctor")."""
    features = sqlite_features()
    profile, profile_faults = profile_state(invocation)
    faults = [*module_faults(), *data_faults(), *sqlite_faults(features), *profile_faults]
    return {
        "ok": not faults,
        "versions": {
            "fieldtool": own_version(),
            "python": platform.python_version(),
            "sqlite": features.version,
            "system": platform.platform(),
        },
        "sqlite": {"fts5": features.fts5, "rtree": features.rtree},
        "commands": list(command_names()),
        "families": list(family_names()),
        "connectors": list(connector_names()),
        "import_formats": [name.rstrip("_") for name in format_names()],
        "device_types": list(catalogue.device_types()),
        "asset_classes": list(class_ids()),
        "ports": [{"device": port.device, "description": port.description} for port in list_ports()],
        "key_store": {"usable": key_store_usable()},
        "profile": profile,
        "broken": [{"what": fault.what, "name": fault.name, "reason": fault.reason} for fault in faults],
    }


def own_version() -> str:
    try:
        return metadata.version("fieldtool")
    except metadata.PackageNotFoundError:
        return "?"  # run from a source tree that is not installed


def module_faults() -> Iterator[Fault]:
    return (Fault("module", error.module, error.cause) for error in broken_modules())


def data_faults() -> Iterator[Fault]:
    for broken in broken_classes():
        yield Fault("asset_class", broken.file, f"{broken.key}: {broken.reason}")
    for name in catalogue.device_types():
        try:
            catalogue.device_profile(name)
        except catalogue.BrokenProfile as error:
            yield Fault("device_type", name, f"{error.key}: {error.reason}")


def sqlite_faults(features: SqliteFeatures) -> Iterator[Fault]:
    reason = N_("this SQLite was built without it")
    if not features.fts5:
        yield Fault("sqlite", "FTS5", _(reason))
    if not features.rtree:
        yield Fault("sqlite", "R-tree", _(reason))


def key_store_usable() -> bool:
    """Asks for a key that is not there; may ask the person to unlock the key store."""
    try:
        SystemKeyStore().get("doctor")
    except NoKeyStore:
        return False
    return True


def profile_state(invocation: Invocation) -> tuple[Json, list[Fault]]:
    """None where there is no profile yet. Reads the whole database."""
    directory = str(invocation.profile_directory)
    try:
        with open_invocation_profile(invocation, write=False) as profile:
            faults = [Fault("profile", directory, problem) for problem in profile.store.problems()]
            return state_of(profile), faults
    except ProfileMissing:
        return None, []
    except ExpectedError as error:
        return None, [Fault("profile", directory, explain(error).message)]


def state_of(profile: Profile) -> dict[str, Json]:
    store = profile.store
    return {
        "directory": str(profile.directory),
        "schema": schema_version(store.connection),
        "assets": store.count(Asset),
        "devices": store.count(Device),
        "observations": store.count(Observation),
        "targets": [
            {
                "name": target.name,
                "type": target.type,
                "states": {str(state): count for state, count in outbox.counts(store, target.name).items()},
            }
            for target in outbox.targets(store)
        ],
        "pending": outbox.pending_total(store),
    }
