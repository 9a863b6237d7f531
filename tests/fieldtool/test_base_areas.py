"""Areas of a base map taken along, against the training platform's map service and its faults."""

from __future__ import annotations

import json
import math
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from fieldtool import base_areas, base_maps, online
from fieldtool.base_areas import At, KeptArea
from fieldtool.base_maps import BaseMap, Maps, with_service
from fieldtool.cli import main
from fieldtool.connectors.errors import TargetUrlInvalid, Unexpected, UnexpectedAnswer
from fieldtool.connectors.map_services import MapService, round_zoom, whole_picture, with_query
from fieldtool.map_offers import LayerUnknown, base_of, offers
from fieldtool.schemas import violation
from fieldtool.store import mbtiles
from fieldtool.store.errors import DiskFull
from fieldtool.store.growing_tiles import growing
from fieldtool.tile_grid import Area, blocks, tile_box_m, tile_count
from tests.fieldtool.training.process import Running, running

CITY = Area((7.45, 51.50, 7.48, 51.52), 12, 16)
TILES = 66


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(tmp_path_factory.mktemp("training")) as started:
        yield started


@pytest.fixture(autouse=True)
def no_faults(platform: Running) -> Iterator[None]:
    yield
    platform.faults()


def service(platform: Running, kind: str = "wmts") -> str:
    return f"http://127.0.0.1:{platform.port}/maps/{kind}"


@pytest.fixture
def base(platform: Running) -> BaseMap:
    return base_of(service(platform), "")


def no_pause(_seconds: float) -> None:
    pass


def stored(kept: KeptArea) -> dict[tuple[int, int, int], bytes]:
    with closing(sqlite3.connect(kept.path)) as connection:
        return {(z, x, y): data for z, x, y, data in connection.execute("SELECT * FROM tiles")}


def test_the_grid() -> None:
    assert tile_count(Area((-180, -85, 180, 85), 0, 2)) == 1 + 4 + 16
    (block,) = blocks(Area((7.4653, 51.5136, 7.4654, 51.5137), 16, 16))
    # Slippy map tilenames, as OpenStreetMap's wiki has them; ours goes another way.
    row = int((1 - math.asinh(math.tan(math.radians(51.5136))) / math.pi) / 2 * 2**16)
    assert (block.first_column, block.last_column) == (34127, 34127)
    assert (block.first_row, block.last_row) == (row, row)
    west, south, east, north = tile_box_m(1, 1, 0)
    assert (west, south) == (0, 0)
    assert round(east, 2) == round(north, 2) == 20037508.34
    assert tile_count(CITY) == TILES


def test_what_a_service_offers(platform: Running) -> None:
    (tiled,) = offers(service(platform))
    assert (tiled.kind, tiled.name, tiled.min_zoom, tiled.max_zoom) == ("xyz", "uebung_karte", 0, 18)
    assert tiled.url.endswith("/maps/wmts/uebung_karte/default/WEBMERCATOR/{z}/{y}/{x}.png")
    (drawn,) = offers(service(platform, "wms"))
    assert (drawn.kind, drawn.url) == ("wms", service(platform, "wms"))
    assert base_of(service(platform, "wms"), "uebung_karte").layers == "uebung_karte"
    with pytest.raises(LayerUnknown):
        base_of(service(platform), "luftbild")
    with pytest.raises(online.SourceMissing):
        offers(service(platform, "wfs"))
    with pytest.raises(TargetUrlInvalid):
        offers("file:///etc/passwd")


@pytest.mark.parametrize("kind", ["wmts", "wms"])
def test_an_area_is_a_map_afterwards(platform: Running, tmp_path: Path, kind: str) -> None:
    base = base_of(service(platform, kind), "")
    told: list[At] = []
    kept = base_areas.go_on(base_areas.begin(tmp_path, base, CITY, "Stadt"), told.append, no_pause)
    assert (kept.at.done, kept.at.failed, kept.complete) == (TILES, 0, True)
    assert [at.done for at in told] == sorted(at.done for at in told)
    described = mbtiles.describe(kept.path)
    assert (described.title, described.min_zoom, described.max_zoom) == ("Stadt", 12, 16)
    assert described.box == CITY.box
    made = base_maps.with_file(Maps(), kept.path).known[0]
    (block,) = blocks(replace(CITY, min_zoom=16))
    picture = base_maps.tile(made, 16, block.first_column, block.first_row)
    assert picture is not None
    asked = base_areas.tile_url(base, 16, block.first_column, block.first_row)
    with closing(MapService(asked)) as there:
        assert there.picture(asked) == picture.data
    assert base_areas.kept_areas(tmp_path) == (replace(kept, at=replace(kept.at)),)
    (guess, known) = (base_areas.estimate(base, CITY), base_areas.estimate(base, CITY, (kept,)))
    assert (guess.bytes, known.bytes) == (TILES * base_areas.TILE_BYTES, kept.at.bytes)
    base_areas.delete_area(tmp_path, kept.id)
    assert base_areas.kept_areas(tmp_path) == ()
    with pytest.raises(base_areas.AreaUnknown):
        base_areas.delete_area(tmp_path, kept.id)


def test_what_lies_beyond_the_service_is_not_asked_for_twice(platform: Running, tmp_path: Path) -> None:
    base = base_of(service(platform), "")
    edge = Area((7.77, 51.6, 7.85, 51.62), 12, 13)
    kept = base_areas.go_on(base_areas.begin(tmp_path, base, edge, "Rand"), pause=no_pause)
    assert kept.complete
    assert 0 < len(stored(kept)) < kept.at.wanted
    platform.faults({"fault": "status", "status": 500})
    assert base_areas.go_on(kept, pause=no_pause).at == kept.at


@pytest.mark.parametrize(
    ("rule", "error"),
    [
        ({"fault": "drop_before"}, online.SourceUnreachable),
        ({"fault": "status", "status": 503}, online.SourceFailed),
        ({"fault": "status", "status": 403}, online.SourceClosed),
        ({"fault": "status", "status": 429, "retry_after": 3600}, online.SourceBusy),
        ({"fault": "html"}, online.SourceUnlike),
        ({"fault": "status", "status": 200}, online.SourceUnlike),
        ({"fault": "redirect"}, online.SourceUnlike),
        ({"fault": "cut", "bytes": 100}, online.SourceUnreachable),
    ],
)
def test_after_a_fault_what_came_is_there_and_the_rest_is_fetched(
    platform: Running, tmp_path: Path, base: BaseMap, rule: dict[str, Any], error: type[Exception]
) -> None:
    begun = base_areas.begin(tmp_path, base, CITY, "Stadt")

    def break_it(at: At) -> None:
        if at.done == 40:
            platform.faults({"match": {"path": "/maps/*"}, **rule})

    with pytest.raises(error):
        base_areas.go_on(begun, break_it, no_pause)
    platform.faults()
    half = base_areas.kept_area(tmp_path, begun.id)
    pictures = stored(half)
    assert len(pictures) == 40
    assert all(whole_picture(data) for data in pictures.values())
    assert not half.complete
    whole = base_areas.go_on(half, pause=no_pause)
    assert whole.complete
    assert stored(whole).items() >= pictures.items()
    assert len(stored(whole)) == TILES


@pytest.mark.parametrize(
    "rule",
    [{"fault": "html"}, {"fault": "status", "status": 200}],
    ids=["a page", "an exception with 200"],
)
def test_what_is_no_picture_is_never_a_tile(
    platform: Running, tmp_path: Path, base: BaseMap, rule: dict[str, Any]
) -> None:
    platform.faults({"match": {"path": "/maps/*"}, "every": 7, **rule})
    kept = base_areas.go_on(base_areas.begin(tmp_path, base, CITY, "Stadt"), pause=no_pause)
    assert (kept.at.failed, kept.complete) == (TILES // 7, False)
    assert all(whole_picture(data) for data in stored(kept).values())
    platform.faults()
    assert base_areas.go_on(kept, pause=no_pause).complete


def test_a_short_pause_is_kept(platform: Running, tmp_path: Path, base: BaseMap) -> None:
    platform.faults(
        {"match": {"path": "/maps/*"}, "nth": 3, "fault": "status", "status": 429, "retry_after": 17}
    )
    pauses: list[float] = []
    kept = base_areas.go_on(base_areas.begin(tmp_path, base, CITY, "Stadt"), pause=pauses.append)
    assert (kept.complete, pauses) == (True, [17])


def test_what_a_provider_forbids_is_not_begun(tmp_path: Path) -> None:
    def of(url: str) -> BaseMap:
        return with_service(Maps(), title="", url=url, attribution="").known[0]

    for host in ("tile.openstreetmap.org", "{s}.tile.openstreetmap.de", "TILE.OpenStreetMap.org:443"):
        with pytest.raises(base_areas.AreaNotAllowed):
            base_areas.begin(tmp_path, of(f"https://{host}/{{z}}/{{x}}/{{y}}.png"), CITY, "", word=True)
    unknown = of("https://karten.example.org/{z}/{x}/{y}.png")
    with pytest.raises(base_areas.AreaNeedsWord):
        base_areas.begin(tmp_path, unknown, CITY, "")
    with pytest.raises(base_areas.AreaTooLarge):
        base_areas.begin(tmp_path, unknown, replace(CITY, box=(6, 50, 9, 52)), "", word=True)
    for area in (
        replace(CITY, max_zoom=19),
        replace(CITY, min_zoom=17),
        replace(CITY, box=(8, 51, 7, 52)),
    ):
        with pytest.raises(base_areas.AreaUnsound):
            base_areas.begin(tmp_path, unknown, area, "", word=True)
    with pytest.raises(base_areas.AreaUnsound):
        base_areas.estimate(replace(unknown, kind="mbtiles"), CITY)
    assert not (tmp_path / "maps").exists()


def test_a_full_disk_leaves_a_file_that_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "maps" / "a.mbtiles"
    with growing(path) as file:
        for row in range(20):
            file.add(8, 1, row, b"x" * 4000)
        file.commit()
        file._connection.execute("PRAGMA max_page_count = 30")
        with pytest.raises(DiskFull):
            file.add(8, 1, 20, b"x" * 400_000)
    with growing(path) as file:
        assert file.known(8, 1, 0, 255) >= set(range(20))
        file.add(8, 1, 100, None)
        assert file.counts()[2] == 1


def test_killed_in_the_middle_it_is_resumed(platform: Running, tmp_path: Path) -> None:
    platform.faults({"match": {"path": "*/wmts/*"}, "nth": 50, "fault": "hold", "seconds": 30})
    line = [sys.executable, "-m", "fieldtool", "--profile", str(tmp_path), "--json", "basemap", "fetch"]
    line += [service(platform), "--bbox", "7.45,51.5,7.48,51.52", "--zoom", "12-16"]
    with subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        while platform.wait_for("held")["fault"] != "hold":
            pass
        process.send_signal(signal.SIGKILL)
        process.communicate()
    (half,) = base_areas.kept_areas(tmp_path)
    assert len(stored(half)) == 32
    platform.faults()
    assert base_areas.go_on(half, pause=no_pause).complete


def said(capsys: pytest.CaptureFixture[str], profile: Path, *words: str) -> list[dict[str, Any]]:
    status = main(["--profile", str(profile), "--json", "basemap", *words])
    out, err = capsys.readouterr()
    assert status == 0, err
    found = [json.loads(line) for line in out.splitlines()]
    assert [violation(row, "basemap") for row in found] == [None] * len(found)
    return found


def test_the_command(platform: Running, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    where = (service(platform, "wms"), "--bbox", "7.45,51.5,7.48,51.52", "--zoom", "12-14")
    (offer,) = said(capsys, tmp_path, "offers", service(platform))
    assert offer["layer"] == "uebung_karte"
    (guess,) = said(capsys, tmp_path, "estimate", *where)
    (kept,) = said(capsys, tmp_path, "fetch", *where, "--title", "Stadt")
    assert guess["tiles"] == kept["done"] == kept["wanted"]
    assert base_maps.read_maps(tmp_path).base() is not None
    (again,) = said(capsys, tmp_path, "resume", kept["id"])
    assert said(capsys, tmp_path, "list") == [again] == [kept]
    said(capsys, tmp_path, "delete", kept["id"])
    assert said(capsys, tmp_path, "list") == []
    assert base_maps.read_maps(tmp_path) == Maps()


def test_whole_pictures_alone() -> None:
    jpeg, webp = b"\xff\xd8abc\xff\xd9", b"RIFF\x08\0\0\0WEBPabcd"
    assert whole_picture(jpeg)
    assert whole_picture(webp)
    assert not any(whole_picture(one) for one in (b"", jpeg[:-1], webp[:-1], b"\x89PNG\r\n\x1a\n", b"<html>"))


def test_addresses_and_scales() -> None:
    assert with_query("https://x/w?map=a&Request=b", request="c") == "https://x/w?map=a&REQUEST=c"
    assert [round_zoom(scale) for scale in (559082264.03, 559082264.0287178 / 2**14, 1000.0)] == [0, 14, None]


@pytest.mark.parametrize(
    "body", [b"", b"<html><body>", b'<!DOCTYPE a [<!ENTITY b "c">]><WMS_Capabilities/>', b"<Other/>", b"{}"]
)
def test_what_is_no_description_of_a_service(body: bytes) -> None:
    with closing(MapService("http://127.0.0.1:1/")) as there, pytest.raises(UnexpectedAnswer) as caught:
        there._read(body, "http://127.0.0.1:1/")
    assert caught.value.what in (Unexpected.HTML, Unexpected.HALF, Unexpected.WRONG_SHAPE)
