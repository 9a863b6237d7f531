"""The main job end to end on the command line: the document, and what the platform serves afterwards."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from drivers.secret import Secret
from fieldtool.commissioning.record import STEPS
from fieldtool.demo.platform import NETWORK_SERVER, NGSI_LD, TICKETS
from fieldtool.profile import open_profile
from fieldtool.schemas import violation
from tests.faults.comparing import compare_assets, compare_devices, compare_observations, leaks
from tests.faults.comparing_network import compare_registrations
from tests.faults.comparing_tickets import compare_tickets
from tests.faults.platform import running_platform
from tests.fieldtool.replaying import problems

PASSPHRASE = "eine Vorführung, sonst nichts"


def fieldtool(profile: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "fieldtool", *arguments, "--profile", str(profile)],
        env={**os.environ, "FIELDTOOL_PASSPHRASE": PASSPHRASE},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=90,
        check=False,
    )


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    folder = tmp_path_factory.mktemp("demo") / "profile"
    answer = fieldtool(folder, "demo", "--headless", "--json")
    assert answer.returncode == 0, answer.stderr
    assert answer.stderr == ""
    document: dict[str, Any] = json.loads(answer.stdout)
    return folder, document


def test_the_document(shown: tuple[Path, dict[str, Any]]) -> None:
    _, document = shown
    assert violation(document, "demo") is None
    assert [step["name"] for step in document["steps"]] == list(STEPS)
    assert {step["state"] for step in document["steps"]} == {"done"}
    assert document["pending"] == 0
    assert document["receipts"] == {"ngsi-ld": 7, "chirpstack": 1, "open311": 1}
    assert document["seconds"] < 60


def test_every_server_holds_exactly_what_the_journal_says(shown: tuple[Path, dict[str, Any]]) -> None:
    """Field by field, read by each interface's own means: plain HTTP and the official stubs."""
    folder, document = shown
    with (
        open_profile(folder, write=True, passphrase=Secret(PASSPHRASE)) as profile,
        running_platform(folder / "training") as platform,
    ):
        (device,) = profile.store.devices(limit=10)
        observations = list(profile.store.observations(limit=1000))
        assert device.dev_eui == document["device"]["dev_eui"]
        assert len(observations) == 12
        assert compare_assets(platform, list(profile.store.assets(limit=1000))) == []
        assert compare_devices(platform, document["device"]["dev_eui"], [device]) == []
        streams = {one.id: one for one in profile.store.datastreams(device.id)}
        assert compare_observations(platform, observations, streams) == []
        assert compare_registrations(platform, profile) == []
        assert compare_tickets(platform, profile, TICKETS) == []
        (ticket,) = profile.store.tickets(limit=10)
        assert (ticket.status, ticket.device_id) == ("closed", device.id)
        (update,) = platform.updates()
        assert update["status"] == "CLOSED"
        assert platform.activated(document["device"]["dev_eui"])
        assert problems(profile) == []


def test_the_receipt_of_the_day_names_every_platform(shown: tuple[Path, dict[str, Any]]) -> None:
    folder, document = shown
    (receipt,) = (folder / "reports").glob("receipt-*.html")
    text = receipt.read_text(encoding="utf-8")
    for wanted in (NGSI_LD, NETWORK_SERVER, TICKETS, document["device"]["dev_eui"]):
        assert wanted in text


def test_nothing_of_it_tells_the_key(shown: tuple[Path, dict[str, Any]]) -> None:
    folder, document = shown
    with open_profile(folder, write=True, passphrase=Secret(PASSPHRASE)) as profile:
        key = profile.vault.get(f"device/{document['device']['dev_eui']}/app_key").reveal()
    token = (folder / "training" / "token").read_text(encoding="ascii").strip()
    found = [name for name in leaks(folder, [key, token]) if not name.startswith("training")]
    assert found == []
    assert key not in json.dumps(document)


def test_what_the_queries_show_of_it(shown: tuple[Path, dict[str, Any]]) -> None:
    folder, document = shown
    answer = fieldtool(folder, "devices", "--json")
    (row,) = [json.loads(line) for line in answer.stdout.splitlines()]
    assert row["state"] == "in_service"
    assert row["sync"] == {NGSI_LD: "accepted", NETWORK_SERVER: "accepted"}
    history = fieldtool(folder, "history", "--id", row["id"], "--json").stdout.splitlines()
    kinds = [json.loads(line)["kind"] for line in history]
    steps = ("compare", "read_back", "read_back", "place", "mount", "finish")
    assert kinds == [f"commissioning.{step}" for step in steps]
    assert len(fieldtool(folder, "observations", "--json").stdout.splitlines()) == 12
    assert document["device"]["asset_id"] == row["asset_id"]


def test_a_disposable_demo_leaves_nothing_and_speaks_german(tmp_path: Path) -> None:
    environ = {**os.environ, "XDG_DATA_HOME": str(tmp_path / "data"), "TMPDIR": str(tmp_path / "temporary")}
    (tmp_path / "temporary").mkdir()
    answer = subprocess.run(
        [sys.executable, "-m", "fieldtool", "demo", "--headless"],
        env=environ,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=90,
        check=False,
    )
    assert answer.returncode == 0, answer.stderr
    assert "7 Quittungen von ngsi-ld" in answer.stdout
    assert "1 Quittungen von chirpstack" in answer.stdout
    assert "1 Quittungen von open311" in answer.stdout
    assert "✓ Abschließen" in answer.stdout
    assert not (tmp_path / "data").exists()
    assert [path for path in (tmp_path / "temporary").iterdir() if "fieldtool" in path.name] == []
