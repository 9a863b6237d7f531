"""Lost answers, killed processes, a full disk."""

from __future__ import annotations

import http.client
import threading
from pathlib import Path
from typing import Any

import pytest

from tests.fieldtool.training.open311_client import (
    REPORT,
    UPDATES,
    V2,
    at,
    get,
    of,
    one,
    post,
    refusal,
    reported,
    settings,
    update,
)
from tests.fieldtool.training.process import Running, running

CLOSED = (http.client.RemoteDisconnected, ConnectionResetError)


def marked(platform: Running, marker: str) -> list[dict[str, Any]]:
    return [
        request
        for request in get(platform, "requests.json").json
        if request["extended_attributes"]["attributes"].get("EXTERNAL_ID") == marker
    ]


def test_an_answer_that_is_lost(platform: Running) -> None:
    """There all the same, once."""
    platform.faults({"match": {"method": "POST", "path": "/open311/*"}, "fault": "drop_after", "times": 2})
    with pytest.raises(CLOSED):
        post(platform, "requests.json", {**REPORT, "attribute[EXTERNAL_ID]": "lost-1"})
    (found,) = marked(platform, "lost-1")
    sent = update(found["service_request_id"], "CLOSED", updated_datetime=at())
    with pytest.raises(CLOSED):
        post(platform, UPDATES, sent)
    assert len(of(platform, found["service_request_id"])) == 1
    assert "already exists" in refusal(post(platform, UPDATES, sent))[1]
    assert one(platform, found["service_request_id"])["status"] == "closed"


def test_a_request_that_is_lost(platform: Running) -> None:
    platform.faults(
        {"match": {"method": "POST", "path": f"{V2}/requests*"}, "fault": "drop_before", "times": 1}
    )
    form = {**REPORT, "attribute[EXTERNAL_ID]": "lost-2"}
    with pytest.raises(CLOSED):
        post(platform, "requests.json", form)
    assert marked(platform, "lost-2") == []
    assert post(platform, "requests.json", form).status == 200
    assert len(marked(platform, "lost-2")) == 1


def test_a_proxy_that_asks_twice(platform: Running) -> None:
    """Nothing in GeoReport v2 keeps a report from being there twice; an update_id does."""
    platform.faults({"match": {"method": "POST"}, "fault": "repeat"})
    post(platform, "requests.json", {**REPORT, "attribute[EXTERNAL_ID]": "twice"})
    first, second = marked(platform, "twice")
    assert first["service_request_id"] != second["service_request_id"]
    sent = update(first["service_request_id"], "FIXED", updated_datetime=at())
    assert "already exists" in refusal(post(platform, UPDATES, sent))[1]
    assert one(platform, first["service_request_id"])["status"] == "closed"


def test_statuses_of_the_fault_plan(platform: Running) -> None:
    for status in (403, 429, 500, 503):
        rule = {"match": {"path": "/open311/*"}, "fault": "status", "status": status, "retry_after": 2}
        platform.faults(rule)
        answer = post(platform, "requests.json", {**REPORT, "attribute[EXTERNAL_ID]": "never"})
        assert refusal(answer)[0] == status
        assert answer.headers["retry-after"] == "2"
    platform.faults()
    assert marked(platform, "never") == []


def reporting_until_killed(platform: Running, answered: set[str], lock: threading.Lock) -> None:
    while True:
        try:
            identifier = reported(platform)
            sent = update(identifier, "CLOSED")
            assert post(platform, UPDATES, sent).status == 200
        except (OSError, http.client.HTTPException):
            return
        with lock:
            answered.add(identifier)


def test_killed_it_keeps_what_was_answered(tmp_path: Path) -> None:
    answered: set[str] = set()
    lock = threading.Lock()
    for _ in range(2):
        with running(tmp_path) as platform:
            threads = [
                threading.Thread(target=reporting_until_killed, args=(platform, answered, lock))
                for _ in range(3)
            ]
            for thread in threads:
                thread.start()
            for _ in range(60):
                platform.wait_for("done")
            platform.process.kill()
            for thread in threads:
                thread.join()
    assert len(answered) > 20
    with running(tmp_path) as platform:
        found = get(platform, "requests.json").json
        closed = {request["service_request_id"] for request in found if request["status"] == "closed"}
        assert answered <= closed
        numbers = [int(request["service_request_id"].split("-")[0]) for request in found]
        assert numbers == list(range(len(found), 0, -1))


def test_settings_and_tokens_outlive_a_restart(tmp_path: Path) -> None:
    with running(tmp_path) as platform:
        settings(platform, tokens=True, delay_gets=1)
        token = post(platform, "requests.json", REPORT).json[0]["token"]
        assert get(platform, f"tokens/{token}.json").json[0]["service_request_id"] is None
        platform.process.kill()
    with running(tmp_path) as platform:
        assert get(platform, f"tokens/{token}.json").json[0]["service_request_id"]
        assert platform.ask("GET", "/training/open311").json["tokens"] is True


def test_a_full_disk(tmp_path: Path) -> None:
    """A limit on the size of files stands for it: refused in Open311's form, nothing is half there."""
    limited = ("sh", "-c", 'ulimit -f 400; exec "$@"', "sh")  # 400 blocks of 512 bytes
    with running(tmp_path, wrapper=limited) as platform:
        identifier = reported(platform)
        large = {**REPORT, "attribute[NOTES]": "x" * 300_000}
        assert refusal(post(platform, "requests.json", large))[0] == 500
        assert [request["service_request_id"] for request in get(platform, "requests.json").json] == [
            identifier
        ]
    with running(tmp_path) as platform:
        assert post(platform, "requests.json", large).status == 200
