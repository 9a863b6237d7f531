"""Cells that show an error of the spreadsheet are flagged by row and column instead of vanishing."""

from __future__ import annotations

import struct
import zipfile
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from fieldtool.asset import Asset
from fieldtool.exports.run import Wish as ExportWish
from fieldtool.exports.run import export
from fieldtool.geometry import point
from fieldtool.ids import AssetId, new_id
from fieldtool.imports.error_cells import error_cells
from fieldtool.imports.source import read_source
from fieldtool.imports.write import compare, write
from fieldtool.journal import operation
from fieldtool.profile import open_profile
from tests.fieldtool.imports import biff
from tests.fieldtool.imports.lists import prepared

HEAD = ["Baumnummer", "lon", "lat", "Höhe"]
ODS = """<?xml version="1.0"?><office:document-content
 xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>
<table:table table:name="Andere"><table:table-row>
<table:table-cell table:formula="of:=1/0"><text:p>#DIV/0!</text:p>
</table:table-cell></table:table-row></table:table><table:table table:name="Liste">
<table:table-row table:number-rows-repeated="3"><table:table-cell/></table:table-row>
<table:table-row><table:table-cell table:number-columns-repeated="2"/>
<table:table-cell table:formula="of:=#REF!"><text:p>#REF!</text:p></table:table-cell>
<table:table-cell><text:p>#REF!</text:p></table:table-cell></table:table-row>
</table:table></office:spreadsheet></office:body></office:document-content>"""


def book(path: Path, rows: int = 4) -> Path:
    written = xlsxwriter.Workbook(path)
    sheet = written.add_worksheet("Bäume & mehr")
    sheet.write_row(0, 0, HEAD)
    for row in range(1, rows + 1):
        sheet.write_row(row, 0, [row, 7.4, 51.5, 3])
    sheet.write_formula(2, 3, "=1/0", None, "#DIV/0!")
    sheet.write_formula(3, 3, "=NA()", None, "#N/A")
    written.close()
    return path


def test_of_a_workbook(tmp_path: Path) -> None:
    found = prepared(book(tmp_path / "baeume.xlsx"))
    flagged = [(one.row, one.column, one.value) for one in found.reading.flagged if one.column == "Höhe"]
    assert flagged == [(3, "Höhe", "#DIV/0!"), (4, "Höhe", "#N/A")]
    assert found.reading.rejected == ()
    assert len(found.reading.records) == 4


def test_what_is_known_there_stays(tmp_path: Path) -> None:
    """An empty cell of a newer list empties; one with an error says nothing."""
    whole = xlsxwriter.Workbook(tmp_path / "alt.xlsx")
    sheet = whole.add_worksheet()
    for row, cells in enumerate([HEAD, *([number, 7.4, 51.5, 12] for number in range(1, 5))]):
        sheet.write_row(row, 0, cells)
    whole.close()
    with open_profile(tmp_path / "profile", write=True) as profile:
        first = prepared(tmp_path / "alt.xlsx")
        write(profile.store, profile.actor, first, compare(first, profile.store))
        steps = compare(prepared(book(tmp_path / "baeume.xlsx")), profile.store)
        changed = {
            step.record.number: step.changes["attributes"] for step in steps if step.outcome == "updated"
        }
    assert [step.outcome for step in steps] == ["updated", "unchanged", "unchanged", "updated"]
    assert [attributes["height"] for attributes in changed.values()] == [3, 3]


def test_in_a_workbook_of_ours(tmp_path: Path) -> None:
    wanted = Asset(
        id=AssetId(new_id()),
        asset_class="street_light",
        number="L1",
        geometry=point(7.4, 51.5),
        attributes={"lantern_height": 7.5, "lamp": "led"},
    )
    path = tmp_path / "bestand.xlsx"
    with open_profile(tmp_path / "profile", write=True) as profile:
        with operation(profile.store, profile.actor, "test") as recorder:
            recorder.create(wanted)
        export(profile.store, ExportWish(target=path, format="xlsx"))
        filled = openpyxl.load_workbook(path)
        sheet = next(one for one in filled.worksheets if one.max_row == 2)
        heads = [str(cell.value) for cell in sheet[1]]
        at = next(place for place, head in enumerate(heads) if head.startswith("Lichtpunkthöhe"))
        sheet.cell(2, at + 1).value = "#REF!"
        sheet.cell(2, at + 1).data_type = "e"
        filled.save(path)
        found = prepared(path)
        (step,) = compare(found, profile.store)
    assert [(one.column, one.value) for one in found.reading.flagged] == [(heads[at], "#REF!")]
    assert step.outcome == "unchanged"


def test_of_a_long_workbook(tmp_path: Path) -> None:
    """Longer than what is looked through at once."""
    path = tmp_path / "baeume.xlsx"
    book(path, rows=12_000)
    assert [(one.row, one.column) for one in read_source(path).remarks] == [(3, "Höhe"), (4, "Höhe")]


def test_of_an_ods(tmp_path: Path) -> None:
    """Of the right table, behind repeated rows and columns; words that only look so are none."""
    path = tmp_path / "liste.ods"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("content.xml", ODS)
    assert error_cells(path, "ods", "Liste") == {(3, 2): "#REF!"}


def test_of_a_workbook_of_excel_97(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = biff._cell

    def cell(row: int, column: int, value: object) -> bytes:
        place = struct.pack("<HHH", row, column, 0)
        if value == "#N/A":
            return biff._record(0x0205, place + bytes((0x2A, 1)))
        if value == "#REF!":
            gave = bytes((2, 0, 0x17, 0, 0, 0, 0xFF, 0xFF))
            return biff._record(0x0006, place + gave + bytes(6) + struct.pack("<H", 0))
        if isinstance(value, bool):
            return biff._record(0x0205, place + bytes((value, 0)))
        return plain(row, column, value)

    monkeypatch.setattr(biff, "_cell", cell)
    path = tmp_path / "liste.xls"
    path.write_bytes(biff.xls([HEAD, [1, 7.4, 51.5, "#N/A"], [2, 7.4, 51.5, True], [3, 7.4, 51.5, "#REF!"]]))
    assert error_cells(path, "xls", "Blatt") == {(1, 3): "#N/A", (3, 3): "#REF!"}


def test_a_workbook_without_empty_cells_is_not_looked_through(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "baeume.xlsx"
    written = xlsxwriter.Workbook(path)
    sheet = written.add_worksheet()
    for row, cells in enumerate([HEAD, ["1", 7.4, 51.5, 3], ["2", 7.4, 51.6, 4]]):
        sheet.write_row(row, 0, cells)
    written.close()

    def never(*_arguments: object) -> None:
        raise AssertionError

    monkeypatch.setattr("fieldtool.imports.formats.workbook.error_cells", never)
    assert read_source(path).remarks == ()
