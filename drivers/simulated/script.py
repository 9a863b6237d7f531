"""What a simulated device is told to be and to do: a JSON document, all parts of it optional.

Schema: resources/schemas/simulate-script.json. Relative paths are relative to the script's folder.

Identity: `dev_eui`, `join_eui` (16 hex digits), `app_key` (32 hex digits), `password` (4 to 16 hex digits,
"123456"), `serial` (16 hex digits, the chip's own number, AT+UUID=?). Temper: `seed` (0) of everything
random; `firmware` "v3" (locked, SN50v3 stack) or "stm32" (the older stack: no password, lower-case hex);
`echo` (false; the firmware has none, some adapters do); `latency_s` (0.005, between a command and its
answer); `state_file`: the non-volatile memory, so that keys, settings and the join survive the end of this
process. A device with a filled state file was running all the while: no boot banner. `time_scale` (1): how
much faster the device's own time passes: its five minutes, its join, its GNSS period and phases.
`latency_s` and the seconds of faults are real ones.

`readings`: {quantity: {"mean": x, "spread": s}} for soil_moisture (%), soil_temperature (Cel),
soil_conductivity (uS/cm); distance (mm); battery (V).

`join`: `seconds` (2) per attempt, `attempts` (1) until the answer, `result` "joined" or "failed",
`automatic` (false): joins by itself after power-on; `rssi` (-97 dBm), `snr` (7 dB) afterwards.

`gnss`: `lat`, `lon` (WGS84), `altitude_m`, `accuracy_m` (1 sigma per axis), `rate_hz` (1), `talkers`
"mixed" or "GP", `replay` (a log sent line by line instead), `phases`: [{"state", "seconds"}], the last one
without end:
    fix | no_fix | null_island (a "fix" at 0/0) | bad_checksums | silence | boot_text ("$" lines that are no
    NMEA) | binary (frames of another protocol in between) | pull (the cable is out for these seconds)

`faults`: [{"on", "nth" or "every", "do", …}]. `on` is the beginning of a command ("AT+TDC=", "ATZ"),
"password" (any line while locked), "any" (every line), "join" (each time a join starts) or "boot". `nth`
counts the matching events from 1 (the default is the first one only), `every` 1 means always. The first
fault of the list that matches an event is the one that happens. `do`:
    busy, param_error, error, no_network    refused with that reply, nothing done
    silence            not carried out, no reply (boot: no banner; join: nothing ever comes)
    no_answer          carried out, the reply is lost
    garbage            carried out, noise instead of the reply
    half_line          carried out, the reply breaks off in its middle, without a line end
    delay              carried out, the reply comes `seconds` later
    banner_in_between  carried out, a boot banner stands in the middle of the reply
    uplink_in_between  carried out, the lines of an uplink stand in the middle of the reply
    pull               the cable is out before anything is carried out; back after `plug_again_s`, if given
    pull_after_bytes   carried out, the cable is out after `bytes` of the reply; `plug_again_s` likewise
    reboot             the device restarts instead of answering
    ignore_write       says OK and keeps the old value
    other_device       from now on another device of the same kind answers, as `dev_eui`, locked
    stuck_reading      from now on every reading is the same
    out_of_range       this reading of `quantity` (or the first one) is impossible
"join" knows silence, delay, pull, reboot, garbage; "boot" knows silence, delay, pull, garbage, half_line.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from drivers.secret import Secret

Firmware = Literal["v3", "stm32"]
MAKER_PASSWORD = "123456"  # SN50v3 lora_app.c: the factory's, printed in the manuals


@dataclass(frozen=True, slots=True)
class Fault:
    on: str
    do: str
    nth: int | None
    every: int | None
    seconds: float
    octets: int
    plug_again_s: float | None
    dev_eui: str | None
    quantity: str | None


@dataclass(frozen=True, slots=True)
class Spread:
    mean: float
    spread: float


@dataclass(frozen=True, slots=True)
class Join:
    seconds: float = 2.0
    attempts: int = 1
    result: Literal["joined", "failed"] = "joined"
    automatic: bool = False
    rssi: int = -97
    snr: int = 7


@dataclass(frozen=True, slots=True)
class Phase:
    state: str
    seconds: float | None


@dataclass(frozen=True, slots=True)
class Gnss:
    lat: float
    lon: float
    altitude_m: float
    accuracy_m: float
    rate_hz: float
    talkers: Literal["mixed", "GP"]
    replay: Path | None
    phases: tuple[Phase, ...]


@dataclass(frozen=True, slots=True)
class Script:
    dev_eui: str
    join_eui: str
    app_key: Secret
    password: Secret
    serial: str
    seed: int
    firmware: Firmware
    echo: bool
    latency_s: float
    time_scale: float
    state_file: Path | None
    readings: Mapping[str, Spread]
    join: Join
    gnss: Gnss
    faults: tuple[Fault, ...]


def parse(document: Mapping[str, Any], folder: Path) -> Script:
    """`document` fits the schema; what it leaves out is made up from the seed."""
    seed = document.get("seed", 0)
    return Script(
        dev_eui=document.get("dev_eui", "a84041" + made_up(seed, "dev_eui", 10)).lower(),
        join_eui=document.get("join_eui", "a840410000000101").lower(),
        app_key=Secret(document.get("app_key", made_up(seed, "app_key", 32)).lower()),
        password=Secret(document.get("password", MAKER_PASSWORD).lower()),
        serial=document.get("serial", made_up(seed, "serial", 16)).lower(),
        seed=seed,
        firmware=document.get("firmware", "v3"),
        echo=document.get("echo", False),
        latency_s=document.get("latency_s", 0.005),
        time_scale=document.get("time_scale", 1.0),
        state_file=folder / document["state_file"] if "state_file" in document else None,
        readings={name: Spread(**entry) for name, entry in document.get("readings", {}).items()},
        join=Join(**document.get("join", {})),
        gnss=parse_gnss(document.get("gnss", {}), folder),
        faults=tuple(parse_fault(entry) for entry in document.get("faults", [])),
    )


def parse_gnss(entry: Mapping[str, Any], folder: Path) -> Gnss:
    phases = entry.get("phases", [{"state": "fix"}])
    return Gnss(
        lat=entry.get("lat", 51.513587),  # Dortmund, Friedensplatz
        lon=entry.get("lon", 7.465298),
        altitude_m=entry.get("altitude_m", 86.0),
        accuracy_m=entry.get("accuracy_m", 1.5),
        rate_hz=entry.get("rate_hz", 1.0),
        talkers=entry.get("talkers", "mixed"),
        replay=folder / entry["replay"] if "replay" in entry else None,
        phases=tuple(Phase(phase["state"], phase.get("seconds")) for phase in phases),
    )


def parse_fault(entry: Mapping[str, Any]) -> Fault:
    every = entry.get("every")
    return Fault(
        on=entry["on"],
        do=entry["do"],
        nth=entry.get("nth", None if every else 1),
        every=every,
        seconds=entry.get("seconds", 0.0),
        octets=entry.get("bytes", 0),
        plug_again_s=entry.get("plug_again_s"),
        dev_eui=entry.get("dev_eui", "").lower() or None,
        quantity=entry.get("quantity"),
    )


def made_up(seed: int, what: str, digits: int) -> str:
    return hashlib.sha256(f"{seed} {what}".encode()).hexdigest()[:digits]
