"""Run as a process of its own: a pty whose other end is written to. A killed process is a pulled cable.

`feeder.py once`: each line of standard input is hex, written as it comes. `feeder.py loop PAUSE`: the first
line is hex; its lines are written one by one with the pause in seconds after each, over and over.
"""

from __future__ import annotations

import os
import sys
import time
import tty


def main(mode: str, pause: float) -> None:
    master, slave = os.openpty()
    tty.setraw(slave)
    sys.stdout.write(os.ttyname(slave) + "\n")
    sys.stdout.flush()
    for line in sys.stdin:
        data = bytes.fromhex(line)
        write(master, data)
        while mode == "loop":
            for sentence in data.splitlines(keepends=True):
                write(master, sentence)
                time.sleep(pause)


def write(master: int, data: bytes) -> None:
    while data:
        data = data[os.write(master, data) :]


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]) if len(sys.argv) > 2 else 0.0)
