"""What the settings show and change. No widget: it runs in the threads of the lanes."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from drivers.reading import Fix
from drivers.secret import Secret
from fieldtool import outbox
from fieldtool.connectors import connector_names, load_connector
from fieldtool.connectors.connector import Access
from fieldtool.connectors.http import checked_token, checked_url
from fieldtool.delivery import Target, token_name
from fieldtool.jsontypes import Json
from fieldtool.keystore import KeyStore, NoKeyStore
from fieldtool.operation import Actor, operator_name
from fieldtool.policy import rights
from fieldtool.profile import Profile
from fieldtool.profile_folder import DATABASE
from fieldtool.store.migrations import schema_version
from fieldtool.sync import targets
from fieldtool.texts import _, decimal, thousands
from fieldtool.titles import RIGHTS
from ui.screen import Port
from ui.screens.settings.kinds import KINDS, option_texts

FIXES = 3
FIX_SECONDS = 12.0
PROGRAM = "fieldtool"


@dataclass(frozen=True, slots=True)
class PersonFacts:
    actor: Actor
    rights: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetFacts:
    name: str
    type: str
    facts: tuple[tuple[str, str], ...]
    pending: int


@dataclass(frozen=True, slots=True)
class SelfCheck:
    ok: bool
    facts: tuple[tuple[str, str], ...]
    faults: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Component:
    name: str
    version: str
    licence: str


def person(profile: Profile) -> PersonFacts:
    return PersonFacts(profile.actor, rights_text(profile.actor))


def rights_text(actor: Actor) -> str:
    return ", ".join(_(RIGHTS[right]) for right in sorted(rights(actor.role))) or "–"


def target_list(profile: Profile) -> tuple[TargetFacts, ...]:
    return tuple(_target_facts(profile, target) for target in outbox.targets(profile.store))


def _target_facts(profile: Profile, target: Target) -> TargetFacts:
    kind = KINDS.get(target.type)
    counts = outbox.counts(profile.store, target.name)
    has_token = profile.vault.has(token_name(target.name))
    facts = [
        (_("Kind"), _(kind.title) if kind is not None else target.type),
        (_("Address"), target.url),
        (_(kind.tenant) if kind is not None else _("Tenant"), target.tenant or ""),
        (_("Operator"), target.operator or _("all")),
        *option_texts(target.options, target.type),
        (_("Access token"), _("in the vault") if has_token else _("none")),
    ]
    pending = sum(count for state, count in counts.items() if state != "accepted")
    return TargetFacts(
        name=target.name,
        type=target.type,
        facts=tuple((name, value) for name, value in facts if value),
        pending=pending,
    )


def target_of(name: str, kind: str, url: str, tenant: str, operator: str, options: dict[str, Json]) -> Target:
    """Raises TargetUrlInvalid."""
    return Target(
        name.strip(),
        kind,
        checked_url(url),
        tenant.strip() or None,
        options,
        operator_name(operator) or None,
    )


def check_new(target: Target, token: Secret | None) -> None:
    """Of one that is not saved yet. Raises ConnectorError, ConnectorUnavailable."""
    connector = load_connector(target.type)
    access = Access(url=target.url, tenant=target.tenant, options=target.options, token=token)
    with closing(connector.open(access)) as session:
        session.check()


def check_saved(profile: Profile, name: str) -> str:
    """The type of the platform. Raises ConnectorError, VaultLocked, UnknownTarget …"""
    target = targets.named(profile, name)
    targets.check(profile, target)
    return target.type


def check_text(name: str, kind: str) -> str:
    told = (
        _("{name} answers and accepts the login.")
        if kind not in KINDS or KINDS[kind].checks_login
        else _("{name} answers. Whether it accepts the token shows only when the first change is sent.")
    )
    return told.format(name=name)


def replace_token(profile: Profile, name: str, token: Secret) -> None:
    """Raises TokenUnusable, VaultLocked, UnknownTarget."""
    target = targets.named(profile, name)
    profile.vault.put(token_name(name), checked_token(token, target.url))


def remove_target(profile: Profile, name: str) -> None:
    """Raises UnknownTarget."""
    outbox.remove_target(profile.store, name)


def ports(extra: tuple[Port, ...]) -> tuple[Port, ...]:
    """Those of simulated devices first."""
    from drivers.transport.serial import list_ports

    found = list(extra)
    for port in list_ports():
        known = port.description not in ("", "n/a", port.device)
        found.append(Port(port.device, f"{port.device} – {port.description}" if known else port.device))
    return tuple(found)


def position(port: str, tell: Callable[[str], object]) -> str:
    """Where the receiver says that it stands. Raises PortError, NoFix."""
    from fieldtool.cli.locate import document_of, place, utm_text
    from fieldtool.locating import locate

    def on_fix(fix: Fix) -> None:
        tell(place(fix))

    found = locate(
        port,
        fixes=FIXES,
        seconds=FIX_SECONDS,
        minimum_accuracy_m=None,
        trace=lambda _direction, _text: None,
        on_fix=on_fix,
    )
    return f"{place(found)}\n{utm_text(document_of(found))}"


def data_facts(profile: Profile) -> tuple[tuple[str, str], ...]:
    folder = profile.directory
    database = sum(_octets(path) for path in folder.glob(f"{DATABASE}*"))
    attachments = sum(_octets(path) for path in (folder / "attachments").rglob("*"))
    backups = [path for path in (folder / "backups").glob("*") if path.is_file()]
    return (
        (_("Folder"), str(folder)),
        (_("Database"), _size(database)),
        (_("Attachments"), _size(attachments)),
        (_("Backups"), thousands(len(backups))),
        (_("Schema"), str(schema_version(profile.store.connection))),
        (_("Operations so far"), thousands(profile.store.operation_count())),
    )


def _octets(path: Path) -> int:
    """A file may go while it is looked at (the database's own)."""
    try:
        return path.stat().st_size if path.is_file() else 0
    except FileNotFoundError:
        return 0


def _size(octets: int) -> str:
    value, units = float(octets), ("Byte", "KiB", "MiB", "GiB", "TiB")
    for unit in units:
        if value < 1024 or unit == units[-1]:
            return f"{decimal(value, 0 if unit == units[0] else 1)} {unit}"
        value /= 1024
    raise AssertionError("the last unit holds everything")


def self_check(profile: Profile) -> SelfCheck:
    """As `fieldtool doctor` does it; loads every module and reads the whole database."""
    from fieldtool import catalogue, diagnosis
    from fieldtool.asset_classes import asset_class, class_ids
    from fieldtool.store.features import sqlite_features

    features = sqlite_features()
    found = (*diagnosis.module_faults(), *diagnosis.data_faults(), *diagnosis.sqlite_faults(features))
    told = _("Broken: {name}: {reason}")
    faults = [told.format(name=one.name, reason=one.reason) for one in found]
    faults += [told.format(name=DATABASE, reason=problem) for problem in profile.store.problems()]
    facts = (
        ("SQLite", features.version),
        (_("Device types"), ", ".join(catalogue.device_types())),
        (_("Asset classes"), ", ".join(asset_class(one).title() for one in class_ids())),
        (_("Connectors"), ", ".join(connector_names())),
        (_("Key store"), _("usable") if _usable(profile.key_store) else _("none, a passphrase is needed")),
    )
    return SelfCheck(not faults, facts, tuple(faults))


def _usable(key_store: KeyStore) -> bool:
    try:
        key_store.get("doctor")
    except NoKeyStore:
        return False
    return True


def components() -> tuple[Component, ...]:
    """What this program is made of, as installed here."""
    found: dict[str, Component] = {}
    try:
        wanted = metadata.requires(PROGRAM) or []
    except metadata.PackageNotFoundError:
        return ()  # run from a source tree that is not installed
    for requirement in wanted:
        name = re.split(r"[^A-Za-z0-9._-]", requirement, maxsplit=1)[0]
        try:
            stated = metadata.metadata(name)
        except metadata.PackageNotFoundError:
            continue  # for another system
        found[name.lower()] = Component(stated["Name"], stated["Version"], _licence(stated))
    return tuple(found[name] for name in sorted(found))


def _licence(stated: metadata.PackageMetadata) -> str:
    classifiers = [one for one in stated.get_all("Classifier") or [] if one.startswith("License :: ")]
    told = [
        *(stated.get_all("License-Expression") or []),
        *(one.rsplit(" :: ", 1)[1] for one in classifiers),
        *(text.strip().partition("\n")[0] for text in stated.get_all("License") or []),
    ]
    return next((text for text in told if text), "–")


def about() -> tuple[str, tuple[Component, ...]]:
    """The version, and what it is made of."""
    from fieldtool.diagnosis import own_version

    return own_version(), components()
