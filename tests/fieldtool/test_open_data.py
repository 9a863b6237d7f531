"""Portals of open data, against the training platform's two and its faults."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fieldtool import online, open_data
from fieldtool.cli import main
from fieldtool.connectors.errors import TargetUrlInvalid, Unexpected, UnexpectedAnswer, UnreachableReason
from fieldtool.connectors.fetching import fetch_file
from fieldtool.connectors.portals import kind_of
from fieldtool.connectors.portals.datasets import format_of, moment_of, prose
from fieldtool.explain import explain
from fieldtool.portals import Portal, forget_portal, keep_portal, kept_portals
from fieldtool.schemas import violation
from fieldtool.store.errors import DiskFull
from fieldtool.texts import use_language
from tests.fieldtool.training.process import Running, running

LIGHTS = "uebung-strassenleuchten"
TREES = "uebung-baumkataster-schwerte"


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(tmp_path_factory.mktemp("training")) as started:
        yield started


@pytest.fixture(autouse=True)
def no_faults(platform: Running) -> Iterator[None]:
    use_language("de")
    yield
    platform.faults()


def dortmund(platform: Running) -> Portal:
    return Portal(f"http://127.0.0.1:{platform.port}/opendata", "opendatasoft", "Dortmund")


def ruhr(platform: Running) -> Portal:
    return Portal(f"http://127.0.0.1:{platform.port}/ckan", "ckan", "Ruhr")


def rows(platform: Running) -> list[Portal]:
    return [dortmund(platform), ruhr(platform)]


def test_both_are_known_by_what_they_answer(platform: Running) -> None:
    assert [kind_of(one.url) for one in rows(platform)] == ["opendatasoft", "ckan"]
    with pytest.raises(UnexpectedAnswer):
        kind_of(f"http://127.0.0.1:{platform.port}/open311/v2")


def test_a_catalogue_is_searched_by_every_word(platform: Running) -> None:
    hits = open_data.search(dortmund(platform), 'leuchten "hafen" \\', 10)
    assert hits.total == 0
    (found,) = open_data.search(dortmund(platform), "leuchten hafen", 10).datasets
    assert (found.id, found.records) == (LIGHTS, 240)
    assert found.licence == "Datenlizenz Deutschland – Zero – Version 2.0"
    assert found.modified is not None
    assert found.modified.year == 2026
    assert found.description.startswith("Erfundene Leuchten")
    assert open_data.search(dortmund(platform), "", 1).total == 3
    (trees,) = open_data.search(ruhr(platform), "baumkataster", 10).datasets
    assert [(one.format, one.size is not None) for one in trees.files] == [("csv", True), ("geojson", True)]
    assert trees.modified is not None
    assert trees.modified.utcoffset() is not None


def test_a_dataset_is_meant_by_page_address_or_id(platform: Running) -> None:
    base = f"http://127.0.0.1:{platform.port}"
    for text, name, form in (
        (f"{base}/opendata/explore/dataset/{LIGHTS}/table/?sort=x", LIGHTS, "geojson"),
        (f"{base}/opendata/api/explore/v2.1/catalog/datasets/{LIGHTS}/exports/csv", LIGHTS, "csv"),
        (f"{base}/opendata/api/explore/v2.1/catalog/datasets/{LIGHTS}/records?limit=100", LIGHTS, "geojson"),
        (f"{base}/ckan/dataset/{TREES}", TREES, "geojson"),
        (f"{base}/ckan/files/{TREES}.csv?x=1", TREES, "csv"),
        (TREES, TREES, "geojson"),
    ):
        chosen = open_data.choose(text, rows(platform))
        assert (chosen.dataset.id, chosen.file.format) == (name, form)
    for text in ("nichts-davon", "", f"{base}/impressum", "ordner/datei.csv"):
        with pytest.raises(open_data.AddressUnclear):
            open_data.choose(text, rows(platform))
    with pytest.raises(open_data.NothingToFetch):
        open_data.choose("uebung-satzungen", rows(platform))


def test_a_file_knows_where_it_came_from(platform: Running, tmp_path: Path) -> None:
    into = tmp_path / "a.geojson"
    origin, size = open_data.fetch(open_data.choose(TREES, rows(platform)), into)
    assert size == into.stat().st_size
    assert len(json.loads(into.read_bytes())["features"]) == 120
    assert open_data.origin_of(into) == origin
    assert "Namensnennung" in open_data.source_text(into)
    into.write_text("something else")
    assert open_data.source_text(into) == "a.geojson"
    assert [one.name for one in sorted(tmp_path.iterdir())] == ["a.geojson", "a.geojson.origin.json"]


@pytest.mark.parametrize("name", [LIGHTS, TREES])
def test_a_broken_line_is_taken_up_or_begun_anew(platform: Running, tmp_path: Path, name: str) -> None:
    """CKAN's files have a mark to go on from, Opendatasoft's exports have none."""
    chosen = open_data.choose(name, rows(platform))
    whole, broken = tmp_path / "whole", tmp_path / "broken"
    open_data.fetch(chosen, whole)
    platform.faults({"match": {"path": "*e*s/*geojson"}, "fault": "cut", "bytes": 3000, "times": 3})
    open_data.fetch(chosen, broken)
    assert broken.read_bytes() == whole.read_bytes()


@pytest.mark.parametrize(
    ("rule", "kind", "data"),
    [
        ({"fault": "cut", "bytes": 300}, online.SourceUnreachable, UnreachableReason.CUT),
        ({"fault": "drop_before"}, online.SourceUnreachable, UnreachableReason.CUT),
        ({"fault": "status", "status": 401}, online.SourceClosed, 401),
        ({"fault": "status", "status": 403}, online.SourceClosed, 403),
        ({"fault": "status", "status": 404}, online.SourceMissing, None),
        ({"fault": "status", "status": 410}, online.SourceMissing, None),
        ({"fault": "status", "status": 429, "retry_after": 30}, online.SourceBusy, 30.0),
        ({"fault": "status", "status": 503}, online.SourceFailed, 503),
        ({"fault": "html"}, online.SourceUnlike, Unexpected.HTML),
        ({"fault": "redirect"}, online.SourceUnlike, Unexpected.REDIRECT),
    ],
)
def test_every_fault_has_a_name_and_leaves_what_was_there(
    platform: Running, tmp_path: Path, rule: dict[str, Any], kind: type[Exception], data: object
) -> None:
    chosen = open_data.choose(LIGHTS, rows(platform))
    into = tmp_path / "a.geojson"
    into.write_text("before")
    for path, work in (
        ("*/exports/*", lambda: open_data.fetch(chosen, into)),
        ("*/datasets*", lambda: open_data.search(dortmund(platform), "leuchten", 5)),
    ):
        platform.faults({"match": {"path": path}, **rule})
        with pytest.raises(kind) as caught:
            work()
        assert data is None or data in vars(caught.value).values()
        assert explain(caught.value).advice  # type: ignore[arg-type]
    assert into.read_text() == "before"
    assert [one.name for one in tmp_path.iterdir()] == ["a.geojson"]


def test_half_a_catalogue_is_no_catalogue(platform: Running) -> None:
    platform.faults({"fault": "cut", "bytes": 40})
    with pytest.raises(online.SourceUnreachable):
        open_data.search(ruhr(platform), "", 5)


def test_a_file_without_end_is_stopped(platform: Running, tmp_path: Path) -> None:
    url = open_data.choose(LIGHTS, rows(platform)).file.url
    with pytest.raises(UnexpectedAnswer) as caught:
        fetch_file(url, tmp_path / "a", most=1000)
    assert caught.value.what is Unexpected.TOO_LARGE
    assert list(tmp_path.iterdir()) == []


def test_a_cancelled_or_full_disk_leaves_nothing(platform: Running, tmp_path: Path) -> None:
    url = open_data.choose(LIGHTS, rows(platform)).file.url

    class Enough(Exception):
        pass

    def tell(_progress: object) -> None:
        raise Enough

    with pytest.raises(Enough):
        fetch_file(url, tmp_path / "a", tell)
    assert list(tmp_path.iterdir()) == []

    def full(_progress: object) -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(DiskFull):
        fetch_file(url, tmp_path / "a", full)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://x/y.csv", "https://a:b@c/d.csv", "https://[/"])
def test_only_the_web_is_read(url: str, tmp_path: Path) -> None:
    with pytest.raises(TargetUrlInvalid):
        fetch_file(url, tmp_path / "a")


def test_a_portal_that_is_away_does_not_hide_the_others(platform: Running) -> None:
    away = Portal("http://127.0.0.1:1", "ckan", "away")
    assert open_data.choose(TREES, [away, ruhr(platform)]).dataset.id == TREES
    with pytest.raises(online.SourceUnreachable):
        open_data.choose("gibt-es-nicht", [away, ruhr(platform)])


def test_portals_are_kept(platform: Running, tmp_path: Path) -> None:
    assert [one.title for one in kept_portals(tmp_path)] == ["Dortmund"]
    made = keep_portal(tmp_path, ruhr(platform).url + "/")
    assert (made.url, made.kind) == (ruhr(platform).url, "ckan")
    assert len(kept_portals(tmp_path)) == 2
    assert forget_portal(tmp_path, "https://open-data.dortmund.de") == (made,)
    assert kept_portals(tmp_path) == (made,)
    (tmp_path / "portals.json").write_text('{"portals": [{"url": 3}]}')
    assert [one.title for one in kept_portals(tmp_path)] == ["Dortmund"]


def said(capsys: pytest.CaptureFixture[str], profile: Path, *words: str) -> list[dict[str, Any]]:
    status = main(["--profile", str(profile), "--json", *words])
    out, err = capsys.readouterr()
    assert status == 0, err
    return [json.loads(line) for line in out.splitlines()]


def test_the_command_searches_fetches_and_imports(
    platform: Running, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    profile, into = tmp_path / "profile", tmp_path / "leuchten.geojson"
    base = dortmund(platform).url
    found = said(capsys, profile, "open-data", "search", "leuchten", "--portal", base)
    fetched = said(capsys, profile, "open-data", "fetch", LIGHTS, "--portal", base, "--into", str(into))
    kept = said(capsys, profile, "open-data", "add", ruhr(platform).url)
    for row in (*found, *fetched, *kept):
        assert violation(row, "open-data") is None
    assert (found[0]["dataset"], fetched[0]["bytes"]) == (LIGHTS, into.stat().st_size)
    assert (
        main(["--profile", str(profile), "open-data", "fetch", LIGHTS, "--portal", base, "--into", str(into)])
        == 1
    )
    assert "--force" in capsys.readouterr().err
    (report,) = said(capsys, profile, "import", f"{base}/explore/dataset/{LIGHTS}/")
    assert (report["class"], report["imported"]) == ("street_light", 240)
    (asset,) = said(capsys, profile, "assets", "--limit", "1")
    (first, *_) = said(capsys, profile, "history", "--id", asset["id"])
    assert "Zero" in first["reason"]
    assert LIGHTS in first["reason"]
    assert main(["--profile", str(profile), "--json", "import", f"{base}/explore/dataset/weg/"]) == 1
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "source_missing"


def test_what_portals_write() -> None:
    assert format_of("", "application/geo+json") == "geojson"
    assert format_of("PDF", "", "https://x/y.gpkg?z") == "gpkg"
    assert format_of("SHAPE") == "shp"
    assert format_of(None, 3, "") == ""
    assert prose("<p>Bäume &amp;  <b>Büsche</b></p>") == "Bäume & Büsche"
    assert moment_of("gestern") is None
