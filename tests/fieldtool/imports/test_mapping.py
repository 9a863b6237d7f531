from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from fieldtool.imports.errors import MappingInvalid
from fieldtool.imports.words import key_of, plain
from tests.fieldtool.imports.lists import dry_run, prepared

LIST = """Kennz;Was;Wo;Ost;Nord;Telefon
Laterne 0047;Mast;Am Markt;7,465;51,514;0231
Laterne 0048;Mast;Am Markt;7,466;51,515;0231
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    found = tmp_path / "liste.csv"
    found.write_text(LIST, encoding="utf-8")
    return found


def mapping(tmp_path: Path, document: Any) -> Path:
    found = tmp_path / "m.json"
    found.write_text(document if isinstance(document, str) else json.dumps(document), encoding="utf-8")
    return found


def test_a_mapping_file_tells_class_number_and_what_to_leave_out(path: Path, tmp_path: Path) -> None:
    told = mapping(
        tmp_path,
        {
            "class": "street_light",
            "columns": {"Kennz": "number", "Wo": "street", "Telefon": None},
            "number_pattern": r"(\d+)$",
        },
    )
    found = prepared(path, mapping=told)
    record = found.reading.records[0]
    assert (found.kind.id, record.number) == ("street_light", "0047")
    assert record.attributes == {"street": "Am Markt", "was": "Mast"}
    assert record.geometry == {"type": "Point", "coordinates": [7.465, 51.514]}


@pytest.mark.parametrize(
    ("document", "key"),
    [
        ("{", "$"),
        ({"columns": {"Fehlt": "number"}}, "columns.Fehlt"),
        ({"columns": {"Wo": "colour"}}, "columns.Wo"),
        ({"columns": {"Wo": "street", "Was": "street"}}, "columns.Was"),
        ({"crs": "UTM32"}, "crs"),
        ({"number_pattern": "[0-9]+"}, "number_pattern"),
        ({"number_pattern": "([0-9]+"}, "number_pattern"),
        ({"colums": {}}, "$"),
    ],
)
def test_a_wrong_mapping_names_the_place(path: Path, tmp_path: Path, document: Any, key: str) -> None:
    with pytest.raises(MappingInvalid) as caught:
        prepared(path, mapping=mapping(tmp_path, document))
    assert caught.value.key == key
    assert caught.value.reason


def test_columns_no_attribute_wants_are_kept(path: Path) -> None:
    attributes = prepared(path, asset_class="street_light").reading.records[0].attributes
    assert attributes == {"kennz": "Laterne 0047", "was": "Mast", "wo": "Am Markt", "telefon": "0231"}


def test_length_and_width_of_a_bay_are_no_coordinates(tmp_path: Path) -> None:
    path = tmp_path / "stellplaetze.csv"
    path.write_text("Platznummer;Länge;Breite;X;Y\n1;5,0;2,5;7,465;51,514\n", encoding="utf-8")
    record = prepared(path).reading.records[0]
    assert (record.attributes["length"], record.attributes["width"]) == (5.0, 2.5)
    assert record.geometry is not None


def test_a_value_out_of_range_and_one_of_no_choice_are_flagged(tmp_path: Path) -> None:
    path = tmp_path / "leuchten.csv"
    path.write_text(
        "Mastnummer;Lon;Lat;Höhe;Leuchtmittel\n1;7,465;51,514;850;LED\n2;7,466;51,515;8;Petroleum\n",
        encoding="utf-8",
    )
    report = dry_run(path)
    assert report["imported"] == 2
    assert [(flag["row"], flag["column"], flag["value"]) for flag in report["flagged"]] == [
        (2, "Höhe", "850"),
        (3, "Leuchtmittel", "Petroleum"),
    ]


def test_a_missing_required_value_is_flagged(tmp_path: Path) -> None:
    path = tmp_path / "pegel.csv"
    path.write_text("Pegelnummer;Gewässer;Lon;Lat\n1;Ruhr;7,5;51,44\n2;;7,6;51,45\n", encoding="utf-8")
    assert [flag["row"] for flag in dry_run(path)["flagged"]] == [3]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Straße", "strasse"),
        ("Straáe", "strasse"),
        ("BaumNr.", "baum nr"),
        ("Maße [m²]", "masse m2"),
        ("lfd# Nr#", "lfd nr"),
    ],
)
def test_names_are_compared_by_their_words(name: str, words: str) -> None:
    assert plain(name) == words


def test_a_key_begins_with_a_letter() -> None:
    assert (key_of("2023"), key_of("P1 [kW]"), key_of("%")) == ("column_2023", "p1_kw", "column")
