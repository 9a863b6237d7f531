from __future__ import annotations

import pytest

from fieldtool.connectors import source_errors as wrong
from fieldtool.connectors.map_services import capabilities
from fieldtool.connectors.map_services.pictures import Service, exception_text, is_picture, request
from fieldtool.tile_grid import Tile
from tests.fieldtool.training.process import Running

MATRIX = (
    "<TileMatrix><Identifier>{name}</Identifier><ScaleDenominator>{scale}</ScaleDenominator>"
    "<TopLeftCorner>-20037508.3428 20037508.3428</TopLeftCorner><TileWidth>{size}</TileWidth>"
    "<TileHeight>{size}</TileHeight></TileMatrix>"
)


def test_a_wmts_says_what_it_has(platform: Running) -> None:
    url = f"{platform.told['url']}/maps/wmts/1.0.0/WMTSCapabilities.xml"
    (offer,) = capabilities.read(url)
    assert (offer.kind, offer.name, offer.min_zoom, offer.max_zoom) == ("xyz", "uebungskarte", 0, 20)
    assert offer.url.endswith("/uebungskarte/default/web/{z}/{y}/{x}.png")
    assert offer.box == (7.2, 51.3, 7.8, 51.7)
    assert offer.attribution == "Übungsstadt, erfunden"


@pytest.mark.parametrize("query", ["", "?", "?SERVICE=WMS&REQUEST=GetCapabilities", "?map=x&version=1.3.0"])
def test_a_wms_says_what_it_has(platform: Running, query: str) -> None:
    (offer,) = capabilities.read(f"{platform.told['url']}/maps/wms{query}")
    assert (offer.kind, offer.layers) == ("wms", "uebungskarte")
    assert offer.url == f"{platform.told['url']}/maps/wms"
    assert offer.attribution == "Übungsstadt, erfunden"


def test_what_is_none(platform: Running) -> None:
    platform.faults({"match": {"path": "/maps/*"}, "fault": "html"})
    with pytest.raises(wrong.SourceUnusable):
        capabilities.read(f"{platform.told['url']}/maps/wms")
    platform.faults()
    with pytest.raises(wrong.NoMapService):
        capabilities.read(f"{platform.told['url']}/ckan/api/3/action/site_read?request=GetCapabilities")
    with pytest.raises(wrong.SourceMissing):
        capabilities.read(f"{platform.told['url']}/maps/nowhere.xml")


def wmts(matrices: str, crs: str = "urn:ogc:def:crs:EPSG:6.18.3:3857", layer: str = "") -> bytes:
    return (
        f"<Capabilities><OperationsMetadata><Operation name='GetTile'><DCP><HTTP><Get "
        "xmlns:x='http://www.w3.org/1999/xlink' x:href='https://k.example.org/wmts?key=1'/></HTTP></DCP>"
        f"</Operation></OperationsMetadata><Contents><Layer><Identifier>dop</Identifier><Style>"
        "<Identifier>std</Identifier></Style><Format>image/tiff</Format><Format>image/jpeg</Format>"
        f"<TileMatrixSetLink><TileMatrixSet>g</TileMatrixSet></TileMatrixSetLink>{layer}</Layer>"
        f"<TileMatrixSet><Identifier>g</Identifier><SupportedCRS>{crs}</SupportedCRS>{matrices}"
        "</TileMatrixSet></Contents></Capabilities>"
    ).encode()


def offers(document: bytes) -> tuple[capabilities.Offer, ...]:
    root = capabilities._parsed(document)
    assert root is not None
    return capabilities._offers(root, "https://k.example.org/wmts") or ()


def level(zoom: int, name: str, size: int = 256) -> str:
    return MATRIX.format(name=name, scale=559082264.0287178 / 2**zoom, size=size)


def test_a_wmts_by_key_and_value_with_prefixes() -> None:
    (offer,) = offers(wmts(level(5, "EPSG:3857:5") + level(6, "EPSG:3857:6")))
    assert (offer.min_zoom, offer.max_zoom) == (5, 6)
    path, asked = request(Service(offer.url), Tile(6, 33, 21))
    assert path == "/wmts"
    assert asked["TILEMATRIX"] == "EPSG:3857:6"
    assert (asked["TILECOL"], asked["TILEROW"], asked["key"], asked["FORMAT"]) == (
        "33",
        "21",
        "1",
        "image/jpeg",
    )
    assert asked["STYLE"] == "std"


@pytest.mark.parametrize(("more", "path"), [("", "/t/5/1/2.jpg"), ("{Time}/", "/wmts")])
def test_a_template_with_places_nobody_fills_is_left_alone(more: str, path: str) -> None:
    template = f"https://k.example.org/t/{more}{{TileMatrix}}/{{TileRow}}/{{TileCol}}.jpg"
    layer = f"<ResourceURL resourceType='tile' format='image/jpeg' template='{template}'/>"
    (offer,) = offers(wmts(level(5, "5"), layer=layer))
    assert request(Service(offer.url), Tile(5, 2, 1))[0] == path


@pytest.mark.parametrize(
    "document",
    [
        wmts(level(5, "5"), crs="urn:ogc:def:crs:EPSG::25832"),
        wmts(level(5, "5", size=512)),
        wmts(level(5, "00") + level(6, "01")),
        wmts(MATRIX.format(name="5", scale=1000000, size=256)),
        wmts(""),
    ],
)
def test_another_grid_does_not_fit(document: bytes) -> None:
    assert offers(document) == ()


def test_a_wms_layer_has_what_the_one_above_it_has() -> None:
    old = (
        b"<WMT_MS_Capabilities version='1.1.1'><Service><Title>T</Title></Service><Capability><Layer>"
        b"<SRS>EPSG:3857</SRS><Layer><Name>a</Name></Layer><Layer><Title>Gruppe</Title><Layer><Name>b</Name>"
        b"<Title>B</Title></Layer></Layer></Layer><Layer><Name>c</Name><SRS>EPSG:25832</SRS></Layer>"
        b"</Capability></WMT_MS_Capabilities>"
    )
    assert [(one.layers, one.title, one.attribution) for one in offers(old)] == [
        ("a", "a", "T"),
        ("b", "B", "T"),
    ]


def test_entities_are_not_resolved() -> None:
    assert capabilities._parsed(b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>') is None


def test_a_wms_is_asked_in_metres() -> None:
    path, asked = request(Service("https://w.example.org/wms?map=stadt&LAYERS=x", "a,b"), Tile(1, 0, 0))
    assert path == "/wms"
    assert asked["map"] == "stadt"
    assert asked["LAYERS"] == "a,b"
    assert asked["BBOX"] == "-20037508.343,0.000,0.000,20037508.343"


def test_half_a_picture_is_none() -> None:
    png = b"\x89PNG\r\n\x1a\n" + b"x" * 20 + b"IEND\xaeB`\x82"
    assert is_picture(png)
    assert not is_picture(png[:-6])
    assert is_picture(b"\xff\xd8\xff\xe0abc\xff\xd9")
    assert not is_picture(b"\xff\xd8\xff\xe0abc")
    assert is_picture(b"RIFF\x04\x00\x00\x00WEBP")
    assert not is_picture(b"<html>")


def test_what_a_service_says() -> None:
    said = (
        b"<?xml version='1.0'?><ServiceExceptionReport><ServiceException code='x'><![CDATA[ no \n layer ]]>"
    )
    assert exception_text(said + b"</ServiceException></ServiceExceptionReport>") == "no layer"
    assert exception_text(b"<html><body>x</body></html>") is None
