from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from fieldtool import outbox
from fieldtool.delivery import Receipt, Target
from fieldtool.store import sync_rows
from fieldtool.store.receipt_rows import known_targets
from tests.fieldtool.making import MOMENT, asset, profile, record


def test_each_target_has_its_own_last_receipt(tmp_path: Path) -> None:
    with profile(tmp_path / "profile") as opened:
        for name in ("erste", "zweite"):
            target = Target(name, "ngsi-ld", "http://127.0.0.1:9")
            outbox.add_target(opened.store, opened.actor, target, frozenset({"asset"}))
        for number in range(2):
            record(opened, asset(str(number)))
        for late, delivery in enumerate(list(outbox.pending(opened.store, "erste"))):
            at = MOMENT + timedelta(hours=1 - late)
            receipt = Receipt(delivery.operation.id, 0, "erste", "accepted", "urn:1", at, {})
            outbox.record_receipts(opened.store, "erste", [receipt], [])
        found = {
            one.target.name: sync_rows.last_receipt(opened.store.connection, one.key)
            for one in known_targets(opened.store.connection)
        }
        assert found == {"erste": MOMENT + timedelta(hours=1), "zweite": None}
