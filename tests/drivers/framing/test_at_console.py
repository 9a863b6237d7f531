from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from drivers.errors import NoReply, PortLost, UnreadableReply
from drivers.framing.at_console import AtConsole
from drivers.framing.at_lines import Command
from drivers.secret import Secret
from drivers.transport.pipe import SerialSettings
from drivers.transport.serial import open_serial
from tests.drivers.responder import Act, Answers, Responder, Say, frame, responder

ENDING = re.compile("OK|AT_ERROR")
OK = b"\r\nOK\r\n"
QUERY = Command(("AT+TDC=?",))
KEY = "00 11 22 33 44 55 66 77 88 99 AA BB CC DD EE FF"


class Bench:
    def __init__(self, device: Responder, console: AtConsole, traced: list[str]) -> None:
        self.device = device
        self.console = console
        self.traced = traced


@contextmanager
def bench(answers: Answers) -> Iterator[Bench]:
    traced: list[str] = []
    with responder(answers) as device:
        pipe = open_serial(device.port, SerialSettings())
        try:
            console = AtConsole(
                pipe, lambda way, text: traced.append(way + text), ending=ENDING, success="OK"
            )
            yield Bench(device, console, traced)
        finally:
            pipe.close()


def test_an_answer_is_what_comes_before_its_ending() -> None:
    with bench({"AT+TDC=?": [b"1200000\r\n", OK]}) as b:
        reply = b.console.exchange(QUERY, 2)
    assert (reply.ending, reply.lines) == ("OK", ("1200000",))
    assert b.traced == [">AT+TDC=?", "<1200000", "<OK"]


def test_echo_banner_log_garbage_and_half_lines_do_not_matter() -> None:
    parts = [
        b"AT+TDC",
        0.02,
        b"=?\r\n",
        b"\x00\xfe\r\n",
        frame("sn50v3-boot"),
        b"1200",
        0.05,
        b"000\r",
        0.02,
        b"\n\r\nO",
        b"K\r\n",
    ]
    with bench({"AT+TDC=?": parts}) as b:
        reply = b.console.exchange(QUERY, 2)
    assert reply.ending == "OK"
    assert reply.lines[-1] == "1200000"
    assert "AT+TDC=?" not in reply.lines


def test_silence() -> None:
    with bench({}) as b, pytest.raises(NoReply) as caught:
        b.console.exchange(QUERY, 0.2)
    assert (caught.value.command, caught.value.seconds) == ("AT+TDC=?", 0.2)


def test_nothing_but_the_echo_is_silence() -> None:
    with bench({"AT+TDC=?": [b"AT+TDC=?\r\n"]}) as b, pytest.raises(NoReply):
        b.console.exchange(QUERY, 0.2)


@pytest.mark.parametrize(
    "said", [b"\xff\xfe\x80\x80", b"1200000\r\n", b"1200000\r\n\r\nO", b"1200000\r\n\r\nOJ\r\n"]
)
def test_half_and_garbled_answers_are_unreadable(said: bytes) -> None:
    with bench({"AT+TDC=?": [said]}) as b, pytest.raises(UnreadableReply) as caught:
        b.console.exchange(QUERY, 0.3)
    assert caught.value.received


def test_a_long_answer_is_shown_shortened() -> None:
    with bench({"AT+TDC=?": [b"nonsense\r\n" * 100]}) as b, pytest.raises(UnreadableReply) as caught:
        b.console.exchange(QUERY, 0.3)
    assert len(caught.value.received) <= 200


def test_a_late_answer_is_not_taken_for_the_next_one() -> None:
    with bench({"AT+TDC=?": [0.3, b"1200000\r\n", OK], "AT+NJM=?": [b"1\r\n", OK]}) as b:
        with pytest.raises(NoReply):
            b.console.exchange(QUERY, 0.25)
        assert b.console.exchange(Command(("AT+NJM=?",)), 2).lines == ("1",)


def test_what_came_before_is_not_taken_for_the_answer() -> None:
    with bench({"AT+TDC=?": [b"1200000\r\n", OK]}) as b:
        b.device.say(b"77\r\n\r\nOK\r\n")
        b.console.settle()
        b.device.say(b"half")
        time.sleep(0.05)  # the bytes must be there before the command: nothing else shows when they are
        assert b.console.exchange(QUERY, 2).lines == ("1200000",)


def test_waking_ends_a_half_command() -> None:
    with bench({"AT+APP": [b"\r\nAT_ERROR\r\n"], "AT+TDC=?": [b"5\r\n", OK]}) as b:
        b.console._pipe.write(b"AT+APP")
        b.console.wake()
        assert b.console.exchange(QUERY, 2).lines == ("5",)
    assert b.device.heard == ["AT+APP", "AT+TDC=?"]


def test_a_cable_pulled_in_the_answer() -> None:
    with bench({"AT+TDC=?": [b"1200", Act.PULL]}) as b:
        start = time.monotonic()
        with pytest.raises(PortLost):
            b.console.exchange(QUERY, 30)
        assert time.monotonic() - start < 2


def test_listening_ends_at_what_is_wanted() -> None:
    with bench({}) as b:
        b.device.say(frame("ldds75-v1.1.4-join"))
        heard, found = b.console.listen(re.compile("^JOINED$"), 2)
        assert found
        assert heard[-1] == "JOINED"
        rest, found = b.console.listen(re.compile("never"), 0.2)
        assert not found
        assert "distanceSum:3597" in rest


SECRET = Secret(KEY)


@pytest.mark.parametrize(
    "said",
    [
        [f"AT+APPKEY={KEY}\r\n".encode(), OK],
        [f"AT+APPKEY={KEY[:20]}\r\n".encode(), b"\r\nAT_ERROR\r\n"],
        [f"AT+APPKEY={KEY[:20]}".encode()],
        [KEY[9:].encode() + b"\xff\r\n"],
    ],
)
def test_a_written_secret_shows_nowhere(said: list[Say]) -> None:
    told = ""
    with bench({f"AT+APPKEY={KEY}": said, "AT+TDC=?": [b"5\r\n", OK]}) as b:
        try:
            b.console.exchange(Command(("AT+APPKEY=", SECRET)), 0.3)
        except (NoReply, UnreadableReply) as error:
            told = f"{error} {error!r}"
        b.console.exchange(QUERY, 2)
        assert b.device.heard[0] == f"AT+APPKEY={KEY}"
    shown = " ".join([*b.traced, told])
    assert "11" not in shown
    assert "AA" not in shown


def test_a_secret_that_comes_late_shows_nowhere() -> None:
    with bench(
        {"AT+APPKEY=?": [b"00 11 22", 0.35, b" 33 44 55 AA\r\n", OK], "AT+TDC=?": [b"5\r\n", OK]}
    ) as b:
        with pytest.raises(UnreadableReply) as caught:
            b.console.exchange(Command(("AT+APPKEY=?",)), 0.3, secret_reply=True)
        assert b.console.exchange(QUERY, 2).lines == ("5",)
        b.console.exchange(QUERY, 2)
    shown = " ".join([*b.traced, str(caught.value)])
    assert "11" not in shown
    assert "AA" not in shown
    assert b.traced[-2:] == ["<5", "<OK"]  # and the veil is gone again
