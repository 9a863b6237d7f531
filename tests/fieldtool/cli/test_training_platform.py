"""`fieldtool training-platform`: its lines, its refusals, its end."""

from __future__ import annotations

import json
import os
import signal
import socket
import sqlite3
import subprocess
from pathlib import Path

import pytest

from fieldtool.cli import load_command
from fieldtool.explain import training as explained
from fieldtool.schemas import violation
from fieldtool.texts import german
from tests.fieldtool.training.process import ENTITIES, PATIENCE_S, command, created, light, running, stored


def ended(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(*arguments),
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        env={**os.environ, "FIELDTOOL_LANGUAGE": "de"},
        timeout=PATIENCE_S,
        check=False,
    )


def refused(answer: subprocess.CompletedProcess[str]) -> str:
    assert answer.returncode == 1
    assert answer.stderr.count("\n") == 1
    assert "Traceback" not in answer.stderr
    document = json.loads(answer.stdout)
    assert set(document["error"]) == {"code", "message", "advice"}
    return str(document["error"]["code"])


def test_the_first_line_and_the_events(tmp_path: Path) -> None:
    with running(tmp_path / "data") as platform:
        assert violation(platform.told, "training-platform") is None
        assert platform.told["url"] == f"http://127.0.0.1:{platform.port}"
        assert platform.told["data"] == str(tmp_path / "data")
        identifier = created(platform, light())
        platform.ask("GET", f"{ENTITIES}/{identifier}?options=sysAttrs")
        platform.faults({"fault": "gateway_401"})
        platform.ask("GET", f"{ENTITIES}/{identifier}")
        events = [platform.events.get(timeout=PATIENCE_S) for _ in range(8)]
    # That an answer is done is told when it is on its way: the next request may come in between.
    events.sort(key=lambda event: (event["n"], event["event"] == "done"))
    for event in events:
        assert violation(event, "training-platform-event") is None
    read = f"{ENTITIES}/{identifier}"
    assert [(event["event"], event["n"], event["path"], event["status"]) for event in events] == [
        ("request", 1, ENTITIES, None),
        ("done", 1, ENTITIES, 201),
        ("request", 2, read, None),
        ("done", 2, read, 200),
        ("request", 3, "/training/faults", None),
        ("done", 3, "/training/faults", 204),
        ("request", 4, read, None),
        ("done", 4, read, 401),
    ]
    assert [event["fault"] for event in events] == [None] * 7 + ["gateway_401"]


def test_it_listens_on_this_machine_only(tmp_path: Path) -> None:
    with running(tmp_path) as platform, pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.2", platform.port), timeout=PATIENCE_S)


def test_it_ends_with_its_input(tmp_path: Path) -> None:
    with running(tmp_path) as platform:
        process = platform.process
    assert process.returncode == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_cleanly_though_an_answer_is_held(tmp_path: Path, number: signal.Signals) -> None:
    with running(tmp_path) as platform:
        created(platform, light())
        platform.faults({"fault": "slow", "seconds": 600})
        connection = platform.connect()
        headers = {"Authorization": f"Bearer {platform.token}"}
        connection.request("GET", f"{ENTITIES}?type=X", headers=headers)
        while platform.wait_for("request")["path"] != ENTITIES:
            pass
        platform.process.send_signal(number)
        assert platform.process.wait(timeout=PATIENCE_S) == 0
        connection.close()
    assert not list(tmp_path.glob("*-wal"))


def test_nobody_reads_the_events(tmp_path: Path) -> None:
    """It goes on, and ends without a complaint."""
    line = command("--json", "--port", "0", "--data", tmp_path, "--events", "--with-parent")
    with subprocess.Popen(
        line, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        port = json.loads(process.stdout.readline())["port"]
        process.stdout.close()
        for _ in range(3):
            with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_S) as raw:
                raw.sendall(b"GET /x HTTP/1.0\r\n\r\n")
                assert raw.recv(12) == b"HTTP/1.1 401"
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(timeout=PATIENCE_S) == 0
        assert process.stderr is not None
        assert process.stderr.read() == ""


def test_records_are_there_after_a_new_start(tmp_path: Path) -> None:
    entity = light()
    with running(tmp_path) as first:
        created(first, entity)
    with running(tmp_path) as second:
        assert stored(second, entity["id"]) == entity


def test_a_plan_from_a_file(tmp_path: Path) -> None:
    plan = tmp_path / "plan.json"
    plan.write_text('{"rules": [{"fault": "status", "status": 503}]}', encoding="utf-8")
    with running(tmp_path / "data", "--faults", plan) as platform:
        assert platform.ask("GET", f"{ENTITIES}?type=X").status == 503


def test_refusals(tmp_path: Path) -> None:
    plan = tmp_path / "plan.json"
    base = ("--json", "--port", "0", "--data")
    for content in ("{", '{"rules": [{"fault": "explode"}]}'):
        plan.write_text(content, encoding="utf-8")
        assert refused(ended(*base, tmp_path / "a", "--faults", plan)) == "fault_plan_invalid"
    assert refused(ended(*base, tmp_path / "a", "--faults", tmp_path / "no")) == "fault_plan_invalid"
    assert refused(ended(*base, plan / "below")) == "training_data_unusable"
    with running(tmp_path / "b") as platform:
        assert refused(ended(*base, tmp_path / "b")) == "training_data_in_use"
        other = ended("--json", "--port", platform.port, "--data", tmp_path / "c")
        assert refused(other) == "training_port_taken"


def test_a_database_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "platform.sqlite").write_bytes(b"no database, but long enough to be read as one" * 50)
    assert refused(ended("--json", "--port", "0", "--data", tmp_path)) == "training_data_unusable"


def test_a_database_of_another_version(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "platform.sqlite")
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    answer = ended("--json", "--port", "0", "--data", tmp_path)
    assert refused(answer) == "training_data_unusable"
    assert "99" in answer.stderr


@pytest.mark.parametrize(
    "wrong",
    [
        [],
        ["--port", "65536", "--data", "x"],
        ["--port", "-1", "--data", "x"],
        ["--port", "0"],
        ["--port", "0", "--data", "x", "--tenant", "a b"],
    ],
)
def test_wrong_usage(wrong: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    from fieldtool.cli import main

    with pytest.raises(SystemExit) as caught:
        main(["training-platform", *wrong])
    assert caught.value.code == 2
    assert "training-platform" in capsys.readouterr().err


def test_in_german(tmp_path: Path) -> None:
    line = command("--port", "0", "--data", tmp_path, "--events", "--with-parent")
    with subprocess.Popen(line, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        first = process.stdout.readline()
        assert first.startswith("Übungsplattform – keine echten Daten: http://127.0.0.1:")
        assert process.stdout.readline() == f"Das Zugriffstoken steht in {tmp_path / 'token'}\n"
        assert process.stdout.readline() == "Beenden mit Strg+C.\n"
        port = int(first.rsplit(":", 1)[1])
        with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_S) as raw:
            raw.sendall(b"GET /x HTTP/1.0\r\n\r\n")
            assert raw.recv(12) == b"HTTP/1.1 401"
        assert process.stdout.readline() == "1 request GET /x\n"
        assert process.stdout.readline() == "1 done GET /x 401\n"
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(timeout=PATIENCE_S) == 0


def test_every_text_has_a_german_one() -> None:
    texts = [load_command("training-platform").summary]
    for entry in explained.EXPLANATIONS.values():
        texts += [entry.message, entry.advice]
    assert [text for text in texts if text not in german()] == []
