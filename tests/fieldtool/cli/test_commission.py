"""`fieldtool commission` as the command line sees it: one document, one line, no secret anywhere."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from drivers.secret import Secret
from fieldtool.commissioning.record import STEPS
from fieldtool.profile import open_profile
from fieldtool.schemas import violation
from tests.faults.comparing import leaks, spellings
from tests.fieldtool.commissioning.bench import (
    DEV_EUI,
    FACTORY_KEY,
    JOIN_EUI,
    KEYED_LABEL,
    KIND,
    LABEL_KEY,
    PASSWORD,
    Bench,
    bench,
    plant,
)

PASSPHRASE = "ein Satz, den niemand errät"


@dataclass
class Technician:
    made: Bench
    folder: Path
    printed: list[str] = field(default_factory=list)

    def commission(self, *more: str, env: dict[str, str] | None = None, **plan: Any) -> tuple[int, Any, str]:
        path = self.folder / "plan.json"
        path.write_text(json.dumps(self.made.plan(**plan)), encoding="utf-8")
        answer = subprocess.run(
            [
                *(sys.executable, "-m", "fieldtool", "commission", "--json"),
                *("--device-type", KIND, "--port", self.made.probe_port, "--plan", str(path)),
                *("--profile", str(self.folder / "profile"), *more),
            ],
            env={
                **os.environ,
                "FIELDTOOL_PASSPHRASE": PASSPHRASE,
                "FIELDTOOL_DEVICE_PASSWORD": PASSWORD,
                **(env or {}),
            },
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=60,
            check=False,
        )
        self.printed += [answer.stdout, answer.stderr]
        assert "Traceback" not in answer.stderr
        return answer.returncode, json.loads(answer.stdout), answer.stderr


@pytest.fixture
def technician(tmp_path: Path) -> Iterator[Technician]:
    with bench(tmp_path, {"on": "AT+TDC=9", "do": "busy"}, passphrase=PASSPHRASE) as made:
        yield Technician(made, tmp_path)


def test_one_document_and_a_step_a_line_on_standard_error(technician: Technician) -> None:
    status, document, said = technician.commission()
    assert status == 1
    assert document["error"]["code"] == "device_busy"
    assert violation(document, "error") is None
    assert said == f"{document['error']['message']}. {document['error']['advice']}\n"
    status, document, said = technician.commission("--progress")
    assert status == 0
    assert violation(document, "commission") is None
    events = [json.loads(line) for line in said.splitlines()]
    assert [event["step"] for event in events if event["event"] == "started"] == list(STEPS)
    assert {event["event"] for event in events if event["step"] in STEPS[:4]} == {"started", "held"}
    assert document["device"]["dev_eui"] == DEV_EUI
    assert Path(document["report"]).exists()


def test_no_secret_in_any_spelling_anywhere(technician: Technician) -> None:
    for _attempt in range(2):
        technician.commission(label=KEYED_LABEL, app_key={"source": "label"})
    secrets = [LABEL_KEY, FACTORY_KEY, PASSWORD, PASSPHRASE]
    assert technician.made.memory()["app_key"] == LABEL_KEY
    with open_profile(technician.folder / "profile", write=True, passphrase=Secret(PASSPHRASE)) as profile:
        assert profile.vault.get(f"device/{DEV_EUI}/app_key").reveal() == LABEL_KEY
        assert leaks(technician.folder / "profile", secrets) == []
    assert leaks(technician.folder / "profile", secrets) == []
    printed = "".join(technician.printed).encode()
    assert printed
    assert not [s for s in secrets if any(form in printed for form in spellings(s))]


def test_the_search_for_secrets_can_fail(tmp_path: Path) -> None:
    spaced = " ".join(LABEL_KEY[i : i + 2] for i in range(0, 32, 2)).upper()
    (tmp_path / "a").write_text(f"AT+APPKEY={spaced}", encoding="utf-8")
    (tmp_path / "b").write_bytes(b"..." + bytes.fromhex(LABEL_KEY) + b"...")
    (tmp_path / "c").write_text("nothing", encoding="utf-8")
    assert leaks(tmp_path, [LABEL_KEY]) == ["a", "b"]


@pytest.mark.parametrize(
    ("plan", "code", "key"),
    [
        ({"app_key": {"source": "guess"}}, "plan_invalid", "app_key.source"),
        ({"app_key": {"source": "file"}}, "plan_invalid", "app_key.path"),
        ({"position": {"lon": 7.4}}, "plan_invalid", "position"),
        ({"colour": "red"}, "plan_invalid", "$"),
        ({"site_template": "moon"}, "unknown_site_template", "moon"),
        ({"label": "https://example.org"}, "unknown_label", "https://example.org"),
        ({"label": f"LW:D0:{JOIN_EUI}:{DEV_EUI}:00A80001:C0000".upper()}, "wrong_checksum", "0000"),
    ],
)
def test_a_plan_that_cannot_be_used_names_the_place(
    technician: Technician, plan: dict[str, Any], code: str, key: str
) -> None:
    status, document, _said = technician.commission(**plan)
    assert status == 1
    assert document["error"]["code"] == code
    assert key in document["error"]["message"] + document["error"]["advice"]


def test_a_password_file_that_is_missing(technician: Technician) -> None:
    status, document, _said = technician.commission(password_file="nirgends.txt")
    assert status == 1
    assert document["error"]["code"] == "password_file_unreadable"
    assert "diese Datei gibt es nicht" in document["error"]["message"]


def test_a_second_instance_is_named(technician: Technician) -> None:
    with open_profile(technician.folder / "profile", write=True, passphrase=Secret(PASSPHRASE)) as profile:
        plant(profile, "D-0815", 7.4, 51.5)
        status, document, _said = technician.commission()
    assert status == 1
    assert document["error"]["code"] == "profile_in_use"
    assert str(os.getpid()) in document["error"]["message"]


def test_a_full_disk_loses_nothing(technician: Technician) -> None:
    """The file size limit makes every growth of the database fail, as a full disk does."""
    database = technician.folder / "profile" / "fieldtool.sqlite"
    limited = (
        "import resource, signal, sys; from fieldtool.cli import main;"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        f"resource.setrlimit(resource.RLIMIT_FSIZE, ({database.stat().st_size // 4096 * 4096},) * 2);"
        "sys.exit(main(sys.argv[1:]))"
    )
    plan = technician.folder / "plan.json"
    plan.write_text(json.dumps(technician.made.plan()), encoding="utf-8")
    answer = subprocess.run(
        [
            *(sys.executable, "-c", limited, "commission", "--json", "--device-type", KIND),
            *("--port", technician.made.probe_port, "--plan", str(plan)),
            *("--profile", str(technician.folder / "profile")),
        ],
        env={**os.environ, "FIELDTOOL_PASSPHRASE": PASSPHRASE, "FIELDTOOL_DEVICE_PASSWORD": PASSWORD},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert answer.returncode == 1, answer.stderr
    assert json.loads(answer.stdout)["error"]["code"] in ("disk_full", "device_busy")
    assert "Traceback" not in answer.stderr
    for _attempt in range(2):
        status, document, _said = technician.commission()
    assert status == 0
    assert document["state"] == "finished"
