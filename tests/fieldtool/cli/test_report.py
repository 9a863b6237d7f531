"""`fieldtool report day`: where the page goes and what is said about it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from fieldtool import outbox
from fieldtool.cli import main
from fieldtool.delivery import Receipt, Target
from fieldtool.receipt.day import today
from fieldtool.schemas import violation
from tests.fieldtool.making import asset, profile, record


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with profile(tmp_path / "profile") as opened:
        record(opened, asset("1"), kind="asset.import")
        record(opened, asset("2"), kind="asset.import")
        outbox.add_target(
            opened.store,
            opened.actor,
            Target("stadt", "ngsi-ld", "http://127.0.0.1:9", operator="dortmund"),
            frozenset({"asset"}),
        )
        first, _second = outbox.pending(opened.store, "stadt")
        receipt = Receipt(first.operation.id, 0, "stadt", "accepted", "urn:1", datetime.now(UTC), {})
        outbox.record_receipts(opened.store, "stadt", [receipt], [])
    return tmp_path / "profile"


def run(capsys: pytest.CaptureFixture[str], folder: Path, *words: str) -> tuple[int, Any, str]:
    status = main(["--profile", str(folder), "report", "day", *words])
    told = capsys.readouterr()
    return status, json.loads(told.out) if "--json" in words else told.out, told.err


def test_todays_page_lies_in_the_profile(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, document, _ = run(capsys, folder, "--json")
    assert (status, violation(document, "report")) == (0, None)
    day = today().date.isoformat()
    path = folder / "reports" / f"receipt-{day}.html"
    counts = {"operations": 1, "records": 1, "waiting": 1, "rejected": 0, "conflicts": 0}
    target = {"name": "stadt", "type": "ngsi-ld", "operator": "dortmund", "removed": False, **counts}
    assert document == {"date": day, "path": str(path), "targets": [target], **counts}
    assert "Baum 1" in path.read_text(encoding="utf-8")
    assert list(path.parent.glob("*.part")) == []


def test_people_are_told_where_it_is(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = folder.parent / "für Frau Öz" / "heute.html"
    status, text, _ = run(capsys, folder, "--out", str(out))
    assert status == 0
    assert text == (f"Bestätigt: 1 Datensatz, 1 Vorgang. Noch nicht bestätigt: 1 wartend.\nBericht: {out}\n")
    assert out.read_text(encoding="utf-8").startswith('<!doctype html><html lang="de">')


@pytest.mark.parametrize("written", ["2026-01-02", "02.01.2026"])
def test_another_day(folder: Path, capsys: pytest.CaptureFixture[str], written: str) -> None:
    _, document, _ = run(capsys, folder, "--date", written, "--json")
    assert (document["date"], document["records"], document["waiting"]) == ("2026-01-02", 0, 0)


@pytest.mark.parametrize("written", ["heute", "2026-02-30", "9999-12-31", "0001-01-01"])
def test_what_is_no_day_is_wrong_usage(
    folder: Path, capsys: pytest.CaptureFixture[str], written: str
) -> None:
    with pytest.raises(SystemExit) as exit_:
        run(capsys, folder, "--date", written)
    assert exit_.value.code == 2


def test_where_it_cannot_be_written(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder.parent / "taken").mkdir()
    status, document, told = run(capsys, folder, "--out", str(folder.parent / "taken"), "--json")
    assert (status, document["error"]["code"]) == (1, "document_not_written")
    assert "das ist ein Ordner" in told
    assert not (folder.parent / "taken.part").exists()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a full device")
def test_a_full_disk(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder.parent / "page.html.part").symlink_to("/dev/full")
    status, document, _ = run(capsys, folder, "--out", str(folder.parent / "page.html"), "--json")
    assert (status, document["error"]["code"]) == (1, "disk_full")


def test_it_works_beside_an_open_window(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with profile(folder):
        assert run(capsys, folder, "--json")[0] == 0


def test_without_a_profile(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, document, _ = run(capsys, tmp_path / "none", "--json")
    assert (status, document["error"]["code"]) == (1, "profile_missing")
    assert not (tmp_path / "none").exists()
