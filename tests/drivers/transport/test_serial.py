from __future__ import annotations

import errno
import grp
import json
import os
import subprocess
import sys
import threading
import time
import tty
from collections.abc import Iterator
from pathlib import Path

import pytest

from drivers.errors import PortBusy, PortLost, PortMissing
from drivers.transport import holders, serial
from drivers.transport.parity import with_parity, without_parity
from drivers.transport.pipe import Pipe, SerialSettings
from drivers.transport.serial import list_ports, open_serial

TOP = Path(__file__).resolve().parents[3]


class Pty:
    def __init__(self) -> None:
        self.master, self.slave = os.openpty()
        tty.setraw(self.slave)
        self.port = os.ttyname(self.slave)

    def pull(self) -> None:
        for end in (self.slave, self.master):
            os.close(end)
        self.master = self.slave = -1

    def close(self) -> None:
        if self.master != -1:
            self.pull()


@pytest.fixture
def pty() -> Iterator[Pty]:
    made = Pty()
    yield made
    made.close()


@pytest.fixture
def pipe(pty: Pty) -> Iterator[Pipe]:
    opened = open_serial(pty.port, SerialSettings())
    yield opened
    opened.close()


def heard(pipe: Pipe, count: int) -> bytes:
    data = b""
    while len(data) < count:
        data += pipe.read(1)
    return data


def test_bytes_go_both_ways(pty: Pty, pipe: Pipe) -> None:
    os.write(pty.master, b"\x00\xff\r\nabc")
    assert heard(pipe, 7) == b"\x00\xff\r\nabc"
    pipe.write(b"AT\r\n\x00")
    assert os.read(pty.master, 100) == b"AT\r\n\x00"
    assert pipe.name == pty.port


def test_read_waits_at_most_as_long_as_asked(pipe: Pipe) -> None:
    for seconds in (0.0, 0.2):
        start = time.monotonic()
        assert pipe.read(seconds) == b""
        assert seconds <= time.monotonic() - start < seconds + 0.15


def test_a_missing_port() -> None:
    for port in ("/dev/ttyNOPE7", "/tmp", "/dev/null", __file__, ""):
        with pytest.raises(PortMissing):
            open_serial(port, SerialSettings())


def test_close_releases_the_port(pty: Pty) -> None:
    for _ in range(3):
        opened = open_serial(pty.port, SerialSettings())
        assert opened.name == pty.port
        opened.close()
    opened.close()


def test_a_closed_pipe_is_lost_not_a_crash(pipe: Pipe) -> None:
    pipe.close()
    with pytest.raises(PortLost):
        pipe.read(0.1)
    with pytest.raises(PortLost):
        pipe.write(b"x")


def test_the_same_process_twice_is_busy(pipe: Pipe) -> None:
    with pytest.raises(PortBusy) as caught:
        open_serial(pipe.name, SerialSettings())
    assert str(os.getpid()) in str(caught.value.holder)


OTHER = """
import sys
from drivers.transport.serial import open_serial
from drivers.transport.pipe import SerialSettings
opened = open_serial(sys.argv[1], SerialSettings())
print("open", flush=True)
sys.stdin.read()
"""


def test_the_program_that_has_the_port_is_named(pty: Pty) -> None:
    other = subprocess.Popen(
        [sys.executable, "-c", OTHER, pty.port],
        cwd=TOP,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert other.stdin is not None
    assert other.stdout is not None
    with other:
        assert other.stdout.readline() == "open\n"
        with pytest.raises(PortBusy) as caught:
            open_serial(pty.port, SerialSettings())
        assert caught.value.holder is not None
        assert f"({other.pid})" in caught.value.holder
        assert "python" in caught.value.holder
        other.kill()
        other.wait()
    # the lock goes with the process, even a killed one
    open_serial(pty.port, SerialSettings()).close()


HOLDER = """
import os, sys
os.open(sys.argv[1], os.O_RDWR | os.O_NOCTTY)
print("open", flush=True)
sys.stdin.read()
"""


def test_another_process_that_only_holds_it_open_is_found(pty: Pty) -> None:
    other = subprocess.Popen(
        [sys.executable, "-c", HOLDER, pty.port], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert other.stdout is not None
    with other:
        other.stdout.readline()
        found = holders.other_holder(pty.port)
        other.kill()
    assert found is not None
    assert f"({other.pid})" in found


def test_a_lock_file_of_another_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(holders, "LOCK_FOLDERS", (tmp_path,))
    assert holders.holder("/dev/ttyNOPE7") is None
    (tmp_path / "LCK..ttyNOPE7").write_text(f"{os.getppid():10}\n", encoding="ascii")
    assert str(os.getppid()) in str(holders.holder("/dev/ttyNOPE7"))
    (tmp_path / "LCK..ttyNOPE7").write_text("nonsense", encoding="ascii")
    assert holders.holder("/dev/ttyNOPE7") is None


FORBIDDEN = """
import json, os, sys
from drivers.errors import PortForbidden
from drivers.transport.serial import open_serial
from drivers.transport.pipe import SerialSettings
if os.geteuid() == 0:
    os.setgroups([]), os.setgid(65534), os.setuid(65534)
try:
    open_serial(sys.argv[1], SerialSettings())
except PortForbidden as error:
    print(json.dumps([error.port, error.group]))
"""


def test_a_forbidden_port_names_the_group(pty: Pty) -> None:
    if os.geteuid() == 0:
        os.chown(pty.port, 0, grp.getgrnam("dialout").gr_gid)
    group = grp.getgrgid(Path(pty.port).stat().st_gid).gr_name
    Path(pty.port).chmod(0)
    done = subprocess.run(
        [sys.executable, "-c", FORBIDDEN, pty.port], cwd=TOP, capture_output=True, text=True, check=False
    )
    assert done.stdout, done.stderr
    assert json.loads(done.stdout) == [pty.port, group]


@pytest.mark.parametrize(
    ("number", "kind"),
    [(errno.EBUSY, PortBusy), (errno.ENOENT, PortMissing), (errno.ENXIO, PortMissing), (None, PortMissing)],
)
def test_what_the_system_says_becomes_a_type(number: int | None, kind: type[Exception]) -> None:
    assert type(serial.why_not_opened("/dev/ttyNOPE7", number)) is kind


def pulled_after(pty: Pty, seconds: float) -> threading.Timer:
    timer = threading.Timer(seconds, pty.pull)
    timer.start()
    return timer


def test_a_cable_pulled_while_reading_is_noticed(pty: Pty, pipe: Pipe) -> None:
    timer = pulled_after(pty, 0.2)
    start = time.monotonic()
    with pytest.raises(PortLost):
        pipe.read(30)
    assert time.monotonic() - start < 2
    timer.join()


def test_a_cable_pulled_while_writing_is_noticed(pty: Pty, pipe: Pipe) -> None:
    timer = pulled_after(pty, 0.3)
    start = time.monotonic()
    with pytest.raises(PortLost):
        pipe.write(b"x" * 1_000_000)  # nobody reads: the buffer is full long before
    assert time.monotonic() - start < 2
    timer.join()


def test_write_gives_up_when_nobody_reads(pipe: Pipe) -> None:
    start = time.monotonic()
    with pytest.raises(PortLost):
        pipe.write(b"x" * 1_000_000)
    assert time.monotonic() - start < serial.WRITE_SECONDS + 0.5


def test_a_device_file_that_vanishes_in_silence_is_noticed(pty: Pty, tmp_path: Path) -> None:
    link = tmp_path / "ttySensor"
    link.symlink_to(pty.port)
    opened = open_serial(str(link), SerialSettings())
    link.unlink()
    start = time.monotonic()
    with pytest.raises(PortLost):
        opened.read(30)
    assert time.monotonic() - start < 2
    opened.close()


def test_seven_bits_and_parity_on_a_port_without_them(pty: Pty) -> None:
    opened = open_serial(pty.port, SerialSettings(1200, 7, "E", 1))
    opened.write(b"0I!")
    assert os.read(pty.master, 10) == b"\x30\xc9\x21"  # I has three ones: the parity bit makes it even
    os.write(pty.master, b"\x30\xc9\x21\x49")
    assert heard(opened, 4) == b"0I!\x00"  # the last byte came with the wrong parity
    assert opened.read(0.1) == b""
    opened.close()


def test_parity_there_and_back() -> None:
    every = bytes(range(128))
    assert without_parity(with_parity(every, "E"), "E") == every
    assert without_parity(with_parity(every, "O"), "O") == every
    assert with_parity(b"\x00", "O") == b"\x80"


def test_ports_are_listed() -> None:
    ports = list_ports()
    assert ports == sorted(ports, key=lambda info: info.device)
    assert all(info.device for info in ports)
