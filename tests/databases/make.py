"""Makes schema-NNNN.sqlite with the newest code, once, before that schema is released:

python -m tests.databases.make
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from fieldtool import outbox
from fieldtool.store.migrations import MIGRATIONS
from tests.fieldtool.making import MOMENT, one_of_each, profile, record

HERE = Path(__file__).parent
SECRET_NAME = "device/a84041f1e2d3c4b5/app_key"
SECRET = "8f3c1e5b7a9d2046f1e2d3c4b5a69788"


def main() -> None:
    from drivers.secret import Secret
    from fieldtool.journal import operation

    with tempfile.TemporaryDirectory() as folder:
        with profile(Path(folder)) as opened:
            tree, *_ = record(opened, *one_of_each())
            target = outbox.Target(
                "uebungsplattform", "ngsi-ld", "http://127.0.0.1:9", "dortmund", {"page": 100}
            )
            outbox.add_target(
                opened.store, opened.actor, target, frozenset({"asset", "device", "observation"})
            )
            opened.vault.put(SECRET_NAME, Secret(SECRET))
            (delivery,) = outbox.pending(opened.store, target.name)
            outbox.mark_sending(opened.store, target.name, [delivery.operation.id])
            receipt = outbox.Receipt(
                delivery.operation.id, 0, target.name, "accepted", f"urn:ngsi-ld:Tree:{tree.id}", MOMENT, {}
            )
            outbox.record_receipts(opened.store, target.name, [receipt], [])
            with operation(opened.store, opened.actor, "asset.edit", reason="Kontrolle") as recorder:
                recorder.update(tree, name="Winterlinde")
        shutil.copy(Path(folder) / "fieldtool.sqlite", HERE / f"schema-{len(MIGRATIONS):04}.sqlite")


if __name__ == "__main__":
    main()
