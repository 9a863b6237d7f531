"""What a person decides before a list is taken over: columns, rows, rules, system, area; in the window."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLabel, QPushButton, QWidget

from fieldtool.asset import Asset
from fieldtool.exports.run import Wish as ExportWish
from fieldtool.exports.run import export
from fieldtool.journal import operation
from fieldtool.profile import Profile
from tests.ui.screens.assets.conftest import Office
from tests.ui.usable import assert_usable
from ui.screens.assets.import_page import ImportPage

LIST = """Mastnummer;Rechtswert;Hochwert;Lichtpunkthöhe;Leuchtmittel;Notiz
L-1;393486,95;5708103,10;8,5 m;LED;a
L-2;393520,10;5708111,40;8,5 m;LED;b
L-8;393555,75;5708120,00;6;LED;c
L-9;393590,00;5708130,00;6;LED;d
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    found = tmp_path / "leuchten.csv"
    found.write_text(LIST, encoding="utf-8")
    return found


@pytest.fixture
def page(office: Office, path: Path) -> ImportPage:
    office.view.open_import()
    office.view.importing.read(path)
    office.settle()
    return office.view.importing


def open_section(office: Office, page: ImportPage, part: QWidget) -> None:
    (opener,) = [opener for opener, section in page._sections if section is part]
    office.click(opener)
    assert part.isVisible()


def choose(box: QComboBox, value: str) -> None:
    index = box.findData(value)
    assert index >= 0
    box.setCurrentIndex(index)
    box.activated.emit(index)


def numbers(office: Office) -> list[str | None]:
    return sorted(
        office.done(lambda profile: [one.number for one in profile.store.assets(asset_class="street_light")]),
        key=str,
    )


def words(part: QWidget) -> str:
    return " ".join(label.text() for label in part.findChildren(QLabel) if label.isVisible())


def test_a_column_is_led_elsewhere_and_that_is_remembered(
    office: Office, page: ImportPage, path: Path
) -> None:
    open_section(office, page, page.columns)
    assert page.columns.boxes["Leuchtmittel"].currentData() == "lamp"
    assert "8,5 m" in words(page.columns)
    assert not page.columns.apply.isEnabled()
    choose(page.columns.boxes["Notiz"], "street")
    choose(page.columns.boxes["Leuchtmittel"], "")
    office.click(page.columns.apply)
    assert page.report is not None
    assert page.report.parts[0].prepared.reading.records[0].attributes["street"] == "a"
    assert "lamp" not in page.report.parts[0].prepared.mapping.targets
    office.click(page.take)
    page.read(path)
    office.settle()
    assert page.columns.boxes["Notiz"].currentData() == "street"
    open_section(office, page, page.columns)
    assert page.columns.memory.isVisible()
    office.click(page.columns.suggest)
    assert page.columns.boxes["Notiz"].currentData() == "remarks"
    assert not page.columns.memory.isVisible()


def test_two_columns_to_one_attribute_are_told_at_once(office: Office, page: ImportPage) -> None:
    open_section(office, page, page.columns)
    choose(page.columns.boxes["Notiz"], "lamp")
    assert page.columns.double.isVisible()
    assert not page.columns.apply.isEnabled()


def test_a_mapping_is_saved_and_loaded(office: Office, page: ImportPage, tmp_path: Path) -> None:
    saved = tmp_path / "zuordnung.json"
    page.keep_mapping(saved)
    office.settle()
    assert "zuordnung.json" in page.saved.text()
    document = json.loads(saved.read_text(encoding="utf-8"))
    document["columns"]["Notiz"] = "street"
    saved.write_text(json.dumps(document), encoding="utf-8")
    page.load_mapping(saved)
    office.settle()
    assert page.columns.boxes["Notiz"].currentData() == "street"
    document["columns"]["Notiz"] = "strasse"
    saved.write_text(json.dumps(document), encoding="utf-8")
    page.load_mapping(saved)
    office.settle()
    assert page.page.problem.code == "mapping_invalid"
    assert page.columns.boxes["Notiz"].currentData() == "street"


def test_single_rows_are_chosen_and_an_edited_one_gives_way(office: Office, page: ImportPage) -> None:
    """L-1 and L-2 were entered by hand: they stay unless a person says so."""
    open_section(office, page, page.rows)
    choose(page.rows.kinds, "imported")
    office.settle()
    assert [box.isChecked() for box in page.rows.checks] == [True, True]
    office.click(page.rows.none)
    assert not page.take.isEnabled()
    page.rows.checks[1].setChecked(True)
    choose(page.rows.kinds, "edited")
    office.settle()
    assert [box.isChecked() for box in page.rows.checks] == [False, False]
    assert "Leuchtmittel: Natriumdampf → LED" in words(page.rows)
    assert "bearbeitet von Karla Kleinschmidt" in words(page.rows)
    page.rows.checks[0].setChecked(True)
    assert page.chosen.text() == "2 Zeilen sind zum Übernehmen gewählt."
    office.click(page.take)
    assert page.counts.text() == "1 neu · 1 geändert · 2 ausgelassen · davon 1 nicht gewählt"
    assert numbers(office) == ["L-1", "L-2", "L-3", "L-4", "L-5", "L-9"]
    assert office.now(office.lights[0]).attributes["lamp"] == "led"
    assert office.now(office.lights[1]).attributes["lamp"] == "sodium"


def test_a_second_click_imports_once(office: Office, page: ImportPage) -> None:
    QTest.mouseClick(page.take, Qt.MouseButton.LeftButton)
    QTest.mouseClick(page.take, Qt.MouseButton.LeftButton)
    page.take_over()
    office.settle()
    page.take_over()
    office.settle()
    assert page.counts.text().startswith("2 neu")
    assert numbers(office).count("L-8") == 1


def test_what_was_looked_at_is_imported_though_the_file_changed(
    office: Office, page: ImportPage, path: Path
) -> None:
    path.write_text(LIST.replace("L-9", "X-9"), encoding="utf-8")
    office.click(page.take)
    assert "L-9" in numbers(office)
    assert "X-9" not in numbers(office)


def test_a_record_edited_between_look_and_import_is_left_alone(
    office: Office, page: ImportPage, path: Path
) -> None:
    office.click(page.take)
    path.write_text(LIST.replace(";6;LED", ";6;Gas"), encoding="utf-8")
    page.read(path)
    office.settle()
    assert page.counts.text() == "2 geändert · 2 ausgelassen"

    def edit(profile: Profile) -> Asset:
        (found,) = profile.store.asset_by_number("street_light", "L-8")
        with operation(profile.store, profile.actor, "asset.edit") as recorder:
            return recorder.update(found, name="Ecke")

    edited = office.done(edit)
    office.click(page.take)
    assert page.counts.text() == "1 geändert · 3 ausgelassen"
    assert office.now(edited) == edited


def test_a_rule_is_switched_off(office: Office, page: ImportPage) -> None:
    open_section(office, page, page.rules)
    assert "Lichtpunkthöhe: 2 Zellen, etwa 8,5 m → 8,5" in words(page.rules)
    page.rules.checks["units"].setChecked(False)
    office.click(page.rules.apply)
    assert page.report is not None
    first = page.report.parts[0].prepared.reading.records[0].attributes
    assert first["lantern_height_source"] == "8,5 m"
    assert not page.rules.checks["units"].isChecked()


def test_the_area_flags_what_lies_outside(office: Office, page: ImportPage) -> None:
    open_section(office, page, page.area)
    for one, figure in zip(page.area.lines, ("9,0", "51,0", "8,0", "52,0"), strict=True):
        one.setText(figure)
    office.click(page.area.put)
    assert page.area.wrong.isVisible()
    page.area.east.setText("10,0")
    office.click(page.area.put)
    assert page.report is not None
    assert page.report.area == (9.0, 51.0, 10.0, 52.0)
    assert any("außerhalb des eingestellten Gebiets" in one[3] for one in page.report.flagged.rows)
    assert page.take.isEnabled()


def test_the_area_comes_from_a_file_with_boundaries(office: Office, page: ImportPage, tmp_path: Path) -> None:
    open_section(office, page, page.area)
    boundaries = tmp_path / "gemeinden.geojson"
    ring = [[7.3, 51.4], [7.7, 51.4], [7.7, 51.7], [7.3, 51.4]]
    feature = {
        "type": "Feature",
        "properties": {"GEN": "Dortmund"},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }
    boundaries.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8")
    page.area.place.setText("Unna")
    page.load_boundary(boundaries)
    office.settle()
    assert page.page.problem.code == "boundary_missing"
    assert page.area.place.text() == "Unna"
    page.area.place.setText("Dortmund")
    page.load_boundary(boundaries)
    office.settle()
    assert page.report is not None
    assert page.report.area == (7.3, 51.4, 7.7, 51.7)
    assert page.area.west.text() == "7,3"


def test_each_possible_system_is_drawn_and_one_is_taken(office: Office, tmp_path: Path) -> None:
    path = tmp_path / "baeume.csv"
    path.write_text("Baumnummer;Rechtswert;Hochwert\n1;390000;5820000\n2;391000;5821000\n", encoding="utf-8")
    office.view.open_import()
    page = office.view.importing
    page.read(path)
    office.settle()
    assert page.readings.isVisible()
    assert "km von Berlin" in words(page.readings)
    (berlin,) = [one for one in page.readings.buttons if "25833" in one.text()]
    office.click(berlin)
    assert not page.readings.isVisible()
    assert page.report is not None
    assert (page.report.crs, page.report.crs_certain) == ("EPSG:25833", True)
    assert page.take.isVisible()


def test_the_report_is_saved_with_what_is_chosen(office: Office, page: ImportPage, tmp_path: Path) -> None:
    open_section(office, page, page.rows)
    choose(page.rows.kinds, "imported")
    office.settle()
    page.rows.checks[0].setChecked(False)
    saved = tmp_path / "bericht.csv"
    page.keep_report(saved)
    office.settle()
    text = saved.read_text(encoding="utf-8-sig")
    assert "4;ausgelassen;L-8;;;nicht gewählt" in text
    assert "5;neu;L-9" in text
    assert saved.stat().st_size
    page.keep_report(tmp_path / "fehlt" / "bericht.csv")
    office.settle()
    assert page.page.problem.code == "target_not_written"


def test_all_lists_of_our_own_package(office: Office, tmp_path: Path) -> None:
    package = tmp_path / "bestand.gpkg"
    office.done(lambda profile: export(profile.store, ExportWish(target=package)))
    tree = office.done(lambda profile: next(profile.store.assets(asset_class="tree")))
    office.delete(tree)
    office.view.open_import()
    page = office.view.importing
    page.read(package)
    office.settle()
    choose(page.layers, "all")
    office.settle()
    assert page.counts.text() == "1 neu · 5 unverändert"
    office.click(page.take)
    assert office.done(lambda profile: profile.store.count(Asset)) == 6


def test_the_sections_are_usable(office: Office, page: ImportPage) -> None:
    for opener, part in page._sections:
        office.click(opener)
        assert part.isVisible()
    office.settle()
    assert_usable(page)
    assert all(one.accessibleName() for one in page.findChildren(QPushButton))
