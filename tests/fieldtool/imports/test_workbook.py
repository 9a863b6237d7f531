from __future__ import annotations

import datetime as dt
import random
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter

from fieldtool.imports.errors import (
    FileDamaged,
    FileEmpty,
    FormatUnknown,
    ImportRefused,
    LayerUnknown,
    SeveralLayers,
    TableBroken,
    UnpackedTooLarge,
    WorkbookProtected,
)
from fieldtool.imports.sheet_size import column_index
from fieldtool.imports.source import Source, read_source
from tests.fieldtool.imports.biff import xls
from tests.fieldtool.imports.lists import dry_run, prepared

Rows = Sequence[Sequence[Any]]
LIGHTS: Rows = [
    ("Mastnummer", "Rechtswert", "Hochwert", "Lichtpunkthöhe", "Straße"),
    ("0047", 393486.95, 5708103.1, 8.5, "Märkische Straße"),
    ("0048", 393520.1, 5708111.4, 8, "Märkische Straße"),
    ("0049", "393555,75", "5708120,00", 6, "Prüßweg"),
]
MANIFEST = 'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"'
SHORT: Rows = [("Nr", "Ort"), (1, "Aplerbeck"), (2, "Hörde")]


def workbook(path: Path, **sheets: Rows) -> Path:
    with xlsxwriter.Workbook(path, {"default_date_format": "dd.mm.yyyy"}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return path


def read(path: Path, rows: Rows) -> Source:
    return read_source(workbook(path / "liste.xlsx", Blatt=rows))


def ods(path: Path, rows: Rows, manifest: str = "") -> Path:
    cells = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="float" office:value="{cell}"/>'
            if isinstance(cell, int | float)
            else '<table:table-cell office:value-type="string"><text:p>'
            + cell
            + "</text:p></table:table-cell>"
            for cell in row
        )
        + "</table:table-row>"
        for row in rows
    )
    namespaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    document = (
        f"<office:document-content {namespaces}><office:body><office:spreadsheet>"
        f'<table:table table:name="Blatt">{cells}'
        "</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", document)
        archive.writestr(
            "META-INF/manifest.xml", f"<manifest:manifest {MANIFEST}>{manifest}</manifest:manifest>"
        )
    return path


def test_numbers_stay_numbers_and_text_stays_text(tmp_path: Path) -> None:
    found = prepared(workbook(tmp_path / "leuchten.xlsx", Leuchten=LIGHTS))
    assert (found.source.format, found.source.header_row, found.kind.id) == ("xlsx", 1, "street_light")
    assert [record.number for record in found.reading.records] == ["0047", "0048", "0049"]
    assert [row.values["Lichtpunkthöhe"] for row in found.source.rows] == [8.5, 8, 6]
    assert found.crs.crs == "EPSG:25832"
    assert found.reading.records[2].geometry is not None


def test_every_kind_of_cell(tmp_path: Path) -> None:
    day, moment, time = dt.date(2026, 11, 23), dt.datetime.fromisoformat("2026-11-23T07:05:00"), dt.time(7, 5)
    path = tmp_path / "liste.xlsx"
    book = openpyxl.Workbook()
    book.active.append(["Tag", "Stunde", "Uhrzeit", "Dauer", "Ja", "Groß", "Fehler", "Text"])
    book.active.append([day, moment, time, dt.timedelta(hours=30, minutes=5), True, 1e20, "#REF!", " a\nb "])
    book.save(path)
    assert read_source(path).rows[0].values == {
        "Tag": "2026-11-23",
        "Stunde": "2026-11-23T07:05:00",
        "Uhrzeit": "07:05:00",
        "Dauer": "30:05:00",
        "Ja": True,
        "Groß": 1e20,
        "Text": "a\nb",
    }


def test_of_a_formula_what_it_showed(tmp_path: Path) -> None:
    path = tmp_path / "liste.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Nr", "Summe", "Text", "Fehler"])
        sheet.write_number(1, 0, 1)
        sheet.write_formula(1, 1, "=1+1", None, 2)
        sheet.write_formula(1, 2, '="=HYPERLINK"', None, "=cmd|' /C calc'!A0")
        sheet.write_formula(1, 3, "=1/0", None, "#DIV/0!")
    assert read_source(path).rows[0].values == {"Nr": 1, "Summe": 2, "Text": "=cmd|' /C calc'!A0"}


def test_the_header_below_a_preamble_and_groups(tmp_path: Path) -> None:
    rows = [("Stadt Schwerte",), (), ("Stand:", dt.date(2026, 11, 23)), (), ("Allgemein", "", "", "Lage")]
    header = ("Nr", "Name", "Name", "Rechts", "Hoch")
    found = read(tmp_path, [*rows, header, (1, "a", "b", 1, 2), (2, "c", "d", 3, 4), (3, "e", "f", 5, 6)])
    assert (found.header_row, found.renamed) == (6, ("Name (2)",))
    assert found.columns == ("Nr", "Name", "Name (2)", "Rechts", "Hoch")
    assert [row.number for row in found.rows] == [7, 8, 9]


def test_a_table_that_begins_further_down_and_right(tmp_path: Path) -> None:
    path = tmp_path / "liste.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(LIGHTS):
            sheet.write_row(10 + number, 3, row)
    found = read_source(path)
    assert (found.header_row, found.columns) == (11, LIGHTS[0])
    assert [row.number for row in found.rows] == [12, 13, 14]


def test_blank_and_totals_rows_are_no_data(tmp_path: Path) -> None:
    rows = [("Nr", "Art", "Anzahl", "Ort"), (1, "a", 3, "x"), (), (2, "b", 4, "y"), ("Summe", "", 7, "")]
    assert [row.kind for row in read(tmp_path, rows).rows] == ["data", "blank", "data", "totals"]


def test_the_sheet_with_the_table_is_read(tmp_path: Path) -> None:
    path = workbook(tmp_path / "x.xlsx", Deckblatt=[("Bestand",), ("Stand 2026",)], Daten=LIGHTS, Leer=[])
    found = read_source(path)
    assert (found.layer, found.other_layers) == ("Daten", ("Deckblatt",))


def test_a_named_sheet_is_read_and_a_wrong_name_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path / "x.xlsx", Daten=LIGHTS, Orte=SHORT)
    assert read_source(path, "Orte").columns == ("Nr", "Ort")
    with pytest.raises(LayerUnknown) as caught:
        read_source(path, "orte")
    assert caught.value.layers == ("Daten", "Orte")


def test_the_same_table_on_several_sheets_is_asked(tmp_path: Path) -> None:
    path = workbook(tmp_path / "x.xlsx", Nord=LIGHTS, Süd=LIGHTS, Orte=SHORT)
    with pytest.raises(SeveralLayers) as caught:
        read_source(path)
    assert caught.value.layers == ("Nord", "Süd")


def test_a_hidden_sheet_is_read_only_by_name(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for name, rows in (("Offen", SHORT), ("Versteckt", LIGHTS)):
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
        book.worksheets()[1].hide()
    assert read_source(path).layer == "Offen"
    assert read_source(path, "Versteckt").layer == "Versteckt"


def test_an_ods(tmp_path: Path) -> None:
    found = prepared(ods(tmp_path / "leuchten.ods", LIGHTS))
    assert (found.source.format, found.source.header_row) == ("ods", 1)
    assert [record.number for record in found.reading.records] == ["0047", "0048", "0049"]


def test_a_workbook_of_excel_97(tmp_path: Path) -> None:
    path = tmp_path / "leuchten.xls"
    path.write_bytes(xls(LIGHTS))
    found = prepared(path)
    assert (found.source.format, found.source.layer, found.source.header_row) == ("xls", "Blatt", 1)
    assert [record.number for record in found.reading.records] == ["0047", "0048", "0049"]
    assert found.source.rows[0].values["Straße"] == "Märkische Straße"


def test_a_password_of_excel_97(tmp_path: Path) -> None:
    path = tmp_path / "leuchten.xls"
    path.write_bytes(xls(LIGHTS, password=True))
    with pytest.raises(WorkbookProtected):
        read_source(path)


def test_a_damaged_workbook_of_excel_97_is_never_a_panic(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path, chance = tmp_path / "leuchten.xls", random.Random(97)
    for _turn in range(300):
        data = bytearray(xls(LIGHTS))
        for _flip in range(3):
            data[chance.randrange(2200)] = chance.randrange(256)
        path.write_bytes(data[: chance.choice((len(data), chance.randrange(len(data))))])
        try:
            read_source(path)
        except ImportRefused:
            continue
    assert capfd.readouterr() == ("", "")


def test_a_column_excel_97_never_had(tmp_path: Path) -> None:
    """It would take 18 GB of memory."""
    path = tmp_path / "leuchten.xls"
    path.write_bytes(xls([("Nr", *[""] * 255, "zu weit")]))
    with pytest.raises(FileDamaged):
        read_source(path)


@pytest.mark.parametrize("name", ["liste.xls", "liste.csv", "liste.zip", "liste"])
def test_the_content_counts_and_not_the_suffix(tmp_path: Path, name: str) -> None:
    assert read_source(workbook(tmp_path / name, Blatt=LIGHTS)).format == "xlsx"


def test_text_called_a_workbook_is_read_as_text(tmp_path: Path) -> None:
    """As older programs "export to Excel"."""
    path = tmp_path / "liste.xls"
    path.write_text("Nr\tOrt\n1\tHörde\n2\tAplerbeck\n", encoding="cp1252")
    assert read_source(path).format == "csv"


def test_an_empty_workbook_and_one_with_a_header_only(tmp_path: Path) -> None:
    for rows in ([], LIGHTS[:1]):
        with pytest.raises(FileEmpty):
            read(tmp_path, rows)


def test_a_password(tmp_path: Path) -> None:
    """The OLE container Excel makes: its directory names the encrypted package."""
    path = tmp_path / "liste.xlsx"
    name = "EncryptedPackage".encode("utf-16-le")
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + name + bytes(480))
    with pytest.raises(WorkbookProtected):
        read_source(path)


def test_a_password_of_an_ods(tmp_path: Path) -> None:
    entry = (
        '<manifest:file-entry manifest:full-path="content.xml"><manifest:encryption-data>'
        "</manifest:encryption-data></manifest:file-entry>"
    )
    with pytest.raises(WorkbookProtected):
        read_source(ods(tmp_path / "liste.ods", LIGHTS, entry))


@pytest.mark.parametrize("part", [0.1, 0.5, 0.9, 0.99])
def test_a_workbook_cut_off(tmp_path: Path, part: float) -> None:
    path = workbook(tmp_path / "liste.xlsx", Blatt=LIGHTS)
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * part)])
    with pytest.raises(FileDamaged):
        read_source(path)


@pytest.mark.parametrize("position", range(0, 6000, 211))
def test_a_flipped_byte_is_noticed_or_means_nothing(tmp_path: Path, position: int) -> None:
    path = workbook(tmp_path / "leuchten.xlsx", Blatt=LIGHTS)
    data = bytearray(path.read_bytes())
    whole = [row.values for row in read_source(path).rows]
    data[position % len(data)] ^= 0x15
    path.write_bytes(data)
    try:
        assert [row.values for row in read_source(path).rows] == whole
    except (FileDamaged, FormatUnknown):
        return


def test_a_document_of_another_program_is_no_workbook(tmp_path: Path) -> None:
    path = tmp_path / "brief.docx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<document/>")
    with pytest.raises(FormatUnknown):
        read_source(path)


@pytest.mark.parametrize(("row", "column"), [(1_048_575, 16_383), (5, 2000), (1_048_575, 100)])
def test_a_cell_in_the_last_corner_does_not_take_all_memory(tmp_path: Path, row: int, column: int) -> None:
    path = tmp_path / "liste.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Nr", "Ort"])
        sheet.write(row, column, " ")
    with pytest.raises(TableBroken) as caught:
        read_source(path)
    assert caught.value.row == row + 1


@pytest.fixture
def small_limit(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    def limit() -> None:
        monkeypatch.setattr("fieldtool.imports.source.LIMIT_MEGABYTES", 2)

    return limit


def test_a_workbook_that_unpacks_to_more_than_fits(tmp_path: Path, small_limit: Callable[[], None]) -> None:
    path = workbook(tmp_path / "liste.xlsx", Blatt=LIGHTS)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/bomb.bin", bytes(3_000_000))
    small_limit()
    with pytest.raises(UnpackedTooLarge):
        read_source(path)


def test_columns_count_in_letters() -> None:
    assert [column_index(letters) for letters in (b"A", b"Z", b"AA", b"XFD")] == [1, 26, 27, 16384]


def test_the_report_names_the_row_a_spreadsheet_shows(tmp_path: Path) -> None:
    rows = [("Stadt",), (), *LIGHTS, ("0050", "siehe Plan", 5708120, 6, "Prüßweg")]
    report = dry_run(workbook(tmp_path / "leuchten.xlsx", Blatt=rows))
    assert [(entry["row"], entry["column"]) for entry in report["rejected"]] == [(7, "Rechtswert")]
