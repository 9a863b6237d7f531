"""The operating system's key store, where there is one."""

from __future__ import annotations

from typing import Protocol

from drivers.secret import Secret

SERVICE = "fieldtool"


class NoKeyStore(Exception):
    """This machine (or this session) has no key store that can be used."""


class KeyStore(Protocol):
    """Each call raises NoKeyStore."""

    def get(self, key_id: str, /) -> Secret | None: ...
    def put(self, key_id: str, secret: Secret, /) -> None: ...


class SystemKeyStore:
    """Secret Service, macOS keychain or Windows credential store, by keyring."""

    def get(self, key_id: str) -> Secret | None:
        import keyring
        from keyring.errors import KeyringError

        try:
            text = keyring.get_password(SERVICE, key_id)
        except KeyringError as error:
            raise NoKeyStore from error
        return None if text is None else Secret(text)

    def put(self, key_id: str, secret: Secret) -> None:
        import keyring
        from keyring.errors import KeyringError

        try:
            keyring.set_password(SERVICE, key_id, secret.reveal())
        except KeyringError as error:
            raise NoKeyStore from error
