"""A target's connection: its connector, its address, its token from the vault."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from typing import cast

from drivers.secret import Secret
from fieldtool import outbox
from fieldtool.connectors import load_connector
from fieldtool.connectors.connector import Access, Connector, PullingSession, Session
from fieldtool.connectors.errors import ConnectorError, ConnectorUnavailable
from fieldtool.connectors.http import checked_token, checked_url
from fieldtool.delivery import Target, token_name
from fieldtool.errors import CoreError
from fieldtool.operation import Change
from fieldtool.profile import Profile
from fieldtool.registration import app_key_name
from fieldtool.sync.pull import pull
from fieldtool.sync.push import push, standing
from fieldtool.sync.records import SecretsOf
from fieldtool.sync.report import SyncReport
from fieldtool.vault import Vault, VaultError


@dataclass(eq=False)
class TokenFileUnreadable(CoreError):
    path: str
    reason: str


def add(profile: Profile, target: Target, token: Secret | None) -> None:
    """Target and token commit together. Raises TargetExists, TargetUrlInvalid, TokenUnusable,
    ConnectorUnknown, VaultLocked …"""
    connector = load_connector(target.type)
    checked_url(target.url)
    usable = checked_token(token, target.url) if token is not None else None
    with profile.store.transaction():
        outbox.add_target(profile.store, profile.actor, target, connector.handles)
        if usable is not None:
            profile.vault.put(token_name(target.name), usable)


def named(profile: Profile, name: str) -> Target:
    """Raises UnknownTarget."""
    known = outbox.targets(profile.store)
    found = next((target for target in known if target.name == name), None)
    if found is None:
        raise outbox.UnknownTarget(name, ", ".join(target.name for target in known) or "–")
    return found


@contextmanager
def connection(profile: Profile, target: Target) -> Iterator[tuple[Connector, Session]]:
    """Sends nothing yet. Raises ConnectorUnavailable, VaultLocked …"""
    connector = load_connector(target.type)
    name = token_name(target.name)
    token = profile.vault.get(name) if profile.vault.has(name) else None
    access = Access(url=target.url, tenant=target.tenant, options=target.options, token=token)
    with closing(connector.open(access)) as session:
        yield connector, session


def check(profile: Profile, target: Target) -> None:
    """Raises ConnectorError: what is wrong with address, login or tenant."""
    with connection(profile, target) as (_connector, session):
        session.check()


def _pulled(profile: Profile, target: Target, session: PullingSession, pushed: SyncReport) -> SyncReport:
    """Behind the push: what was done here is compared with what they have, not with what was just taken."""
    try:
        done = pull(profile.store, profile.actor, target, session)
    except ConnectorError as error:
        return replace(pushed, stopped_by=error)
    return replace(pushed, pulled=done.changed, orphans=done.orphans, twins=tuple(done.twins))


def secrets_of(vault: Vault) -> SecretsOf:
    def of_change(change: Change) -> Mapping[str, Secret]:
        name = app_key_name(change.entity_id)
        if change.entity != "registration" or not vault.has(name):
            return {}
        return {"app_key": vault.get(name)}

    return of_change


def sync_target(profile: Profile, target: Target) -> SyncReport:
    """An error of this target alone is in its report; the queue is kept."""
    before = outbox.counts(profile.store, target.name).get("accepted", 0)
    try:
        with connection(profile, target) as (connector, session):
            report = push(profile.store, target, connector, session, secrets=secrets_of(profile.vault))
            if report.stopped_by is not None or not connector.pulls:
                return report
            return _pulled(profile, target, cast("PullingSession", session), report)
    except (ConnectorError, ConnectorUnavailable, VaultError) as error:
        return standing(profile.store, target, sent=0, before=before, stopped_by=error)
