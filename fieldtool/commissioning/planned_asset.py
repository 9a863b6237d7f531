"""The asset that the plan names, and with it whose device it becomes."""

from __future__ import annotations

from fieldtool.asset import Asset
from fieldtool.commissioning.errors import AssetAmbiguous, AssetNotFound
from fieldtool.commissioning.run import Run
from fieldtool.commissioning.whose import ownership
from fieldtool.operators import open_to


def find_asset(run: Run) -> Asset:
    """Raises AssetNotFound, AssetAmbiguous, OperatorsMixed."""
    wanted = run.plan.asset
    matches = planned_assets(run)
    if not matches:
        raise AssetNotFound(wanted.get("class", "–"), wanted.get("number") or wanted["id"])
    if len(matches) > 1:
        raise AssetAmbiguous(wanted["class"], wanted["number"], len(matches))
    return matches[0]


def planned_assets(run: Run) -> list[Asset]:
    """All that fit. Where two cities give the same number it is the one of whose device it becomes."""
    wanted, store = run.plan.asset, run.profile.store
    if "id" in wanted:
        asset = store.find(Asset, wanted["id"])
        return [] if asset is None else [asset]
    numbered = store.asset_by_number(wanted["class"], wanted["number"])
    whose = ownership(run).whose
    if whose is None and len(numbered) < 2:
        return numbered
    return list(open_to(store, whose, numbered))


def operator(run: Run) -> str | None:
    """Raises OperatorsMixed."""
    found, assets = ownership(run), planned_assets(run)
    if len(assets) == 1:
        found.changed(assets[0].id, {}, None)
    return found.operator
