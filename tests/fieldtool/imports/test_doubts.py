"""Rows that are doubtful beside the others are flagged with the reason, never rejected for it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from fieldtool.imports.prepare import Prepared
from tests.fieldtool.imports.lists import prepared

HEAD = "Mastnummer;Lon;Lat;Lichtpunkthöhe;Leistung;Leuchtmittel;Straße\n"
ROWS = [f"{number};7,46{number};51,51{number};8;50;LED;Am Markt {number}" for number in range(1, 9)]
DORTMUND = (7.30, 51.41, 7.64, 51.60)


def listed(tmp_path: Path, *more: str, **wish: Any) -> Prepared:
    path = tmp_path / "leuchten.csv"
    path.write_text(HEAD + "\n".join([*ROWS, *more]) + "\n", encoding="utf-8")
    return prepared(path, **wish)


def reasons(found: Prepared, row: int = 10) -> list[str]:
    assert found.reading.rejected == ()
    return [remark.reason for remark in found.reading.flagged if remark.row == row]


def test_a_row_outside_the_area(tmp_path: Path) -> None:
    row = "9;7,70;51,50;8;50;LED;Unna"
    assert "außerhalb des eingestellten Gebiets" in reasons(listed(tmp_path, row, area=DORTMUND))
    assert reasons(listed(tmp_path, row)) == []


def test_exchanged_coordinates(tmp_path: Path) -> None:
    assert "die beiden Koordinaten scheinen vertauscht" in reasons(listed(tmp_path, "9;51,51;7,46;8;50;LED;"))


@pytest.mark.parametrize(("place", "column"), [("7,46;15,51", "Lat"), ("4,76;51,51", "Lon")])
def test_two_swapped_digits(tmp_path: Path, place: str, column: str) -> None:
    found = listed(tmp_path, f"9;{place};8;50;LED;")
    (remark,) = [one for one in found.reading.flagged if one.row == 10 and one.column == column]
    assert "zwei Ziffern scheinen verdreht" in remark.reason
    assert remark.value == place.split(";")[column == "Lat"]


@pytest.mark.parametrize(
    "row", ["9;;7,469;51,519;8;50;LED;Am Markt", "7,469;51,519;8;50;LED;Am Markt;"], ids=["right", "left"]
)
def test_cells_one_column_beside_their_own(tmp_path: Path, row: str) -> None:
    found = listed(tmp_path, row)
    record = found.reading.records[-1]
    assert record.row == 10
    assert record.geometry == {"type": "Point", "coordinates": [7.469, 51.519]}
    assert record.attributes["street"] == "Am Markt"
    assert any("eine Spalte" in reason for reason in reasons(found))


def test_moved_cells_are_left_where_they_are_when_the_rule_is_off(tmp_path: Path) -> None:
    row = "7,469;51,519;8;50;LED;Am Markt;"
    found = listed(tmp_path, row, switched_off=frozenset({"shifted"}))
    assert not any("eine Spalte" in remark.reason for remark in found.reading.flagged)


def test_a_plain_list_has_no_doubts(tmp_path: Path) -> None:
    assert listed(tmp_path, area=DORTMUND).reading.flagged == ()
