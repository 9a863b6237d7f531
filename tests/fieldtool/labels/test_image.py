from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from fieldtool.labels import MalformedLabel, UnknownLabel, WrongChecksum, read_label
from fieldtool.labels.errors import ImageUnreadable, NoCodeFound, SeveralDevices
from fieldtool.labels.image import read_codes
from fieldtool.labels.photo import read_photo
from tests.fieldtool.labels import pictures
from tests.fieldtool.labels.samples import APP_KEY, DEV_EUI, DRAGINO, KEY_VALUE, LWDP, SEEED, TR005


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "foto.png"


@pytest.mark.parametrize("text", [TR005, DRAGINO, KEY_VALUE, LWDP, SEEED])
@pytest.mark.parametrize("picture", [pictures.qr, pictures.data_matrix])
def test_codes_say_what_was_written(path: Path, text: str, picture: Callable[[str], Image.Image]) -> None:
    picture(text).save(path)
    assert read_codes(path) == [text]


@pytest.mark.parametrize("code", [pictures.qr, pictures.data_matrix])
@pytest.mark.parametrize(
    "spoil",
    [
        lambda image: pictures.turned(image, 17),
        lambda image: pictures.turned(image, 90),
        lambda image: pictures.turned(image, 203),
        lambda image: pictures.blurred(image, 3),
        lambda image: pictures.noisy(image, 0.03),
        pictures.dim,
        lambda image: pictures.noisy(pictures.blurred(pictures.turned(image, -8), 1.5), 0.02),
    ],
    ids=["tilted", "sideways", "upside_down", "blurred", "noisy", "dim", "all_of_it"],
)
def test_photos_from_the_field(
    path: Path, code: Callable[[str], Image.Image], spoil: Callable[[Image.Image], Image.Image]
) -> None:
    spoil(pictures.beside(code(TR005))).save(path)
    assert read_codes(path) == [TR005]


def test_a_scratch(path: Path) -> None:
    pictures.scratched(pictures.qr(TR005)).save(path)
    assert read_codes(path) == [TR005]


@pytest.mark.parametrize("suffix", ["jpg", "webp", "bmp", "gif", "tiff"])
def test_formats_of_cameras_and_programs(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"foto.{suffix}"
    pictures.qr(TR005).save(path)
    assert read_codes(path) == [TR005]


def test_the_name_does_not_matter(tmp_path: Path) -> None:
    path = tmp_path / "foto"
    pictures.qr(TR005).save(path, format="JPEG")
    assert read_codes(path) == [TR005]


def test_transparent_is_white(path: Path) -> None:
    code = pictures.qr(TR005)
    clear = Image.new("RGBA", code.size, (0, 0, 0, 0))
    clear.paste((0, 0, 0, 255), mask=code.point(lambda value: 255 - value))
    clear.save(path)
    assert read_codes(path) == [TR005]


def test_light_on_dark(path: Path) -> None:
    pictures.qr(TR005).point(lambda value: 255 - value).save(path)
    assert read_codes(path) == [TR005]


def test_two_codes_and_one_of_them_twice(path: Path) -> None:
    codes = pictures.qr(TR005), pictures.data_matrix("4006381333931"), pictures.qr(TR005)
    pictures.beside(*codes).save(path)
    assert sorted(read_codes(path)) == ["4006381333931", TR005]


def test_the_label_among_other_codes(path: Path) -> None:
    pictures.beside(pictures.qr("https://example.org/handbuch"), pictures.qr(TR005)).save(path)
    photo = read_photo(path)
    assert photo.label == read_label(TR005)
    assert photo.others == ("https://example.org/handbuch",)


def test_another_code_is_shown_without_its_secrets(path: Path) -> None:
    pictures.beside(pictures.qr(f"x {APP_KEY}"), pictures.qr(TR005)).save(path)
    assert read_photo(path).others == ("x •••",)


def test_the_more_telling_of_two_labels_of_one_device(path: Path) -> None:
    pictures.beside(pictures.qr(DEV_EUI.upper()), pictures.qr(DRAGINO)).save(path)
    photo = read_photo(path)
    assert (photo.label, photo.others) == (read_label(DRAGINO), ())


def test_labels_of_two_devices_are_never_guessed(path: Path) -> None:
    pictures.beside(pictures.qr(TR005), pictures.qr(DRAGINO)).save(path)
    with pytest.raises(SeveralDevices) as caught:
        read_photo(path)
    assert set(caught.value.found) == {"aabbccddeeff0011", DEV_EUI}


@pytest.mark.parametrize(
    ("codes", "error"),
    [
        (("hello", "world"), UnknownLabel),
        (("hello", TR005[:-1] + "D"), WrongChecksum),
        ((DRAGINO[:-1], "hello"), MalformedLabel),
    ],
)
def test_no_label_among_the_codes(path: Path, codes: tuple[str, str], error: type[Exception]) -> None:
    pictures.beside(*map(pictures.qr, codes)).save(path)
    with pytest.raises(error):
        read_photo(path)


def test_a_picture_without_a_code(path: Path) -> None:
    Image.linear_gradient("L").save(path)
    with pytest.raises(NoCodeFound) as caught:
        read_codes(path)
    assert caught.value.path == str(path)


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


HUGE = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 60_000, 60_000, 8, 0, 0, 0, 0))
HUGE += chunk(b"IDAT", zlib.compress(bytes(60_001)))


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "es ist kein Bild in einem bekannten Format"),
        (b"LW:D0:1122334455667788", "es ist kein Bild in einem bekannten Format"),
        (bytes(range(256)) * 40, "es ist kein Bild in einem bekannten Format"),
        (b"%PDF-1.7\n", "es ist kein Bild in einem bekannten Format"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "es ist kein Bild in einem bekannten Format"),
        (HUGE, "es hat zu viele Bildpunkte"),
    ],
    ids=["empty", "text", "bytes", "pdf", "eps", "huge"],
)
def test_what_is_no_picture(path: Path, data: bytes, reason: str) -> None:
    path.write_bytes(data)
    with pytest.raises(ImageUnreadable) as caught:
        read_codes(path)
    assert (caught.value.path, caught.value.reason) == (str(path), reason)


def test_a_strip_longer_than_the_reader_takes(path: Path) -> None:
    Image.new("L", (70_000, 1)).save(path)
    with pytest.raises(ImageUnreadable) as caught:
        read_codes(path)
    assert caught.value.reason == "es hat zu viele Bildpunkte"


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ImageUnreadable) as caught:
        read_codes(tmp_path / "fehlt.png")
    assert "gibt" in caught.value.reason
    with pytest.raises(ImageUnreadable) as caught:
        read_codes(tmp_path)
    assert caught.value.reason == "das ist ein Ordner"


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "BMP", "GIF", "TIFF"])
def test_a_damaged_picture_is_read_or_refused(tmp_path: Path, kind: str) -> None:
    """Cut off and with flipped bytes all over, as from a worn memory card."""
    whole = tmp_path / "whole"
    pictures.qr(TR005, scale=3).save(whole, format=kind)
    data = whole.read_bytes()
    spoilt = tmp_path / "spoilt"
    places = sorted({*range(0, min(len(data), 300), 4), *range(0, len(data), max(1, len(data) // 80))})
    for place in places:
        for damaged in (data[:place], data[:place] + bytes([data[place] ^ 0xFF]) + data[place + 1 :]):
            spoilt.write_bytes(damaged)
            try:
                assert read_codes(spoilt) == [TR005]
            except (ImageUnreadable, NoCodeFound):
                continue
