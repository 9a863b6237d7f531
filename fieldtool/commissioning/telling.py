"""What a step found, in plain words: what was read, what was written."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import cast

from fieldtool.catalogue import DeviceProfile
from fieldtool.commissioning.record import Commissioning
from fieldtool.commissioning.report import STEP_TITLES, ticket_outcome
from fieldtool.jsontypes import Json
from fieldtool.texts import N_, _, current_language, decimal
from fieldtool.units import printed

Entry = Mapping[str, Json]
KEY_SOURCES = {
    "generate": N_("newly generated"),
    "label": N_("from the label"),
    "file": N_("from the maker's file"),
    "device": N_("as the device has it"),
}


def step_title(name: str) -> str:
    return _(STEP_TITLES[name])


def step_lines(record: Commissioning, name: str, kind: DeviceProfile) -> list[str]:
    """Empty where the step was not taken yet. Never a secret."""
    entry = record.steps.get(name)
    if not isinstance(entry, dict):
        return []
    tell: Callable[[Entry, DeviceProfile], Iterator[str]] | None = TOLD.get(name)
    lines = list(tell(entry, kind)) if tell is not None else []
    if name == "finish" and (outcome := ticket_outcome(record)) is not None:
        lines.append(_("Ticket: {outcome}").format(outcome=outcome))
    reason = entry.get("reason")
    if isinstance(reason, str):
        lines.append(_("Reason: {reason}").format(reason=reason))
    return lines


def _identify(entry: Entry, _kind: DeviceProfile) -> Iterator[str]:
    label = cast("Entry", entry.get("label") or {})
    yield f"DevEUI {label.get('dev_eui')}"
    if label.get("join_eui"):
        yield f"JoinEUI {label['join_eui']}"
    if label.get("secrets"):
        yield _("The label holds a key; it is not shown.")


def _connect(entry: Entry, _kind: DeviceProfile) -> Iterator[str]:
    if entry.get("port"):
        yield _("At the port {port}").format(port=entry["port"])


def _compare(entry: Entry, _kind: DeviceProfile) -> Iterator[str]:
    if entry.get("dev_eui"):
        yield _("The device is the one of the label: DevEUI {dev_eui}").format(dev_eui=entry["dev_eui"])
    if entry.get("firmware"):
        yield _("Firmware {firmware}").format(firmware=entry["firmware"])


def _plan(entry: Entry, kind: DeviceProfile) -> Iterator[str]:
    source = KEY_SOURCES.get(str(entry.get("app_key")))
    if source is not None:
        yield _("Key: {source}, kept in the vault").format(source=_(source))
    to_write = _names(entry.get("to_write"), kind)
    yield _("To be written: {names}").format(names=to_write) if to_write else _("Everything is set already.")
    lost = _names(entry.get("lost"), kind)
    if lost:
        yield _("The device had lost: {names}").format(names=lost)


def _write(entry: Entry, kind: DeviceProfile) -> Iterator[str]:
    written, unchanged = _names(entry.get("written"), kind), _names(entry.get("unchanged"), kind)
    if written:
        yield _("Written: {names}").format(names=written)
    if unchanged:
        yield _("Right already: {names}").format(names=unchanged)


def _read_back(entry: Entry, kind: DeviceProfile) -> Iterator[str]:
    settings = entry.get("settings")
    for name, value in settings.items() if isinstance(settings, dict) else ():
        setting = kind.setting(name)
        unit = f" {printed(setting.unit)}" if setting.unit else ""
        yield f"{setting.label[current_language()]}: {value}{unit}"
    if entry.get("app_key") == "equal":
        yield _("The key is the one in the vault.")


def _join(entry: Entry, _kind: DeviceProfile) -> Iterator[str]:
    if isinstance(entry.get("rssi_dbm"), (int, float)):
        yield _("Signal strength {rssi} dBm").format(rssi=decimal(cast("float", entry["rssi_dbm"])))
    if isinstance(entry.get("snr_db"), (int, float)):
        yield _("Signal to noise {snr} dB").format(snr=decimal(cast("float", entry["snr_db"])))
    if entry.get("weak"):
        yield _("The reception is weak: try another place or another antenna.")


def _readings(entry: Entry, kind: DeviceProfile) -> Iterator[str]:
    taken = entry.get("readings")
    series: dict[str, list[Entry]] = {}
    for reading in cast("Sequence[Entry]", taken if isinstance(taken, list) else ()):
        series.setdefault(str(reading["quantity"]), []).append(reading)
    for name, readings in series.items():
        quantity = kind.quantity(name)
        values = "; ".join(decimal(cast("float", one["value"])) for one in readings)
        yield f"{quantity.label[current_language()]}: {values} {printed(quantity.quantity.unit)}"


def _place(entry: Entry, _kind: DeviceProfile) -> Iterator[str]:
    lon, lat = entry.get("lon"), entry.get("lat")
    if isinstance(lon, (int, float)) and isinstance(lat, (int, float)):
        accuracy = entry.get("accuracy_m")
        known = isinstance(accuracy, (int, float))
        about = f" ± {decimal(cast('float', accuracy), 1)} m" if known else ""
        yield f"{decimal(lat, 6)}° N, {decimal(lon, 6)}° E{about}"


def _mount(entry: Entry, _kind: DeviceProfile) -> Iterator[str]:
    if entry.get("number"):
        yield _("Mounted on {number}").format(number=entry["number"])
    distance = entry.get("distance_m")
    if isinstance(distance, (int, float)):
        yield _("{distance} m away from it").format(distance=decimal(distance, 1))


def _names(value: Json, kind: DeviceProfile) -> str:
    names = value if isinstance(value, list) else []
    known = {entry.setting.name: entry.label[current_language()] for entry in kind.settings}
    return ", ".join(known.get(str(name), str(name)) for name in names)


TOLD: Mapping[str, Callable[[Entry, DeviceProfile], Iterator[str]]] = {
    "identify": _identify,
    "connect": _connect,
    "compare": _compare,
    "plan": _plan,
    "write": _write,
    "read_back": _read_back,
    "join": _join,
    "readings": _readings,
    "place": _place,
    "mount": _mount,
}
