"""The commissioning report: one HTML page without outside parts, printable, without secrets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import cast

from fieldtool.asset import Asset
from fieldtool.catalogue import DeviceProfile, device_profile
from fieldtool.commissioning.record import STEPS, Commissioning
from fieldtool.crs import utm32
from fieldtool.device import Device
from fieldtool.documents import h, listing, page, table, write_document
from fieldtool.jsontypes import Json
from fieldtool.profile import Profile
from fieldtool.texts import N_, _, current_language, decimal, local_time
from fieldtool.ticket import Ticket
from fieldtool.ticketing.categories import category_title
from fieldtool.units import printed

STEP_TITLES = {
    "identify": N_("Read the label"),
    "connect": N_("Connect"),
    "compare": N_("Compare label and device"),
    "plan": N_("Plan"),
    "write": N_("Write settings"),
    "read_back": N_("Read back"),
    "join": N_("Join and radio check"),
    "readings": N_("Readings"),
    "place": N_("Position"),
    "mount": N_("Mount on the asset"),
    "summary": N_("Summary"),
    "finish": N_("Finish"),
}
TICKET_OUTCOMES = {
    "closed": N_("closed with this commissioning"),
    "closed_before": N_("was closed by somebody else before; a comment was added"),
}
STATES = {"done": N_("done"), "skipped": N_("skipped"), "failed": N_("failed")}


def report_path(profile: Profile, record: Commissioning) -> Path:
    return profile.directory / "reports" / f"commissioning-{record.id}.html"


def write_report(profile: Profile, record: Commissioning) -> Path:
    """Raises DiskFull, DocumentNotWritten."""
    return write_document(report_path(profile, record), report_html(profile, record))


def report_html(profile: Profile, record: Commissioning) -> str:
    device = profile.store.get(Device, record.device_id) if record.device_id is not None else None
    asset = profile.store.find(Asset, device.asset_id) if device is not None and device.asset_id else None
    kind = device_profile(record.profile)
    title = _("Commissioning report") + f" {kind.model} {record.dev_eui}"
    parts = [
        f"<p>{h(_('Recorded by'))}: {h(profile.actor.name)}, {h(local_time(record.started_at))}</p>",
        *device_section(kind, record, device),
        *site_section(device, asset, record),
        *readings_section(kind, record),
        *ticket_section(profile, record),
        *steps_section(record),
        *unverified_section(kind),
    ]
    return page(title, parts)


def device_section(kind: DeviceProfile, record: Commissioning, device: Device | None) -> Iterator[str]:
    yield f"<h2>{h(_('Device'))}</h2>"
    facts: list[tuple[str, str]] = [
        (_("Type"), f"{kind.maker} {kind.model}"),
        ("DevEUI", record.dev_eui),
        ("JoinEUI", (device.join_eui if device else None) or "–"),
        (_("Serial number"), (device.serial if device else None) or "–"),
        (_("Firmware"), (device.firmware if device else None) or "–"),
        (_("AppKey"), _("stored in the vault, not shown")),
    ]
    settings = device.settings if device is not None else {}
    for entry in kind.settings:
        name = entry.setting.name
        if name in settings and name != "join_eui":
            unit = f" {entry.unit}" if entry.unit else ""
            facts.append((entry.label[current_language()], f"{settings[name]}{unit}"))
    yield table(facts)


def site_section(device: Device | None, asset: Asset | None, record: Commissioning) -> Iterator[str]:
    yield f"<h2>{h(_('Site'))}</h2>"
    facts: list[tuple[str, str]] = []
    if asset is not None:
        facts.append((_("Asset"), " ".join(part for part in (asset.number, asset.name) if part)))
    if device is not None and device.geometry is not None:
        lon, lat = cast("list[float]", device.geometry["coordinates"])[:2]
        east, north = utm32(lon, lat)
        accuracy = f" ± {decimal(device.accuracy_m, 1)} m" if device.accuracy_m is not None else ""
        facts.append((_("Position (WGS84)"), f"{decimal(lat, 6)}° N, {decimal(lon, 6)}° E{accuracy}"))
        facts.append((_("Position (ETRS89/UTM32)"), f"E {decimal(east, 1)} m, N {decimal(north, 1)} m"))
    distance = step(record, "mount").get("distance_m")
    if isinstance(distance, (int, float)):
        facts.append((_("Distance to the asset"), f"{decimal(distance, 1)} m"))
    yield table(facts) if facts else f"<p>{h(_('Not placed yet.'))}</p>"


def readings_section(kind: DeviceProfile, record: Commissioning) -> Iterator[str]:
    readings = step(record, "readings").get("readings")
    if not isinstance(readings, list) or not readings:
        return
    yield f"<h2>{h(_('Readings'))}</h2>"
    yield listing(
        (_("Time"), _("Quantity"), _("Value"), _("Plausible")),
        (reading_cells(kind, reading) for reading in cast("list[Mapping[str, Json]]", readings)),
        ("", "", "number"),
    )


def reading_cells(kind: DeviceProfile, reading: Mapping[str, Json]) -> tuple[str, ...]:
    entry = kind.quantity(cast("str", reading["quantity"]))
    low, high = entry.plausible
    value = decimal(cast("float", reading["value"]))
    return (
        h(local_time(datetime.fromisoformat(cast("str", reading["time"])))),
        h(entry.label[current_language()]),
        f"{h(value)} {h(printed(entry.quantity.unit))}",
        f"{h(decimal(low))} … {h(decimal(high))}",
    )


def ticket_section(profile: Profile, record: Commissioning) -> Iterator[str]:
    wanted = record.plan.get("ticket")
    ticket = profile.store.find(Ticket, wanted) if isinstance(wanted, str) else None
    if ticket is None:
        return
    yield f"<h2>{h(_('Ticket'))}</h2>"
    yield table(
        [
            (_("Category"), category_title(ticket.category)),
            (_("Title"), ticket.title),
            (_("Identifier"), ticket.id),
            (_("Outcome"), ticket_outcome(record) or _("still open")),
        ]
    )


def ticket_outcome(record: Commissioning) -> str | None:
    """None before the finish, and where no ticket was planned."""
    found = step(record, "finish").get("ticket")
    return _(TICKET_OUTCOMES[cast("str", found["outcome"])]) if isinstance(found, dict) else None


def steps_section(record: Commissioning) -> Iterator[str]:
    yield f"<h2>{h(_('Steps'))}</h2>"
    done = ((name, step(record, name)) for name in STEPS)
    yield listing(
        (_("Step"), _("State"), _("Time"), _("Note")),
        (step_cells(name, entry) for name, entry in done if entry),
    )


def step_cells(name: str, entry: Mapping[str, Json]) -> tuple[str, ...]:
    at = local_time(datetime.fromisoformat(cast("str", entry["at"])))
    note = entry.get("reason") or entry.get("error") or ""
    return h(_(STEP_TITLES[name])), h(_(STATES[cast("str", entry["state"])])), h(at), h(note)


def unverified_section(kind: DeviceProfile) -> Iterator[str]:
    if not kind.unverified:
        return
    yield f"<h2>{h(_('Not tried on the device'))}</h2><ul class=note>"
    yield "".join(f"<li>{h(text)}</li>" for text in kind.unverified)
    yield "</ul>"


def step(record: Commissioning, name: str) -> Mapping[str, Json]:
    found = record.steps.get(name)
    return found if isinstance(found, dict) else {}
