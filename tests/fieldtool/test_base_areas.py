"""Areas taken along, against the training platform's map services and its faults."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from fieldtool import base_areas, base_maps, map_providers
from fieldtool.base_areas import State, Wish, part_of, take, unfinished
from fieldtool.base_areas_errors import NothingThere
from fieldtool.base_maps import BaseMap
from fieldtool.connectors import source_errors as wrong
from fieldtool.map_providers import AreaTooLarge, BulkForbidden, BulkUnconfirmed, ZoomTooDeep
from fieldtool.store import mbtiles, mbtiles_writing
from fieldtool.store.errors import DiskFull
from fieldtool.tile_grid import Area, Tile, count, tiles
from tests.fieldtool.training.process import Running

BOX = (7.44, 51.50, 7.50, 51.53)
AREA = Area(BOX, 10, 14)


def wmts(platform: Running) -> BaseMap:
    url = f"{platform.told['url']}/maps/wmts/uebungskarte/default/web/{{z}}/{{y}}/{{x}}.png"
    return BaseMap(id="w", kind="xyz", title="Übungskarte", source=url, attribution="Übungsstadt")


def wms(platform: Running, layer: str = "uebungskarte") -> BaseMap:
    url = f"{platform.told['url']}/maps/wms"
    return BaseMap(id="m", kind="wms", title="Übungs-WMS", source=url, layers=layer)


def wish(base: BaseMap, area: Area = AREA) -> Wish:
    return Wish(base, area, "Innenstadt")


def nothing(_state: State) -> None: ...


def no_waiting(_seconds: float) -> None: ...


def taken(wanted: Wish, target: Path) -> base_areas.Taken:
    return take(wanted, target, told=nothing, pause=no_waiting)


def test_the_grid() -> None:
    assert count(AREA) == len(set(tiles(AREA)))
    assert [one.zoom for one in tiles(AREA)] == sorted(one.zoom for one in tiles(AREA))
    assert Tile(0, 0, 0).metres() == pytest.approx((-20037508.34, -20037508.34, 20037508.34, 20037508.34))
    assert count(Area((-180, -90, 180, 90), 0, 2)) == 1 + 4 + 16


@pytest.mark.parametrize("make", [wmts, wms])
def test_an_area_becomes_a_file_of_the_map(platform: Running, tmp_path: Path, make: Any) -> None:
    states: list[State] = []
    target = tmp_path / "maps" / "innen.mbtiles"
    done = take(wish(make(platform)), target, told=states.append, pause=no_waiting)
    assert (done.tiles, done.absent, done.resumed) == (count(AREA), 0, 0)
    assert states[-1] == State(count(AREA), count(AREA), count(AREA), states[-1].size)
    assert [one.name for one in target.parent.iterdir()] == ["innen.mbtiles"]
    told = mbtiles.describe(target)
    assert (told.title, told.kind, told.min_zoom, told.max_zoom) == ("Innenstadt", "image/png", 10, 14)
    assert told.box == pytest.approx(BOX)
    maps = base_maps.with_file(base_maps.Maps(), target)
    chosen = maps.base()
    assert chosen is not None
    first = next(tiles(Area(BOX, 14, 14)))
    assert base_maps.tile(chosen, first.zoom, first.column, first.row) is not None


def test_what_the_service_has_not_is_no_error(platform: Running, tmp_path: Path) -> None:
    edge = Area((7.79, 51.4, 7.85, 51.42), 13, 14)
    done = taken(wish(wmts(platform), edge), tmp_path / "e.mbtiles")
    assert 0 < done.absent < count(edge)
    assert done.tiles + done.absent == count(edge)
    with pytest.raises(NothingThere):
        taken(wish(wmts(platform), Area((9.9, 53.5, 9.95, 53.52), 13, 13)), tmp_path / "h.mbtiles")


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ({"fault": "html"}, wrong.SourceUnusable),
        ({"fault": "status", "status": 200}, wrong.TileRefused),
        ({"fault": "status", "status": 403}, wrong.SourceRefused),
        ({"fault": "status", "status": 503}, wrong.SourceFailed),
        ({"fault": "status", "status": 429, "retry_after": 900}, wrong.SourceBusy),
        ({"fault": "drop_before"}, wrong.SourceUnreachable),
        ({"fault": "cut", "bytes": 50}, wrong.SourceUnreachable),
    ],
)
def test_it_goes_on_after_a_fault_and_keeps_no_answer_that_is_no_picture(
    platform: Running, tmp_path: Path, fault: dict[str, Any], error: type[Exception]
) -> None:
    target = tmp_path / "f.mbtiles"
    platform.faults({"match": {"path": "/maps/wmts/*/14/*"}, **fault})
    with pytest.raises(error):
        taken(wish(wmts(platform)), target)
    assert not target.exists()
    (begun,) = unfinished(tmp_path)
    assert begun.file == target
    assert begun.wish.area == AREA
    platform.faults()
    before = count(replace(AREA, max_zoom=13))
    done = taken(begun.wish, target)
    assert (done.resumed, done.tiles) == (before, count(AREA))
    with closing(sqlite3.connect(target)) as connection:
        kept = [bytes(row[0]) for row in connection.execute("SELECT tile_data FROM tiles")]
    assert all(one.startswith(b"\x89PNG") for one in kept)
    assert unfinished(tmp_path) == ()


def test_a_short_fault_is_waited_out(platform: Running, tmp_path: Path) -> None:
    waits: list[float] = []
    platform.faults(
        {"match": {"path": "/maps/wmts/*"}, "nth": 3, "fault": "status", "status": 429, "retry_after": 2}
    )
    take(wish(wmts(platform)), tmp_path / "s.mbtiles", told=nothing, pause=waits.append)
    assert waits == [2.0]


def test_an_exception_with_the_status_of_success(platform: Running, tmp_path: Path) -> None:
    with pytest.raises(wrong.TileRefused) as caught:
        taken(wish(wms(platform, "gibtesnicht")), tmp_path / "x.mbtiles")
    assert "LayerNotDefined" in caught.value.said


def test_who_is_told_can_end_it_and_what_came_stays(platform: Running, tmp_path: Path) -> None:
    class Enough(Exception): ...

    def told(state: State) -> None:
        if state.done == 5:
            raise Enough

    target = tmp_path / "c.mbtiles"
    with pytest.raises(Enough):
        take(wish(wmts(platform)), target, told=told, pause=no_waiting)
    assert taken(wish(wmts(platform)), target).resumed == 5


def test_another_wish_for_the_same_file_begins_anew(platform: Running, tmp_path: Path) -> None:
    target = tmp_path / "a.mbtiles"
    platform.faults({"match": {"path": "/maps/wmts/*/14/*"}, "fault": "status", "status": 403})
    with pytest.raises(wrong.SourceRefused):
        taken(wish(wmts(platform)), target)
    platform.faults()
    assert taken(wish(wmts(platform), replace(AREA, max_zoom=12)), target).resumed == 0


KILLED = """
import json, sys
from pathlib import Path
from fieldtool.base_areas import Wish, take
from fieldtool.base_maps import BaseMap
from fieldtool.tile_grid import Area
from fieldtool import base_areas
base_areas.COMMIT_EVERY = 4
url, target = sys.argv[1:]
base = BaseMap(id="w", kind="xyz", title="Übungskarte", source=url, attribution="Übungsstadt")
def told(state):
    print(state.done, flush=True)
    if state.done == 11:
        sys.stdin.read()
take(Wish(base, Area((7.44, 51.50, 7.50, 51.53), 10, 14), "Innenstadt"), Path(target), told=told)
"""


def test_killed_in_the_middle(platform: Running, tmp_path: Path) -> None:
    target = tmp_path / "k.mbtiles"
    line = [sys.executable, "-c", KILLED, wmts(platform).source, str(target)]
    with subprocess.Popen(line, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        while process.stdout.readline().strip() != "11":
            assert process.poll() is None
        os.kill(process.pid, signal.SIGKILL)
    assert not target.exists()
    done = taken(wish(wmts(platform)), target)
    assert (done.resumed, done.tiles) == (8, count(AREA))


def test_killed_while_the_database_was_being_written(tmp_path: Path) -> None:
    """A journal that has to be rolled back first hides nothing."""
    part = tmp_path / "x.mbtiles.part"
    with mbtiles_writing.tile_writing(part, "{}") as writing:
        writing._connection.execute("PRAGMA cache_size = 1")
        writing.commit()
        for column in range(200):
            writing.keep(9, column, 0, b"x" * 3000)
        for path in (part, part.with_name(f"{part.name}-journal")):
            (tmp_path / f"killed-{path.name}").write_bytes(path.read_bytes())
    killed = tmp_path / f"killed-{part.name}"
    assert mbtiles_writing.job_of(killed) == "{}"
    with mbtiles_writing.tile_writing(killed, "{}") as writing:
        assert writing.stored() == (0, 0)


def test_a_full_disk_keeps_what_came(
    platform: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "d.mbtiles"
    create = mbtiles_writing._create

    def small(connection: sqlite3.Connection, job: str) -> None:
        create(connection, job)
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {pages + 1}")

    monkeypatch.setattr(mbtiles_writing, "_create", small)
    monkeypatch.setattr(base_areas, "COMMIT_EVERY", 2)
    with pytest.raises(DiskFull):
        taken(wish(wmts(platform)), target)
    monkeypatch.setattr(mbtiles_writing, "_create", create)
    done = taken(wish(wmts(platform)), target)
    assert done.resumed >= 2
    assert done.tiles == count(AREA)


def test_no_room_is_said_before_the_first_request(
    platform: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(base_areas, "SPARE", 1 << 60)
    with pytest.raises(DiskFull):
        taken(wish(wmts(platform)), tmp_path / "d.mbtiles")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "host", ["tile.openstreetmap.org", "a.tile.openstreetmap.org", "TILE.openstreetmap.de"]
)
def test_never_from_the_public_tile_servers_of_osm(tmp_path: Path, host: str) -> None:
    base = BaseMap(id="o", kind="xyz", title="OSM", source=f"https://{host}/{{z}}/{{x}}/{{y}}.png")
    with pytest.raises(BulkForbidden):
        taken(replace(wish(base), confirmed=True), tmp_path / "o.mbtiles")


def test_an_unknown_provider_needs_a_word_and_has_limits(tmp_path: Path) -> None:
    base = BaseMap(id="o", kind="xyz", title="X", source="https://karten.example.org/{z}/{x}/{y}.png")
    with pytest.raises(BulkUnconfirmed):
        taken(wish(base), tmp_path / "o.mbtiles")
    provider = map_providers.provider_of(base.source)
    with pytest.raises(ZoomTooDeep):
        map_providers.check(provider, Area(BOX, 10, 19), confirmed=True)
    with pytest.raises(AreaTooLarge):
        map_providers.check(provider, Area((6, 50, 9, 52), 10, 17), confirmed=True)
    map_providers.check(provider, AREA, confirmed=True)
    said = map_providers.estimate(provider, AREA)
    assert said.tiles == count(AREA)
    assert said.megabytes > 0
    assert said.seconds > 0


def test_names_that_are_free(tmp_path: Path) -> None:
    first = base_areas.free_name(tmp_path, "Innenstadt/Süd")
    assert first.name == "Innenstadt_Süd.mbtiles"
    part_of(first).touch()
    assert base_areas.free_name(tmp_path, "Innenstadt/Süd") == first
    with mbtiles_writing.tile_writing(part_of(first), "{}"):
        pass
    assert base_areas.free_name(tmp_path, "Innenstadt/Süd").name == "Innenstadt_Süd 2.mbtiles"
    base_areas.forget(first)
    assert list(tmp_path.iterdir()) == []


def test_what_is_kept_of_a_wish_is_all_of_it(platform: Running) -> None:
    assert json.loads(base_areas.job_text(wish(wms(platform))))["layers"] == "uebungskarte"


def test_killed_at_the_last_moments(
    platform: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Finished but not in its place, and in its place but not known yet: neither is fetched again."""

    class Killed(Exception): ...

    def killed(*_: object) -> None:
        raise Killed

    def along() -> base_areas.Taken:
        return base_areas.take_along(tmp_path, wish(wmts(platform)), told=nothing, pause=no_waiting)[0]

    for name in ("put_in_place", "settle", "read_maps"):
        with monkeypatch.context() as patch:
            if name != "read_maps":
                patch.setattr(base_areas, name, killed)
            else:
                patch.setattr(base_areas, "with_file", killed)
            with pytest.raises(Killed):
                along()
        platform.faults({"match": {"path": "/maps/*"}, "fault": "status", "status": 403})
        done = along()
        assert done.tiles == done.resumed == count(AREA)
        assert [one.source for one in base_maps.read_maps(tmp_path).known] == [str(done.file)]
        assert mbtiles_writing.job_of(done.file) == base_areas.mark_of(wish(wmts(platform)))
        base_areas.delete(tmp_path, "Innenstadt")
        platform.faults()
    assert list((tmp_path / "maps").iterdir()) == []


@pytest.mark.parametrize(("every", "absent"), [(7, 0), (None, 1)])
def test_one_bad_tile_does_not_cost_the_area(
    platform: Running, tmp_path: Path, every: int | None, absent: int
) -> None:
    """A page now and then comes as a picture the second time; where it never does, the tile is left out."""
    worst = list(tiles(AREA))[5]
    path = "/maps/*" if every else f"/maps/*/{worst.zoom}/{worst.row}/{worst.column}.png"
    rule = {"match": {"path": path}, "fault": "html", **({"every": every} if every else {})}
    platform.faults(rule)
    taken = take(wish(wmts(platform)), tmp_path / "a.mbtiles", told=nothing, pause=lambda _seconds: None)
    assert (taken.tiles, taken.absent) == (count(AREA) - absent, absent)
    with closing(sqlite3.connect(taken.file)) as connection:
        pictures = connection.execute("SELECT tile_data FROM tiles").fetchall()
    assert all(data.startswith(b"\x89PNG") for (data,) in pictures)
