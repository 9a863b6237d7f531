from __future__ import annotations

import pytest

from drivers.errors import FamilyUnavailable, PortMissing
from drivers.family import Family, load_family
from drivers.transport.pipe import SerialSettings
from drivers.transport.serial import open_serial
from fieldtool.catalogue import device_profile
from fieldtool.connect import connected
from tests.drivers.responder import responder

OK = b"\r\nOK\r\n"


def test_the_port_is_released_whatever_happens() -> None:
    with responder({"AT+NJS=?": [b"1\r\n", OK]}) as device:
        for kind in (device_profile("dragino-lse01"), load_family("dragino")):
            with connected(device.port, kind, lambda _way, _text: None) as opened:
                assert opened.joined()
            with pytest.raises(ZeroDivisionError), connected(device.port, kind, lambda _way, _text: None):
                raise ZeroDivisionError
        open_serial(device.port, SerialSettings()).close()


def test_the_trace_is_handed_on() -> None:
    traced: list[tuple[str, str]] = []
    with responder({"AT+NJS=?": [b"1\r\n", OK]}) as device:
        kind = device_profile("dragino-lse01")
        with connected(device.port, kind, lambda way, text: traced.append((way, text))) as opened:
            opened.joined()
    assert traced == [(">", "AT+NJS=?"), ("<", "1"), ("<", "OK")]


def test_a_missing_port_and_a_family_without_a_console() -> None:
    with pytest.raises(PortMissing):
        connected("/dev/ttyNOPE7", device_profile("dragino-lse01"), lambda _way, _text: None).__enter__()
    mute = Family(name="mute", title="Mute", serial=SerialSettings())
    with pytest.raises(FamilyUnavailable):
        connected("/dev/ttyNOPE7", mute, lambda _way, _text: None).__enter__()
