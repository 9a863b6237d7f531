"""`fieldtool tickets`, `ticket` and `person` over one profile."""

from __future__ import annotations

import io
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from fieldtool import cli, outbox
from fieldtool.cli.tickets import today
from fieldtool.geometry import point
from fieldtool.schemas import schema, violation
from fieldtool.texts import use_language
from fieldtool.titles import day
from tests.fieldtool.making import asset, device, profile, record
from tests.fieldtool.ticketing.tickets import ticket

YESTERDAY = today() - timedelta(1)


@pytest.fixture(autouse=True)
def german() -> None:
    use_language("de")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with profile(tmp_path / "profile") as opened:
        target = outbox.Target("buergerportal", "open311", "http://127.0.0.1:9")
        outbox.add_target(opened.store, opened.actor, target, frozenset({"ticket", "ticket_event"}))
        tree = asset("4711", name="Linde", geometry=point(7.46, 51.51))
        record(
            opened,
            tree,
            device("a84041f1e2d3c4b5", asset_id=tree.id, name="LSE01 4711"),
            ticket(asset_id=tree.id, due=YESTERDAY, assignee="JK"),
            ticket(title="Wilder Müll", category="Klarschiff 12", status="closed"),
        )
    return tmp_path / "profile"


def run(folder: Path, *words: str, status: int = 0) -> str:
    out = io.StringIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.stdout", out)
        patch.setattr("sys.stderr", io.StringIO())
        assert cli.main(["--profile", str(folder), *words]) == status
    return out.getvalue()


def rows(folder: Path, *words: str) -> list[dict[str, Any]]:
    found = [json.loads(line) for line in run(folder, "--json", "tickets", *words).splitlines()]
    assert [violation(row, "tickets") for row in found] == [None] * len(found)
    return found


def changed(folder: Path, *words: str, name: str = "ticket") -> dict[str, Any]:
    document: dict[str, Any] = json.loads(run(folder, "--json", name, *words))
    assert violation(document, name) is None
    return document


def code(folder: Path, *words: str) -> str:
    error = json.loads(run(folder, "--json", *words, status=1))["error"]
    assert violation({"error": error}, "error") is None
    return str(error["code"])


def test_the_list(folder: Path) -> None:
    branch, rubbish = rows(folder)
    assert (branch["title"], branch["status"], branch["priority"]) == ("Ast gebrochen", "open", 3)
    assert (branch["overdue"], branch["sync"]) == (True, {"buergerportal": "saved"})
    assert "events" not in branch
    assert rubbish["category"] == "Klarschiff 12"
    assert rows(folder, "--status", "closed") == [rubbish]
    assert rows(folder, "--category", "Klarschiff 12") == [rubbish]
    assert rows(folder, "--overdue") == [branch]
    assert rows(folder, "--asset", branch["asset_id"]) == [branch]
    assert rows(folder, "--assignee", "JK") == [branch]
    assert rows(folder, "--device", "nobody") == []
    assert rows(folder, "--limit", "1") == [branch]
    (whole,) = rows(folder, "--id", rubbish["id"])
    assert whole == {**rubbish, "events": []}
    assert run(folder, "tickets").splitlines() == [
        f"P3  offen  bis {day(YESTERDAY)} (überfällig)  Sonstiges  Ast gebrochen  JK  {branch['id']}",
        f"P3  geschlossen  Klarschiff 12  Wilder Müll  {rubbish['id']}",
    ]
    assert run(folder, "tickets", "--status", "waiting") == "Nichts gefunden.\n"


def test_a_ticket_from_the_first_word_to_the_last(folder: Path) -> None:
    (probe,) = (json.loads(line) for line in run(folder, "--json", "devices").splitlines())
    made = changed(folder, "new", "--category", "device_silent", "--device", probe["id"])
    assert made["event"] is None
    one = made["ticket"]
    assert (one["title"], one["priority"], one["status"]) == ("Gerät meldet sich nicht", 2, "open")
    assert one["due"] == (today() + timedelta(5)).isoformat()
    assert one["geometry"] == point(7.46, 51.51)
    changed(folder, "assign", one["id"], "--to", "Jan Kowalski")
    changed(folder, "status", one["id"], "in_progress")
    assert code(folder, "ticket", "status", one["id"], "closed", "--text", "läuft") == "finding_missing"
    changed(folder, "finding", one["id"], "--finding", "battery_empty", "--text", "2,9 V")
    done = changed(folder, "status", one["id"], "closed", "--done", "battery_replaced")
    assert done["event"]["text"] == "Batterie getauscht"
    again = changed(folder, "status", one["id"], "closed", "--done", "battery_replaced")
    assert again == {"ticket": done["ticket"], "event": None}
    (whole,) = rows(folder, "--id", one["id"])
    assert [(event["kind"], event["status"]) for event in whole["events"]] == [
        ("comment", "open"), ("status", "in_progress"), ("finding", "in_progress"), ("status", "closed"),
    ]  # fmt: skip
    assert whole["events"][0]["sync"] == {"buergerportal": "saved"}
    lines = run(folder, "tickets", "--id", one["id"]).splitlines()
    assert lines[-1].endswith("  Statuswechsel: Batterie getauscht")


def test_its_history_reads_well(folder: Path) -> None:
    made = changed(folder, "new", "--category", "other", "--title", "Bank wackelt", "--due", "24.12.2026")
    one = made["ticket"]["id"]
    changed(folder, "status", one, "in_progress", "--text", "bin unterwegs")
    changed(folder, "finding", one, "--finding", "breakage")
    text = run(folder, "history", "--id", one)
    lines = [line.strip() for line in text.splitlines()]
    assert "Kategorie: – → Sonstiges" in lines
    assert "fällig am: – → 24.12.2026" in lines
    assert "Status: offen → in Arbeit" in lines
    assert "Statuswechsel: bin unterwegs" in lines
    assert "Befund: Bruch" in lines
    assert not [line for line in lines if line.startswith("Beschreibung")]
    assert lines[0].endswith("angelegt  Ticket angelegt")
    assert one not in text
    found = [json.loads(line) for line in run(folder, "--json", "history", "--id", one).splitlines()]
    assert [violation(row, "history") for row in found] == [None] * 4


def test_editing_and_stale_versions(folder: Path) -> None:
    branch = rows(folder)[0]
    done = changed(
        folder, "edit", branch["id"], "--title", "Ast liegt auf dem Weg", "--place", "7.4,51.5",
        "--address", "Ruhrallee 1", "--version", "1",
    )  # fmt: skip
    assert done["ticket"]["geometry"] == point(7.4, 51.5)
    assert done["event"]["text"] == "Geändert: Titel, Adresse, Ort"
    assert code(folder, "ticket", "edit", branch["id"], "--title", "x", "--version", "1") == "stale_version"
    assert run(folder, "ticket", "edit", branch["id"], "--address", "Ruhrallee 1").endswith(
        "Es gab nichts zu ändern.\n"
    )


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (["status", "ID", "waiting"], "transition_invalid"),
        (["status", "ID", "closed"], "text_missing"),
        (["status", "nobody", "closed", "--text", "weg"], "not_found"),
        (["comment", "ID"], "text_missing"),
        (["finding", "ID", "--finding", "unicorn"], "code_unknown"),
        (["edit", "ID", "--priority", "1"], "not_allowed"),
        (["edit", "ID", "--category", "unicorn"], "unknown_category"),
        (["edit", "ID", "--category", "bin_overflow"], "category_unfit"),
        (["edit", "ID", "--title", " "], "title_missing"),
        (["new", "--category", "unicorn"], "unknown_category"),
        (["new", "--category", "other", "--priority", "9"], "priority_invalid"),
        (["new", "--category", "other", "--asset", "nobody"], "not_found"),
    ],
)
def test_what_is_refused(folder: Path, words: list[str], wanted: str) -> None:
    one = rows(folder)[0]
    words = [one["id"] if word == "ID" else word for word in words]
    assert code(folder, "ticket", *words) == wanted
    assert rows(folder)[0] == one


@pytest.mark.parametrize(
    "words",
    [
        ["ticket"],
        ["ticket", "new"],
        ["ticket", "new", "--category", "other", "--due", "31.02.2026"],
        ["ticket", "new", "--category", "other", "--place", "7.4"],
        ["ticket", "new", "--category", "other", "--place", "200,51"],
        ["ticket", "status", "x", "lost"],
        ["tickets", "--status", "lost"],
        ["person", "--role", "schule"],
    ],
)
def test_wrong_usage(folder: Path, words: list[str]) -> None:
    with pytest.raises(SystemExit) as left:
        run(folder, *words)
    assert left.value.code == 2


def test_categories_that_fit(folder: Path) -> None:
    branch = rows(folder)[0]
    ids = [one["id"] for one in changed(folder, "categories")["categories"]]
    fitting = [
        one["id"] for one in changed(folder, "categories", "--asset", branch["asset_id"])["categories"]
    ]
    assert set(ids) - set(fitting) >= {"lamp_failure", "bin_overflow"}
    assert "battery  Batterie schwach oder leer" in run(folder, "ticket", "categories").splitlines()
    assert code(folder, "ticket", "categories", "--device", "nobody") == "not_found"


def test_a_person_and_what_the_role_allows(folder: Path) -> None:
    first = changed(folder, name="person")
    assert (first["name"], first["sign"], first["role"]) == ("Erika Muster", "EM", "technik")
    rubbish = rows(folder, "--status", "closed")[0]
    assert code(folder, "ticket", "status", rubbish["id"], "open") == "not_allowed"
    office = changed(folder, "--name", "Jan Kowalski", "--role", "bestand", name="person")
    assert (office["name"], office["sign"], office["role"]) == ("Jan Kowalski", "JK", "bestand")
    assert set(office["rights"]) - set(first["rights"]) == {
        *("ticket.prioritise", "ticket.reopen", "asset.bulk", "asset.delete", "class.change")
    }
    assert changed(folder, name="person") == office
    assert changed(folder, "status", rubbish["id"], "open")["ticket"]["status"] == "open"
    assert "Jan Kowalski (JK), Rolle: Bestand\n" in run(folder, "person")
    assert "Tickets wieder öffnen" in run(folder, "person", "--sign", "JKO")
    assert code(folder, "person", "--name", " ") == "name_missing"


def test_a_person_makes_the_profile(tmp_path: Path) -> None:
    assert code(tmp_path / "new", "person") == "profile_missing"
    assert changed(tmp_path / "new", "--name", "Ayşe Öztürk", name="person")["sign"] == "AÖ"
    assert changed(tmp_path / "new", name="person")["name"] == "Ayşe Öztürk"


def test_whose_ticket_it_is(folder: Path) -> None:
    with profile(folder) as opened:
        target = outbox.Target("schwerte", "open311", "http://127.0.0.1:9", operator="schwerte")
        outbox.add_target(opened.store, opened.actor, target, frozenset({"ticket", "ticket_event"}))
    made = changed(folder, "new", "--category", "other", "--operator", "dortmund")
    assert made["ticket"]["sync"] == {"buergerportal": "saved"}
    other = changed(folder, "new", "--category", "other", "--operator", "Schwerte")
    assert other["ticket"]["sync"] == {"buergerportal": "saved", "schwerte": "saved"}
    said = changed(folder, "comment", other["ticket"]["id"], "--text", "gesehen")
    assert said["event"]["sync"] == {"buergerportal": "saved", "schwerte": "saved"}


@pytest.mark.parametrize("name", ["tickets", "person"])
def test_schemas_are_closed(name: str) -> None:
    assert schema(name)["additionalProperties"] is False
    assert violation({}, name) is not None
