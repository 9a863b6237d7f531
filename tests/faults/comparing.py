"""Both sides after a run: what the journal says was done, and what the platform holds."""

from __future__ import annotations

import base64
import json
from collections import Counter
from pathlib import Path
from typing import Any

from drivers.secret import Secret
from fieldtool import outbox
from fieldtool.asset import Asset
from fieldtool.asset_classes import asset_class
from fieldtool.commissioning.record import STEPS
from fieldtool.demo.platform import NETWORK_SERVER, NGSI_LD, TICKETS
from fieldtool.device import Device
from fieldtool.observation import Datastream, Observation
from fieldtool.profile import open_profile
from tests.faults.comparing_network import compare_registrations
from tests.faults.comparing_tickets import compare_tickets
from tests.faults.platform import Platform
from tests.faults.world import World
from tests.fieldtool.replaying import problems

INTERVAL_MS = "1800000"
"""The site template street-tree: 1800 s."""


def differences(made: World) -> list[str]:
    """Empty where the run lost nothing, did nothing twice and both sides agree."""
    with open_profile(made.profile, write=False) as profile:
        store = profile.store
        devices = list(store.devices(limit=1000))
        assets = list(store.assets(limit=1000))
        observations = list(store.observations(limit=10000))
        records = store.commissionings(dev_eui=made.site.dev_eui)
        found = [f"pending {outbox.pending_total(store)}"] if outbox.pending_total(store) else []
        found += [
            f"not accepted: {target}: {d.operation.kind} {d.state} {d.reason}"
            for target in (NGSI_LD, NETWORK_SERVER, TICKETS)
            for d in outbox.pending(store, target)
        ]
        streams = {s.id: s for device in devices for s in store.datastreams(device.id)}
    with open_profile(made.profile, write=True, passphrase=Secret(made.passphrase)) as profile:
        found += [f"journal: {text}" for text in problems(profile)]
        key = profile.vault.get(f"device/{made.site.dev_eui}/app_key")
        found += compare_probe(made, key)
        found += compare_registrations(made.platform, profile)
        found += compare_tickets(made.platform, profile, TICKETS)
        found += [f"secret in {name}" for name in leaks(made.profile, [key.reveal()])]
    if [record.state for record in records] != ["finished"]:
        found.append(f"commissionings: {[record.state for record in records]}")
    elif set(records[0].steps) != set(STEPS):
        found.append(f"steps: {sorted(records[0].steps)}")
    found += compare_devices(made.platform, made.site.dev_eui, devices)
    found += compare_assets(made.platform, assets)
    found += compare_observations(made.platform, observations, streams)
    return found


def compare_probe(made: World, key: Secret) -> list[str]:
    """What the probe itself keeps: the key of the vault and the plan's settings, whole or not at all."""
    memory = json.loads((made.folder / "probe-memory.json").read_text(encoding="utf-8"))
    wanted = {"app_key": key.reveal(), "join_eui": made.site.join_eui, "interval_ms": INTERVAL_MS}
    return [f"probe: {name} differs" for name, value in wanted.items() if memory[name] != value]


def compare_devices(platform: Platform, dev_eui: str, devices: list[Device]) -> list[str]:
    there = platform.entities("Device")
    found = []
    if len(devices) != 1 or len(there) != 1:
        return [f"devices: {len(devices)} here, {len(there)} there"]
    here, entity = devices[0], there[0]
    expected = f"urn:ngsi-ld:Device:{here.id}"
    if entity["id"] != expected:
        found.append(f"device id {entity['id']}, expected {expected}")
    if here.state != "in_service" or here.dev_eui != dev_eui:
        found.append(f"device here: {here}")
    if here.dev_eui not in str(entity).lower():
        found.append("the platform does not know the DevEUI")
    if entity["location"]["value"]["coordinates"] != here.geometry["coordinates"]:
        found.append(f"location {entity['location']} here {here.geometry}")
    if here.asset_id not in str(entity.get("controlledAsset")):
        found.append(f"asset {entity.get('controlledAsset')} here {here.asset_id}")
    return found


def compare_assets(platform: Platform, assets: list[Asset]) -> list[str]:
    by_type: Counter[str] = Counter()
    there: dict[str, dict[str, Any]] = {}
    for kind in {asset_class(asset.asset_class).fiware_type for asset in assets}:
        for entity in platform.entities(kind):
            by_type[kind] += 1
            there[entity["id"].rsplit(":", 1)[1]] = entity
    here = {asset.id: asset for asset in assets}
    if set(here) != set(there):
        return [
            f"assets: {len(here)} here, {len(there)} there, {len(set(here) ^ set(there))} on one side only"
        ]
    return [
        f"asset {key}: {there[key].get('location')} here {asset.geometry}"
        for key, asset in here.items()
        if there[key]["location"]["value"]["coordinates"] != asset.geometry["coordinates"]
    ]


def compare_observations(
    platform: Platform, observations: list[Observation], streams: dict[str, Datastream]
) -> list[str]:
    there = {entity["id"].rsplit(":", 1)[1]: entity for entity in platform.entities("DeviceMeasurement")}
    here = {observation.id: observation for observation in observations}
    if not here:
        return ["no observations"]
    if set(here) != set(there):
        return [f"observations: {len(here)} here, {len(there)} there"]
    moments = Counter((o.datastream_id, o.phenomenon_time) for o in observations)
    found = [f"observed twice: {moment}" for moment, times in moments.items() if times > 1]
    per_stream = Counter(o.datastream_id for o in observations)
    if set(per_stream.values()) != {3}:
        found.append(f"readings per stream: {sorted(per_stream.values())}, the plan says 3")
    for key, observation in here.items():
        if there[key]["numValue"]["value"] != observation.result:
            found.append(f"observation {key}: {there[key]['numValue']} here {observation.result}")
        if observation.datastream_id not in streams:
            found.append(f"observation {key} has no datastream")
    return found


def spellings(secret: str) -> list[bytes]:
    """Every way a secret could be written down: as it is, hex in either case, with blanks, colons or
    dashes, base64 and raw bytes."""
    forms = {secret, secret.lower(), secret.upper()}
    raw: list[bytes] = []
    try:
        octets = bytes.fromhex(secret)
    except ValueError:
        octets = secret.encode()
    pairs = [f"{octet:02x}" for octet in octets]
    for separator in ("", " ", ":", "-"):
        forms |= {separator.join(pairs), separator.join(pairs).upper()}
    for data in (octets, secret.encode()):
        forms |= {
            base64.b64encode(data).decode().rstrip("="),
            base64.urlsafe_b64encode(data).decode().rstrip("="),
        }
    if len(octets) >= 8:
        raw.append(octets)
    return [form.encode() for form in forms] + raw


def leaks(folder: Path, secrets: list[str]) -> list[str]:
    """Files below `folder` that hold a secret in any spelling."""
    found = []
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            data = path.read_bytes()
            if any(form in data for secret in secrets for form in spellings(secret)):
                found.append(str(path.relative_to(folder)))
    return found
