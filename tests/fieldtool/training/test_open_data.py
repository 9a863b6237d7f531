from __future__ import annotations

from urllib.parse import quote

import pytest

from tests.fieldtool.training.process import Running

DATASETS = "/opendatasoft/api/explore/v2.1/catalog/datasets"
ACTION = "/ckan/api/3/action"


def test_nobody_needs_a_token_and_nobody_can_write(platform: Running) -> None:
    assert platform.ask("GET", DATASETS, Authorization=None).status == 200
    assert platform.ask("POST", DATASETS, {}).status == 405
    assert platform.ask("GET", f"{ACTION}/site_read", Authorization=None).json["success"] is True


@pytest.mark.parametrize(
    ("query", "status"), [("limit=101", 400), ("limit=x", 400), ("where=nummer%3D1", 400)]
)
def test_the_rules_of_explore(platform: Running, query: str, status: int) -> None:
    answer = platform.ask("GET", f"{DATASETS}?{query}")
    assert answer.status == status
    assert set(answer.json) == {"error_code", "message"}


def test_search_in_explore(platform: Running) -> None:
    where = quote('search("Licht Übung")')
    found = platform.ask("GET", f"{DATASETS}?limit=5&where={where}").json
    assert found["total_count"] == 1
    assert found["results"][0]["metas"]["default"]["records_count"] == 240


def test_what_is_not_there(platform: Running) -> None:
    answer = platform.ask("GET", f"{DATASETS}/nix")
    assert (answer.status, answer.json["error_code"]) == (404, "DatasetNotFound")
    answer = platform.ask("GET", f"{ACTION}/package_show?id=nix")
    assert (answer.status, answer.json["success"]) == (404, False)


@pytest.mark.parametrize(("root", "key"), [(DATASETS, "error_code"), (f"{ACTION}/package_search", "success")])
def test_faults_are_worded_as_the_interface_does(platform: Running, root: str, key: str) -> None:
    platform.faults({"match": {"path": f"{root}*"}, "fault": "status", "status": 429, "retry_after": 3})
    answer = platform.ask("GET", root)
    assert (answer.status, answer.headers["retry-after"]) == (429, "3")
    assert key in answer.json
