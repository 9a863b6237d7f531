from __future__ import annotations

import codecs
import json
import os
import pty
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from fieldtool.cli import main
from fieldtool.schemas import violation
from tests.fieldtool.labels import pictures
from tests.fieldtool.labels.samples import (
    APP_KEY,
    ASSET_ID,
    DEV_EUI,
    DRAGINO,
    JOIN_EUI,
    JSON,
    KEY_VALUE,
    LWDP,
    SEEED,
    TR005,
    TR005_PLAIN,
    spellings,
)

TOP = Path(__file__).resolve().parents[3]
Told = tuple[int, dict[str, Any], str]

EXAMPLE = {
    "format": "tr005",
    "dev_eui": "aabbccddeeff0011",
    "join_eui": "1122334455667788",
    "profile_id": "aabb1122",
    "serial": "YYWWNNNNNN",
    "asset_id": None,
    "secrets": ["owner_token"],
}


@pytest.fixture
def scan(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    def run(*arguments: object) -> Told:
        status = main(["--profile", str(tmp_path / "none"), "scan", *map(str, arguments), "--json"])
        out, err = capsys.readouterr()
        assert not (tmp_path / "none").exists()
        document = json.loads(out)
        if status == 0:
            assert violation(document, "scan") is None
        return status, document, err

    return run


def piped(data: bytes, *options: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "fieldtool", "scan", "-", *options],
        input=data,
        cwd=TOP,
        capture_output=True,
        timeout=60,
        check=False,
    )


def test_the_document_of_the_contract(scan: Any) -> None:
    assert scan(TR005) == (0, EXAMPLE, "")


@pytest.mark.parametrize(
    ("code", "label_format", "dev_eui", "secrets"),
    [
        (TR005_PLAIN, "tr005", "0018b20000000101", []),
        (LWDP, "lwdp", "58a0cb1200e0face", ["owner_token"]),
        (DRAGINO, "dragino", DEV_EUI, ["app_key"]),
        (JSON, "json", DEV_EUI, ["app_key"]),
        (KEY_VALUE, "key_value", DEV_EUI, ["app_key"]),
        (KEY_VALUE + "\nOwnerToken=AB12", "key_value", DEV_EUI, ["app_key", "owner_token"]),
        (SEEED, "seeed", "2cf7f1c04490010d", []),
        (DEV_EUI.upper(), "eui", DEV_EUI, []),
        (f"FT:ASSET:{ASSET_ID}", "asset", None, []),
    ],
)
def test_every_format(
    scan: Any, code: str, label_format: str, dev_eui: str | None, secrets: list[str]
) -> None:
    status, document, err = scan(code)
    assert (status, err) == (0, "")
    assert (document["format"], document["dev_eui"], document["secrets"]) == (label_format, dev_eui, secrets)
    assert (document["asset_id"] is None) == (dev_eui is not None)


def test_german_lines_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["scan", DRAGINO]) == 0
    assert capsys.readouterr() == (
        "Format: dragino\n"
        f"DevEUI: {DEV_EUI}\n"
        f"JoinEUI: {JOIN_EUI}\n"
        "Seriennummer: DS026349738\n"
        "Geheimnisse (nicht gezeigt): app_key\n",
        "",
    )


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("", "empty_label"),
        ("]Q1\r\n", "empty_label"),
        ("https://example.org/produkt/4711", "unknown_label"),
        ("4006381333931", "unknown_label"),
        (TR005[:-1] + "D", "wrong_checksum"),
        (TR005.replace("AABBCCDDEEFF0011", "0" * 16), "malformed_label"),
        (DRAGINO[:-1], "malformed_label"),
        ("\udce4\x1b[2J", "unknown_label"),
    ],
)
def test_a_bad_code_is_a_named_error(scan: Any, code: str, error: str) -> None:
    status, document, err = scan(code)
    assert (status, document["error"]["code"]) == (1, error)
    assert document["error"]["message"]
    assert document["error"]["advice"]
    assert len(err.splitlines()) == 1


def test_a_foreign_code_says_what_was_read_and_what_works(scan: Any) -> None:
    told = scan("https://example.org/produkt/4711")[1]["error"]
    assert "'https://example.org/produkt/4711'" in told["message"]
    for example in ("LW:D0:…", "URN:LWDP:…", "DevEUI=…", "serial;DevEUI;JoinEUI;AppKey"):
        assert example in told["advice"]


def test_a_wrong_checksum_says_found_and_expected(scan: Any) -> None:
    message = scan(TR005[:-1] + "D")[1]["error"]["message"]
    assert "AF2D" in message
    assert "AF2C" in message


@pytest.mark.parametrize(
    "code", [DRAGINO, JSON, KEY_VALUE, f"x {APP_KEY}", DRAGINO[1:-1], JSON[:-20], APP_KEY]
)
@pytest.mark.parametrize("options", [(), ("--json",)])
def test_no_key_is_ever_shown(
    code: str, options: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    main(["scan", code, *options])
    out, err = capsys.readouterr()
    assert not [spelling for spelling in spellings(APP_KEY) if spelling in out + err]


@pytest.mark.parametrize(
    "data",
    [
        TR005.encode(),
        TR005.encode() + b"\r\n",
        TR005.encode() + b"\n\0",
        b"]Q1" + TR005.encode() + b"\r",
        codecs.BOM_UTF8 + TR005.encode() + b"\r\n",
        codecs.BOM_UTF16_LE + TR005.encode("utf-16-le"),
        b"\x02" + TR005.encode() + b"\x03",
    ],
    ids=["plain", "crlf", "nul", "symbology", "utf8_bom", "utf16", "stx_etx"],
)
def test_standard_input_as_scanners_and_shells_send_it(data: bytes) -> None:
    done = piped(data, "--json")
    assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads(done.stdout) == EXAMPLE


@pytest.mark.parametrize(
    ("data", "error"),
    [(b"", "empty_label"), (b"\xff\xfe", "empty_label"), (b"\x80\xff\x00" * 90_000, "unknown_label")],
)
def test_standard_input_without_a_label(data: bytes, error: str) -> None:
    done = piped(data, "--json")
    assert (done.returncode, json.loads(done.stdout)["error"]["code"]) == (1, error)
    assert len(done.stderr.decode().splitlines()) == 1


def test_a_scanner_that_types_into_a_terminal() -> None:
    """The code ends with the Enter key; nobody presses Ctrl+D."""
    ours, theirs = pty.openpty()
    try:
        os.write(ours, TR005.encode() + b"\n")
        done = subprocess.run(
            [sys.executable, "-m", "fieldtool", "scan", "-", "--json"],
            stdin=theirs,
            cwd=TOP,
            capture_output=True,
            timeout=60,
            check=False,
        )
    finally:
        os.close(ours)
        os.close(theirs)
    assert json.loads(done.stdout) == EXAMPLE


def test_a_picture(scan: Any, tmp_path: Path) -> None:
    path = tmp_path / "etikett.jpg"
    pictures.turned(pictures.qr(TR005), 11).save(path)
    assert scan("--image", path) == (0, EXAMPLE, "")


def test_a_picture_with_another_code_says_so(scan: Any, tmp_path: Path) -> None:
    path = tmp_path / "karton.png"
    pictures.beside(pictures.data_matrix("4006381333931"), pictures.qr(TR005)).save(path)
    status, document, err = scan("--image", path)
    assert (status, document) == (0, EXAMPLE)
    assert err == "Auch im Bild, aber kein Etikett: 4006381333931\n"


@pytest.mark.parametrize(
    ("data", "error"),
    [(b"", "image_unreadable"), (b"kein Bild", "image_unreadable"), (None, "image_unreadable")],
)
def test_a_bad_picture_is_a_named_error(scan: Any, tmp_path: Path, data: bytes | None, error: str) -> None:
    path = tmp_path / "foto.jpg"
    if data is not None:
        path.write_bytes(data)
    status, document, err = scan("--image", path)
    assert (status, document["error"]["code"]) == (1, error)
    assert str(path) in document["error"]["message"]
    assert len(err.splitlines()) == 1


def test_a_picture_of_two_devices_is_an_error(scan: Any, tmp_path: Path) -> None:
    path = tmp_path / "zwei.png"
    pictures.beside(pictures.qr(TR005), pictures.qr(DRAGINO)).save(path)
    status, document, _err = scan("--image", path)
    assert (status, document["error"]["code"]) == (1, "several_devices")
    assert DEV_EUI in document["error"]["message"]


def test_a_picture_without_a_code_is_an_error(scan: Any, tmp_path: Path) -> None:
    path = tmp_path / "leer.png"
    pictures.blurred(pictures.qr(TR005), 40).save(path)
    assert scan("--image", path)[1]["error"]["code"] == "no_code_found"


@pytest.mark.parametrize("arguments", [(), ("--image",), (TR005, "--image", "x.png"), (TR005, TR005)])
def test_wrong_usage_is_exit_2(arguments: tuple[str, ...]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["scan", *arguments])
    assert caught.value.code == 2
