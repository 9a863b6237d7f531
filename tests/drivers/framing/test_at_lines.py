from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from drivers.framing.at_lines import HIDDEN, LONGEST, Command, Line, LineAssembler, masked
from drivers.secret import Secret
from tests.drivers.responder import frame

KEY = "0F1E2D3C4B5A69788796A5B4C3D2E1F0"


def lines_of(*chunks: bytes) -> list[Line]:
    assembler = LineAssembler()
    found = [line for chunk in chunks for line in assembler.feed(chunk)]
    half = assembler.give_up()
    return found if half is None else [*found, half]


@given(st.binary(max_size=3000), st.lists(st.integers(0, 3000), max_size=20))
def test_the_cutting_of_the_bytes_does_not_matter(data: bytes, cuts: list[int]) -> None:
    places = [0, *sorted(min(cut, len(data)) for cut in cuts), len(data)]
    chunks = [data[a:b] for a, b in pairwise(places)]
    assert lines_of(*chunks) == lines_of(data)


@given(
    st.lists(st.text(st.characters(codec="utf-8", categories=["L", "N"]), min_size=1, max_size=80)), st.data()
)
def test_every_line_end_does(texts: list[str], data: st.DataObject) -> None:
    ends = st.sampled_from([b"\r", b"\n", b"\r\n", b"\n\r", b"\r\n\r\n"])
    sent = b"".join(text.encode() + data.draw(ends) for text in texts)
    assert lines_of(sent) == [Line(text) for text in texts]


@given(st.binary(max_size=5000))
def test_no_byte_is_an_exception_and_no_line_without_bound(data: bytes) -> None:
    for line in lines_of(data):
        assert len(line.text) <= 4 * LONGEST
        assert line.text.isprintable() or "\t" in line.text


def test_a_half_line_is_kept() -> None:
    assembler = LineAssembler()
    assert assembler.feed(b"A8 40 4") == []
    assert assembler.feed(b"1 F1\r") == [Line("A8 40 41 F1")]
    assert assembler.feed(b"\nO") == []
    assert assembler.give_up() == Line("O", garbage=True)
    assert assembler.give_up() is None


def test_garbage_is_marked_and_escaped() -> None:
    assert lines_of(b"\x00\xffOK\r\nOK\r\n") == [Line("\\x00\\xffOK", garbage=True), Line("OK")]


def test_a_line_without_an_end_is_cut() -> None:
    assert [line.garbage for line in lines_of(b"x" * (LONGEST + 5) + b"\r\nOK\r\n")] == [True, False, False]
    assert lines_of(b"x" * LONGEST + b"\r\n") == [Line("x" * LONGEST)]


def test_the_captured_banner() -> None:
    texts = [line.text for line in lines_of(frame("ldds75-v1.1.4-boot"))]
    assert texts[1:3] == ["LDDS75 LoRaWAN Distance Sensor", "Image Version: v1.1.4"]
    assert texts[-1] == "Please use AT+DEBUG to see debug info"


def test_a_command_hides_its_secret() -> None:
    command = Command(("AT+APPKEY=", Secret(KEY), ""))
    assert command.wire == f"AT+APPKEY={KEY}"
    assert command.shown == f"AT+APPKEY={HIDDEN}"
    assert command.secret
    assert KEY not in repr(command)


def test_keys_are_masked_wherever_they_come() -> None:
    pairs = [KEY[i : i + 2] for i in range(0, 32, 2)]
    for spelling in (KEY, KEY.lower(), " ".join(pairs), ":".join(pairs).lower(), "-".join(pairs)):
        assert masked(f"AppKey= {spelling} end") == f"AppKey= {HIDDEN} end"
    assert masked("DevEui= A8 40 41 F1 E2 D3 C4 B5") == "DevEui= A8 40 41 F1 E2 D3 C4 B5"
