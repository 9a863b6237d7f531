"""The steps at the device: connect, compare, plan, write, read back, join, readings.

`…_holds` answers, by looking at the device, whether an outcome recorded earlier is still true.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from drivers.errors import WriteNotKept
from drivers.family import Setting
from drivers.secret import Secret
from fieldtool.catalogue import ProfileSetting
from fieldtool.commissioning.errors import NoAppKey, OtherDevice, OtherModel
from fieldtool.commissioning.keys import app_key_from_file, generate_app_key
from fieldtool.commissioning.registering import register, registered
from fieldtool.commissioning.run import Outcome, Run
from fieldtool.commissioning.ticket_closing import check_ticket, ticket_holds
from fieldtool.device import Device
from fieldtool.ids import DeviceId, new_id
from fieldtool.journal import Recorder
from fieldtool.jsontypes import Json

WEAK_RSSI_DBM = -120.0
WEAK_SNR_DB = -10.0
NOTED = ("app_key", "to_write", "lost")
"""What an earlier plan of this commissioning found, kept where a later one fails."""


def connect(run: Run) -> Outcome:
    run.open()
    return Outcome("done", {"port": run.port})


def connect_holds(run: Run) -> bool:
    run.open()
    return True


def compare(run: Run) -> Outcome:
    check_identity(run)
    identity = run.identity
    if identity is None:
        raise LookupError("no identity after a successful check")
    firmware, serial = identity.firmware, run.label.serial or identity.serial

    def apply(recorder: Recorder) -> Mapping[str, object]:
        known = run.known_device()
        if known is None:
            known = recorder.create(
                Device(
                    id=DeviceId(new_id()),
                    profile=run.device_profile.id,
                    dev_eui=run.record.dev_eui,
                    join_eui=run.label.join_eui or identity.join_eui,
                    name=f"{run.device_profile.model} {run.record.dev_eui}",
                    firmware=firmware,
                    serial=serial,
                )
            )
        else:
            known = recorder.update(
                known,
                state="in_commissioning",
                profile=run.device_profile.id,
                firmware=firmware,
                serial=serial,
            )
        return {"device_id": known.id}

    found: dict[str, Json] = {
        "dev_eui": identity.dev_eui,
        "model": identity.model,
        "firmware": firmware,
        "serial": serial,
    }
    return Outcome("done", found, apply)


def compare_holds(run: Run) -> bool:
    check_identity(run)
    return True


def check_identity(run: Run) -> None:
    """Raises OtherDevice, OtherModel; nothing has been written by then."""
    run.identity = run.ask(lambda device: device.identity())
    if run.identity.dev_eui != run.record.dev_eui:
        raise OtherDevice(run.record.dev_eui, run.identity.dev_eui or "–")
    model = run.identity.model
    if model is not None and _plain(run.device_profile.model) not in _plain(model):
        raise OtherModel(run.device_profile.id, model)


def _plain(model: str) -> str:
    return re.sub(r"[^a-z0-9]", "", model.lower())


def plan(run: Run) -> Outcome:
    """The key and the record that it is there commit together: there is never a plan without its key,
    and a plan that is recorded keeps the key it has, so a repeat does not generate a second one."""
    run.partial = {name: run.step("plan")[name] for name in NOTED if name in run.step("plan")}
    check_ticket(run)
    key = chosen_app_key(run)

    def apply(_recorder: Recorder) -> Mapping[str, object]:
        run.profile.vault.put(run.key_name, key)
        return {"plan": run.plan.kept()}

    found: dict[str, Json] = {
        "planned": run.plan.kept(),
        "app_key": run.plan.key_source,
        "to_write": noted(run, "to_write", differing(run, key)),
        "lost": noted(run, "lost", lost(run)),
    }
    return Outcome("done", found, apply)


def noted(run: Run, name: str, now: list[str]) -> list[Json]:
    """Now or at an earlier plan of this commissioning: before the first write, so that a kill in the middle
    of it doesn't hide what the device had held."""
    earlier = run.step("plan").get(name)
    before = [str(one) for one in earlier] if isinstance(earlier, list) else []
    return [*sorted({*before, *now})]


def lost(run: Run) -> list[str]:
    """Settings of an earlier commissioning that the device does not hold any more: it was reset, or somebody
    else wrote to it."""
    known = run.known_device()
    recorded = known.settings if known is not None else {}
    return [
        entry.setting.name
        for entry in run.device_profile.settings
        if entry.setting.read is not None
        and not entry.setting.secret
        and entry.setting.name in recorded
        and _read(run, entry.setting) != recorded[entry.setting.name]
    ]


def chosen_app_key(run: Run) -> Secret:
    """Raises NoAppKey, KeyFileUnreadable, KeyNotInFile."""
    source = run.plan.key_source
    if source == "generate":
        kept = run.step("plan").get("app_key") == "generate" and run.profile.vault.has(run.key_name)
        return run.profile.vault.get(run.key_name) if kept else generate_app_key()
    if source == "file" and run.plan.key_file is not None:
        return app_key_from_file(run.plan.key_file, run.record.dev_eui)
    if source == "label" and run.label.app_key is not None:
        return run.label.app_key
    if source == "device" and (setting := app_key_setting(run)) is not None and setting.read is not None:
        found = run.ask(lambda device: device.read_setting(setting))
        if isinstance(found, Secret):
            return found
    raise NoAppKey(source)


def app_key_setting(run: Run) -> Setting | None:
    return next((s.setting for s in run.device_profile.settings if s.setting.name == "app_key"), None)


def plan_holds(run: Run) -> bool:
    return (
        run.step("plan").get("planned") == run.plan.kept()
        and run.profile.vault.has(run.key_name)
        and ticket_holds(run)
    )


def wanted(run: Run, key: Secret | None = None) -> Iterator[tuple[ProfileSetting, str | Secret]]:
    """Every setting to be written, in the order of the device type; without `key` the vault's."""
    planned = dict(run.plan.settings)
    if run.label.join_eui is not None:
        planned.setdefault("join_eui", run.label.join_eui)
    for entry in run.device_profile.settings:
        if entry.setting.name == "app_key":
            yield entry, key or run.profile.vault.get(run.key_name)
        elif entry.setting.name in planned:
            yield entry, planned[entry.setting.name]


def planned_settings(run: Run) -> dict[str, Json]:
    """What can be read back and shown: neither the key nor what the device does not tell."""
    return {
        entry.setting.name: value
        for entry, value in wanted(run)
        if entry.setting.read is not None and isinstance(value, str)
    }


def differing(run: Run, key: Secret | None = None) -> list[str]:
    """Names of the readable settings whose value on the device is not the wanted one."""
    return [
        entry.setting.name
        for entry, value in wanted(run, key)
        if entry.setting.read is not None and _read(run, entry.setting) != value
    ]


def write(run: Run) -> Outcome:
    """Writes only what differs, and reads each one back at once."""
    run.partial = {"written": [], "unchanged": []}
    for entry, value in wanted(run):
        setting = entry.setting
        if setting.read is not None and _read(run, setting) == value:
            _note(run, "unchanged", setting.name)
            continue
        _write(run, setting, value)
        if setting.read is not None:
            check_kept(run, setting, value)
        _note(run, "written", setting.name)
    return Outcome("done", dict(run.partial))


def check_kept(run: Run, setting: Setting, value: str | Secret) -> None:
    found = _read(run, setting)
    if found != value:
        shown = (None, None) if setting.secret else (str(value), str(found))
        raise WriteNotKept(setting.name, *shown)


def _read(run: Run, setting: Setting) -> str | Secret:
    return run.ask(lambda device: device.read_setting(setting))


def _write(run: Run, setting: Setting, value: str | Secret) -> None:
    run.ask(lambda device: device.write_setting(setting, value))


def _note(run: Run, kind: str, name: str) -> None:
    names = run.partial[kind]
    if isinstance(names, list):
        names.append(name)


def write_holds(run: Run) -> bool:
    return not differing(run)


def read_back(run: Run) -> Outcome:
    """After a restart, so that what is compared is what the device keeps without power."""
    if run.step("write").get("written"):
        run.ask(lambda device: device.restart())
        run.unlock()
    for entry, value in wanted(run):
        if entry.setting.read is not None:
            check_kept(run, entry.setting, value)
    settings = planned_settings(run)
    join_eui = settings.get("join_eui")

    def apply(recorder: Recorder) -> Mapping[str, object]:
        changes: dict[str, object] = {"settings": settings}
        if isinstance(join_eui, str):
            changes["join_eui"] = join_eui
        register(run, recorder, recorder.update(run.stored_device(), **changes))
        return {}

    return Outcome("done", {"settings": settings, "app_key": "equal"}, apply)


def read_back_holds(run: Run) -> bool:
    return (
        run.step("read_back").get("settings") == planned_settings(run)
        and not differing(run)
        and registered(run)
    )


def join(run: Run) -> Outcome:
    if run.plan.join_skip is not None:
        return Outcome("skipped", {"reason": run.plan.join_skip}, reason=run.plan.join_skip)
    seconds = run.plan.join_seconds or run.device_profile.join_seconds
    already = run.ask(lambda device: device.joined())
    if not already:
        run.ask(lambda device: device.join(seconds))
    link = run.ask(lambda device: device.link())
    weak = (link.rssi_dbm is not None and link.rssi_dbm < WEAK_RSSI_DBM) or (
        link.snr_db is not None and link.snr_db < WEAK_SNR_DB
    )
    return Outcome("done", {"rssi_dbm": link.rssi_dbm, "snr_db": link.snr_db, "weak": weak})


def join_holds(run: Run) -> bool:
    if run.plan.join_skip is not None:
        return run.step("join").get("reason") == run.plan.join_skip
    return run.step("join").get("state") == "done" and run.ask(lambda device: device.joined())
