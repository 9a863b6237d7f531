from __future__ import annotations

from pathlib import Path

import pytest

from fieldtool.imports.errors import FileEmpty, FileUnreadable, FormatUnknown, ImportRefused, TableBroken
from fieldtool.imports.source import Source, read_source
from tests.fieldtool.imports.lists import LIGHTS, dry_run, outcomes, prepared


def source(tmp_path: Path, text: str | bytes, name: str = "liste.csv") -> Source:
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_source(path)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_delimiters_and_line_ends(tmp_path: Path, delimiter: str, end: str) -> None:
    text = end.join(delimiter.join(row) for row in [("Nr", "Name", "Ort"), ("1", "a", "x"), ("2", "b", "y")])
    found = source(tmp_path, text)
    assert (found.delimiter, found.columns, found.header_row) == (delimiter, ("Nr", "Name", "Ort"), 1)
    assert [row.values["Name"] for row in found.rows] == ["a", "b"]


def test_the_header_is_found_below_a_preamble(tmp_path: Path) -> None:
    text = "Stadt Schwerte;;\nStand;23.11.2026;\n;;\nAllgemein;;Lage\nNr;Name;Höhe\n1;a;3,5\n2;b;4,5\n"
    found = source(tmp_path, text)
    assert (found.header_row, found.columns) == (5, ("Nr", "Name", "Höhe"))
    assert [row.number for row in found.rows] == [6, 7]


def test_a_table_without_header_gets_column_names(tmp_path: Path) -> None:
    found = source(tmp_path, "1;7.46;51.51\n2;7.47;51.52\n")
    assert (found.header_row, found.columns) == (None, ("column_1", "column_2", "column_3"))
    assert len(found.rows) == 2


def test_totals_and_blank_rows_are_no_data(tmp_path: Path) -> None:
    found = source(tmp_path, "Nr;Name;Anzahl;Ort\n1;a;3;x\n;;;\n2;b;4;y\nSumme;;7;\n")
    assert [row.kind for row in found.rows] == ["data", "blank", "data", "totals"]


def test_a_short_last_row_is_not_taken_for_totals(tmp_path: Path) -> None:
    found = source(tmp_path, "Nr;Name;Anzahl;Ort\n1;a;3;x\n2;b;4;y\n3;c;;\n")
    assert [row.kind for row in found.rows] == ["data", "data", "data"]


def test_doubled_column_names_are_told_apart_and_flagged(tmp_path: Path) -> None:
    path = tmp_path / "liste.csv"
    path.write_text("Name;Wert;Wert\na;1;2\nb;3;4\n", encoding="utf-8")
    assert read_source(path).columns == ("Name", "Wert", "Wert (2)")
    report = dry_run(path)
    assert [(flag["row"], flag["column"]) for flag in report["flagged"]] == [(1, "Wert (2)")]


def test_a_byte_order_mark_inside_is_no_part_of_a_value(tmp_path: Path) -> None:
    found = source(tmp_path, "\ufeffNr;Name\n1;\ufeffa\n\ufeff2;b\n")
    assert found.encoding == "utf-8-sig"
    assert found.columns == ("Nr", "Name")
    assert [row.values["Nr"] for row in found.rows] == ["1", "2"]


def test_leading_zeros_stay(tmp_path: Path) -> None:
    path = tmp_path / "leuchten.csv"
    path.write_text(LIGHTS, encoding="utf-8")
    found = prepared(path)
    assert [record.number for record in found.reading.records] == ["0047", "0048", "0049"]
    assert found.kind.id == "street_light"
    assert found.reading.records[2].attributes["lamp"] == "sodium"
    assert found.reading.records[0].attributes["lantern_height"] == 8.5


def test_more_cells_than_columns_are_kept_and_flagged(tmp_path: Path) -> None:
    path = tmp_path / "liste.csv"
    path.write_text("Name;Ort\na;x\nb;y;z;q\nc;x\n", encoding="utf-8")
    found = prepared(path)
    assert found.reading.records[1].attributes["extra_cells"] == "z | q"
    assert [flag.row for flag in found.reading.flagged] == [3]


@pytest.mark.parametrize("data", [b"", b"\x00" * 4096, b"\xef\xbb\xbf", b"\n\n\r\n", b"Nr;Name\n"])
def test_an_empty_file_says_so(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(FileEmpty):
        source(tmp_path, data)


def test_a_binary_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FormatUnknown):
        source(tmp_path, bytes(range(256)) * 40)


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "fehlt.csv", tmp_path):
        with pytest.raises(FileUnreadable):
            read_source(path)


@pytest.mark.parametrize("line", [b"x", b"x;", b'"x'])
def test_one_line_of_fifty_megabytes_is_refused(tmp_path: Path, line: bytes) -> None:
    with pytest.raises(TableBroken):
        source(tmp_path, b"Nr;Name\n" + line * (50_000_000 // len(line)))


@pytest.mark.parametrize("lines", [3, 80])
def test_a_missing_quotation_mark_swallows_no_rows(tmp_path: Path, lines: int) -> None:
    rows = [f"{n};a;x" for n in range(lines)]
    rows[1] = '1;"a;x'
    with pytest.raises(TableBroken) as caught:
        source(tmp_path, "Nr;Name;Ort\n" + "\n".join(rows))
    assert caught.value.row == 3
    rows[-1] = '9;a";x'
    if lines > 50:
        with pytest.raises(TableBroken):
            source(tmp_path, "Nr;Name;Ort\n" + "\n".join(rows))


@pytest.mark.parametrize("cut", range(1, 60, 7))
def test_a_file_cut_anywhere_never_ends_in_a_traceback(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "leuchten.csv"
    path.write_bytes(LIGHTS.encode("utf-16")[: cut * 9])
    try:
        report = dry_run(path)
    except ImportRefused:
        return
    assert report["rows"] == outcomes(report)
