"""The family on ptys, against bytes put together from the firmware sources and from captures."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace

import pytest

from drivers.errors import (
    CommandRefused,
    DeviceBusy,
    DeviceError,
    DeviceLocked,
    JoinFailed,
    NoReply,
    NotJoined,
    ParameterRefused,
    PortLost,
    ReadingMissing,
    UnreadableReply,
    WrongPassword,
)
from drivers.families.dragino import FAMILY, DraginoConsole, Patience, model_in
from drivers.family import Setting, load_family
from drivers.framing import at_console
from drivers.framing.at_lines import LineAssembler
from drivers.reading import DeviceIdentity, RadioLink
from drivers.secret import Secret
from drivers.transport.pipe import SerialSettings
from drivers.transport.serial import open_serial
from fieldtool.catalogue import device_profile
from tests.drivers.responder import Act, Answers, Responder, Say, frame, responder

OK = b"\r\nOK\r\n"
KEY = "0f1e2d3c4b5a69788796a5b4c3d2e1f0"
SPACED_KEY = "0F 1E 2D 3C 4B 5A 69 78 87 96 A5 B4 C3 D2 E1 F0"
PASSWORD = "482913"
QUICK = Patience(answer=0.4, measurement=0.4, restart=0.6, banner=0.3, poll=0.1)
LSE01 = device_profile("dragino-lse01")
LDDS75 = device_profile("dragino-ldds75")
APP_KEY = LSE01.setting("app_key").setting
INTERVAL = LSE01.setting("interval").setting
JOIN_EUI = LSE01.setting("join_eui").setting

IDENTITY: Answers = {
    "AT+DEUI=?": [b"A8 40 41 F1 E2 D3 C4 B5\r\n", OK],
    "AT+APPEUI=?": [b"a8 40 41 00 00 00 01 01\r\n", OK],  # LSN50 prints small letters
    "AT+VER=?": [b"EU868 v1.3.4\r\n", OK],
}


@pytest.fixture(autouse=True)
def _short_settling(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(at_console, "SETTLE_SECONDS", 0.03)


class Bench:
    def __init__(self, device: Responder, console: DraginoConsole, traced: list[str]) -> None:
        self.device = device
        self.console = console
        self.traced = traced


@contextmanager
def bench(answers: Answers, default: Sequence[Say] = (), patience: Patience = QUICK) -> Iterator[Bench]:
    traced: list[str] = []
    with responder(answers, default) as device:
        pipe = open_serial(device.port, SerialSettings())
        try:
            yield Bench(
                device, DraginoConsole(pipe, lambda way, text: traced.append(way + text), patience), traced
            )
        finally:
            pipe.close()


def test_the_family_is_found() -> None:
    assert load_family("dragino") is FAMILY
    assert FAMILY.serial == SerialSettings(9600, 8, "N", 1)


def test_identity_with_its_blanks() -> None:
    with bench(IDENTITY) as b:
        assert b.console.identity() == DeviceIdentity(
            maker="Dragino",
            firmware="1.3.4",
            region="EU868",
            dev_eui="a84041f1e2d3c4b5",
            join_eui="a840410000000101",
        )


def test_identity_of_the_captured_ldds75() -> None:
    with bench({**IDENTITY, "AT+VER=?": [b"v1.1.4 US915\r\n", OK]}) as b:
        found = b.console.identity()
    assert (found.firmware, found.region) == ("1.1.4", "US915")


def test_an_eui_that_was_never_set() -> None:
    with bench({**IDENTITY, "AT+APPEUI=?": [b"FF FF FF FF FF FF FF FF\r\n", OK]}) as b:
        assert b.console.identity().join_eui is None


def flipped(data: bytes, mask: int) -> list[bytes]:
    return [data[:at] + bytes([byte ^ mask]) + data[at + 1 :] for at, byte in enumerate(data)]


def test_a_flipped_bit_in_the_eui_changes_or_refuses_it() -> None:
    said = flipped(b"A8 40 41 F1 E2 D3 C4 B5", 0x40)
    with bench({**IDENTITY, "AT+DEUI=?": [[wrong + b"\r\n", OK] for wrong in said]}) as b:
        for _ in said:
            with suppress(UnreadableReply):
                assert b.console.identity().dev_eui != "a84041f1e2d3c4b5"


@pytest.mark.parametrize(
    "said", [b"A8 40 41 F1 E2 D3 C4\r\n", b"A8 40 41 F1 E2 D3 C4 B5 00\r\n", b"hello\r\n", b""]
)
def test_an_identity_that_is_none(said: bytes) -> None:
    with bench({**IDENTITY, "AT+DEUI=?": [said, OK]}) as b, pytest.raises(UnreadableReply):
        b.console.identity()


def test_unlocking() -> None:
    with bench({PASSWORD: [b"Correct Password\r\n"], **IDENTITY}) as b:
        b.console.unlock(Secret(PASSWORD))
        assert b.console.identity().dev_eui == "a84041f1e2d3c4b5"
    assert PASSWORD not in " ".join(b.traced)
    assert ">•••" in b.traced


def test_a_wrong_password() -> None:
    with bench({}, default=[b"Incorrect Password\n\r"]) as b, pytest.raises(WrongPassword) as caught:
        b.console.unlock(Secret("999999"))
    assert "999999" not in f"{caught.value!r} {' '.join(b.traced)}"


@pytest.mark.parametrize("text", ["", "12\r\nATZ", "ÄÖÜ"])
def test_a_password_that_cannot_be_one_is_not_sent(text: str) -> None:
    with bench({}) as b, pytest.raises(WrongPassword):
        b.console.unlock(Secret(text))
    assert b.device.heard == []


def test_an_open_console_does_not_know_the_password_as_a_command() -> None:
    with bench({PASSWORD: [b"\r\nAT_ERROR\r\n"]}) as b:
        b.console.unlock(Secret(PASSWORD))
        assert b.device.heard == [PASSWORD]


def test_a_locked_console_takes_each_command_for_a_password() -> None:
    with bench({}, default=[b"Incorrect Password\n\r"]) as b:
        with pytest.raises(DeviceLocked) as caught:
            b.console.read_setting(INTERVAL)
        assert caught.value.command == "AT+TDC=?"
        with pytest.raises(DeviceLocked):
            b.console.write_setting(APP_KEY, Secret(KEY))
        with pytest.raises(DeviceLocked):
            b.console.measure([])
        with pytest.raises(DeviceLocked):
            b.console.restart()


def test_the_five_minutes_are_over_and_it_is_unlocked_again() -> None:
    answers: Answers = {
        "AT+TDC=?": [[b"Incorrect Password\n\r"], [b"1200000\r\n", OK]],
        PASSWORD: [b"Correct Password\r\n"],
    }
    with bench(answers) as b:
        with pytest.raises(DeviceLocked):
            b.console.read_setting(INTERVAL)
        b.console.unlock(Secret(PASSWORD))
        assert b.console.read_setting(INTERVAL) == "1200"


def test_settings_are_read_as_they_are_compared() -> None:
    answers: Answers = {
        "AT+TDC=?": [[b"1200000\r\n", OK], [b"AT+TDC=1500\r\n", OK], [b"2\r\n3\r\n", OK]],
        "AT+APPKEY=?": [f"{SPACED_KEY}\r\n".encode(), OK],
        "AT+APPEUI=?": [b"A8 40 41 00 00 00 01 01\r\n", OK],
    }
    with bench(answers) as b:
        assert b.console.read_setting(INTERVAL) == "1200"
        assert b.console.read_setting(INTERVAL) == "1.5"
        with pytest.raises(UnreadableReply):
            b.console.read_setting(INTERVAL)
        assert b.console.read_setting(JOIN_EUI) == "a840410000000101"
        assert b.console.read_setting(APP_KEY) == Secret(KEY)
    assert SPACED_KEY[:5] not in " ".join(b.traced)


def test_settings_are_written_as_the_device_wants_them() -> None:
    wanted = [
        "AT+TDC=1200000",
        "AT+APPEUI=A8 40 41 00 00 00 01 01",
        f"AT+APPKEY={SPACED_KEY}",
        "AT+X=free text",
    ]
    with bench({}, default=[OK]) as b:
        b.console.write_setting(INTERVAL, "1200")
        b.console.write_setting(JOIN_EUI, "a840410000000101")
        b.console.write_setting(APP_KEY, Secret(KEY))
        b.console.write_setting(Setting(name="x", kind="text", read=None, write="AT+X={value}"), "free text")
        assert b.device.heard == wanted
    assert "0F 1E" not in " ".join(b.traced)


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        (INTERVAL, "soon"),
        (INTERVAL, "12\r\nATZ"),
        (JOIN_EUI, "a84041"),
        (JOIN_EUI, "g840410000000101"),
        (APP_KEY, Secret(KEY[:-1])),
        (Setting(name="x", kind="text", read=None, write="AT+X={value}"), "a\rATZ"),
    ],
)
def test_a_value_that_is_none_is_not_sent(setting: Setting, value: str | Secret) -> None:
    with bench({}, default=[OK]) as b, pytest.raises(ParameterRefused) as caught:
        b.console.write_setting(setting, value)
    assert b.device.heard == []
    assert KEY[:-1] not in repr(caught.value)


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("AT_ERROR", CommandRefused),
        ("AT_PARAM_ERROR", ParameterRefused),
        ("AT_BUSY_ERROR", DeviceBusy),
        ("AT_TEST_PARAM_OVERFLOW", ParameterRefused),
        ("AT_NO_NET_JOINED", NotJoined),
        ("AT_NO_NETWORK_JOINED", NotJoined),
        ("AT_RX_ERROR", CommandRefused),
        ("ERROR:Not in Range", ParameterRefused),
        ("ERROR:Run AT+FDR first", CommandRefused),
        ("error unknown", CommandRefused),
    ],
)
def test_every_error_reply_has_a_type(said: str, kind: type[CommandRefused]) -> None:
    with bench({}, default=[f"\r\n{said}\r\n".encode()]) as b:
        with pytest.raises(CommandRefused) as caught:
            b.console.write_setting(INTERVAL, "60")
        assert type(caught.value) is kind
        assert (caught.value.command, caught.value.reply) == ("AT+TDC=60000", said)
        with pytest.raises(CommandRefused) as caught:
            b.console.write_setting(APP_KEY, Secret(KEY))
        assert caught.value.command == "AT+APPKEY=•••"


def test_the_reason_before_an_error_and_the_ok_after_one() -> None:
    answers: Answers = {
        "AT+TDC=1000": [b"TDC setting must be more than 6S\n\r", b"\r\nAT_PARAM_ERROR\r\n"],
        f"AT+APPKEY={SPACED_KEY}": [b"AT_PARAM_ERROR(Incorrect Length)\r\n", 0.02, OK],
        "AT+NJM=?": [b"1\r\n", OK],
    }
    with bench(answers) as b:
        with pytest.raises(ParameterRefused):
            b.console.write_setting(INTERVAL, "1")
        with pytest.raises(ParameterRefused):
            b.console.write_setting(APP_KEY, Secret(KEY))
        assert b.console.read_setting(LSE01.setting("join_mode").setting) == "1"


def test_silence_garbage_and_a_pulled_cable() -> None:
    answers: Answers = {
        "AT+TDC=?": [b"\x80\xff\x00\xc3"],
        "AT+NJM=?": [b"1\r\n", b"\r\nO"],
        "AT+APPEUI=?": [b"A8 40 ", Act.PULL],
    }
    with bench(answers) as b:
        with pytest.raises(NoReply):
            b.console.joined()
        with pytest.raises(UnreadableReply):
            b.console.read_setting(INTERVAL)
        with pytest.raises(UnreadableReply):
            b.console.read_setting(LSE01.setting("join_mode").setting)
        start = time.monotonic()
        with pytest.raises(PortLost):
            b.console.read_setting(JOIN_EUI)
        assert time.monotonic() - start < 2


def test_readings_of_both_firmwares() -> None:
    for name in ("sn50v3-measure", "lsn50-measure"):
        with bench({"AT+GETSENSORVALUE=0": [frame(name)]}) as b:
            readings = b.console.measure([entry.quantity for entry in LDDS75.quantities])
        assert [(r.quantity, r.value, r.unit) for r in readings] == [
            ("distance", 3597, "mm"),
            ("battery", 3.612, "V"),
        ]
        assert readings[0].raw == "ULT_distance:359.7 cm"
        assert readings[0].time.utcoffset() is not None


def test_the_distance_as_the_captured_ldds75_prints_it() -> None:
    said = b"\r\nBat:3.6 V\r\n" + frame("ldds75-v1.1.4-join") + OK
    with bench({"AT+GETSENSORVALUE=0": [said]}) as b:
        assert b.console.measure([LDDS75.quantity("distance").quantity])[0].value == 3597


def test_readings_of_the_soil_probe_as_assumed() -> None:
    with bench({"AT+GETSENSORVALUE=0": [frame("lse01-measure-assumed")]}) as b:
        readings = b.console.measure([entry.quantity for entry in LSE01.quantities])
    assert {r.quantity: (r.value, r.unit) for r in readings} == {
        "soil_moisture": (32.61, "%"),
        "soil_temperature": (-1.29, "Cel"),
        "soil_conductivity": (200, "uS/cm"),
        "battery": (3.598, "V"),
    }


def test_a_flipped_bit_in_a_reading_changes_or_refuses_it() -> None:
    said = flipped(b"water_SOIL:32.61 %", 0x01)
    with bench({"AT+GETSENSORVALUE=0": [[wrong + b"\r\n", OK] for wrong in said]}) as b:
        for _ in said:
            with suppress(ReadingMissing):
                assert b.console.measure([LSE01.quantity("soil_moisture").quantity])[0].value != 32.61


def test_a_missing_reading_says_what_came() -> None:
    answers: Answers = {"AT+GETSENSORVALUE=0": [b"Bat:3.6 V\r\nULT_distance:null\r\n", OK]}
    with bench(answers) as b, pytest.raises(ReadingMissing) as caught:
        b.console.measure([LDDS75.quantity("distance").quantity])
    assert caught.value.quantity == "distance"
    assert "ULT_distance:null" in caught.value.received


def test_a_busy_radio_refuses_to_measure() -> None:
    with bench({"AT+GETSENSORVALUE=0": [b"\r\nAT_BUSY_ERROR\r\n"]}) as b, pytest.raises(DeviceBusy):
        b.console.measure([])


def test_joining_by_its_own_word() -> None:
    answers: Answers = {"AT+JOIN": [OK, 0.2, frame("ldds75-v1.1.4-join")], "AT+NJS=?": [b"0\r\n", OK]}
    with bench(answers, patience=replace(QUICK, poll=3)) as b:
        b.console.join(5)
    assert "AT+NJS=?" not in b.device.heard


def test_joining_by_its_state() -> None:
    answers: Answers = {"AT+JOIN": [OK], "AT+NJS=?": [[b"0\r\n", OK], [b"0\r\n", OK], [b"1\r\n", OK]]}
    with bench(answers) as b:
        b.console.join(5)
        assert b.console.joined()


def test_a_join_that_fails() -> None:
    with bench({"AT+JOIN": [OK], "AT+NJS=?": [b"0\r\n", OK]}) as b:
        with pytest.raises(JoinFailed) as caught:
            b.console.join(0.3)
        assert caught.value.seconds == 0.3
        assert not b.console.joined()


def test_a_join_state_that_is_none() -> None:
    with bench({"AT+NJS=?": [b"7\r\n", OK]}) as b, pytest.raises(UnreadableReply):
        b.console.joined()


@pytest.mark.parametrize(
    ("rssi", "snr", "link"),
    [
        (b"-114", b"7", RadioLink(-114, 7)),
        (b"-114", b"-5", RadioLink(-114, -5)),
        (b"-114", b"251", RadioLink(-114, -5)),  # LSN50: unsigned
        (b"0", b"0", RadioLink(None, None)),
    ],
)
def test_the_radio_link(rssi: bytes, snr: bytes, link: RadioLink) -> None:
    with bench({"AT+RSSI=?": [rssi + b"\r\n", OK], "AT+SNR=?": [snr + b"\r\n", OK]}) as b:
        assert b.console.link() == link


@pytest.mark.parametrize(("rssi", "snr"), [(b"114", b"7"), (b"-114", b"100"), (b"-999", b"0"), (b"x", b"1")])
def test_a_radio_link_that_is_none(rssi: bytes, snr: bytes) -> None:
    answers: Answers = {"AT+RSSI=?": [rssi + b"\r\n", OK], "AT+SNR=?": [snr + b"\r\n", OK]}
    with bench(answers) as b, pytest.raises(UnreadableReply):
        b.console.link()


@pytest.mark.parametrize("banner", ["sn50v3-boot", "ldds75-v1.1.4-boot"])
def test_a_restart_is_done_when_the_banner_came(banner: str) -> None:
    half = len(frame(banner)) // 2
    said = [0.05, frame(banner)[:half], 0.1, frame(banner)[half:]]
    with bench({**IDENTITY, "ATZ": said, "AT+FDR": [b"OK\n\r", *said]}) as b:
        b.console.restart()
        b.console.factory_reset()
        model = b.console.identity().model
    assert b.device.heard[:2] == ["ATZ", "AT+FDR"]
    assert (
        model == {"sn50v3-boot": "SN50_v3-LB", "ldds75-v1.1.4-boot": "LDDS75 LoRaWAN Distance Sensor"}[banner]
    )


def test_a_restart_that_is_refused_or_silent() -> None:
    with bench({"ATZ": [b"\r\nAT_ERROR\r\n"]}) as b:
        with pytest.raises(CommandRefused):
            b.console.restart()
        with pytest.raises(NoReply):
            b.console.factory_reset()


def test_a_banner_without_a_model() -> None:
    assert model_in(["Image Version: v1.1"]) is None
    assert model_in([line.text for line in LineAssembler().feed(frame("sn50v3-boot"))]) == "SN50_v3-LB"


def test_old_firmware_that_prints_its_key_when_it_starts() -> None:
    banner = frame("sn50v3-boot").replace(
        b"Enter Password", f"AppKey= {SPACED_KEY}\n\rEnter Password".encode()
    )
    with bench({"ATZ": [banner]}) as b:
        b.console.restart()
    assert any("AppKey= •••" in line for line in b.traced)
    assert "0F 1E" not in " ".join(b.traced)


def test_close_releases_the_port() -> None:
    with bench({}) as b:
        b.console.close()
        again = open_serial(b.device.port, SerialSettings())
        assert again.name == b.device.port
        again.close()


@contextmanager
def suppress_and_keep(told: list[str]) -> Iterator[None]:
    try:
        yield
    except DeviceError as error:
        told.append(f"{error!r} {error}")


def test_no_error_holds_a_secret() -> None:
    told: list[str] = []
    for said in (
        b"\r\nAT_ERROR\r\n",
        b"\xff\r\n",
        f"AT+APPKEY={SPACED_KEY[:30]}".encode(),
        b"Incorrect Password\n\r",
        b"",
    ):
        with bench({}, default=[said], patience=replace(QUICK, answer=0.1)) as b:
            with suppress_and_keep(told):
                b.console.write_setting(APP_KEY, Secret(KEY))
            with suppress_and_keep(told):
                b.console.read_setting(APP_KEY)
            with suppress_and_keep(told):
                b.console.unlock(Secret(PASSWORD))
        told += b.traced
    assert len([text for text in told if "Command" in text or "command" in text]) > 10
    text = " ".join(told)
    assert PASSWORD not in text
    for spelling in (KEY, SPACED_KEY[:8], SPACED_KEY[-8:]):
        assert spelling not in text
