"""Every answer the issue names, as bytes on a loopback socket."""

from __future__ import annotations

import gzip
import json
import socket
import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from drivers.secret import Secret
from fieldtool.connectors import errors
from fieldtool.connectors.errors import Unexpected, UnreachableReason
from fieldtool.connectors.http import HttpSession, Patience, checked_url
from tests.fieldtool.connectors.broker import TOKEN, Broker, Fault, canned, problem, running


@pytest.fixture
def broker() -> Iterator[Broker]:
    with running() as made:
        yield made


@pytest.fixture
def session(broker: Broker) -> Iterator[HttpSession]:
    made = HttpSession(broker.url, Secret(TOKEN), {}, Patience(connect=2, read=0.3, whole=0.6))
    yield made
    made.close()


def answer_to(broker: Broker, session: HttpSession, raw: bytes) -> Exception:
    broker.faults.append(Fault(raw))
    with pytest.raises(errors.ConnectorError) as caught:
        session.ask("GET", "/entities")
    assert TOKEN not in str(caught.value)
    assert TOKEN not in repr(caught.value.__context__)
    return caught.value


@pytest.mark.parametrize(
    ("raw", "expected", "data"),
    [
        (canned("401 -", '{"error": "invalid_token"}'), errors.TargetUnauthorized, {"from_gateway": True}),
        (canned("401 -", "<html>login</html>"), errors.TargetUnauthorized, {"from_gateway": True}),
        (problem(401, "Unauthorized"), errors.TargetUnauthorized, {"from_gateway": False}),
        (
            canned("403 -", '{"error":"required scopes api:read not present"}'),
            errors.TargetForbidden,
            {"from_gateway": True},
        ),
        (problem(403, "AccessDenied"), errors.TargetForbidden, {"from_gateway": False}),
        (canned("404 -", '{"error_msg": "404 Route Not Found"}'), errors.TargetNotFound, {}),
        (problem(404, "ResourceNotFound"), errors.RequestRejected, {"problem": "ResourceNotFound"}),
        (problem(400, "BadRequestData", "why"), errors.RequestRejected, {"status": 400, "detail": "why"}),
        (problem(409, "AlreadyExists"), errors.RequestRejected, {"status": 409, "problem": "AlreadyExists"}),
        (problem(422, "OperationNotSupported"), errors.RequestRejected, {"status": 422}),
        (canned("429 -", "", "Retry-After: 7"), errors.RateLimited, {"retry_after": 7.0}),
        (canned("429 -"), errors.RateLimited, {"retry_after": None}),
        (canned("500 -", "<html>oops</html>"), errors.ServerFailed, {"status": 500}),
        (canned("503 -", "", "Retry-After: 2"), errors.ServerFailed, {"status": 503, "retry_after": 2.0}),
        (canned("200 -", "<!doctype html><p>hi"), errors.UnexpectedAnswer, {"what": Unexpected.HTML}),
        (canned("200 -", "hello"), errors.UnexpectedAnswer, {"what": Unexpected.NOT_JSON}),
        (canned("200 -", '[{"id": "urn:x'), errors.UnexpectedAnswer, {"what": Unexpected.HALF}),
        (canned("200 -"), errors.UnexpectedAnswer, {"what": Unexpected.NOTHING}),
        (
            canned("302 -", "", "Location: http://login.example/"),
            errors.UnexpectedAnswer,
            {"what": Unexpected.REDIRECT},
        ),
        (b"", errors.Unreachable, {"reason": UnreachableReason.CUT}),
        (
            canned("200 -", "[]").replace(b"th: 2", b"th: 999"),
            errors.Unreachable,
            {"reason": UnreachableReason.CUT},
        ),
        (b"SSH-2.0-OpenSSH_9\r\n", errors.Unreachable, {"reason": UnreachableReason.CUT}),
        (
            canned(
                "200 -", gzip.compress(json.dumps([*range(999)]).encode())[:-99], "Content-Encoding: gzip"
            ),
            errors.UnexpectedAnswer,
            {"what": Unexpected.HALF},
        ),
        (
            canned("200 -", b"\x1f\x8bnonsense", "Content-Encoding: gzip"),
            errors.UnexpectedAnswer,
            {"what": Unexpected.HALF},
        ),
    ],
)
def test_each_answer_is_one_named_error(
    broker: Broker, session: HttpSession, raw: bytes, expected: type[Exception], data: dict[str, object]
) -> None:
    error = answer_to(broker, session, raw)
    assert type(error) is expected
    assert {name: getattr(error, name) for name in data} == data


def test_a_server_that_quotes_the_token_does_not_get_it_into_the_error(
    broker: Broker, session: HttpSession
) -> None:
    error = answer_to(broker, session, problem(400, "BadRequestData", f"header was Bearer {TOKEN}"))
    assert "•••" in str(error)


def test_no_answer_at_all_is_a_time_out() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        waiting = HttpSession(url, None, {}, Patience(connect=1, read=0.2))
        with pytest.raises(errors.Unreachable) as caught:
            waiting.ask("GET", "/")
        waiting.close()
    assert caught.value.reason is UnreachableReason.TIMEOUT


def test_a_dripping_answer_ends_with_the_whole_time(broker: Broker) -> None:
    """Each drop comes within the time of a part, all of them do not."""

    def drip(listener: socket.socket) -> None:
        connection, _ = listener.accept()
        with connection:
            connection.recv(65536)
            connection.sendall(b"HTTP/1.1 200 -\r\nContent-Length: 1000\r\n\r\n")
            try:
                while not broker.release.wait(0.05):
                    connection.sendall(b" ")
            except OSError:
                return

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=drip, args=(listener,))
        thread.start()
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        waiting = HttpSession(url, None, {}, Patience(connect=1, read=0.5, whole=0.4))
        with pytest.raises(errors.Unreachable) as caught:
            waiting.ask("GET", "/")
        waiting.close()
        broker.release.set()
        thread.join()
    assert caught.value.reason is UnreachableReason.TIMEOUT


def test_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    session = HttpSession(f"http://127.0.0.1:{port}", Secret(TOKEN), {})
    with pytest.raises(errors.Unreachable) as caught:
        session.ask("GET", "/")
    session.close()
    assert caught.value.reason is UnreachableReason.REFUSED


def test_a_name_nobody_knows() -> None:
    session = HttpSession("http://fieldtool.invalid", Secret(TOKEN), {})
    with pytest.raises(errors.Unreachable) as caught:
        session.ask("GET", "/")
    session.close()
    assert caught.value.reason is UnreachableReason.DNS


def test_a_certificate_the_system_does_not_trust(tmp_path: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(self_signed(tmp_path))

    def shake_hands(listener: socket.socket) -> None:
        connection, _ = listener.accept()
        with connection, pytest.raises(OSError):  # noqa: PT011 - the client turns away, in one way or another
            context.wrap_socket(connection, server_side=True).recv(1)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=shake_hands, args=(listener,))
        thread.start()
        session = HttpSession(f"https://127.0.0.1:{listener.getsockname()[1]}", Secret(TOKEN), {})
        with pytest.raises(errors.Unreachable) as caught:
            session.ask("GET", "/")
        session.close()
        thread.join()
    assert caught.value.reason is UnreachableReason.TLS


def self_signed(folder: Path) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = folder / "server.pem"
    path.write_bytes(secret + certificate.public_bytes(serialization.Encoding.PEM))
    return path


def test_large_bodies_go_compressed_and_plain_where_the_server_cannot_unpack() -> None:
    entity = {"id": "urn:ngsi-ld:Tree:1", "type": "Tree", "note": "x" * 5000}
    for unpacks, tries in ((True, 1), (False, 2)):
        with running(Broker(unpacks=unpacks)) as broker:
            session = HttpSession(broker.url + "/ngsi-ld/v1", Secret(TOKEN), {})
            assert session.ask("POST", "/entities", body=entity).status == 201
            session.close()
        assert broker.requests[0].headers["content-encoding"] == "gzip"
        assert len(broker.requests) == tries
        assert json.dumps(broker.entities["urn:ngsi-ld:Tree:1"]) == json.dumps(entity)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "platform.example",
        "ftp://platform.example",
        "https://",
        "https://user:secret@platform.example",
        "https://platform.example?token=secret",
        "https://platform.example:99999",
        "https://[::1",
    ],
)
def test_an_unusable_address_is_refused_and_not_repeated(url: str) -> None:
    with pytest.raises(errors.TargetUrlInvalid) as caught:
        checked_url(url)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("token", ["", "  ", "two words", "line\nbreak", "grün"])
def test_a_token_no_header_can_hold_is_named_without_showing_it(token: str) -> None:
    with pytest.raises(errors.TokenUnusable) as caught:
        HttpSession("https://platform.example", Secret(token), {})
    assert "words" not in str(caught.value)


def test_a_password_from_netrc_does_not_replace_the_token(
    broker: Broker, session: HttpSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login somebody password other\n", encoding="utf-8")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    with pytest.raises(errors.TargetNotFound):
        session.ask("GET", "/nowhere")
    assert broker.requests[0].headers["authorization"] == f"Bearer {TOKEN}"
