"""`fieldtool simulate`: its documents, its refusals, its end."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from drivers.simulated import load_type, simulated_types
from drivers.simulated.script import parse
from fieldtool.cli import load_command
from fieldtool.explain import simulate as explained
from fieldtool.schemas import schema, violation
from fieldtool.texts import german
from tests.drivers.simulated.client import Simulator, Terminal, running

LSE01 = "dragino-lse01"
KEY = "00112233445566778899aabbccddeeff"


def command(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "fieldtool", "simulate", *map(str, arguments)]


def device(*arguments: object) -> Any:
    return running(command("--json", "--with-parent", *arguments))


def ended(arguments: Sequence[object], **environment: str) -> subprocess.CompletedProcess[str]:
    """What a call without an input to wait for says."""
    return subprocess.run(
        command(*arguments),
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        env={**os.environ, **environment},
        timeout=20,
        check=False,
    )


def code(answer: subprocess.CompletedProcess[str]) -> str:
    assert answer.returncode == 1
    assert "Traceback" not in answer.stderr
    return str(json.loads(answer.stdout)["error"]["code"])


def written(folder: Path, content: object) -> Path:
    path = folder / "script.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


def test_devices_are_found_by_their_place() -> None:
    assert simulated_types() == ["dragino-ldds75", "dragino-lse01", "nmea-gnss"]
    for name in simulated_types():
        assert load_type(name).name == name


@pytest.mark.parametrize("kind", [LSE01, "dragino-ldds75", "nmea-gnss"])
def test_the_document_fits_its_schema_and_the_port_is_there(tmp_path: Path, kind: str) -> None:
    link = tmp_path / "port"
    script = written(tmp_path, {"dev_eui": "A84041000181D4E5", "app_key": KEY})
    with device(kind, "--script", script, "--port-link", link) as started:
        assert violation(started.told, "simulate") is None
        assert started.told["device_type"] == kind
        assert started.told["dev_eui"] == (None if kind == "nmea-gnss" else "a84041000181d4e5")
        assert started.told["link"] == str(link)
        terminal = Terminal(started.port)
        terminal.until(b"\n")
        terminal.close()


@pytest.mark.parametrize("name", ["simulate", "simulate-script"])
def test_the_schemas_are_schemas(name: str) -> None:
    Draft202012Validator.check_schema(schema(name))


@pytest.mark.parametrize("wanted", [[], ["--json"]])
def test_people_and_programs_are_told_where_it_is_but_never_the_key(
    tmp_path: Path, wanted: list[str]
) -> None:
    script = written(tmp_path, {"dev_eui": "a84041000181d4e5", "app_key": KEY, "password": "abcdef"})
    told = ended([LSE01, "--with-parent", "--script", script, *wanted])
    assert told.returncode == 0
    assert told.stderr == ""
    assert "/dev/pts/" in told.stdout
    assert "a84041000181d4e5" in told.stdout
    for secret in (KEY, KEY.upper(), "abcdef"):
        assert secret not in told.stdout
    if not wanted:
        assert "ist an /dev/pts/" in told.stdout
    english = ended([LSE01, "--with-parent"], FIELDTOOL_LANGUAGE="en")
    assert "is at /dev/pts/" in english.stdout


def test_a_script_shows_no_secrets() -> None:
    shown = repr(parse({"app_key": KEY, "password": "abcdef"}, Path()))
    assert KEY not in shown
    assert "abcdef" not in shown


def test_an_unknown_device_names_those_there_are() -> None:
    answer = ended(["toaster", "--json"])
    assert code(answer) == "unknown_simulated_device"
    assert "nmea-gnss" in json.loads(answer.stdout)["error"]["advice"]
    assert ended([]).returncode == 2


@pytest.mark.parametrize(
    ("content", "key"),
    [
        ("{", "$"),
        ([], "$"),
        ({"dev_euí": "a84041000181d4e5"}, "$"),
        ({"dev_eui": "a84041000181d4e"}, "dev_eui"),
        ({"app_key": "00"}, "app_key"),
        ({"password": "abc"}, "password"),
        ({"time_scale": 0}, "time_scale"),
        ({"firmware": "v4"}, "firmware"),
        ({"readings": {"soil_moisture": {"mean": "wet", "spread": 1}}}, "readings.soil_moisture.mean"),
        ({"gnss": {"lat": 91}}, "gnss.lat"),
        ({"gnss": {"replay": "no-such.log"}}, "gnss.replay"),
        ({"gnss": {"phases": [{"state": "lost"}]}}, "gnss.phases.0.state"),
        ({"faults": [{"on": "any", "do": "explode"}]}, "faults.0.do"),
        ({"faults": [{"on": "any"}]}, "faults.0"),
        ({"faults": [{"on": "any", "do": "delay"}]}, "faults.0"),
        ({"faults": [{"on": "any", "do": "pull_after_bytes"}]}, "faults.0"),
        ({"faults": [{"on": "any", "do": "busy", "nth": 1, "every": 2}]}, "faults.0"),
        ({"faults": [{"on": "any", "do": "busy", "nth": 0}]}, "faults.0.nth"),
        ({"faults": [{"on": "join", "do": "busy"}]}, "faults.0.do"),
        ({"faults": [{"on": "boot", "do": "reboot"}]}, "faults.0.do"),
    ],
)
def test_a_bad_script_says_where(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: object, key: str
) -> None:
    from fieldtool.cli import main

    script = written(tmp_path, content)
    assert main(["simulate", LSE01, "--json", "--script", str(script)]) == 1
    told = capsys.readouterr()
    error = json.loads(told.out)["error"]
    assert error["code"] == "script_invalid"
    assert f": {key}: " in error["message"]
    assert str(script) in error["message"]
    if isinstance(content, dict) and "app_key" not in content:
        assert "00" not in error["message"].replace(str(script), "")


def test_a_script_that_is_not_there(tmp_path: Path) -> None:
    assert code(ended([LSE01, "--json", "--script", tmp_path / "none.json"])) == "script_invalid"


@pytest.mark.parametrize("content", ["", "{", "[]", '{"joined": true}'])
def test_a_damaged_memory_is_said_and_kept(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str
) -> None:
    from fieldtool.cli import main

    memory = tmp_path / "memory.json"
    memory.write_text(content, encoding="utf-8")
    script = written(tmp_path, {"state_file": "memory.json"})
    assert main(["simulate", LSE01, "--json", "--script", str(script)]) == 1
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "state_file_unusable"
    assert memory.read_text(encoding="utf-8") == content


def test_something_else_where_the_link_should_be(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from fieldtool.cli import main

    taken = tmp_path / "port"
    taken.write_text("mine", encoding="utf-8")
    pointing = tmp_path / "pointing"
    pointing.symlink_to(taken)
    for there in (taken, pointing, tmp_path):
        assert main(["simulate", LSE01, "--json", "--port-link", str(there)]) == 1
        assert json.loads(capsys.readouterr().out)["error"]["code"] == "port_link_exists"
    assert taken.read_text(encoding="utf-8") == "mine"
    assert main(["simulate", LSE01, "--json", "--port-link", str(tmp_path / "no" / "port")]) == 1
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "port_link_failed"


def test_a_link_in_use_is_not_taken_but_that_of_a_killed_device_is(tmp_path: Path) -> None:
    link = tmp_path / "probe"
    with device(LSE01, "--port-link", link) as started:
        assert code(ended([LSE01, "--json", "--port-link", link])) == "port_link_exists"
        assert link.readlink() == Path(started.told["port"])
        started.kill()
    assert link.is_symlink()
    with device(LSE01, "--port-link", link) as started:
        assert link.readlink() == Path(started.told["port"])
    assert not link.is_symlink()


@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGINT])
def test_told_to_stop_it_ends_well_and_takes_its_link_along(tmp_path: Path, sent: signal.Signals) -> None:
    link = tmp_path / "probe"
    with device(LSE01, "--port-link", link) as started:
        started.process.send_signal(sent)
        assert started.process.wait(5) == 0
        assert not link.is_symlink()


def test_a_memory_that_cannot_be_kept_ends_the_device_before_it_confirms(tmp_path: Path) -> None:
    folder = tmp_path / "memory"
    folder.mkdir()
    script = written(tmp_path, {"state_file": str(folder / "m"), "firmware": "stm32"})
    with subprocess.Popen(
        command(LSE01, "--json", "--script", script),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        started = Simulator(process, json.loads(process.stdout.readline()))
        with started.terminal() as terminal:
            terminal.until(b"debug info\r\n\r\n")
            (folder / "m").unlink()
            folder.rmdir()
            terminal.type("AT+TDC=10000")
            assert terminal.hung_up(5)
        told, complaint = process.communicate(timeout=5)
    assert process.returncode == 1
    assert json.loads(told)["error"]["code"] == "state_file_unusable"
    assert "Traceback" not in complaint


def test_everything_it_says_is_german_too() -> None:
    texts = {load_command("simulate").summary}
    for entry in explained.EXPLANATIONS.values():
        texts |= {entry.message, entry.advice}
    assert texts <= set(german())
