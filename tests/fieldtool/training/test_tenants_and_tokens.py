"""Tenants don't mix; nobody gets in without a token, and none is kept in clear."""

from __future__ import annotations

import base64
import stat
from pathlib import Path

import pytest

from tests.fieldtool.training.process import (
    API,
    ENTITIES,
    Running,
    created,
    fresh_id,
    light,
    prop,
    running,
    stored,
)

READ_WRITE = stat.S_IRUSR | stat.S_IWUSR


def test_tenants_do_not_mix(platform: Running) -> None:
    identifier = fresh_id("Mixed")
    for tenant in (None, "north", "south"):
        created(platform, light(identifier, "Mixed", whose=prop(str(tenant))), NGSILD_Tenant=tenant)
    for tenant in (None, "north", "south"):
        assert stored(platform, identifier, NGSILD_Tenant=tenant)["whose"] == prop(str(tenant))
        found = platform.ask("GET", f"{ENTITIES}?type=Mixed&count=true", NGSILD_Tenant=tenant)
        assert found.headers["ngsild-results-count"] == "1"
        assert found.headers.get("ngsild-tenant") == tenant
    platform.ask("PATCH", f"{ENTITIES}/{identifier}/attrs", {"whose": prop("x")}, NGSILD_Tenant="north")
    assert stored(platform, identifier, NGSILD_Tenant="south")["whose"] == prop("south")
    batch = platform.ask("POST", f"{API}/entityOperations/delete", [identifier], NGSILD_Tenant="north")
    assert (batch.status, batch.headers["ngsild-tenant"]) == (204, "north")
    assert platform.ask("GET", f"{ENTITIES}/{identifier}", NGSILD_Tenant="north").status == 404
    assert stored(platform, identifier)["whose"] == prop("None")


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_an_unknown_tenant(platform: Running, method: str) -> None:
    """5.5.10, 6.3.14: and the tenant is named in the refusal."""
    entity = light()
    path = f"{ENTITIES}/{entity['id']}" if method == "DELETE" else f"{ENTITIES}"
    answer = platform.ask(method, path, entity if method == "POST" else None, NGSILD_Tenant="west")
    assert (answer.status, answer.error) == (404, "NonexistentTenant")
    assert answer.headers["ngsild-tenant"] == "west"


def test_a_tenant_stays_known(tmp_path: Path) -> None:
    entity = light()
    with running(tmp_path, "--tenant", "north") as first:
        created(first, entity, NGSILD_Tenant="north")
    with running(tmp_path) as second:
        assert stored(second, entity["id"], NGSILD_Tenant="north") == entity


@pytest.mark.parametrize("authorization", [None, "Bearer", "Bearer ", "Bearer wrong", "Basic dTpw", "TOKEN"])
def test_without_the_token(platform: Running, authorization: str | None) -> None:
    """A gateway answers, and not in the broker's form."""
    entity = light()
    sent = platform.token if authorization == "TOKEN" else authorization
    for method, path, body in (
        ("POST", ENTITIES, entity),
        ("GET", f"{ENTITIES}?type=X", None),
        ("OPTIONS", ENTITIES, None),
        ("GET", "/nowhere", None),
    ):
        answer = platform.ask(method, path, body, Authorization=sent)
        assert answer.status == 401
        assert answer.headers["www-authenticate"].startswith("Bearer ")
        assert "type" not in answer.json
    assert platform.ask("GET", f"{ENTITIES}/{entity['id']}").status == 404


def test_the_scheme_is_not_case_sensitive(platform: Running) -> None:
    answer = platform.ask("GET", f"{ENTITIES}?type=X", Authorization=f"bearer {platform.token}")
    assert answer.status == 200


def test_the_token_is_made_once_and_only_its_owner_can_read_it(tmp_path: Path) -> None:
    with running(tmp_path / "new" / "data") as first:
        token, file = first.token, first.data / "token"
        assert stat.S_IMODE(file.stat().st_mode) == READ_WRITE
    with running(tmp_path / "new" / "data") as second:
        assert second.token == token
        assert second.ask("GET", f"{ENTITIES}?type=X").status == 200
        file.unlink()
    with running(tmp_path / "new" / "data") as third:
        assert not file.exists()
        third.token = token
        assert third.ask("GET", f"{ENTITIES}?type=X").status == 200


def test_two_platforms_have_two_tokens(tmp_path: Path, platform: Running) -> None:
    with running(tmp_path) as other:
        answer = other.ask("GET", f"{ENTITIES}?type=X", Authorization=f"Bearer {platform.token}")
        assert answer.status == 401


def test_the_token_is_nowhere_but_in_its_file(tmp_path: Path) -> None:
    with running(tmp_path / "data") as platform:
        token = platform.token
        created(platform, light())
        platform.ask("GET", f"{ENTITIES}?type=X&access_token={token}")
        platform.ask("GET", f"{ENTITIES}?type=X", Authorization=f"Bearer {token}x")
        shown = platform.ask("GET", "/").raw
        files = {path.name: path.read_bytes() for path in platform.data.iterdir()}
    said = []
    while not platform.events.empty():
        said.append(str(platform.events.get_nowait()))
    files |= {f"after {path.name}": path.read_bytes() for path in (tmp_path / "data").iterdir()}
    files |= {"events": "\n".join(said).encode(), "page": shown}
    spellings = [token.encode(), base64.b64encode(token.encode()), token.encode().hex().encode()]
    assert len(said) > 4
    assert any(name.endswith("platform.sqlite-wal") for name in files)
    for name, content in files.items():
        found = any(spelling in content for spelling in spellings)
        assert found == (name in ("token", "after token")), name
