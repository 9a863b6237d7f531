"""Secrets at rest: AES-256-GCM with one master key per profile, in the same file as the rows they belong to.

The master key is in the system's key store or, where a passphrase is given, wrapped with a key that scrypt
makes of the passphrase (RFC 7914; 32 MiB, about 0.1 s). A secret's name is bound to its ciphertext, so that
rows can't be swapped.

CoreError
└── VaultError
    ├── VaultLocked(reason)
    ├── WrongPassphrase
    ├── SecretMissing(name)
    ├── SecretDamaged(name)
    └── PassphraseUnreadable(path)
"""

from __future__ import annotations

import os
import unicodedata
from dataclasses import dataclass
from enum import Enum

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from drivers.secret import Secret
from fieldtool.errors import CoreError
from fieldtool.ids import new_id
from fieldtool.keystore import KeyStore, NoKeyStore
from fieldtool.store import Store, vault_rows
from fieldtool.store.vault_rows import KeyRow, SealedRow

KEY_OCTETS = 32
NONCE_OCTETS = 12
SALT_OCTETS = 16
COST = {"n": 2**15, "r": 8, "p": 1}


class LockedBy(Enum):
    NO_PASSPHRASE = "no_passphrase"
    NO_KEY_STORE = "no_key_store"
    KEY_MISSING = "key_missing"


class VaultError(CoreError):
    pass


@dataclass(eq=False)
class VaultLocked(VaultError):
    reason: LockedBy


@dataclass(eq=False)
class WrongPassphrase(VaultError):
    pass


@dataclass(eq=False)
class SecretMissing(VaultError):
    name: str


@dataclass(eq=False)
class SecretDamaged(VaultError):
    """The row was changed, or belongs to another profile's key."""

    name: str


@dataclass(eq=False)
class PassphraseUnreadable(VaultError):
    path: str


class Vault:
    """Unlocked by the first secret that is read or written; names can be asked for while it is locked."""

    def __init__(self, store: Store, key_store: KeyStore, passphrase: Secret | None) -> None:
        self._connection = store.connection
        self._key_store = key_store
        self._passphrase = passphrase
        self._unlocked: tuple[str, AESGCM] | None = None

    def put(self, name: str, secret: Secret) -> None:
        """Joins a running transaction: the secret commits with the row it belongs to. Raises VaultLocked,
        WrongPassphrase."""
        with self._connection.joining():
            key_id, cipher = self._cipher()
            nonce = os.urandom(NONCE_OCTETS)
            sealed = cipher.encrypt(nonce, secret.reveal().encode(), name.encode())
            vault_rows.put_sealed(self._connection, name, SealedRow(key_id, nonce, sealed))

    def get(self, name: str) -> Secret:
        """Raises SecretMissing, SecretDamaged, VaultLocked, WrongPassphrase."""
        row = vault_rows.sealed_row(self._connection, name)
        if row is None:
            raise SecretMissing(name)
        _key_id, cipher = self._cipher()
        try:
            return Secret(cipher.decrypt(row.nonce, row.sealed, name.encode()).decode())
        except InvalidTag as error:
            raise SecretDamaged(name) from error

    @property
    def is_new(self) -> bool:
        """Nothing was ever put into it: what opens it first is its key from then on."""
        return vault_rows.key_row(self._connection) is None

    def open(self) -> None:
        """Before the first secret is wanted; a new one gets its key. Raises VaultLocked, WrongPassphrase."""
        with self._connection.joining():
            self._cipher()

    def has(self, name: str) -> bool:
        return vault_rows.sealed_row(self._connection, name) is not None

    def names(self, prefix: str = "") -> list[str]:
        return vault_rows.names(self._connection, prefix)

    def delete(self, name: str) -> None:
        """Raises SecretMissing."""
        with self._connection.joining():
            if not vault_rows.delete(self._connection, name):
                raise SecretMissing(name)

    def _cipher(self) -> tuple[str, AESGCM]:
        """Looks at the stored key each time: the transaction that made it may have been rolled back."""
        row = vault_rows.key_row(self._connection)
        if row is None:
            row, master = self._new_key()
            vault_rows.insert_key(self._connection, row)
        elif self._unlocked is not None and self._unlocked[0] == row.key_id:
            return self._unlocked
        else:
            master = self._master(row)
        self._unlocked = (row.key_id, AESGCM(master))
        return self._unlocked

    def _new_key(self) -> tuple[KeyRow, bytes]:
        key_id, master = new_id(), os.urandom(KEY_OCTETS)
        nonce = os.urandom(NONCE_OCTETS)
        if self._passphrase is not None:
            salt = os.urandom(SALT_OCTETS)
            sealed = AESGCM(stretched(self._passphrase, salt)).encrypt(nonce, master, key_id.encode())
            return KeyRow(key_id, "passphrase", salt, nonce, sealed), master
        try:
            self._key_store.put(key_id, Secret(master.hex()))
        except NoKeyStore as error:
            raise VaultLocked(LockedBy.NO_KEY_STORE) from error
        proof = AESGCM(master).encrypt(nonce, b"", key_id.encode())
        return KeyRow(key_id, "key_store", None, nonce, proof), master

    def _master(self, row: KeyRow) -> bytes:
        return self._from_passphrase(row) if row.kept == "passphrase" else self._from_key_store(row)

    def _from_passphrase(self, row: KeyRow) -> bytes:
        if self._passphrase is None:
            raise VaultLocked(LockedBy.NO_PASSPHRASE)
        wrapping = AESGCM(stretched(self._passphrase, row.salt or b""))
        try:
            return wrapping.decrypt(row.nonce, row.sealed, row.key_id.encode())
        except InvalidTag as error:
            raise WrongPassphrase from error

    def _from_key_store(self, row: KeyRow) -> bytes:
        try:
            found = self._key_store.get(row.key_id)
        except NoKeyStore as error:
            raise VaultLocked(LockedBy.NO_KEY_STORE) from error
        if found is None:
            raise VaultLocked(LockedBy.KEY_MISSING)
        try:
            master = bytes.fromhex(found.reveal())
            AESGCM(master).decrypt(row.nonce, row.sealed, row.key_id.encode())
        except (ValueError, InvalidTag) as error:
            raise VaultLocked(LockedBy.KEY_MISSING) from error
        return master


def stretched(passphrase: Secret, salt: bytes) -> bytes:
    """NFC first: keyboards differ in how they compose ä."""
    text = unicodedata.normalize("NFC", passphrase.reveal())
    return Scrypt(salt=salt, length=KEY_OCTETS, **COST).derive(text.encode())
