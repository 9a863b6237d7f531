"""Whatever a person picks by mistake: an expected error, never a traceback, nothing on the terminal."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from fieldtool.explain import explain
from fieldtool.imports.errors import FileEmpty, FormatUnknown, ImportRefused
from tests.fieldtool.imports.lists import dry_run, outcomes

SUFFIXES = (
    *(
        "csv",
        "tsv",
        "txt",
        "json",
        "geojson",
        "ndjson",
        "xlsx",
        "xlsm",
        "xlsb",
        "xls",
        "ods",
        "gpkg",
        "mbtiles",
    ),
    *(
        "shp",
        "shx",
        "dbf",
        "prj",
        "cpg",
        "zip",
        "gz",
        "kml",
        "kmz",
        "gml",
        "xml",
        "pdf",
        "png",
        "docx",
        "liste",
    ),
)
BEGINNINGS = {
    "zip": b"PK\x03\x04",
    "empty_zip": b"PK\x05\x06",
    "sqlite": b"SQLite format 3\x00",
    "ole": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    "gzip": b"\x1f\x8b\x08",
    "shape": b"\x00\x00\x27\x0a",
    "kml": b"<kml",
    "gml": b'<?xml version="1.0"?><x xmlns="http://www.opengis.net/gml">',
    "json": b'{"type": "FeatureCollection", ',
}
FOREIGN = {
    "pdf": b"%PDF-1.4\n%\xe2\xe3\n1 0 obj\n<< /Type /Catalog >>\n",
    "png": b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
    "jpeg": b"\xff\xd8\xff\xe0\x00\x10JFIF",
    "rtf": b"{\\rtf1 Text}",
    "rar": b"Rar!\x1a\x07\x00",
}

Written = Callable[[str, bytes], Path]


@pytest.fixture
def written(tmp_path: Path) -> Written:
    def write(suffix: str, data: bytes) -> Path:
        path = tmp_path / f"liste.{suffix}"
        path.write_bytes(data)
        return path

    return write


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("data", [b"", bytes(3000), b"\n \r\n"], ids=["empty", "zeros", "blank"])
def test_a_file_with_nothing(written: Written, suffix: str, data: bytes) -> None:
    with pytest.raises(FileEmpty):
        dry_run(written(suffix, data))


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_chance_bytes(written: Written, suffix: str, capfd: pytest.CaptureFixture[str]) -> None:
    chance = random.Random(suffix)
    for beginning in (b"", *BEGINNINGS.values()):
        for length in (0, 60, 5000):
            if beginning or length:
                with pytest.raises(ImportRefused) as caught:
                    dry_run(written(suffix, beginning + chance.randbytes(length)))
                assert explain(caught.value).advice
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("kind", FOREIGN)
def test_documents_and_pictures_are_no_lists(written: Written, suffix: str, kind: str) -> None:
    with pytest.raises(FormatUnknown) as caught:
        dry_run(written(suffix, FOREIGN[kind]))
    assert "GeoPackage" in caught.value.known
    assert "Shapefile" in explain(caught.value).message


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_list_by_a_wrong_name_is_read_or_refused(written: Written, suffix: str) -> None:
    try:
        report = dry_run(written(suffix, "Nr;Ort\n1;Hörde\n2;Aplerbeck\n".encode()))
    except ImportRefused:
        return
    assert report["rows"] == outcomes(report) == 2
