"""What a code or a number means in this profile: a record at once, or what it was read as."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from fieldtool.asset import Asset
from fieldtool.device import Device
from fieldtool.labels import read_label
from fieldtool.labels.errors import UnknownLabel
from fieldtool.labels.masking import masked
from fieldtool.labels.reading import clean
from fieldtool.store import Store

ReadAs = Literal["id", "device", "number", "text"]
UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)
MOST = 20
"""Assets of one number are told; more than that nobody goes through."""


@dataclass(frozen=True, slots=True)
class Finding:
    """`text` is what was read, keys within it covered; `assets` are several where classes share a number."""

    read_as: ReadAs
    text: str
    assets: tuple[Asset, ...] = ()
    device: Device | None = None


def find(store: Store, code: str) -> Finding:
    """An id of ours (alone or within an address), the number of an asset, or the label of a device; whatever
    is none of these is text. Raises EmptyLabel, MalformedLabel, WrongChecksum, OtherKeyboard."""
    text = clean(code)
    found = UUID.search(text)
    asset = None if found is None else store.find(Asset, found[0].lower())
    if asset is not None:
        return Finding("id", asset.id, (asset,))
    numbered = tuple(store.assets_by_number(text, MOST)) if text else ()
    if numbered:
        return Finding("number", text, numbered)
    try:
        label = read_label(text)
    except UnknownLabel:
        return Finding("text", masked(text))
    if label.dev_eui is not None:
        return _of_device(store, label.dev_eui)
    return Finding("id", label.asset_id) if label.asset_id is not None else Finding("text", masked(text))


def _of_device(store: Store, dev_eui: str) -> Finding:
    device = next(iter(store.devices(dev_eui=dev_eui, limit=1)), None)
    asset = None if device is None or device.asset_id is None else store.find(Asset, device.asset_id)
    return Finding("device", dev_eui, () if asset is None else (asset,), device)
