"""The steps at the site: place and mount, and the finish."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import cast

from drivers.reading import Fix
from fieldtool.commissioning.errors import PositionMissing, TooFarFromAsset
from fieldtool.commissioning.planned_asset import find_asset
from fieldtool.commissioning.run import Outcome, Run
from fieldtool.commissioning.ticket_closing import closing
from fieldtool.geometry import distance_m, point
from fieldtool.journal import Recorder
from fieldtool.jsontypes import Json
from fieldtool.locating import locate


def place(run: Run) -> Outcome:
    """By GNSS, by hand or from the asset. Raises NoFix, AccuracyTooLow, PositionMissing."""
    wanted = run.plan.position
    if "gnss_port" in wanted:
        fix = by_gnss(run)
        found: dict[str, Json] = {
            "source": "gnss",
            "lon": fix.lon,
            "lat": fix.lat,
            "accuracy_m": fix.accuracy_m,
            "accuracy_source": fix.accuracy_source,
            "fixes": fix.count,
        }
    elif "lon" in wanted:
        found = {"source": "hand", **wanted}
    else:
        found = {"source": "asset", **from_asset(run)}
    accuracy = cast("float | None", found.get("accuracy_m"))
    geometry = point(cast("float", found["lon"]), cast("float", found["lat"]))

    def apply(recorder: Recorder) -> Mapping[str, object]:
        recorder.update(run.stored_device(), geometry=geometry, accuracy_m=accuracy)
        return {}

    return Outcome("done", {"planned": dict(wanted), **found}, apply)


def by_gnss(run: Run) -> Fix:
    wanted = run.plan.position
    minimum = cast("float | None", wanted.get("minimum_accuracy_m"))
    return locate(
        cast("str", wanted["gnss_port"]),
        fixes=cast("int", wanted.get("fixes", 10)),
        seconds=cast("float", wanted.get("seconds", 120)),
        minimum_accuracy_m=minimum,
        trace=run.trace,
    )


def from_asset(run: Run) -> dict[str, Json]:
    geometry = find_asset(run).geometry
    if geometry is None or geometry["type"] != "Point":
        raise PositionMissing
    lon, lat = cast("list[float]", geometry["coordinates"])[:2]
    return {"lon": lon, "lat": lat}


def place_holds(run: Run) -> bool:
    return run.step("place").get("planned") == dict(run.plan.position)


def mount(run: Run) -> Outcome:
    """Raises AssetNotFound, AssetAmbiguous, TooFarFromAsset."""
    asset = find_asset(run)
    device = run.stored_device()
    distance = (
        distance_m(device.geometry, asset.geometry)
        if device.geometry is not None and asset.geometry is not None
        else None
    )
    limit = run.plan.asset_distance_m + (device.accuracy_m or 0)
    reason = run.plan.accept_distance if distance is not None and distance > limit else None
    if distance is not None and distance > limit and reason is None:
        raise TooFarFromAsset(round(distance), round(limit))

    def apply(recorder: Recorder) -> Mapping[str, object]:
        recorder.update(run.stored_device(), asset_id=asset.id)
        return {}

    found: dict[str, Json] = {
        "planned": dict(run.plan.asset),
        "asset_id": asset.id,
        "asset_class": asset.asset_class,
        "number": asset.number,
        "distance_m": None if distance is None else round(distance, 1),
    }
    return Outcome("done", found, apply, reason)


def mount_holds(run: Run) -> bool:
    device = run.stored_device()
    return run.step("mount").get("planned") == dict(run.plan.asset) and device.asset_id is not None


def finish(run: Run) -> Outcome:
    """Closes the planned ticket too. Raises TicketUnknown, TicketElsewhere."""
    now = datetime.now(UTC)
    found, close_ticket = closing(run)

    def apply(recorder: Recorder) -> Mapping[str, object]:
        device = recorder.update(run.stored_device(), state="in_service", commissioned_at=now)
        close_ticket(recorder, device)
        return {"state": "finished"}

    return Outcome("done", found, apply)
