from __future__ import annotations

import itertools
import string

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from drivers.secret import Secret
from fieldtool.labels import Label, LabelError, MalformedLabel, WrongChecksum, read_label
from fieldtool.labels.checksum import checksum, crc16
from tests.fieldtool.labels.samples import TR005, TR005_PLAIN

COVERED = TR005.removesuffix(":CAF2C")
FIXED = "LW:D0:1122334455667788:AABBCCDDEEFF0011:AABB1122"


def test_the_checksum_is_crc_16_modbus() -> None:
    """The check value of CRC-16/MODBUS in the catalogue of parametrised CRC algorithms is 0x4B37."""
    assert crc16(b"123456789") == 0x4B37
    assert checksum(COVERED) == "AF2C"


def test_the_example_of_the_specification() -> None:
    label = read_label(TR005)
    assert label == Label(
        "tr005",
        dev_eui="aabbccddeeff0011",
        join_eui="1122334455667788",
        profile_id="aabb1122",
        serial="YYWWNNNNNN",
        proprietary="FOOBAR",
        owner_token=Secret("AABBCCDDEEFF"),
    )
    assert label.secret_names() == ["owner_token"]


def test_without_extensions_and_checksum() -> None:
    assert read_label(TR005_PLAIN) == Label(
        "tr005", dev_eui="0018b20000000101", join_eui="70b3d57ed0000010", profile_id="000af8be"
    )


@pytest.mark.parametrize("tail", [":O:S:P", ":O:S:P:C", ":", "::", ":C"])
def test_empty_extensions_say_nothing(tail: str) -> None:
    assert read_label(FIXED + tail) == read_label(FIXED)


def test_a_scanner_in_lower_case() -> None:
    assert read_label(TR005.lower()) == read_label(TR005)
    assert read_label(TR005_PLAIN.lower()) == read_label(TR005_PLAIN)


def test_a_lower_case_label_with_a_checksum_over_itself() -> None:
    text = COVERED.lower()
    assert read_label(f"{text}:c{checksum(text)}").serial == "yywwnnnnnn"


def test_a_wrong_checksum_says_what_was_found_and_expected() -> None:
    with pytest.raises(WrongChecksum) as caught:
        read_label(f"{COVERED}:C1234")
    assert (caught.value.found, caught.value.expected) == ("1234", "AF2C")


EXTENSIONS = ["OAABBCCDDEEFF", "SYYWWNNNNNN", "PFOOBAR"]


@pytest.mark.parametrize("order", list(itertools.permutations(EXTENSIONS)))
@pytest.mark.parametrize("place", range(4))
def test_extensions_in_any_order(order: tuple[str, ...], place: int) -> None:
    """The checksum covers what stands before it, wherever it stands."""
    before = ":".join([FIXED, *order[:place]])
    text = ":".join([before, f"C{checksum(before)}", *order[place:]])
    assert read_label(text) == read_label(TR005)


@pytest.mark.parametrize(
    ("text", "part", "value"),
    [
        ("LW:D0:", "join_eui", None),
        ("LW:D0:1122334455667788:", "dev_eui", None),
        ("LW:D0:1122334455667788:AABBCCDDEEFF0011", "profile_id", None),
        ("LW:D0:1122334455667788:AABBCCDDEEFF0011:", "profile_id", None),
        ("LW:D0:1122334455667788:AABBCCDDEEFF0011:AABB", "profile_id", "AABB"),
        ("LW:D0:112233445566778:AABBCCDDEEFF0011:AABB1122", "join_eui", "112233445566778"),
        ("LW:D0:1122334455667788:AABBCCDDEEFF001G:AABB1122", "dev_eui", "AABBCCDDEEFF001G"),
        ("LW:D0:1122334455667788:AA BBCCDDEEFF001:AABB1122", "dev_eui", "AA BBCCDDEEFF001"),
        ("LW:D0:1122334455667788:0000000000000000:AABB1122", "dev_eui", "0" * 16),
        ("LW:D0:1122334455667788:FFFFFFFFFFFFFFFF:AABB1122", "dev_eui", "f" * 16),
        (FIXED + ":OAB:12", "extension", "1"),
        (FIXED + ":S1:S2", "extension", "S"),
        (FIXED + ":S\x1b[2J", "serial", "�[2J"),
        (FIXED + ":C12G4", "checksum", "12G4"),
        (FIXED + ":C123", "checksum", "123"),
    ],
)
def test_what_is_wrong_is_named(text: str, part: str, value: str | None) -> None:
    with pytest.raises(MalformedLabel) as caught:
        read_label(text)
    assert (caught.value.format, caught.value.part, caught.value.value) == ("tr005", part, value)


def test_an_all_zero_join_eui_is_usual() -> None:
    assert read_label("LW:D0:0000000000000000:AABBCCDDEEFF0011:AABB1122").join_eui == "0" * 16


EUIS = st.text("0123456789ABCDEF", min_size=16, max_size=16).filter(
    lambda text: set(text) not in ({"0"}, {"F"})
)
VALUES = st.text(string.ascii_uppercase + string.digits + " $%*+-./", max_size=12)


@st.composite
def checksummed(draw: st.DrawFn) -> str:
    values = [letter + draw(VALUES) for letter in draw(st.permutations("OSP"))]
    covered = ":".join(
        ["LW:D0", draw(EUIS), draw(EUIS), draw(st.just("AABB1122")), *values[: draw(st.integers(0, 3))]]
    )
    return f"{covered}:C{checksum(covered)}"


@settings(deadline=None)
@given(text=checksummed())
def test_every_checksummed_label_is_read(text: str) -> None:
    fields = text.split(":")
    label = read_label(text)
    assert (label.join_eui, label.dev_eui) == (fields[2].lower(), fields[3].lower())


@settings(deadline=None)
@given(text=checksummed(), place=st.integers(0, 200), wrong=st.characters(codec="utf-8"))
def test_any_flipped_character_is_refused(text: str, place: int, wrong: str) -> None:
    """Case alone does not count in the mark and the digits of the checksum: they mean the same."""
    place %= len(text)
    assume(text[place] != wrong if place < len(text) - 5 else text[place].lower() != wrong.lower())
    with pytest.raises(LabelError):
        read_label(text[:place] + wrong + text[place + 1 :])


def test_any_flipped_character_of_the_example_is_refused() -> None:
    wrongs = [*string.digits, *string.ascii_uppercase, ":", " ", "\0", "ß", "{"]
    for place, wrong in itertools.product(range(len(TR005)), wrongs):
        if TR005[place] != wrong:
            with pytest.raises(LabelError):
                read_label(TR005[:place] + wrong + TR005[place + 1 :])
