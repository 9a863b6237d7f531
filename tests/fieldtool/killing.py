"""SIGKILL at a moment that is told by what has been written."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path

PATIENCE_S = 60
LOOK_S = 0.0005


def kill_when_written(child: subprocess.Popen[bytes], wal: Path, octets: int) -> bool:
    """As soon as so much stands in the write-ahead log; False where the child had ended by then."""
    end = time.monotonic() + PATIENCE_S
    while child.poll() is None and time.monotonic() < end:
        if size(wal) >= octets:
            os.kill(child.pid, signal.SIGKILL)
            break
        time.sleep(LOOK_S)
    return child.wait(timeout=PATIENCE_S) == -signal.SIGKILL


def size(path: Path) -> int:
    """The log goes when its last connection is closed."""
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0
