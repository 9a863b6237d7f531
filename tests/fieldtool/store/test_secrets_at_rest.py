"""No secret in any spelling in any byte of a profile: live, in the WAL, deleted, in backups, closed."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from drivers.secret import Secret
from fieldtool.journal import operation
from fieldtool.profile import open_profile
from fieldtool.store.migrations import backup
from fieldtool.vault import Vault
from tests.fieldtool.making import asset, device, profile

APP_KEY = "8f3c1e5b7a9d2046f1e2d3c4b5a69788"
TOKEN = "tok-Zj8kQ2vX-Straße"
PASSPHRASE = "Kohle und Stahl 1847"
SECRETS = (APP_KEY, APP_KEY.upper(), TOKEN, PASSPHRASE)


def spellings(secret: str) -> set[bytes]:
    octets = [secret.encode()]
    if len(secret) == 32 and set(secret.lower()) <= set("0123456789abcdef"):
        octets.append(bytes.fromhex(secret))
    forms = set(octets)
    for data in octets:
        pairs = [f"{octet:02x}" for octet in data]
        for separator in ("", " ", ":", "-"):
            forms |= {separator.join(pairs).encode(), separator.join(pairs).upper().encode()}
        forms |= {
            data[::-1],
            base64.b64encode(data).rstrip(b"="),
            base64.urlsafe_b64encode(data).rstrip(b"="),
        }
        forms |= {data.decode("latin-1").encode("utf-16-le"), data.decode("latin-1").encode("utf-16-be")}
    return forms


def leaks(folder: Path) -> list[str]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert files
    return [
        f"{path.name}: {form!r}"
        for path in files
        for data in [path.read_bytes()]
        for secret in SECRETS
        for form in spellings(secret)
        if form in data
    ]


@pytest.mark.parametrize("secret", [APP_KEY, TOKEN])
def test_the_search_finds_what_is_there(tmp_path: Path, secret: str) -> None:
    for number, form in enumerate(sorted(spellings(secret))):
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / "file").write_bytes(b"..." + form + b"...")
        assert leaks(folder)


def test_no_byte_of_a_profile_holds_a_secret(tmp_path: Path) -> None:
    with open_profile(tmp_path, write=True, passphrase=Secret(PASSPHRASE), actor="Erika") as opened:
        with operation(opened.store, opened.actor, "device.commission", reason="neu") as recorder:
            recorder.create(device("a84041f1e2d3c4b5", settings={"interval": "1200"}))
            for number in range(40):
                opened.vault.put(f"device/{number}/app_key", Secret(APP_KEY))
            opened.vault.put("device/upper/app_key", Secret(APP_KEY.upper()))
            opened.vault.put("target/a/token", Secret(TOKEN))
        assert (tmp_path / "fieldtool.sqlite-wal").stat().st_size > 0
        assert leaks(tmp_path) == []
        backup(opened.store.connection, 1)
        for number in range(0, 40, 2):
            opened.vault.delete(f"device/{number}/app_key")
        opened.vault.put("target/a/token", Secret(TOKEN))
        with operation(opened.store, opened.actor, "asset.create") as recorder:
            recorder.create(asset("1"))
        assert opened.vault.get("device/1/app_key").reveal() == APP_KEY
        assert leaks(tmp_path) == []
        assert len(list((tmp_path / "backups").iterdir())) == 1
        assert (tmp_path / "lock-holder").exists()
    assert leaks(tmp_path) == []


def test_deleted_rows_are_overwritten(tmp_path: Path) -> None:
    """secure_delete, seen on a text that is not secret: it is gone from the file, free pages included."""
    marker = "Personenbezogener-Vermerk"
    with profile(tmp_path) as opened:
        for _ in range(200):
            opened.store.connection.execute(
                "INSERT INTO facts VALUES (hex(randomblob(8)), ?)", (marker + "x" * 500,)
            )
        opened.store.connection.execute("DELETE FROM facts WHERE value LIKE 'Pers%'")
    assert marker.encode() not in (tmp_path / "fieldtool.sqlite").read_bytes()


def test_nothing_of_the_vault_shows_itself(tmp_path: Path) -> None:
    with open_profile(tmp_path, write=True, passphrase=Secret(PASSPHRASE), actor="Erika") as opened:
        opened.vault.put("a", Secret(APP_KEY))
        shown = f"{opened!r} {opened.vault!r} {opened.vault.get('a')!r} {vars(Vault)}"
    assert not any(form in shown.encode() for secret in SECRETS for form in spellings(secret))
