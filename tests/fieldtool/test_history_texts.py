from __future__ import annotations

from pathlib import Path

from fieldtool.asset import Asset
from fieldtool.history_texts import newest
from fieldtool.ids import TicketId, new_id
from fieldtool.journal import operation
from fieldtool.profile import open_profile
from fieldtool.ticket import Ticket
from fieldtool.ticketing import changing
from tests.fieldtool.making import asset


def test_a_deleted_asset_still_tells_its_values(tmp_path: Path) -> None:
    with open_profile(tmp_path, write=True, actor="Mia Muster") as profile:
        tree = asset("4711", attributes={"height": 12.5})
        with operation(profile.store, profile.actor, "asset.import", operator="schwerte") as recorder:
            tree = recorder.create(tree)
        with operation(profile.store, profile.actor, "asset.edit") as recorder:
            tree = recorder.update(tree, attributes={"height": 13})
        with operation(profile.store, profile.actor, "asset.edit", reason="gefällt") as recorder:
            recorder.delete(tree)
        found = newest(profile.store, tree.id, 10)
        assert profile.store.find(Asset, tree.id) is None
    assert found.total == 3
    gone, changed, made = found.entries
    assert (gone.what, gone.notes) == ("bearbeitet (gelöscht)", ("Grund: gefällt", "Betreiber: schwerte"))
    assert "Höhe: 13 m → –" in [change.text() for change in gone.fields]
    assert [change.text() for change in changed.fields] == ["Höhe: 12,5 m → 13 m"]
    assert "Betreiber: schwerte" in made.notes


def test_only_the_newest_are_told(tmp_path: Path) -> None:
    with open_profile(tmp_path, write=True, actor="Mia Muster") as profile:
        tree = asset("4711")
        with operation(profile.store, profile.actor, "asset.import") as recorder:
            tree = recorder.create(tree)
        for name in ("Linde", "Esche"):
            with operation(profile.store, profile.actor, "asset.edit") as recorder:
                tree = recorder.update(tree, name=name)
        found = newest(profile.store, tree.id, 1)
    assert (len(found.entries), found.total) == (1, 3)
    assert found.entries[0].fields[0].text() == "Name: Linde → Esche"


def test_an_operation_is_told_once_with_what_was_said(tmp_path: Path) -> None:
    with open_profile(tmp_path, write=True, actor="Mia Muster") as profile:
        ticket = changing.create(profile, Ticket(id=TicketId(new_id()), category="other", title="Ast"))
        changing.comment(profile, ticket, "Ist abgesperrt")
        changing.change_status(profile, ticket, "in_progress", "Ich fahre hin")
        found = newest(profile.store, ticket.id, 10)
    begun, said, _made = found.entries
    assert begun.notes == ("Statuswechsel: Ich fahre hin",)
    assert [change.text() for change in begun.fields] == ["Status: offen → in Arbeit"]
    assert said.notes == ("Kommentar: Ist abgesperrt",)
    assert said.fields == ()
