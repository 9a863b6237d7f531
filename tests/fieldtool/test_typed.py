"""Numbers and days as people type them, and the data files that are read ahead."""

from __future__ import annotations

from datetime import date

import pytest

from fieldtool.asset_classes import class_ids
from fieldtool.catalogue import device_types
from fieldtool.days import typed_day
from fieldtool.numbers import typed_number
from fieldtool.reading_ahead import read_ahead


@pytest.mark.parametrize(
    ("text", "number"),
    [("7,4653", 7.4653), ("7.4653", 7.4653), (" -12 ", -12.0), ("51,5136°", 51.5136), ("+3", 3.0)],
)
def test_numbers(text: str, number: float) -> None:
    assert typed_number(text) == number


@pytest.mark.parametrize("text", ["", "1.234,5", "7,4,6", "sieben", "1e5", "nan", ",5"])
def test_what_is_no_number(text: str) -> None:
    assert typed_number(text) is None


@pytest.mark.parametrize("text", ["1.12.2026", "01.12.2026", "2026-12-01", " 01.12.2026 "])
def test_days(text: str) -> None:
    assert typed_day(text) == date(2026, 12, 1)


@pytest.mark.parametrize("text", ["", "31.02.2027", "1.12.26", "morgen"])
def test_what_is_no_day(text: str) -> None:
    assert typed_day(text) is None


def test_every_data_file_is_read_ahead() -> None:
    assert set(read_ahead()) == {*class_ids(), *device_types(), "categories", "templates"}
