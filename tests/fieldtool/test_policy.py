from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest

from fieldtool import policy
from fieldtool.data_files import BrokenData
from fieldtool.explain import explain
from fieldtool.operation import Actor, Role
from fieldtool.policy import NotAllowed, Right, require, rights
from fieldtool.roles import ROLES
from fieldtool.schemas import schema
from fieldtool.texts import use_language
from fieldtool.titles import RIGHTS


def actor(role: Role) -> Actor:
    return Actor("1", "Erika Muster", "EM", role)


def test_every_right_has_a_title_and_is_in_the_schema_and_somebody_has_it() -> None:
    named = set(get_args(Right))
    assert named == set(RIGHTS)
    assert named == set(schema("policy")["$defs"]["rights"]["items"]["enum"])
    assert named == rights("technik") | rights("bestand")
    assert set(get_args(Role)) == set(ROLES)


def test_who_may_what() -> None:
    assert rights("schule") == frozenset()
    assert rights("bestand") - rights("technik") == {
        "ticket.reopen",
        "ticket.prioritise",
        "asset.delete",
        "asset.bulk",
        "class.change",
    }
    require(actor("bestand"), "ticket.reopen")
    for right in get_args(Right):
        with pytest.raises(NotAllowed):
            require(actor("schule"), right)


def test_a_missing_right_is_told_in_german() -> None:
    use_language("de")
    told = explain(NotAllowed("ticket.reopen", "technik"))
    assert told.code == "not_allowed"
    assert told.message == "Die Rolle Technik hat kein Recht zu: Tickets wieder öffnen."
    assert "fieldtool person" in told.advice


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("rights: {technik: [], bestand: []}", "rights"),
        ("rights: {technik: [ticket.burn], bestand: [], schule: []}", "rights.technik.0"),
        ("rights: {technik: [], bestand: [], schule: [], chef: []}", "rights"),
        ("- technik", "$"),
    ],
)
def test_a_broken_policy_gives_nobody_anything(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, key: str
) -> None:
    (tmp_path / "policy.yaml").write_text(text, encoding="utf-8")
    monkeypatch.setattr(policy, "FILE", tmp_path / "policy.yaml")
    with pytest.raises(BrokenData) as caught:
        require(actor("bestand"), "ticket.create")
    assert caught.value.key == key
