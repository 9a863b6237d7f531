"""`fieldtool read` as it is called, against scripted bytes on a pty."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from fieldtool.cli import main
from fieldtool.schemas import schema
from tests.drivers.responder import Act, frame, responder

TOP = Path(__file__).resolve().parents[3]
OK = b"\r\nOK\r\n"
PASSWORD = "482913"
CONSOLE: Mapping[str, Any] = {
    PASSWORD: [b"Correct Password\r\n"],
    "AT+DEUI=?": [b"A8 40 41 F1 E2 D3 C4 B5\r\n", OK],
    "AT+APPEUI=?": [b"A8 40 41 00 00 00 01 01\r\n", OK],
    "AT+VER=?": [b"v1.1.4 EU868\r\n", OK],
    "AT+GETSENSORVALUE=0": [frame("lse01-measure-assumed")],
}
DRY = frame("lse01-measure-assumed").replace(b"32.61", b"132.61")


@dataclass
class Done:
    returncode: int
    stdout: str
    stderr: str


def read_in_a_process(port: str, *more: str, password: str) -> Done:
    done = subprocess.run(
        [sys.executable, "-m", "fieldtool", "read", "--port", port, *more],
        cwd=TOP,
        env={**os.environ, "FIELDTOOL_DEVICE_PASSWORD": password},
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )
    return Done(done.returncode, done.stdout, done.stderr)


Read = Callable[..., Done]


@pytest.fixture
def read(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Read:
    def call(port: str, *more: str, password: str | None = None) -> Done:
        monkeypatch.delenv("FIELDTOOL_DEVICE_PASSWORD", raising=False)
        if password is not None:
            monkeypatch.setenv("FIELDTOOL_DEVICE_PASSWORD", password)
        try:
            status = main(["--language", "de", "read", "--port", port, *more])
        except SystemExit as leaving:  # argparse
            status = int(leaving.code or 0)
        out, err = capsys.readouterr()
        return Done(status, out, err)

    return call


LSE01 = ("--device-type", "dragino-lse01")


def test_readings_as_json_lines() -> None:
    """As a process of its own; the others call the same entry."""
    with responder(CONSOLE) as device:
        done = read_in_a_process(
            device.port, *LSE01, "--count", "2", "--interval", "0.1", "--json", password=PASSWORD
        )
    assert (done.returncode, done.stderr) == (0, "")
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(rows) == 8
    for row in rows:
        Draft202012Validator(schema("read")).validate(row)
    del rows[0]["time"]
    assert rows[0] == {
        "device_type": "dragino-lse01",
        "dev_eui": "a84041f1e2d3c4b5",
        "quantity": "soil_moisture",
        "value": 32.61,
        "unit": "%",
        "plausible": True,
        "raw": "water_SOIL:32.61 %",
    }


def test_readings_for_people_and_an_implausible_one(read: Read, tmp_path: Path) -> None:
    file = tmp_path / "password.txt"
    file.write_text(PASSWORD + "\n", encoding="utf-8")
    with responder({**CONSOLE, "AT+GETSENSORVALUE=0": [DRY]}) as device:
        done = read(device.port, *LSE01, "--password-file", str(file))
        assert device.heard[0] == PASSWORD
    assert done.returncode == 0, done.stderr
    assert "Bodenfeuchte: 132,61 %  nicht plausibel" in done.stdout
    assert "Bodentemperatur: -1,29 °C\n" in done.stdout


def test_the_five_minutes_end_in_between(read: Read) -> None:
    measured = [
        [frame("lse01-measure-assumed")],
        [b"Incorrect Password\n\r"],
        [frame("lse01-measure-assumed")],
    ]
    with responder({**CONSOLE, "AT+GETSENSORVALUE=0": measured}) as device:
        done = read(device.port, *LSE01, "--count", "2", "--json", password=PASSWORD)
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) == 8
    assert device.heard.count(PASSWORD) == 2


@pytest.mark.parametrize(
    ("changes", "password", "code"),
    [
        ({PASSWORD: [b"Incorrect Password\n\r"]}, PASSWORD, "wrong_password"),
        ({"AT+DEUI=?": [b"Incorrect Password\n\r"]}, None, "device_locked"),
        ({"AT+GETSENSORVALUE=0": [b"\r\nAT_BUSY_ERROR\r\n"]}, None, "device_busy"),
        ({"AT+GETSENSORVALUE=0": [b"\r\nAT_ERROR\r\n"]}, None, "command_refused"),
        ({"AT+GETSENSORVALUE=0": [b"Bat:3.6 V\r\n", OK]}, None, "reading_missing"),
        ({"AT+GETSENSORVALUE=0": [b"Bat:3", Act.PULL]}, None, "port_lost"),
    ],
)
def test_what_goes_wrong_is_said(
    read: Read, changes: Mapping[str, Any], password: str | None, code: str
) -> None:
    with responder({**CONSOLE, **changes}) as device:
        done = read(device.port, *LSE01, "--json", password=password)
    assert done.returncode == 1
    error = json.loads(done.stdout.splitlines()[-1])["error"]
    assert error["code"] == code
    assert error["message"]
    assert error["advice"]
    assert done.stderr.count("\n") == 1
    assert PASSWORD not in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("arguments", "status", "code"),
    [
        ([*LSE01], 1, "port_missing"),
        (["--device-type", "nope"], 1, "unknown_device_type"),
        ([*LSE01, "--password-file", "/nowhere/at/all"], 1, "password_file_unreadable"),
        ([*LSE01, "--count", "0"], 2, None),
        ([*LSE01, "--interval", "nan"], 2, None),
        ([], 2, None),
    ],
)
def test_wrong_calls(read: Read, arguments: list[str], status: int, code: str | None) -> None:
    done = read("/dev/ttyNOPE7", *arguments, "--json")
    assert done.returncode == status
    assert "Traceback" not in done.stderr
    if code is not None:
        assert json.loads(done.stdout)["error"]["code"] == code
