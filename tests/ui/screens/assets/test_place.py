"""Where an asset is: typed, chosen on the map in the real web view, or from a GNSS receiver."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from fieldtool.asset import Asset
from fieldtool.children import child
from fieldtool.crs import utm32
from fieldtool.geometry import point
from fieldtool.texts import decimal
from tests.ui.keyboard import Keys
from tests.ui.screens.assets.conftest import Office
from tests.ui.usable import assert_usable
from ui.screens.assets.form_page import FormPage


@pytest.fixture
def form(office: Office) -> FormPage:
    office.view.open_form(office.lights[0].id)
    office.settle()
    return office.view.form


def place(office: Office) -> object:
    geometry = office.now(office.lights[0]).geometry
    assert geometry is not None
    return geometry["coordinates"]


def last_reason(office: Office, asset: Asset) -> str | None:
    return office.done(lambda profile: [*profile.store.history(asset.id)][-1].operation.reason)


def test_typed_as_utm(office: Office, form: FormPage) -> None:
    keys = Keys(office.view)
    east, north = (decimal(figure, 3) for figure in utm32(7.4653, 51.5136))
    keys.type("oder ETRS89/UTM 32: Ost, Nord", f"{east} {north}")
    keys.press(Qt.Key.Key_Return)
    office.settle()
    office.click(form.save)
    assert place(office) == pytest.approx([7.4653, 51.5136], abs=2e-8)


@pytest.mark.parametrize("words", ["", "393530,25", "393530 Nord", "7,46 51,51"])
def test_what_is_no_utm(office: Office, form: FormPage, words: str) -> None:
    form.place.utm.setText(words)
    office.click(form.place.use_utm)
    assert form.place.problem.isVisible()
    assert form.lat.text() == "51,51"
    assert form.place.utm.text() == words


def test_chosen_on_the_map(office: Office, form: FormPage) -> None:
    office.click(form.place.on_map)
    picker = form.picker
    assert picker is not None
    assert picker.isVisible()
    office.qtbot.waitUntil(lambda: picker.map.painted and picker.place is not None, timeout=30_000)
    office.settle()
    assert picker.place == pytest.approx((7.46, 51.51), abs=1e-4)
    picker.map.go(7.47, 51.52, 18)
    office.qtbot.waitUntil(lambda: picker.place == pytest.approx((7.47, 51.52), abs=1e-4))
    assert "Am Kreuz" in picker.where.text()
    assert_usable(office.view)
    assert picker.map.view is not None
    corner = "fieldtool.page.tools.act(L.latLng(51.5201, 7.4701))"
    picker.map.view.page().runJavaScript(corner)
    office.qtbot.waitUntil(lambda: "Angeklickt" in picker.where.text())
    office.click(picker.take)
    assert not picker.isVisible()
    office.click(form.save)
    assert place(office) == [7.4701, 51.5201]
    office.view.open_form(office.lights[1].id)
    office.settle()
    office.click(form.place.on_map)
    office.qtbot.waitUntil(lambda: picker.place == pytest.approx((7.46, 51.51), abs=1e-4))
    office.click(picker.cancel)
    assert (form.lon.text(), form.lat.text()) == ("7,46", "51,51")
    picker.map.end()


def test_the_place_where_the_person_stands(office: Office, form: FormPage, tmp_path: Path) -> None:
    own = form.place.own
    office.click(own.take)
    assert "GNSS" in own.problem.message.text()
    script = tmp_path / "gnss.json"
    script.write_text(json.dumps({"gnss": {"lon": 7.4653, "lat": 51.5136, "rate_hz": 10}}), encoding="utf-8")
    with child(["simulate", "nmea-gnss", "--script", str(script)]) as (_process, ready):
        office.view.desk.preferences = replace(office.view.desk.preferences, gnss_port=ready["port"])
        own.take.click()
        assert not own.take.isEnabled()
        office.qtbot.waitUntil(own.take.isEnabled, timeout=20_000)
    assert "m genau" in own.said.text()
    office.click(form.save)
    assert place(office) == pytest.approx([7.4653, 51.5136], abs=1e-3)
    reason = last_reason(office, office.lights[0])
    assert reason is not None
    assert reason.startswith("Ort per GNSS, auf ")


def test_a_line_stays_a_line(office: Office) -> None:
    line = Asset(
        id=office.lights[0].id,
        asset_class="other",
        geometry={"type": "LineString", "coordinates": [[7, 51], [8, 52]]},
    )
    form = office.view.form
    form.place.show_geometry(line.geometry)
    assert not form.place.on_map.isVisibleTo(form)
    form.place.show_geometry(point(7.5, 51.5))
    assert form.place.place() == (7.5, 51.5)
