"""What a ChirpStack server learns from elsewhere, told to this one by PUT (with the token).

/training/chirpstack/join      {"dev_eui": …, "dev_nonce": n}: the device joins; without dev_nonce with the
                               next one. 409 where it has no keys or the nonce was used (until it is flushed).
/training/chirpstack/profiles  {"name": …, "vendor_id": n, "vendor_profile_id": n}: a device profile with a
                               TR005 ProfileID is imported; answers its id.
"""

from __future__ import annotations

import sqlite3
from typing import Any

from fieldtool.training import content
from fieldtool.training.chirpstack import profiles, store
from fieldtool.training.chirpstack.store import NoKeys, NonceUsed
from fieldtool.training.platform import Platform
from fieldtool.training.values import bad
from fieldtool.training.wire import Answer, Asked, Kind, json_answer, no_content, problem


def join(platform: Platform, asked: Asked, _: str) -> Answer:
    document = _document(asked)
    dev_eui, nonce = document.get("dev_eui"), document.get("dev_nonce")
    if not isinstance(dev_eui, str) or not (nonce is None or _is_number(nonce)):
        raise bad("dev_eui must be a text, dev_nonce a number from 0 to 65535")
    with platform.database.transaction() as work:
        try:
            store.join(work, dev_eui.lower(), nonce)
        except NoKeys as error:
            raise problem(Kind.ALREADY_EXISTS, "the device has no keys, so it cannot join") from error
        except NonceUsed as error:
            raise problem(Kind.ALREADY_EXISTS, "this DevNonce was used before") from error
        except sqlite3.OperationalError as error:
            raise problem(Kind.NOT_SUPPORTED, "there is no network server here") from error
    return no_content()


def add_profile(platform: Platform, asked: Asked, tenant: str) -> Answer:
    document = _document(asked)
    title: Any = document.get("name")
    numbers: list[Any] = [document.get(n) for n in ("vendor_id", "vendor_profile_id")]
    if not isinstance(title, str) or not title or not all(map(_is_number, numbers)):
        raise bad("name must be a text, vendor_id and vendor_profile_id numbers from 0 to 65535")
    message = profiles.profile_message(title).SerializeToString()
    with platform.database.transaction() as work:
        try:
            home = store.home(work, tenant)
            made = store.add_profile(
                work, home.tenant if home else "", title, message, (numbers[0], numbers[1])
            )
        except sqlite3.IntegrityError as error:
            raise problem(Kind.ALREADY_EXISTS, "there is a profile with this ProfileID") from error
        except sqlite3.OperationalError as error:
            raise problem(Kind.NOT_SUPPORTED, "there is no network server here") from error
    return json_answer(200, {"id": made})


def _document(asked: Asked) -> dict[str, Any]:
    document = content.parsed(content.unpacked(asked))
    if not isinstance(document, dict):
        raise bad("a JSON object is expected")
    return document


def _is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < store.NONCES
