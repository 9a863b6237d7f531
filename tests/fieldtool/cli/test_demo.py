"""The main job end to end on the command line: the document, and what the platform serves afterwards."""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from fieldtool.asset_classes import asset_class
from fieldtool.children import child
from fieldtool.commissioning.record import STEPS
from fieldtool.profile import open_profile
from fieldtool.schemas import violation

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
    assert document["receipts"] == {"ngsi-ld": 7}
    assert document["seconds"] < 60


def test_the_training_platform_serves_exactly_these_records(shown: tuple[Path, dict[str, Any]]) -> None:
    folder, document = shown
    with open_profile(folder, write=False) as profile:
        assets = {a.id: asset_class(a.asset_class).fiware_type for a in profile.store.assets(limit=1000)}
        (device,) = profile.store.devices(limit=10)
        observations = {o.id: o.result for o in profile.store.observations(limit=1000)}
    assert device.dev_eui == document["device"]["dev_eui"]
    expected = {f"urn:ngsi-ld:{kind}:{key}" for key, kind in assets.items()}
    expected |= {f"urn:ngsi-ld:Device:{device.id}"}
    expected |= {f"urn:ngsi-ld:DeviceMeasurement:{key}" for key in observations}
    with child(["training-platform", "--port", "0", "--data", str(folder / "training")]) as (_, ready):
        token = Path(ready["token_file"]).read_text(encoding="ascii").strip()
        there = {
            entity["id"]: entity
            for kind in {*assets.values(), "Device", "DeviceMeasurement"}
            for entity in entities(ready["url"], token, kind)
        }
    assert set(there) == expected
    measured = {key.rsplit(":", 1)[1]: entity for key, entity in there.items() if "DeviceMeasurement" in key}
    assert {key: entity["numValue"]["value"] for key, entity in measured.items()} == observations
    assert there[f"urn:ngsi-ld:Device:{device.id}"]["controlledAsset"]["object"].endswith(
        str(device.asset_id)
    )


def entities(url: str, token: str, kind: str) -> list[dict[str, Any]]:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=10)
    try:
        path = f"/ngsi-ld/v1/entities?type={kind}&limit=1000"
        connection.request("GET", path, headers={"Authorization": f"Bearer {token}"})
        answer = connection.getresponse()
        assert answer.status == 200
        found: list[dict[str, Any]] = json.loads(answer.read())
        return found
    finally:
        connection.close()


def test_what_the_queries_show_of_it(shown: tuple[Path, dict[str, Any]]) -> None:
    folder, document = shown
    answer = fieldtool(folder, "devices", "--json")
    (row,) = [json.loads(line) for line in answer.stdout.splitlines()]
    assert row["state"] == "in_service"
    history = fieldtool(folder, "history", "--id", row["id"], "--json").stdout.splitlines()
    kinds = [json.loads(line)["kind"] for line in history]
    assert kinds == [f"commissioning.{step}" for step in ("compare", "read_back", "place", "mount", "finish")]
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
    assert "✓ Abschließen" in answer.stdout
    assert not (tmp_path / "data").exists()
    assert [path for path in (tmp_path / "temporary").iterdir() if "fieldtool" in path.name] == []
