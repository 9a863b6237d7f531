"""Access tokens, and the gateway that asks for them.

The database holds a token's SHA-256 only (a token has 256 random bits: no salt, no stretching needed). The
token itself is written once, to a file only its owner can read.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from drivers.secret import Secret
from fieldtool.training.database import Database
from fieldtool.training.wire import Answer, json_answer

FILE = "token"
GATEWAY = 'Bearer realm="apisix"'


def make_first_token(database: Database, directory: Path) -> None:
    """The file first: killed in between, the next start makes another one."""
    with database.transaction() as work:
        if work.token_digests():
            return
        token = Secret(secrets.token_urlsafe(32))
        write_once(directory / FILE, token)
        work.add_token(digest(token))


def write_once(path: Path, token: Secret) -> None:
    draft = path.with_suffix(".new")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(token.reveal() + "\n")
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def digest(token: Secret) -> bytes:
    return hashlib.sha256(token.reveal().encode()).digest()


def bearer(headers: Mapping[str, str]) -> Secret | None:
    scheme, _, token = headers.get("authorization", "").partition(" ")
    return Secret(token.strip()) if scheme.lower() == "bearer" and token.strip() else None


def refusal(database: Database, headers: Mapping[str, str]) -> Answer | None:
    """None where the token is right; else what a gateway before the broker answers: not its ProblemDetails
    but RFC 6750 and a body of its own."""
    token = bearer(headers)
    if token is None:
        return json_answer(
            401, {"message": "Missing authorization in request"}, {"WWW-Authenticate": GATEWAY}
        )
    with database.transaction() as work:
        known = work.token_digests()
    if any(hmac.compare_digest(digest(token), one) for one in known):
        return None
    return gateway_401()


def gateway_401() -> Answer:
    challenge = f'{GATEWAY}, error="invalid_token", error_description="token is not active"'
    return json_answer(401, {"error": "invalid_token"}, {"WWW-Authenticate": challenge})


def gateway_403() -> Answer:
    """As seen at a CIVITAS/CORE gateway: a body in no standard form."""
    return json_answer(403, {"error": "required scopes api:read not present"})
