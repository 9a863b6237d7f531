"""`fieldtool simulate`: one simulated device on a port of its own, until it is told to stop."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from drivers import simulated
from fieldtool.command import Command, Invocation
from fieldtool.simulating import load_script
from fieldtool.texts import N_, _


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("device_type", metavar="DEVICE_TYPE", help=", ".join(simulated.simulated_types()))
    parser.add_argument("--port-link", type=Path, metavar="PATH", help=_("a name of one's own for the port"))
    parser.add_argument(
        "--script", type=Path, metavar="FILE", help=_("identity, readings and faults as JSON")
    )
    parser.add_argument("--with-parent", action="store_true", help=_("end when standard input ends"))


def run(options: argparse.Namespace, invocation: Invocation) -> int:
    def ready(told: simulated.Ready) -> None:
        invocation.document(
            {"device_type": told.device_type, "port": told.port, "link": told.link, "dev_eui": told.dev_eui}
        )
        invocation.say(
            _("{device} is at {port}").format(device=told.device_type, port=told.link or told.port)
        )
        if told.dev_eui is not None:
            invocation.say(_("DevEUI {dev_eui}").format(dev_eui=told.dev_eui))
        invocation.say(_("Stop with Ctrl+C."))

    script = load_script(options.script)
    with stop_signals() as stopped:
        simulated.run(
            options.device_type,
            script,
            options.port_link,
            ready,
            stop_when_readable=stopped,
            stop_at_end_of=sys.stdin.fileno() if options.with_parent else None,
        )
    return 0


@contextmanager
def stop_signals() -> Iterator[int]:
    """A descriptor that becomes readable at SIGTERM and SIGINT, which do nothing else meanwhile."""
    readable, writable = os.pipe()
    os.set_blocking(writable, False)
    wakeup = signal.set_wakeup_fd(writable)
    before = {number: signal.signal(number, ignore) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield readable
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(wakeup)
        os.close(readable)
        os.close(writable)


def ignore(number: int, frame: object) -> None:
    """The wake-up descriptor tells the loop."""


COMMAND = Command(summary=N_("Run a simulated device on a port of its own"), arguments=arguments, run=run)
