from __future__ import annotations

import pytest

from fieldtool.imports.encoding import MixedText, NotText, decode

TEXT = "Straße;Größe\r\nÄußere Kanalstraße;größer als üblich\r\nRüttenscheid;„Am Café“ 5 °C\r\n"


@pytest.mark.parametrize(
    ("written", "named"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("cp1252", "cp1252"),
    ],
)
def test_an_encoding_is_recognised(written: str, named: str) -> None:
    found = decode(TEXT.encode(written))
    assert (found.text, found.encoding) == (TEXT, named)


def test_umlauts_of_dos_are_recognised() -> None:
    text = "Straße;Ort\r\nMühlenweg;Höchsten\r\nÄcker;Würde\r\n"
    found = decode(text.encode("cp850"))
    assert (found.text, found.encoding) == (text, "cp850")


@pytest.mark.parametrize("word", ["Maß", "Höhe", "Übergang", "„Hof“", "Café", "25 °C", "§ 5"])
def test_one_special_letter_is_enough_for_cp1252(word: str) -> None:
    assert decode(f"a;{word};b\n".encode("cp1252")).text == f"a;{word};b\n"


@pytest.mark.parametrize(
    "data", [bytes(range(256)), b"PK\x03\x04\x14\x00\x06\x00" * 9, b"\x1f\x8b\x08\x00" * 20]
)
def test_bytes_that_are_no_text_are_refused(data: bytes) -> None:
    with pytest.raises(NotText):
        decode(data)


def test_two_encodings_in_one_file_name_the_line() -> None:
    data = "Straße;Größe;Höhe\nMühle;Äcker\n".encode() + "Bäcker;Öl\n".encode("cp1252")
    with pytest.raises(MixedText) as caught:
        decode(data)
    assert caught.value.line == 3
