from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from drivers.framing.nmea import LONGEST, Sentence, SentenceReader, checksum
from tests.drivers.logs import DAYS, log_bytes

# Examples with their checksums from gpsd's "NMEA Revealed", the AIS one below from its "AIVDM" page.
GLL = b"$GNGLL,4404.14012,N,12118.85993,W,001037.00,A,A*67\r\n"
GSA = b"$GNGSA,A,3,80,71,73,79,69,,,,,,,,1.83,1.09,1.47*17\r\n"


def sentence_bytes(body: str) -> bytes:
    """Written apart from the reader: the exclusive or of all characters, two hex digits."""
    total = 0
    for character in body:
        total ^= ord(character)
    return f"${body}*{total:02X}\r\n".encode("ascii")


def read(data: bytes) -> tuple[list[Sentence], SentenceReader]:
    reader = SentenceReader()
    return reader.feed(data), reader


def counts(reader: SentenceReader) -> tuple[int, int, int, int]:
    return reader.sentences, reader.bad_checksums, reader.malformed, reader.foreign_bytes


def test_published_sentences() -> None:
    sentences, reader = read(GLL + GSA)
    assert [(sentence.talker, sentence.type) for sentence in sentences] == [("GN", "GLL"), ("GN", "GSA")]
    assert sentences[0].fields == ("4404.14012", "N", "12118.85993", "W", "001037.00", "A", "A")
    assert sentences[0].text == GLL.decode().strip()
    assert counts(reader) == (2, 0, 0, 0)
    assert checksum(b"GNGLL,4404.14012,N,12118.85993,W,001037.00,A,A") == 0x67


def test_a_makers_own_sentence() -> None:
    (sentence,), _ = read(b"$PSRFEPE,053229.438,V,,,,,*23\r\n")
    assert (sentence.talker, sentence.type) == ("P", "SRFEPE")
    assert sentence.fields == ("053229.438", "V", "", "", "", "", "")


@pytest.mark.parametrize("end", [b"\r\n", b"\n", b"\r", b"\n\r", b"\r\r\n"])
def test_line_ends(end: bytes) -> None:
    sentences, reader = read(GLL.replace(b"\r\n", end) + GSA.replace(b"\r\n", end))
    assert [sentence.type for sentence in sentences] == ["GLL", "GSA"]
    assert counts(reader) == (2, 0, 0, 0)


def test_a_sentence_waits_for_its_line_end() -> None:
    reader = SentenceReader()
    assert reader.feed(GLL[:-2]) == []
    assert [sentence.type for sentence in reader.feed(b"\r")] == ["GLL"]


def test_lower_case_checksum() -> None:
    assert sentence_bytes("GPTXT,n") == b"$GPTXT,n*0D\r\n"
    assert [sentence.type for sentence in read(b"$GPTXT,n*0d\r\n")[0]] == ["TXT"]


@pytest.mark.parametrize(
    "line",
    [
        b"$SkyTraq,Venus6\r\n",
        b"$Kernel,v1.4.23,000006FE,19324205,F,16.367667MHz\r\n",
        b"$GNGLL,4404.14012,N,12118.85993,W,001037.00,A,A\r\n",
        b"$GNGLL,4404.14012,N,12118.85993,W,001037.00,A,A*6\r\n",
        b"$GNGLL,4404.14012,N,12118.85993,W,001037.00,A,A*6Z\r\n",
        b"$GNGLL,4404.14012,N,12118.85993,W,001037.00,A,A*67 \r\n",
        b"$gngll,1*2A\r\n",
        b"$\r\n",
        b"$*00\r\n",
        b"$$$\r\n",
    ],
)
def test_what_only_looks_like_a_sentence(line: bytes) -> None:
    sentences, reader = read(line + GSA)
    assert [sentence.type for sentence in sentences] == ["GSA"]
    assert reader.malformed >= 1
    assert reader.bad_checksums == 0


def test_no_checksum_no_sentence_wrong_checksum_counted() -> None:
    sentences, reader = read(GLL.replace(b"*67", b"*68") + GSA)
    assert [sentence.type for sentence in sentences] == ["GSA"]
    assert counts(reader) == (1, 1, 0, 0)


def test_ais_sentences_are_foreign() -> None:
    ais = b"!AIVDM,1,1,,A,13aEOK?P00PD2wVMdLDRhgvL289?,0*26\r\n"
    sentences, reader = read(ais + GLL)
    assert [sentence.type for sentence in sentences] == ["GLL"]
    assert counts(reader) == (1, 0, 0, len(ais) - 2)


def test_binary_in_between_costs_only_the_sentence_it_hits() -> None:
    ubx = bytes([0xB5, 0x62, 0x01, 0x07, 0x5C, 0x00, *range(0x80, 0xDC)])
    sentences, reader = read(ubx + GLL + ubx + GSA[:20] + ubx + GSA[20:] + GLL)
    assert [sentence.type for sentence in sentences] == ["GLL", "GLL"]
    assert reader.malformed == 1


def test_an_overlong_line_is_bounded() -> None:
    reader = SentenceReader()
    for _ in range(1000):
        assert reader.feed(b"$GPGGA," + b"1" * 5000) == []
        assert len(reader._body or b"") <= LONGEST
    assert [sentence.type for sentence in reader.feed(b"\r\n" + GLL)] == ["GLL"]
    assert reader.malformed == 1000


@pytest.mark.parametrize("name", DAYS)
def test_any_portions_give_the_same(name: str) -> None:
    data = log_bytes(name)
    whole, reader = read(data)

    @settings(max_examples=20, deadline=None, database=None)
    @given(st.lists(st.integers(0, len(data)), max_size=400).map(sorted))
    def cut(places: list[int]) -> None:
        other = SentenceReader()
        edges = [0, *places, len(data)]
        pieces = [data[start:end] for start, end in pairwise(edges)]
        assert [sentence for piece in pieces for sentence in other.feed(piece)] == whole
        assert counts(other) == counts(reader)

    cut()


def test_byte_by_byte() -> None:
    data = log_bytes("venus634lp")
    reader = SentenceReader()
    single = [sentence for at in range(len(data)) for sentence in reader.feed(data[at : at + 1])]
    assert single == read(data)[0]


@pytest.mark.parametrize("name", DAYS)
def test_one_changed_byte_drops_exactly_its_sentence(name: str) -> None:
    """Any byte from `$` to the last digit of the checksum, changed to any other."""
    data = log_bytes(name)
    sentences, reader = read(data)
    starts, at = [], 0
    for sentence in sentences:
        at = data.index(sentence.text.encode(), at)
        starts.append(at)
        at += 1

    @settings(max_examples=40, deadline=None, database=None)
    @given(st.integers(0, len(sentences) - 1), st.floats(0, 1, exclude_max=True), st.integers(1, 255))
    def change(index: int, where: float, difference: int) -> None:
        text = sentences[index].text
        offset = int(where * len(text))
        old = data[starts[index] + offset]
        new = old ^ difference
        assume(not (offset >= len(text) - 2 and chr(new).upper() == chr(old)))
        changed = bytearray(data)
        changed[starts[index] + offset] = new
        kept, other = read(bytes(changed))
        assert kept == sentences[:index] + sentences[index + 1 :]
        assert other.sentences == reader.sentences - 1

    change()
