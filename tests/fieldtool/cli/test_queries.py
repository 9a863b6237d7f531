"""The query commands over one profile: rows fit their schema, people get German lines, errors are named."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from fieldtool import cli, outbox
from fieldtool.geometry import point
from fieldtool.journal import operation
from fieldtool.schemas import schema, violation
from fieldtool.texts import RESOURCES, use_language
from tests.fieldtool.making import (
    MOMENT,
    asset,
    datastream,
    device,
    observation,
    one_of_each,
    profile,
    record,
)

EUI = "a84041f1e2d3c4b5"


@pytest.fixture(autouse=True)
def german() -> None:
    use_language("de")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with profile(tmp_path / "profile") as opened:
        tree, _, stream, *_ = record(opened, *one_of_each())
        light = asset("L 12", asset_class="street_light", name="Straßenleuchte", geometry=point(9, 50))
        record(opened, light, device("a84041ffffff0001"), observation(stream, 60, 24.25))
        target = outbox.Target("plattform", "ngsi-ld", "http://127.0.0.1:9")
        outbox.add_target(opened.store, opened.actor, target, frozenset({"asset", "device", "observation"}))
        with operation(opened.store, opened.actor, "asset.edit", reason="bei der Kontrolle") as recorder:
            recorder.update(tree, name="Winterlinde", geometry=point(7.461, 51.511))
        create, _, edit = outbox.pending(opened.store, "plattform")
        receipts = [
            outbox.Receipt(create.operation.id, 0, "plattform", "accepted", "urn:1", MOMENT, {}),
            outbox.Receipt(
                edit.operation.id, 0, "plattform", "conflict", "urn:1", MOMENT, {"reason": "name"}
            ),
        ]
        outbox.record_receipts(opened.store, "plattform", receipts, [])
    return tmp_path / "profile"


def run(folder: Path, *words: str, status: int = 0) -> str:
    out = io.StringIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.stdout", out)
        patch.setattr("sys.stderr", io.StringIO())
        assert cli.main(["--profile", str(folder), *words]) == status
    return out.getvalue()


def rows(folder: Path, command: str, *words: str) -> list[dict[str, Any]]:
    found = [json.loads(line) for line in run(folder, "--json", command, *words).splitlines()]
    assert [violation(row, command) for row in found] == [None] * len(found)
    return found


def test_assets(folder: Path) -> None:
    tree, light = rows(folder, "assets")
    assert (tree["class"], tree["number"], tree["name"], tree["version"]) == (
        "tree",
        "4711",
        "Winterlinde",
        2,
    )
    assert tree["geometry"] == point(7.461, 51.511)
    assert tree["attributes"] == {"species": "Tilia"}
    assert tree["sync"] == {"plattform": "saved"}
    assert light["sync"] == {"plattform": "saved"}
    assert rows(folder, "assets", "--class", "street_light") == [light]
    assert rows(folder, "assets", "--bbox", "8,49,10,51") == [light]
    assert rows(folder, "assets", "--search", "strassenleu") == [light]
    assert rows(folder, "assets", "--id", tree["id"]) == [tree]
    assert rows(folder, "assets", "--limit", "1") == [tree]
    assert rows(folder, "assets", "--id", "nobody") == []
    assert run(folder, "assets", "--id", tree["id"]) == f"Baum  4711  Winterlinde  {tree['id']}\n"
    assert run(folder, "assets", "--search", "nirgends") == "Nichts gefunden.\n"


def test_devices(folder: Path) -> None:
    probe, other = rows(folder, "devices")
    assert (probe["dev_eui"], probe["device_type"], probe["state"]) == (
        EUI,
        "dragino-lse01",
        "in_commissioning",
    )
    assert probe["commissioned_at"] == "2026-11-23T07:30:15.123456Z"
    assert probe["settings"] == {"interval": "1200"}
    assert rows(folder, "devices", "--dev-eui", "A8:40:41:F1:E2:D3:C4:B5") == [probe]
    assert rows(folder, "devices", "--asset", probe["asset_id"]) == [probe]
    assert rows(folder, "devices", "--id", other["id"]) == [other]
    assert rows(folder, "devices", "--limit", "1") == [probe]
    assert run(folder, "devices", "--id", probe["id"]) == (
        f"{EUI}  dragino-lse01  in Inbetriebnahme  {probe['id']}\n"
    )


def test_observations(folder: Path) -> None:
    first, second = rows(folder, "observations")
    assert (first["observed_property"], first["unit"], first["result"]) == ("soil_moisture", "%", 23.5)
    assert second["phenomenon_time"] == "2026-11-23T07:31:15.123456Z"
    assert rows(folder, "observations", "--device", EUI) == [first, second]
    assert rows(folder, "observations", "--device", first["device_id"], "--limit", "1") == [first]
    assert rows(folder, "observations", "--datastream", first["datastream_id"]) == [first, second]
    assert rows(folder, "observations", "--device", "a84041ffffff0001") == []
    assert run(folder, "observations").splitlines()[1] == "23.11.2026 08:31:15  soil_moisture  24,25 %"


def test_history(folder: Path) -> None:
    tree = rows(folder, "assets", "--limit", "1")[0]["id"]
    create, note, edit = rows(folder, "history", "--id", tree)
    assert (note["entity"], note["after"]["asset_id"]) == ("asset_note", tree)
    assert create["actor"] == {"name": "Erika Muster", "sign": "EM", "role": "technik"}
    assert (create["action"], create["before"], create["base_version"]) == ("create", None, None)
    accepted = create["targets"][0]
    assert accepted == {
        "target": "plattform", "state": "accepted", "reason": None, "remote_id": "urn:1",
        "at": "2026-11-23T07:30:15.123456Z",
        "facts": {},
    }  # fmt: skip
    assert edit["before"] == {"name": "Linde", "geometry": point(7.46, 51.51)}
    assert edit["after"] == {"name": "Winterlinde", "geometry": point(7.461, 51.511)}
    assert (edit["targets"][0]["state"], edit["targets"][0]["reason"]) == ("conflict", "name")
    assert rows(folder, "history", "--id", tree, "--limit", "1") == [create]
    text = run(folder, "history", "--id", tree).splitlines()
    assert text[-5].endswith("  Erika Muster (EM)  geändert  bearbeitet")
    assert text[-4:-2] == ["    Grund: bei der Kontrolle", "    Name: Linde → Winterlinde"]
    assert text[-1] == "    plattform: Konflikt (name), 23.11.2026 08:30:15"


def test_an_id_that_never_was(folder: Path) -> None:
    error = json.loads(run(folder, "--json", "history", "--id", "nobody", status=1))
    assert error["error"]["code"] == "not_found"
    assert "nobody" in error["error"]["message"]


def test_errors_have_codes(folder: Path, tmp_path: Path) -> None:
    missing = json.loads(run(tmp_path / "none", "--json", "assets", status=1))
    assert missing["error"]["code"] == "profile_missing"
    unknown = json.loads(run(folder, "--json", "assets", "--class", "unicorn", status=1))
    assert unknown["error"]["code"] == "unknown_asset_class"


@pytest.mark.parametrize(
    "words",
    [
        ["assets", "--limit", "0"],
        ["assets", "--bbox", "1,2,3"],
        ["assets", "--bbox", "8,50,7,51"],
        ["assets", "--bbox", "nan,1,2,3"],
        ["devices", "--dev-eui", "a84041f1e2d3c4"],
        ["devices", "--dev-eui", "a84041f1e2d3c4bx"],
        ["history"],
    ],
)
def test_wrong_usage(folder: Path, words: list[str]) -> None:
    with pytest.raises(SystemExit) as left:
        run(folder, *words)
    assert left.value.code == 2


def test_reading_does_not_wait_for_a_writer(folder: Path) -> None:
    with profile(folder) as writer, operation(writer.store, writer.actor, "test") as recorder:
        recorder.create(asset("new"))
        assert len(rows(folder, "assets")) == 2


def test_writing_beside_a_writer_is_refused(folder: Path) -> None:
    with profile(folder):
        trees = str(RESOURCES / "demo" / "strassenbaeume.geojson")
        error = json.loads(run(folder, "--json", "import", trees, status=1))
    assert error["error"]["code"] == "profile_in_use"
    assert str(folder) in error["error"]["message"]


@pytest.mark.parametrize("name", ["assets", "devices", "observations", "history"])
def test_schemas_are_closed(name: str) -> None:
    assert schema(name)["additionalProperties"] is False
    assert violation({}, name) is not None


def test_many_rows(tmp_path: Path) -> None:
    with profile(tmp_path) as opened:
        probe = device()
        stream = datastream(probe)
        record(opened, probe, stream, *(observation(stream, second) for second in range(600)))
    assert len(rows(tmp_path, "observations", "--device", probe.id)) == 600


def test_assets_by_value_and_in_order(folder: Path) -> None:
    with profile(folder) as opened:
        for number, street, height in (("B 1", "Ruhrstraße", 7.5), ("B 2", "Äckerweg", 12), ("B 3", "", 3)):
            record(opened, asset(number, attributes={"street": street, "height": height, "Nr. alt": number}))

    def numbers(*words: str) -> list[str]:
        return [row["number"] for row in rows(folder, "assets", *words)]

    assert numbers("--where", "street=ruhrstraße") == ["B 1"]
    assert numbers("--where", "Straße~weg") == ["B 2"]
    assert numbers("--class", "tree", "--where", "height=5..", "--sort", "height", "--descending") == [
        "B 2",
        "B 1",
    ]
    assert numbers("--where", "Höhe=3..7,5", "--sort", "street") == ["B 3", "B 1"]
    assert numbers("--where", "street=", "--where", "class=Baum") == ["4711", "B 3"]
    assert numbers("--where", ".Nr. alt=B 2") == ["B 2"]
    assert numbers("--sort", "number", "--limit", "2") == ["4711", "B 1"]
    assert numbers("--descending") == ["B 3", "B 2", "B 1", "L 12", "4711"]
    assert numbers("--where", "street~weg", "--search", "nichts") == []
    for words, code in (
        (["--where", "haight=5"], "column_unknown"),
        (["--where", "height=hoch"], "condition_unfit"),
    ):
        told = json.loads(run(folder, "--json", "assets", *words, status=1))
        assert told["error"]["code"] == code
    assert "Höhe" in told["error"]["message"]


def test_what_is_filtered_is_exported(folder: Path, tmp_path: Path) -> None:
    with profile(folder) as opened:
        record(opened, asset("B 1", attributes={"street": "Ruhrstraße"}), asset("B 2"))
    out = tmp_path / "ruhr.csv"
    told = json.loads(run(folder, "--json", "export", str(out), "--where", "street~ruhr"))
    assert (told["assets"], told["classes"]) == (1, {"tree": 1})
    assert "B 1" in out.read_text(encoding="utf-8")
    assert "B 2" not in out.read_text(encoding="utf-8")
