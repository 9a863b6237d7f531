from __future__ import annotations

import shutil
import threading
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from fieldtool.imports.errors import FileDamaged, FileEmpty, FormatUnknown, SeveralLayers
from fieldtool.imports.source import read_source
from tests.fieldtool.imports.lists import dry_run, outcomes, prepared

KML = """<?xml version="1.0" encoding="UTF-8"?>
<kml xmlns="http://www.opengis.net/kml/2.2"><Document><name>Bäume</name>
<Schema name="S" id="S"><SimpleField name="baumnummer" type="string"/></Schema>
<NetworkLink><Link><href>{address}/weiter.kml</href></Link></NetworkLink>
<Folder><name>Nord</name>
<Placemark><name>Linde</name><description>am Markt</description><ExtendedData>
<SchemaData schemaUrl="#S"><SimpleData name="baumnummer">0047</SimpleData></SchemaData></ExtendedData>
<Point><coordinates>7.465,51.514,0</coordinates></Point></Placemark>
<Placemark><name>Eiche</name><ExtendedData><Data name="straße"><value>Prüßweg</value></Data></ExtendedData>
<Point><coordinates>7.466,51.515,0</coordinates></Point></Placemark>
</Folder>{more}</Document></kml>
"""
SOUTH = "<Folder><name>Süd</name><Placemark><name>Buche</name></Placemark></Folder>"
GML = """<?xml version="1.0" encoding="UTF-8"?>
<gml:FeatureCollection xmlns:gml="http://www.opengis.net/gml/3.2" xmlns:app="urn:app" gml:id="f"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="urn:app {address}/app.xsd">
{features}</gml:FeatureCollection>
"""
BAUM = """<gml:featureMember><app:Baum gml:id="b{nr}"><app:baumnummer>{nr}</app:baumnummer>
<app:hoehe>12</app:hoehe>
<app:ort><gml:Point gml:id="p{nr}" srsName="{srs}"><gml:pos>{pos}</gml:pos></gml:Point></app:ort>
</app:Baum></gml:featureMember>
"""
URN = "urn:ogc:def:crs:EPSG::"


def kml(path: Path, more: str = "", address: str = "http://127.0.0.1:9") -> Path:
    path.write_text(KML.format(more=more, address=address), encoding="utf-8")
    return path


def gml(path: Path, srs: str, *places: str, address: str = "http://127.0.0.1:9", first: int = 47) -> Path:
    features = "".join(
        BAUM.format(nr=f"{number:04}", srs=srs, pos=place) for number, place in enumerate(places, start=first)
    )
    path.write_text(GML.format(features=features, address=address), encoding="utf-8")
    return path


def test_a_kml(tmp_path: Path) -> None:
    found = prepared(kml(tmp_path / "baeume.kml"))
    source = found.source
    assert (source.format, source.crs, source.layer, found.kind.id) == ("kml", "EPSG:4326", "Nord", "tree")
    assert source.columns == ("name", "description", "baumnummer", "straße")
    assert source.rows[0].values == {"name": "Linde", "description": "am Markt", "baumnummer": "0047"}
    assert source.rows[0].geometry == {"type": "Point", "coordinates": [7.465, 51.514]}
    assert source.rows[1].values == {"name": "Eiche", "straße": "Prüßweg"}


def test_a_kmz_says_the_same(tmp_path: Path) -> None:
    plain = kml(tmp_path / "baeume.kml")
    path = tmp_path / "baeume.kmz"
    with zipfile.ZipFile(path, "w") as archive:
        archive.write(plain, "doc.kml")
        archive.writestr("files/weiteres.kml", "<kml/>")
    packed, unpacked = read_source(path), read_source(plain)
    assert (packed.path, packed.rows, packed.columns) == (path, unpacked.rows, unpacked.columns)


def test_several_folders_are_asked(tmp_path: Path) -> None:
    path = kml(tmp_path / "baeume.kml", SOUTH)
    with pytest.raises(SeveralLayers) as caught:
        read_source(path)
    assert caught.value.layers == ("Nord", "Süd")
    assert read_source(path, "Süd").rows[0].values == {"name": "Buche"}


@pytest.mark.parametrize(
    ("srs", "pos", "crs"),
    [
        (f"{URN}4326", "51.514 7.465", "EPSG:4326"),
        ("EPSG:4326", "7.465 51.514", "EPSG:4326"),
        (f"{URN}25832", "393486.95 5708103.10", "EPSG:25832"),
        (f"{URN}4258", "51.514 7.465", "EPSG:4258"),
        (f"{URN}31466", "5709849.30 2601738.25", "EPSG:31466"),
        ("http://www.opengis.net/def/crs/EPSG/0/25832", "393486.95 5708103.10", "EPSG:25832"),
    ],
)
def test_the_order_of_the_axes_is_that_of_the_system(tmp_path: Path, srs: str, pos: str, crs: str) -> None:
    found = prepared(gml(tmp_path / "baeume.gml", srs, pos))
    assert (found.source.format, found.crs.crs, found.crs.order) == ("gml", crs, "as_named")
    geometry = found.reading.records[0].geometry
    assert geometry is not None
    assert geometry["coordinates"] == pytest.approx([7.465, 51.514], abs=3e-5)


def test_cells_of_a_gml_stay_as_written(tmp_path: Path) -> None:
    source = read_source(gml(tmp_path / "x.gml", f"{URN}4326", "51.5 7.4", "51.6 7.5", first=9))
    assert [row.values["baumnummer"] for row in source.rows] == ["0009", "0010"]
    assert source.rows[0].values == {"gml_id": "b0009", "baumnummer": "0009", "hoehe": "12"}


def test_a_broken_feature_is_a_row_with_a_problem(tmp_path: Path) -> None:
    report = dry_run(
        gml(tmp_path / "x.gml", f"{URN}4326", "51.5 7.4", "abc", "51.6 7.5"), asset_class="other"
    )
    assert report["rows"] == outcomes(report) == 3
    assert [entry["row"] for entry in report["rejected"]] == [2]


@pytest.mark.parametrize(
    ("shape", "expected"),
    [
        (
            "<Point><coordinates> 7.4, 51.5, 90 </coordinates></Point>",
            {"type": "Point", "coordinates": [7.4, 51.5]},
        ),
        (
            "<Point><altitudeMode>absolute</altitudeMode><coordinates>7.4,51.5,90</coordinates></Point>",
            {"type": "Point", "coordinates": [7.4, 51.5, 90]},
        ),
        (
            "<LineString><coordinates>7,51 7.1,51.1\n7.2,51</coordinates></LineString>",
            {"type": "LineString", "coordinates": [[7, 51], [7.1, 51.1], [7.2, 51]]},
        ),
        (
            "<Polygon><outerBoundaryIs><LinearRing><coordinates>7,51 8,51 8,52 7,51</coordinates>"
            "</LinearRing></outerBoundaryIs></Polygon>",
            {"type": "Polygon", "coordinates": [[[7, 51], [8, 51], [8, 52], [7, 51]]]},
        ),
        (
            "<MultiGeometry><Point><coordinates>7,51</coordinates></Point><MultiGeometry><Point>"
            "<coordinates>8,52</coordinates></Point></MultiGeometry></MultiGeometry>",
            {"type": "MultiPoint", "coordinates": [[7, 51], [8, 52]]},
        ),
        ("<Point><coordinates>hier</coordinates></Point>", None),
        ("<Point/>", None),
        ("<Model/>", None),
        ("<MultiGeometry/>", None),
    ],
)
def test_the_geometries_of_kml(tmp_path: Path, shape: str, expected: object) -> None:
    path = kml(tmp_path / "x.kml", f"<Folder><name>X</name><Placemark>{shape}</Placemark></Folder>")
    row = read_source(path, "X").rows[0]
    assert (row.geometry, row.problem is None) == (expected, expected is not None)


@pytest.mark.parametrize("part", [0.4, 0.7, 0.99])
def test_xml_cut_off(tmp_path: Path, part: float) -> None:
    for path in (kml(tmp_path / "x.kml"), gml(tmp_path / "x.gml", f"{URN}4326", "51.5 7.4", "51.6 7.5")):
        data = path.read_bytes()
        path.write_bytes(data[: int(len(data) * part)])
        with pytest.raises(FileDamaged):
            read_source(path)


@pytest.mark.parametrize("encoding", ["UTF-8", "windows-1252", "ISO-8859-1"])
def test_the_encoding_xml_names(tmp_path: Path, encoding: str) -> None:
    path = kml(tmp_path / "x.kml")
    text = path.read_text(encoding="utf-8").replace("UTF-8", encoding)
    path.write_text(text, encoding=encoding)
    assert read_source(path).rows[1].values["straße"] == "Prüßweg"
    path.write_text(text.replace(encoding, "UTF-9"), encoding=encoding)
    with pytest.raises(FileDamaged):
        read_source(path)


def test_entities_that_grow_without_end(tmp_path: Path) -> None:
    path = tmp_path / "x.kml"
    grown = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    path.write_text(
        f'<?xml version="1.0"?><!DOCTYPE kml [<!ENTITY e0 "lol">{grown}]><kml><name>&e11;</name></kml>',
        encoding="utf-8",
    )
    with pytest.raises(FileDamaged):
        read_source(path)


def test_other_xml_and_html_are_no_lists(tmp_path: Path) -> None:
    path = tmp_path / "seite.xml"
    for text in ("<?xml version='1.0'?><a/>", "<!DOCTYPE html><html><body>Fehler 404</body></html>"):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(FormatUnknown):
            read_source(path)


def test_nothing_within(tmp_path: Path) -> None:
    path = tmp_path / "leer.kml"
    path.write_text('<kml xmlns="http://www.opengis.net/kml/2.2"><Document/></kml>', encoding="utf-8")
    with pytest.raises(FileEmpty):
        read_source(path)
    with pytest.raises(FileEmpty):
        read_source(gml(tmp_path / "leer.gml", f"{URN}4326"))


@pytest.fixture
def asked() -> Iterator[tuple[str, list[str]]]:
    """A server that would answer, its address and what it was asked for."""
    paths: list[str] = []

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            paths.append(self.path)
            self.send_error(404)

        def log_message(self, *_arguments: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Answer)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", paths
    server.shutdown()
    thread.join()
    server.server_close()


def test_nothing_is_fetched_nothing_written_and_nothing_said(
    tmp_path: Path, asked: tuple[str, list[str]], capfd: pytest.CaptureFixture[str]
) -> None:
    address, paths = asked
    link = f'<gml:featureMember xlink:href="{address}/x" xmlns:xlink="http://www.w3.org/1999/xlink"/>'
    read_source(kml(tmp_path / "x.kml", address=address))
    path = gml(tmp_path / "x.gml", f"{URN}4326", "51.5 7.4", "abc", address=address)
    path.write_text(
        path.read_text(encoding="utf-8").replace("</gml:Fea", f"{link}</gml:Fea"), encoding="utf-8"
    )
    read_source(path)
    shutil.copy(path, tmp_path / "y.gml")
    read_source(gml(tmp_path / "y.gml", f"{address}/crs/25832", "393486.95 5708103.10", address=address))
    assert paths == []
    assert sorted(found.name for found in tmp_path.iterdir()) == ["x.gml", "x.kml", "y.gml"]
    assert capfd.readouterr() == ("", "")
