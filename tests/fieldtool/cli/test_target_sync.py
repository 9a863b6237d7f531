"""`fieldtool target` and `fieldtool sync` as the command line sees them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from drivers.secret import Secret
from fieldtool.cli import main
from fieldtool.journal import operation
from fieldtool.profile import open_profile
from fieldtool.schemas import violation
from tests.fieldtool.connectors.broker import PROBLEM, TOKEN, Broker, Fault, canned, running
from tests.fieldtool.sync.bench import tree

PASSPHRASE = "correct horse"


@dataclass
class Desk:
    """`run` gives exit status and what was said: JSON from standard output, text from standard error."""

    folder: Path
    capsys: pytest.CaptureFixture[str]

    def run(self, *arguments: str) -> tuple[int, Any, str]:
        status = main(["--profile", str(self.folder / "profile"), *arguments])
        told = self.capsys.readouterr()
        assert TOKEN not in told.out + told.err
        return status, json.loads(told.out) if "--json" in arguments else told.out, told.err

    def add(self, url: str) -> tuple[int, Any, str]:
        token = self.folder / "token"
        token.write_text(TOKEN + "\n", encoding="utf-8")
        return self.run(
            *("target", "add", "stadt", "--type", "ngsi-ld", "--url", url),
            *("--token-file", str(token), "--tenant", "dortmund", "--json"),
        )

    def plant(self, count: int) -> None:
        with (
            open_profile(self.folder / "profile", write=True, passphrase=Secret(PASSPHRASE)) as profile,
            operation(profile.store, profile.actor, "asset.import") as recorder,
        ):
            for number in range(count):
                recorder.create(tree(number))


@pytest.fixture
def broker() -> Iterator[Broker]:
    with running() as made:
        yield made


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setenv("FIELDTOOL_PASSPHRASE", PASSPHRASE)
    return Desk(tmp_path, capsys)


def test_add_check_list_sync_remove(desk: Desk, broker: Broker) -> None:
    status, document, _ = desk.add(broker.url)
    assert (status, violation(document, "target")) == (0, None)
    assert document["target"] == {
        "name": "stadt",
        "type": "ngsi-ld",
        "url": broker.url,
        "tenant": "dortmund",
        "options": {},
        "operator": None,
        "has_token": True,
    }
    status, document, _ = desk.run("target", "check", "stadt", "--json")
    assert (status, document, violation(document, "target")) == (0, {"target": "stadt", "ok": True}, None)
    status, document, _ = desk.run("target", "list", "--json")
    assert (status, violation(document, "target"), len(document["targets"])) == (0, None, 1)
    desk.plant(3)
    status, document, _ = desk.run("sync", "--json")
    assert (status, violation(document, "sync")) == (0, None)
    assert document == {
        "targets": [
            {
                "name": "stadt",
                "type": "ngsi-ld",
                "sent": 1,
                "accepted": 1,
                "rejected": [],
                "conflicts": [],
                "waiting": 0,
                "pending": 0,
                "pulled": 0,
                "twins": [],
                "error": None,
            }
        ],
        "pending": 0,
    }
    assert {one.headers["ngsild-tenant"] for one in broker.requests} == {"dortmund"}
    assert len(broker.entities) == 3
    desk.plant(1)
    status, document, _ = desk.run("target", "remove", "stadt", "--json")
    assert (status, document, violation(document, "target")) == (0, {"removed": "stadt", "pending": 1}, None)
    assert desk.run("sync", "--json")[1] == {"targets": [], "pending": 0}


def test_the_token_is_nowhere_in_the_clear(desk: Desk, broker: Broker) -> None:
    desk.add(broker.url)
    desk.plant(1)
    broker.faults.append(Fault(canned("400 -", json.dumps({"type": PROBLEM + "X", "title": TOKEN}))))
    assert desk.run("target", "check", "stadt", "--json")[0] == 1
    desk.run("sync", "--json")
    for path in (desk.folder / "profile").rglob("*"):
        assert path.is_dir() or TOKEN.encode() not in path.read_bytes(), path


def test_what_stands_is_shown_again_at_every_sync_until_it_is_settled(desk: Desk, broker: Broker) -> None:
    desk.add(broker.url)
    desk.plant(1)
    broker.faults.append(
        Fault(canned("400 -", json.dumps({"type": PROBLEM + "BadRequestData", "title": "x"})), method="POST")
    )
    for _run in range(2):
        status, document, _ = desk.run("sync", "--json")
        assert (status, violation(document, "sync"), document["pending"]) == (0, None, 1)
        [rejected] = document["targets"][0]["rejected"]
        assert (rejected["kind"], rejected["reason"]) == ("asset.import", "bad_request_data")
    status, text, _ = desk.run("sync")
    assert "abgelehnt: importiert: die Plattform nimmt diese Daten nicht an" in text


def test_being_offline_is_told_in_one_line(desk: Desk) -> None:
    desk.add("http://127.0.0.1:9")
    desk.plant(1)
    status, document, told = desk.run("sync", "--json")
    assert (status, violation(document, "sync")) == (1, None)
    assert document["targets"][0]["error"]["code"] == "unreachable"
    assert document["pending"] == 1
    assert told.count("\n") == 1
    status, _text, told = desk.run("sync")
    assert status == 1
    assert told.startswith(
        "http://127.0.0.1:9/ngsi-ld/v1 ist nicht erreichbar (keine Verbindung). Ihre Änderungen"
    )


def test_a_locked_vault_stops_this_target_and_says_so(
    desk: Desk, broker: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.add(broker.url)
    desk.plant(1)
    monkeypatch.setenv("FIELDTOOL_PASSPHRASE", "another")
    status, document, _ = desk.run("sync", "--json")
    assert (status, document["targets"][0]["error"]["code"]) == (1, "wrong_passphrase")
    assert broker.requests == []


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--type", "ngsi-ld", "--url", "https://me:secret@stadt.example"], "target_url_invalid"),
        (["--type", "ngsi-ld", "--url", "stadt.example"], "target_url_invalid"),
        (["--type", "sensor-things", "--url", "https://stadt.example"], "connector_unknown"),
        (
            ["--type", "ngsi-ld", "--url", "https://a.example", "--token-file", "nowhere"],
            "token_file_unreadable",
        ),
        (["--type", "ngsi-ld", "--url", "https://a.example", "--token-file", "EMPTY"], "token_unusable"),
        (
            ["--type", "ngsi-ld", "--url", "https://a.example", "--token-file", "BINARY"],
            "token_file_unreadable",
        ),
    ],
)
def test_a_target_that_cannot_work_is_not_added(desk: Desk, arguments: list[str], code: str) -> None:
    (desk.folder / "EMPTY").write_text("\n", encoding="utf-8")
    (desk.folder / "BINARY").write_bytes(b"\xff\xfe\x00")
    named = [str(desk.folder / word) if word in ("EMPTY", "BINARY") else word for word in arguments]
    status, document, told = desk.run("target", "add", "stadt", *named, "--json")
    assert (status, document["error"]["code"]) == (1, code)
    assert "secret" not in told + json.dumps(document)
    status, document, _ = desk.run("sync", "--target", "stadt", "--json")
    assert (status, document["error"]["code"]) == (1, "target_unknown")


def test_a_name_is_given_once(desk: Desk, broker: Broker) -> None:
    desk.add(broker.url)
    status, document, _ = desk.add(broker.url)
    assert (status, document["error"]["code"]) == (1, "target_exists")


def test_a_token_from_standard_input(
    desk: Desk, broker: Broker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "typed").write_text(TOKEN + "\n", encoding="utf-8")
    with (tmp_path / "typed").open(encoding="utf-8") as typed:
        monkeypatch.setattr("sys.stdin", typed)
        words = ["target", "add", "stadt", "--type", "ngsi-ld", "--url", broker.url, "--token-stdin"]
        assert desk.run(*words)[0] == 0
    status, text, _ = desk.run("target", "check", "stadt")
    assert (status, text) == (0, "stadt antwortet und nimmt die Anmeldung an.\n")
