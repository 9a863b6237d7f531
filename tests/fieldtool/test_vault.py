from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from drivers.secret import Secret
from fieldtool.journal import operation
from fieldtool.keystore import KeyStore, NoKeyStore
from fieldtool.profile import Profile, open_profile
from fieldtool.vault import LockedBy, SecretDamaged, SecretMissing, VaultLocked, WrongPassphrase
from tests.fieldtool.making import PASSPHRASE, asset, sql

KEY = Secret("8f3c1e5b7a9d2046f1e2d3c4b5a69788")


@dataclass
class OwnKeyStore:
    """A key store of the test's own: the machine's is never touched."""

    kept: dict[str, Secret] = field(default_factory=dict)

    def get(self, key_id: str) -> Secret | None:
        return self.kept.get(key_id)

    def put(self, key_id: str, secret: Secret) -> None:
        self.kept[key_id] = secret


class AbsentKeyStore:
    def get(self, _key_id: str, /) -> Secret | None:
        raise NoKeyStore

    def put(self, _key_id: str, _secret: Secret, /) -> None:
        raise NoKeyStore


@contextmanager
def opened(
    folder: Path, passphrase: Secret | None = PASSPHRASE, key_store: KeyStore | None = None
) -> Iterator[Profile]:
    absent = AbsentKeyStore()
    with open_profile(
        folder, write=True, passphrase=passphrase, actor="Erika", key_store=key_store or absent
    ) as made:
        yield made


def test_a_secret_comes_back_in_the_next_run(tmp_path: Path) -> None:
    with opened(tmp_path) as made:
        made.vault.put("device/1/app_key", KEY)
        made.vault.put("device/1/app_key", Secret("Ümläut"))
        made.vault.put("target/a/token", KEY)
        assert made.vault.names("device/") == ["device/1/app_key"]
    with opened(tmp_path) as made:
        assert made.vault.get("device/1/app_key") == Secret("Ümläut")
        assert made.vault.get("target/a/token") == KEY
        made.vault.delete("target/a/token")
        assert not made.vault.has("target/a/token")
        for call in (made.vault.get, made.vault.delete):
            with pytest.raises(SecretMissing):
                call("target/a/token")


def test_a_wrong_passphrase_is_named_and_damages_nothing(tmp_path: Path) -> None:
    with opened(tmp_path) as made:
        made.vault.put("a", KEY)
    with opened(tmp_path, Secret("falsch")) as made:
        with pytest.raises(WrongPassphrase):
            made.vault.get("a")
        with pytest.raises(WrongPassphrase):
            made.vault.put("a", Secret("other"))
    with opened(tmp_path) as made:
        assert made.vault.get("a") == KEY


def test_a_passphrase_is_the_same_however_its_letters_are_composed(tmp_path: Path) -> None:
    with opened(tmp_path) as made:
        made.vault.put("a", KEY)
    decomposed = Secret(unicodedata.normalize("NFD", PASSPHRASE.reveal()))
    assert decomposed != PASSPHRASE
    with opened(tmp_path, decomposed) as made:
        assert made.vault.get("a") == KEY


def test_without_passphrase_and_key_store_it_is_locked(tmp_path: Path) -> None:
    with opened(tmp_path, None) as made:
        with pytest.raises(VaultLocked) as locked:
            made.vault.put("a", KEY)
        assert locked.value.reason is LockedBy.NO_KEY_STORE
        assert not made.vault.has("a")
    with opened(tmp_path) as made:
        made.vault.put("a", KEY)
    with opened(tmp_path, None) as made:
        assert made.vault.names() == ["a"]
        with pytest.raises(VaultLocked) as locked:
            made.vault.get("a")
    assert locked.value.reason is LockedBy.NO_PASSPHRASE


def test_the_key_store_opens_without_a_passphrase(tmp_path: Path) -> None:
    keys = OwnKeyStore()
    with opened(tmp_path, None, keys) as made:
        made.vault.put("a", KEY)
    assert len(keys.kept) == 1
    with opened(tmp_path, None, keys) as made:
        assert made.vault.get("a") == KEY
    # A passphrase given later does not matter: this vault's key is in the key store.
    with opened(tmp_path, PASSPHRASE, keys) as made:
        assert made.vault.get("a") == KEY


@pytest.mark.parametrize("kept", [None, Secret("00" * 32), Secret("keine Zahl")])
def test_a_vault_without_its_key_is_locked(tmp_path: Path, kept: Secret | None) -> None:
    keys = OwnKeyStore()
    with opened(tmp_path, None, keys) as made:
        made.vault.put("a", KEY)
    keys.kept = {name: kept for name in keys.kept if kept is not None}
    with opened(tmp_path, None, keys) as made:
        with pytest.raises(VaultLocked) as locked:
            made.vault.get("a")
        assert locked.value.reason is LockedBy.KEY_MISSING
        with pytest.raises(VaultLocked):
            made.vault.put("a", KEY)


def test_a_secret_commits_with_its_row_or_not_at_all(tmp_path: Path) -> None:
    with opened(tmp_path) as made:

        def failing() -> None:
            with operation(made.store, made.actor, "test") as recorder:
                made.vault.put("a", KEY)
                recorder.create(asset("1"))
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            failing()
        assert made.vault.names() == []
        # The key that was made in that transaction is gone with it; a new one is made, and kept.
        with operation(made.store, made.actor, "test") as recorder:
            made.vault.put("a", KEY)
            recorder.create(asset("1"))
    with opened(tmp_path) as made:
        assert made.vault.get("a") == KEY


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE vault SET sealed = zeroblob(length(sealed)) WHERE name = 'a'",
        "UPDATE vault SET nonce = zeroblob(12) WHERE name = 'a'",
        "UPDATE vault SET (nonce, sealed) = (SELECT nonce, sealed FROM vault WHERE name = 'b')",
    ],
    ids=["ciphertext", "nonce", "swapped"],
)
def test_a_damaged_row_is_named_and_never_garbage(tmp_path: Path, damage: str) -> None:
    with opened(tmp_path) as made:
        made.vault.put("a", KEY)
        made.vault.put("b", KEY)
        sql(made, damage)
        with pytest.raises(SecretDamaged) as damaged:
            made.vault.get("a")
        assert damaged.value.name == "a"
        assert made.vault.get("b") == KEY


def test_equal_secrets_look_different(tmp_path: Path) -> None:
    with opened(tmp_path) as made:
        made.vault.put("a", KEY)
        made.vault.put("b", KEY)
        (first,), (second,) = sql(made, "SELECT sealed FROM vault ORDER BY name")
    assert first != second


def test_a_headless_machine_has_no_key_store() -> None:
    import keyring
    from keyring.backends.fail import Keyring

    from fieldtool.keystore import SystemKeyStore

    before = keyring.get_keyring()
    keyring.set_keyring(Keyring())
    try:
        with pytest.raises(NoKeyStore):
            SystemKeyStore().get("x")
        with pytest.raises(NoKeyStore):
            SystemKeyStore().put("x", KEY)
    finally:
        keyring.set_keyring(before)
