"""Open311's rows for the page."""

from __future__ import annotations

from pathlib import Path

from fieldtool.training.database import Database
from fieldtool.training.events import Events
from fieldtool.training.fault_plan import FaultPlan
from fieldtool.training.open311_page import rows
from fieldtool.training.platform import Platform
from tests.fieldtool.training.open311_client import (
    UPDATES,
    at,
    one,
    post,
    reported,
    update,
)
from tests.fieldtool.training.process import running


def test_the_rows_of_the_page(tmp_path: Path) -> None:
    with running(tmp_path, "--tenant", "north") as platform:
        here, there = reported(platform), reported(platform, jurisdiction_id="north")
        post(
            platform, UPDATES, update(there, "FIXED", updated_datetime=at(hours=-1), jurisdiction_id="north")
        )
        changed = one(platform, there, "north")["updated_datetime"]
        made = one(platform, here)["requested_datetime"]
    database = Database(tmp_path, ())
    try:
        told = rows(Platform(tmp_path, database, FaultPlan(), Events(None)))
    finally:
        database.close()
    assert told == [
        (f"{there} (north)", "Leuchte ausgefallen", "FIXED", changed),
        (here, "Leuchte ausgefallen", "OPEN", made),
    ]


def test_no_rows_where_open311_was_never_asked(tmp_path: Path) -> None:
    database = Database(tmp_path, ())
    try:
        assert rows(Platform(tmp_path, database, FaultPlan(), Events(None))) == []
    finally:
        database.close()
