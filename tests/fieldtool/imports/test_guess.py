"""Which class a list of a city nobody has seen is about: headers as German lists have them."""

from __future__ import annotations

from pathlib import Path

import pytest

from fieldtool.asset_classes import AssetAttribute, asset_class, class_ids
from fieldtool.imports.vocabulary import EAST_WORDS, NAME_WORDS, NORTH_WORDS, NUMBER_WORDS
from fieldtool.imports.words import plain
from tests.fieldtool.imports.lists import prepared

PLACE = "lat;lon"
LISTS = [
    ("Ladesaeulen.csv", "Betreiber;Anzahl Ladepunkte;Steckertyp;lat;lon", "charging_station"),
    ("charging_stations.csv", "id;name;lat;lon", "charging_station"),
    ("weather_stations.csv", "id;name;lat;lon", "weather_station"),
    ("stations.csv", "id;name;lat;lon", "station"),
    ("baenke.csv", "Nr;Material;lat;lon;Zustand", "bench"),
    ("haltestellen.csv", "Nr;Name;Betreiber;Steig;lat;lon", "stop"),
    ("ampeln.csv", "LSA-Nr;Knotenpunkt;lat;lon", "traffic_light"),
    ("Zählerliste.csv", "Zählernummer;Medium;Geeicht bis", "meter"),
    ("Hydranten.csv", "Nr;DN;Bauart;lat;lon", "hydrant"),
    ("luftmessstationen.csv", "Nr;Komponenten;lat;lon", "air_station"),
    ("messstellen_pegel.csv", "Pegelnummer;Gewässer;lat;lon", "water_gauge"),
    ("containerstandorte.csv", "Nr;Fraktionen;lat;lon", "container_site"),
    ("papierkoerbe.csv", "Nr;lat;lon", "bin"),
    ("beleuchtungsmasten.csv", "Mastnummer;Höhe;lat;lon", "light_mast"),
    ("sensormasten.csv", "Mastnummer;Höhe;lat;lon", "sensor_mast"),
    ("liste.csv", "Mastnummer;Lichtpunkthöhe;Leuchtmittel;lat;lon", "street_light"),
    ("export.csv", "BaumNr;Baumart;Pflanzjahr;lat;lon", "tree"),
    ("co2_ampeln.csv", "Schule;Raum", "room"),
    ("personenzaehler.csv", "Name;lat;lon", "people_counter"),
    ("naturdenkmale.csv", "Nr;Lage;lat;lon", "natural_monument"),
    ("datenbank.csv", "A;B;lat;lon", "other"),
    ("parameter.csv", "A;B;lat;lon", "other"),
]


@pytest.mark.parametrize(("name", "header", "kind"), LISTS)
def test_a_list_is_of_its_class(tmp_path: Path, name: str, header: str, kind: str) -> None:
    path = tmp_path / name
    rows = ["7,4" if column == "lon" else "51,5" if column == "lat" else "1" for column in header.split(";")]
    path.write_text(f"{header}\n{';'.join(rows)}\n", encoding="utf-8")
    assert prepared(path).kind.id == kind


def test_a_row_that_names_its_class_in_a_cell_is_heard(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_text("Was;Wo\nSpielplatz 1;Am Markt\nSpielplatz 2;Am Ufer\n", encoding="utf-8")
    assert prepared(path).kind.id == "playground"


def called(attribute: AssetAttribute) -> set[str]:
    return {plain(word) for word in attribute.words}


@pytest.mark.parametrize("name", class_ids())
def test_no_two_attributes_of_a_class_go_by_one_word(name: str) -> None:
    """Else the second would never be suggested."""
    kind = asset_class(name)
    seen: dict[str, str] = {}
    for attribute in kind.attributes:
        for word in called(attribute):
            assert seen.setdefault(word, attribute.key) == attribute.key, word


@pytest.mark.parametrize("name", class_ids())
def test_no_attribute_hides_behind_what_every_list_has(name: str) -> None:
    """A word of an attribute that would always become the number or the name is of no use; one of a
    coordinate would take the place away from the list, so only a bay and a bridge have such."""
    taken = set(map(plain, (*NUMBER_WORDS, *NAME_WORDS)))
    places = set(map(plain, (*EAST_WORDS, *NORTH_WORDS)))
    for attribute in asset_class(name).attributes:
        assert not called(attribute) & taken, attribute.key
        if name not in ("parking_bay", "bridge"):
            assert not called(attribute) & places, attribute.key
