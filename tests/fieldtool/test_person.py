from __future__ import annotations

from pathlib import Path

import pytest

from fieldtool.operation import Actor
from fieldtool.person import NameMissing, RoleLocked, set_person
from fieldtool.profile import open_profile
from fieldtool.store import profile_rows
from tests.fieldtool.making import PASSPHRASE, asset, profile, record


def who(folder: Path) -> Actor:
    with open_profile(folder, write=False, passphrase=PASSPHRASE) as opened:
        return opened.actor


def test_another_name_is_another_person(tmp_path: Path) -> None:
    with profile(tmp_path) as opened:
        (tree,) = record(opened, asset("1"))
        made = set_person(opened, name="Jan Kowalski")
        assert (made.name, made.sign, made.role) == ("Jan Kowalski", "JK", "technik")
    assert who(tmp_path) == made
    with profile(tmp_path) as opened:
        assert next(opened.store.history(tree.id)).actor.name == "Erika Muster"
        back = set_person(opened, name="Erika Muster")
        assert back.id != made.id
    assert who(tmp_path).name == "Erika Muster"


def test_sign_and_role_of_the_same_person(tmp_path: Path) -> None:
    with profile(tmp_path) as opened:
        made = set_person(opened, initials="ERM", role="bestand")
        assert (made.id, made.sign, made.role) == (opened.actor.id, "ERM", "bestand")
        (tree,) = record(opened, asset("1"))
    assert who(tmp_path) == made
    with profile(tmp_path) as opened:
        assert opened.actor == made
        record(opened, asset("2"))
        assert next(opened.store.history(tree.id)).operation.role == "technik"


@pytest.mark.parametrize("given", [{"name": " "}, {"initials": ""}, {"name": "", "role": "bestand"}])
def test_nobody_is_not_a_person(tmp_path: Path, given: dict) -> None:
    with profile(tmp_path) as opened:
        with pytest.raises(NameMissing):
            set_person(opened, **given)
        assert opened.actor.role == "technik"


def test_the_role_schule_is_not_left_without_its_passphrase(tmp_path: Path) -> None:
    with profile(tmp_path) as opened, opened.store.transaction():
        profile_rows.upsert_actor(
            opened.store.connection, Actor(opened.actor.id, "Klasse 7b", "7b", "schule")
        )
    with open_profile(tmp_path, write=True, passphrase=PASSPHRASE) as opened:
        for given in ({"role": "technik"}, {"name": "Erika Muster"}):
            with pytest.raises(RoleLocked) as locked:
                set_person(opened, **given)  # type: ignore[arg-type]
            assert locked.value.role == "schule"
    with profile(tmp_path) as opened, pytest.raises(RoleLocked):
        set_person(opened, role="bestand")
    assert who(tmp_path).role == "schule"
