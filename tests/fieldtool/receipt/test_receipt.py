"""The page as it is printed: what it says, what it never says, and that it stands a long day."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from drivers.secret import Secret
from fieldtool import outbox
from fieldtool.delivery import Delivery, Receipt, Target, token_name
from fieldtool.entities import time_text
from fieldtool.ids import TicketId, new_id
from fieldtool.journal import operation
from fieldtool.profile import Profile
from fieldtool.receipt.collecting import FEW, DayReceipt, collect
from fieldtool.receipt.page import receipt_html, sum_line
from fieldtool.store.receipt_rows import confirmed
from fieldtool.texts import use_language
from fieldtool.ticket import Ticket, TicketEvent
from tests.fieldtool.making import (
    MOMENT,
    asset,
    datastream,
    device,
    observation,
    profile,
    record,
    registration,
)

DAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 17, tzinfo=UTC)
EVERYTHING = frozenset({"asset", "device", "observation", "registration", "ticket", "ticket_event"})
VOID = {"meta", "col", "br"}


@pytest.fixture(autouse=True)
def german() -> None:
    use_language("de")


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Profile]:
    with profile(tmp_path / "profile") as made:
        yield made


class Page(HTMLParser):
    """Every element closed in order, and the text of its cells."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.rows: list[list[str]] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.rows and {"td", "th"} & set(self.open):
            self.rows[-1][-1] += data

    def row(self, part: str) -> list[str]:
        (found,) = [row for row in self.rows if any(part in cell for cell in row)]
        return found


def add(opened: Profile, name: str, handles: frozenset[str] = EVERYTHING, **values: Any) -> None:
    target = Target(name, "ngsi-ld", "https://plattform.example", **values)
    outbox.add_target(opened.store, opened.actor, target, handles)


def deliveries(opened: Profile, name: str) -> list[Delivery]:
    return list(outbox.pending(opened.store, name))


def made(opened: Profile, at: datetime = MOMENT) -> None:
    """As if everything had been done then, whatever the calendar says now."""
    with opened.store.transaction():
        opened.store.connection.execute("UPDATE operations SET at = ?", (time_text(at),))


def confirm(
    opened: Profile, name: str, at: datetime = MOMENT, remote: str = "urn:x:{}", **detail: Any
) -> None:
    """Everything that waits there."""
    made(opened)
    receipts = [
        Receipt(
            *(delivery.operation.id, position, name, "accepted"),
            *(remote.format(delivery.changes[position].entity_id), at, detail),
        )
        for delivery in deliveries(opened, name)
        for position in sorted(delivery.open_positions)
    ]
    outbox.record_receipts(opened.store, name, receipts, [])


def collected(opened: Profile, day: date = DAY) -> DayReceipt:
    return collect(opened.store, opened.actor, day, NOW)


def page_of(opened: Profile, day: date = DAY) -> str:
    return receipt_html(opened.store, collected(opened, day))


def test_a_day_with_nothing(opened: Profile) -> None:
    text = page_of(opened)
    Page(text)
    assert "An diesem Tag wurde nichts bestätigt. Es steht nichts aus." in text
    assert "Es ist noch keine Plattform eingerichtet" in text
    add(opened, "stadt")
    assert Page(page_of(opened)).row("stadt")[2:] == ["0", "0", "0", "0"]


def test_what_was_confirmed_when_and_as_what(opened: Profile) -> None:
    mast = asset("4711", asset_class="sensor_mast")
    probe = device("a84041f1e2d3c4b5", name="LSE01 Prüßweg", asset_id=mast.id)
    stream = datastream(probe)
    ticket = Ticket(id=TicketId(new_id()), category="damage", title="Mast schief", device_id=probe.id)
    event = TicketEvent(
        id=new_id(), ticket_id=ticket.id, kind="status", text="gerichtet", at=MOMENT, status="closed"
    )
    record(opened, mast, kind="asset.import")
    record(opened, probe, kind="commissioning.compare")
    record(opened, registration(probe), kind="commissioning.read_back")
    record(opened, stream, observation(stream), kind="commissioning.readings")
    record(opened, ticket, kind="ticket.create")
    record(opened, event, kind="ticket.status")
    add(opened, "stadt")
    confirm(opened, "stadt")
    page = Page(page_of(opened))
    for part, what in (
        ("Sensormast 4711", "importiert"),
        ("LSE01 4711, DevEUI a84041f1e2d3c4b5", "Inbetriebnahme: Einstellungen zurückgelesen"),
        ("LSE01 Prüßweg, Bodenfeuchte: 23,5 %", "Inbetriebnahme: Messwerte genommen"),
        ("Ticket „Mast schief“: gerichtet", "Ticket: Status geändert"),
    ):
        row = page.row(part)
        assert row[:2] == ["08:30:15", "EM"]
        assert row[2].startswith(what), row
    assert page.row(f"urn:x:{mast.id}")[3] == "Sensormast 4711"
    receipt = collected(opened)
    assert (receipt.operations, receipt.records, receipt.waiting) == (6, 6, 0)
    assert sum_line(receipt) == "Bestätigt: 6 Datensätze, 6 Vorgänge. Es steht nichts aus."


def test_work_of_another_day_says_of_which(opened: Profile) -> None:
    record(opened, asset("1"), kind="asset.import")
    add(opened, "stadt")
    confirm(opened, "stadt", MOMENT + timedelta(days=3))
    cell = Page(page_of(opened, DAY + timedelta(days=3))).row("Baum 1")[2]
    assert cell == "importiertvom 23.11.2026 08:30:15"


def test_facts_of_the_network_server_but_only_those_that_are_known(opened: Profile) -> None:
    probe = device("a84041f1e2d3c4b5")
    record(opened, probe, registration(probe))
    add(opened, "lns", frozenset({"registration"}))
    facts = {
        "activated": False,
        "last_seen_at": "2026-11-23T09:12:33.123456789Z",
        "rssi_dbm": -97.5,
        "snr_db": 7,
        "nwk_s_key": "00112233445566778899aabbccddeeff",
        "packets": None,
    }
    confirm(opened, "lns", facts=facts)
    cell = Page(page_of(opened)).row("LSE01 4711")[3]
    assert cell.endswith(
        "im Funknetz angemeldet: nein · zuletzt gehört: 23.11.2026 10:12:33"
        " · RSSI: −97,5\u00a0dBm · SNR: 7\u00a0dB"
    )


def test_facts_of_another_kind_are_shown_as_they_are(opened: Profile) -> None:
    probe = device("a84041f1e2d3c4b5")
    record(opened, probe, registration(probe))
    add(opened, "lns", frozenset({"registration"}))
    confirm(opened, "lns", facts={"last_seen_at": "gestern", "activated": [1]})
    assert "zuletzt gehört: gestern" in page_of(opened)


def test_many_of_one_operation_are_one_line(opened: Profile) -> None:
    with operation(opened.store, opened.actor, "asset.import", reason="bäume.csv") as recorder:
        recorder.create_many(asset(f"{number:04}") for number in range(2000))
    add(opened, "stadt")
    confirm(opened, "stadt")
    page = Page(page_of(opened))
    row = page.row("2.000 Objekte")
    assert row[2:4] == ["importiert (bäume.csv)", "2.000 ObjekteBaum 0000 … Baum 1999"]
    assert row[4].count("urn:x:") == 2
    assert sum_line(collected(opened)).startswith("Bestätigt: 2.000 Datensätze, 1 Vorgang.")


def test_two_thousand_receipts_are_all_there(opened: Profile) -> None:
    for number in range(400):
        trees = (asset(f"{number}-{index}") for index in range(FEW))
        record(opened, *trees, kind="asset.import")
    add(opened, "stadt")
    confirm(opened, "stadt")
    page = Page(page_of(opened))
    assert len([row for row in page.rows if row[0] == "08:30:15"]) == 2000
    assert page.row("Baum 399-4")
    receipt = collected(opened)
    assert (receipt.records, receipt.operations) == (2000, 400)


def test_only_that_day_by_the_index(opened: Profile) -> None:
    add(opened, "stadt")
    for hours, number in ((-1, "gestern"), (0, "erste"), (23.999, "letzte"), (24, "morgen")):
        record(opened, asset(number))
        confirm(opened, "stadt", datetime(2026, 11, 22, 23, tzinfo=UTC) + timedelta(hours=hours))
    text = page_of(opened)
    assert re.findall(r"Baum (\w+)", text) == ["erste", "letzte"]
    statements: list[str] = []
    opened.store.connection.raw.set_trace_callback(statements.append)
    list(confirmed(opened.store.connection, MOMENT, NOW))
    opened.store.connection.raw.set_trace_callback(None)
    plan = opened.store.connection.rows(f"EXPLAIN QUERY PLAN {statements[0]}")
    assert any("receipts_by_time" in str(row) for row in plan)
    assert not any("USE TEMP B-TREE" in str(row) for row in plan)


def test_pages_of_receipts_lose_none(opened: Profile, monkeypatch: pytest.MonkeyPatch) -> None:
    """Many receipts have the same time."""
    monkeypatch.setattr("fieldtool.store.receipt_rows.PAGE", 3)
    record(opened, *(asset(str(number)) for number in range(7)))
    add(opened, "stadt")
    confirm(opened, "stadt")
    assert len(list(confirmed(opened.store.connection, MOMENT, NOW))) == 7


def test_the_clock_going_back(opened: Profile) -> None:
    add(opened, "stadt")
    for hour in (0, 1):
        record(opened, asset(f"um {hour}"))
        confirm(opened, "stadt", datetime(2026, 10, 25, hour, 30, tzinfo=UTC))
    page = Page(page_of(opened, date(2026, 10, 25)))
    assert [page.row(f"Baum um {hour}")[0] for hour in (0, 1)] == ["02:30:00 MESZ", "02:30:00 MEZ"]
    assert page.row("25 Stunden")[0] == "Tag"


def test_what_waits_and_why(opened: Profile) -> None:
    add(opened, "stadt")
    record(opened, asset("1"), kind="asset.import")
    record(opened, asset("2"), kind="asset.import")
    record(opened, asset("3"), kind="asset.import")
    record(opened, *(asset(f"W{number}") for number in range(5)), kind="asset.import")
    refused, conflict, waits, _saved = deliveries(opened, "stadt")
    conflicting = {
        "reason": "changed_on_both_sides",
        "fields": [
            {"field": "name", "base": "Linde", "mine": "<i>Eiche</i>", "theirs": None},
            {"field": "key_written_at", "base": 7, "mine": "nie", "theirs": "2026-11-23T07:00:00Z"},
        ],
    }
    receipts = [
        Receipt(refused.operation.id, 0, "stadt", "rejected", None, MOMENT, {"reason": "bad_request_data"}),
        Receipt(conflict.operation.id, 0, "stadt", "conflict", "urn:2", MOMENT, conflicting),
    ]
    outbox.record_receipts(opened.store, "stadt", receipts, [])
    outbox.mark_waiting(opened.store, "stadt", waits.operation.id, refused.operation.id, "other_target")
    made(opened)
    receipt = collected(opened)
    assert (receipt.waiting, receipt.rejected, receipt.conflicts) == (2, 1, 1)
    line = "Noch nicht bestätigt: 2 wartend, 1 abgelehnt, 1 im Konflikt."
    assert sum_line(receipt).endswith(line)
    page = Page(receipt_html(opened.store, receipt))
    assert page.row("Baum 1")[4].startswith("abgelehnt: die Plattform nimmt diese Daten nicht an")
    assert "--retry" in page.row("Baum 1")[4]
    assert page.row("Baum 3")[4].startswith("wartet, bis das Gerät")
    assert page.row("W0")[3] == "Baum W0Baum W1Baum W2und 2 weitere"
    assert page.row("<i>Eiche</i>") == ["stadt", "Baum 2", "Name", "Linde", "<i>Eiche</i>", "–"]
    assert page.row("nie")[3:] == ["7", "nie", "23.11.2026 08:00:00"]
    assert collected(opened, DAY - timedelta(days=1)).waiting == 0


def test_a_long_queue_is_cut_and_counted(opened: Profile, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fieldtool.receipt.collecting.LISTED", 3)
    add(opened, "stadt")
    for number in range(8):
        record(opened, asset(str(number)))
    made(opened)
    text = page_of(opened)
    assert "und 5 weitere" in text


def test_a_removed_target_keeps_its_receipts(opened: Profile) -> None:
    record(opened, asset("1"))
    add(opened, "stadt")
    confirm(opened, "stadt")
    record(opened, asset("2"))
    made(opened)
    outbox.remove_target(opened.store, "stadt")
    add(opened, "stadt")
    receipt = collected(opened)
    assert [(one.known.removed_at is None, one.records) for one in receipt.targets] == [(True, 0), (False, 1)]
    assert [one.waiting for one in receipt.targets] == [2, 0]
    text = receipt_html(opened.store, receipt)
    assert re.search(r"Bestätigt von stadt \(entfernt am \d", text)
    assert len(collected(opened, DAY + timedelta(days=1)).targets) == 1


def test_a_deleted_record_still_has_its_name(opened: Profile) -> None:
    add(opened, "stadt")
    (tree,) = record(opened, asset("Esche 9"))
    with operation(opened.store, opened.actor, "asset.delete") as recorder:
        recorder.delete(tree)
    confirm(opened, "stadt")
    rows = [row for row in Page(page_of(opened)).rows if "Baum Esche 9" in row]
    assert [row[2] for row in rows] == ["angelegt", "gelöscht"]


def test_several_people(opened: Profile) -> None:
    record(opened, asset("1"))
    add(opened, "stadt")
    other = replace(opened.actor, id="another", name="Jörg Öz", sign="JÖ")
    with operation(opened.store, other, "asset.edit") as recorder:
        recorder.create(asset("2"))
    confirm(opened, "stadt")
    page = Page(page_of(opened))
    assert page.row("Aufgezeichnet von")[1] == "Erika Muster (EM), Jörg Öz (JÖ)"
    assert page.row("Baum 2")[1] == "JÖ"


def test_operators_are_told(opened: Profile) -> None:
    add(opened, "schwerte", operator="schwerte", tenant="sw")
    row = Page(page_of(opened)).row("https://plattform.example")
    assert row[:2] == ["schwertengsi-ld · https://plattform.example · sw", "schwerte"]


def test_everything_is_escaped_and_accessible(opened: Profile) -> None:
    evil = '<script>alert("ö")</script>&amp;'
    ticket = Ticket(id=TicketId(new_id()), category="damage", title=evil)
    with operation(opened.store, opened.actor, evil, reason=evil) as recorder:
        recorder.create(asset(evil, asset_class=evil, name=evil))
        recorder.create(ticket)
    add(opened, evil)
    confirm(opened, evil, remote=evil.replace("{", "").replace("}", ""), facts={"last_seen_at": evil})
    text = page_of(opened)
    page = Page(text)
    assert "<script" not in text
    assert text.count(evil) == 0
    assert any(evil in cell for row in page.rows for cell in row)
    tags = [tag for tag, _attributes in page.seen]
    assert dict(page.seen[0][1]) == {"lang": "de"}
    assert (tags.count("title"), tags.count("h1"), tags.count("main")) == (1, 1, 1)
    assert all(attributes.get("scope") in ("row", "col") for tag, attributes in page.seen if tag == "th")
    assert not {"img", "link", "script", "iframe"} & set(tags)
    assert "@page { size: A4" in text


def test_no_secret_is_on_paper(opened: Profile) -> None:
    key, token = "00112233445566778899aabbccddeeff", "t0p-secret-token"
    probe = device("a84041f1e2d3c4b5")
    entry = registration(probe)
    record(opened, probe, entry)
    add(opened, "lns", options={"api_key": token})
    opened.vault.put(token_name("lns"), Secret(token))
    opened.vault.put(f"registration/{entry.id}/app_key", Secret(key))
    confirm(opened, "lns", facts={"app_key": key}, text=token, reason=token)
    record(opened, asset("1"))
    (left,) = deliveries(opened, "lns")
    refusal = Receipt(
        *(left.operation.id, 0, "lns", "rejected", None, MOMENT),
        {"reason": "bad_request_data", "text": f"Bearer {token}"},
    )
    outbox.record_receipts(opened.store, "lns", [refusal], [])
    made(opened)
    text = page_of(opened)
    assert "LSE01 4711" in text
    assert "die Plattform nimmt diese Daten nicht an" in text
    assert key not in text
    assert token not in text


def test_english(opened: Profile) -> None:
    use_language("en")
    record(opened, asset("1"))
    add(opened, "city")
    confirm(opened, "city")
    text = page_of(opened)
    assert '<html lang="en">' in text
    assert "Confirmed: 1 record, 1 operation. Nothing is waiting." in text
