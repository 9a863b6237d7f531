from __future__ import annotations

import io
import json
from collections.abc import Iterator
from typing import Any

import pytest

from fieldtool.connectors import source_errors as wrong
from fieldtool.connectors.errors import Unexpected, UnreachableReason
from fieldtool.connectors.http import Patience
from fieldtool.connectors.open_data import base_of, open_portal
from fieldtool.connectors.open_data.portal import Portal
from fieldtool.connectors.source import MEGABYTE, Source, file_name, followed, is_page, seconds_until
from fieldtool.connectors.source_errors import DatasetUnknown, NoPortal
from tests.fieldtool.training.process import Running

LAMPS = "uebung-strassenbeleuchtung"
QUICK = Patience(2, 2, 4)


@pytest.fixture(params=["opendatasoft", "ckan"])
def portal(request: pytest.FixtureRequest, platform: Running) -> Iterator[Portal]:
    opened = open_portal(f"{platform.told['url']}/{request.param}", patience=QUICK)
    yield opened
    opened.close()


@pytest.fixture
def ods(platform: Running) -> Iterator[Portal]:
    opened = open_portal(f"{platform.told['url']}/opendatasoft", "opendatasoft", QUICK)
    yield opened
    opened.close()


def nothing(_size: int, _announced: int | None) -> None: ...


def fetched(portal: Portal, dataset_id: str, form: str, most: int = MEGABYTE) -> bytes:
    resource = next(one for one in portal.dataset(dataset_id).resources if one.format == form)
    into = io.BytesIO()
    portal.download(resource, into, most=most, told=nothing)
    return into.getvalue()


def test_the_address_says_what_kind_it_is(portal: Portal) -> None:
    assert portal.url.endswith(portal.kind)
    found = portal.search("Übung")
    assert found.total == len(found.found) >= 2
    for dataset in found.found:
        assert dataset.title.endswith("(Übung)")
        assert "Zero" in dataset.licence
        assert dataset.modified is not None
        assert dataset.modified.startswith("2026-10-05")
        assert "<" not in dataset.description
        assert "&" not in dataset.description.replace(" & ", "")
        assert portal.dataset(dataset.id) == dataset


def test_search_pages_through(portal: Portal) -> None:
    first, second = portal.search("", limit=1), portal.search("", offset=1, limit=1)
    assert first.total == second.total > 1
    assert len(first.found) == len(second.found) == 1
    assert first.found != second.found


def test_words_with_quotation_marks_are_words(portal: Portal) -> None:
    assert portal.search('"\\ Leuchte" or 1=1').total == 0


def test_a_dataset_comes_as_a_file(ods: Portal) -> None:
    document = json.loads(fetched(ods, LAMPS, "geojson"))
    assert len(document["features"]) == ods.dataset(LAMPS).records == 240
    assert fetched(ods, LAMPS, "csv").startswith(b"\xef\xbb\xbfnummer;")
    assert "geojson" not in {one.format for one in ods.dataset("uebung-veranstaltungen").resources}


def test_a_file_behind_a_redirect_and_one_that_is_gone(platform: Running) -> None:
    portal = open_portal(f"{platform.told['url']}/ckan", "ckan")
    assert "Rechtswert" in fetched(portal, "uebung-baumkataster", "csv").decode("cp1252")
    with pytest.raises(wrong.SourceMissing):
        fetched(portal, "uebung-baumkataster", "pdf")
    portal.close()


@pytest.mark.parametrize(
    ("fault", "error", "data"),
    [
        ({"fault": "status", "status": 401}, wrong.SourceRefused, {"status": 401}),
        ({"fault": "status", "status": 403}, wrong.SourceRefused, {"status": 403}),
        ({"fault": "status", "status": 404}, wrong.SourceMissing, {}),
        ({"fault": "status", "status": 429, "retry_after": 7}, wrong.SourceBusy, {"retry_after": 7.0}),
        ({"fault": "status", "status": 503, "retry_after": 9}, wrong.SourceFailed, {"status": 503}),
        ({"fault": "html"}, wrong.SourceUnusable, {"what": Unexpected.HTML}),
        ({"fault": "cut", "bytes": 60}, wrong.SourceUnreachable, {"reason": UnreachableReason.CUT}),
        ({"fault": "drop_before"}, wrong.SourceUnreachable, {"reason": UnreachableReason.CUT}),
    ],
)
def test_each_fault_has_its_name(
    ods: Portal, platform: Running, fault: dict[str, Any], error: type[Exception], data: dict[str, object]
) -> None:
    platform.faults({"match": {"path": "*/datasets"}, **fault})
    with pytest.raises(error) as caught:
        ods.search("Licht")
    assert {name: getattr(caught.value, name) for name in data} == data

    platform.faults({"match": {"path": "*/exports/*"}, **fault})
    with pytest.raises(error) as caught:
        fetched(ods, LAMPS, "geojson")
    assert {name: getattr(caught.value, name) for name in data} == data


@pytest.mark.parametrize(("kind", "name"), [("ckan", "uebung-baumkataster"), ("opendatasoft", LAMPS)])
def test_where_the_line_breaks_it_goes_on_or_begins_anew(platform: Running, kind: str, name: str) -> None:
    """CKAN's files have a mark to go on from; exports that are written on demand have none."""
    portal = open_portal(f"{platform.told['url']}/{kind}", kind)
    whole = fetched(portal, name, "csv")
    heard: list[int] = []
    rule = {"fault": "cut", "bytes": 700, "times": 3}
    platform.faults({"match": {"path": "*/files/*"}, **rule}, {"match": {"path": "*/exports/*"}, **rule})
    resource = next(one for one in portal.dataset(name).resources if one.format == "csv")
    into = io.BytesIO()
    received = portal.download(resource, into, most=MEGABYTE, told=lambda size, _all: heard.append(size))
    assert into.getvalue() == whole
    assert received.size == len(whole)
    goes_on = [700, 1400, 2100]
    assert [size for size in goes_on if size in heard] == (goes_on if kind == "ckan" else [700])
    portal.close()


def test_what_is_too_large_is_not_kept(ods: Portal) -> None:
    into = io.BytesIO()
    resource = ods.dataset(LAMPS).resources[0]
    with pytest.raises(wrong.SourceTooLarge):
        ods.download(resource, into, most=1000, told=nothing)
    assert into.getvalue() == b""


def test_what_listens_can_end_it(ods: Portal) -> None:
    class Enough(Exception): ...

    def told(size: int, announced: int | None) -> None:
        assert announced is not None
        assert 0 < size <= announced
        raise Enough

    with pytest.raises(Enough):
        ods.download(ods.dataset(LAMPS).resources[0], io.BytesIO(), most=MEGABYTE, told=told)


def test_neither_kind(platform: Running) -> None:
    with pytest.raises(NoPortal):
        open_portal(f"{platform.told['url']}/open311", patience=QUICK)


def test_nobody_there() -> None:
    with pytest.raises(wrong.SourceUnreachable) as caught:
        open_portal("http://127.0.0.1:9", patience=QUICK)
    assert caught.value.reason is UnreachableReason.REFUSED


def test_no_such_dataset(portal: Portal) -> None:
    with pytest.raises(DatasetUnknown) as caught:
        portal.dataset("gibt/es nicht")
    assert caught.value.dataset == "gibt/es nicht"


def test_any_page_of_a_portal_names_it() -> None:
    assert base_of("open-data.example.org/explore/dataset/x/table/?q=1") == "https://open-data.example.org"
    assert base_of("https://h.example.org/daten/dataset/abc") == "https://h.example.org/daten"
    assert base_of("https://h.example.org/api/explore/v2.1/catalog/datasets/x") == "https://h.example.org"
    with pytest.raises(wrong.SourceUrlInvalid):
        Source("https://user:secret@h.example.org")


def test_what_was_asked_encrypted_stays_so() -> None:
    assert followed("https://a.example.org/x", "/y") == "https://a.example.org/y"
    with pytest.raises(wrong.SourceUnusable):
        followed("https://a.example.org/x", "http://a.example.org/x")
    with pytest.raises(wrong.SourceUnusable):
        followed("http://a.example.org/x", "file:///etc/passwd")


def test_a_server_decides_about_no_folder() -> None:
    assert file_name({"content-disposition": 'attachment; filename="../../x.csv"'}, "https://h/") == "x.csv"
    assert (
        file_name({"content-disposition": 'attachment; filename="C:\\\\a\\\\x.csv"'}, "https://h/") == "x.csv"
    )
    assert file_name({}, "https://h/a/B%C3%A4ume.csv?x=1") == "Bäume.csv"


def test_small_readings() -> None:
    assert is_page(b"\xef\xbb\xbf\n <!DOCTYPE HTML>")
    assert not is_page(b"<kml>")
    assert seconds_until("12") == 12
    assert seconds_until("2020-01-01 00:00:00+00:00") == 0
    assert seconds_until("soon") is None
