"""Programs of our own that run beside: simulated devices and the training platform, each a process."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from fieldtool.errors import CoreError


@dataclass(eq=False)
class ChildFailed(CoreError):
    """`command` is what was started, `code` the error code it reported."""

    command: str
    code: str


@contextmanager
def child(arguments: Sequence[str]) -> Iterator[tuple[subprocess.Popen[str], dict[str, Any]]]:
    """A running `fieldtool --json ARGUMENTS` and the document it printed when it was ready.

    It ends with its standard input, so it goes away with us, however we end.
    """
    with subprocess.Popen(
        [sys.executable, "-m", "fieldtool", "--json", *arguments, "--with-parent"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        encoding="utf-8",
    ) as process:
        try:
            yield process, first_document(process, arguments[0])
        finally:
            if process.stdin is not None:
                process.stdin.close()
            try:
                process.wait(timeout=5)
            except subprocess.TimeoutExpired:
                process.kill()


def first_document(process: subprocess.Popen[str], command: str) -> dict[str, Any]:
    line = process.stdout.readline() if process.stdout is not None else ""
    if not line:
        raise ChildFailed(command, f"exit {process.wait()}")
    document: dict[str, Any] = json.loads(line)
    if "error" in document:
        raise ChildFailed(command, document["error"]["code"])
    return document
