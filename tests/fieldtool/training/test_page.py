"""GET / for people."""

from __future__ import annotations

import time
from pathlib import Path

from tests.fieldtool.training.process import ENTITIES, Running, created, light, prop, running


def page(platform: Running, **headers: str | None) -> str:
    answer = platform.ask("GET", "/", Authorization=None, **headers)
    assert (answer.status, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    return answer.raw.decode()


def test_what_it_says(tmp_path: Path) -> None:
    with running(tmp_path, "--tenant", "north") as platform:
        empty = page(platform)
        assert "<h1>Übungsplattform – keine echten Daten</h1>" in empty
        assert 'lang="de"' in empty
        assert "Noch keine." in empty
        for _ in range(3):
            created(platform, light(kind="Bench"))
        last = created(platform, light(kind="Tree"), NGSILD_Tenant="north")
        platform.faults({"match": {"method": "GET"}, "fault": "status", "status": 503, "times": 1})
        platform.ask("GET", f"{ENTITIES}/{last}")
        wanted = f"<td>GET</td><td>{ENTITIES}/{last}</td><td>503</td><td>status</td>"
        told = page(platform)
        for _ in range(50):  # an answer is told of only when it is out
            if wanted in told:
                break
            time.sleep(0.02)
            told = page(platform)
    assert wanted in told
    assert "<td>(ohne Mandant)</td><td>Bench</td><td>3</td>" in told
    assert "<td>north</td><td>Tree</td><td>1</td>" in told
    assert told.index(last) < told.index("urn:ngsi-ld:Bench:")


def test_nothing_stored_becomes_markup(platform: Running) -> None:
    identifier = "urn:x:'&amp;'"
    created(platform, light(identifier, name=prop("<script>")))
    platform.ask("GET", "/<script>alert(1)</script>")
    told = page(platform)
    assert "urn:x:&#x27;&amp;amp;&#x27;" in told
    assert "<script" not in told


def test_another_name_for_this_machine_is_refused(platform: Running) -> None:
    """DNS rebinding: the page asks for no token, so a foreign web page must not be able to read it."""
    assert platform.ask("GET", "/", Host="evil.example").status == 421
    assert "Übungsplattform" in page(platform, Host=f"localhost:{platform.port}")
