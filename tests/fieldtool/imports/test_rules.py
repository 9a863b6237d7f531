"""Every cleaning rule is named, counted, and can be switched off."""

from __future__ import annotations

from pathlib import Path

from fieldtool.imports.rules import RULES, cleaned
from tests.fieldtool.imports.lists import prepared

LIST = """Mastnummer;Lon;Lat;Lichtpunkthöhe;Leistung;Leuchtmittel;Inbetriebnahme
1;7,461;51,511;8,5 m;1.050,5;LED;24.12.2019
2;7,462;51,512;8,5 m;50;LED;2020-01-02
3;7,463;51,513;k. A.;50;led;03.02.2021
"""


def written(tmp_path: Path) -> Path:
    path = tmp_path / "leuchten.csv"
    path.write_text(LIST, encoding="utf-8")
    return path


def test_what_each_rule_did_to_which_column(tmp_path: Path) -> None:
    found = {
        (one.rule, one.column): (one.cells, one.before, one.after)
        for one in cleaned(prepared(written(tmp_path)))
    }
    assert found[("units", "Lichtpunkthöhe")] == (2, "8,5 m", 8.5)
    assert found[("placeholders", "Lichtpunkthöhe")] == (1, "k. A.", None)
    assert found[("words", "Leuchtmittel")] == (2, "LED", "led")
    assert found[("numbers", "Leistung")] == (1, "1.050,5", 1050.5)


def test_a_rule_that_is_switched_off_leaves_the_cell_as_it_is(tmp_path: Path) -> None:
    off = frozenset({"units", "placeholders"})
    found = prepared(written(tmp_path), switched_off=off)
    assert [record.attributes.get("lantern_height_source") for record in found.reading.records] == [
        "8,5 m",
        "8,5 m",
        "k. A.",
    ]
    assert {remark.row for remark in found.reading.flagged if remark.column == "Lichtpunkthöhe"} == {2, 3, 4}
    assert off.isdisjoint(one.rule for one in cleaned(found))


def test_the_command_line_names_every_rule() -> None:
    from fieldtool.cli.import_ import RULE_NAMES

    assert set(RULE_NAMES) == set(RULES)
