"""`fieldtool training-platform`: the training platform alone, until it is told to stop."""

from __future__ import annotations

import argparse
import dataclasses
import os
import re
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fieldtool.command import Command, Invocation
from fieldtool.jsontypes import Json
from fieldtool.texts import N_, _
from fieldtool.training.events import Event
from fieldtool.training.running import Settings, Started, Stop, running


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=_port, required=True, metavar="N", help=_("0 takes any free port"))
    parser.add_argument("--data", type=Path, required=True, metavar="DIR", help=_("where its records are"))
    parser.add_argument("--faults", type=Path, metavar="FILE", help=_("when it misbehaves, as JSON"))
    parser.add_argument(
        "--tenant",
        type=_tenant,
        action="append",
        default=[],
        metavar="NAME",
        help=_("a tenant beside the default one; can be given more than once"),
    )
    parser.add_argument(
        "--chirpstack-port",
        type=_port,
        metavar="N",
        help=_("with a network server at this port; 0 takes any free port"),
    )
    parser.add_argument("--events", action="store_true", help=_("a line for every request as it happens"))
    parser.add_argument("--with-parent", action="store_true", help=_("end when standard input ends"))


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) <= 65535):
        raise argparse.ArgumentTypeError(_("a port is a number from 0 to 65535"))
    return int(text)


def _tenant(text: str) -> str:
    if re.fullmatch(r"[A-Za-z0-9_.:-]{1,100}", text) is None:
        raise argparse.ArgumentTypeError(_("a tenant's name is of letters, digits and _ . : -"))
    return text


def run(options: argparse.Namespace, invocation: Invocation) -> int:
    def listener(event: Event) -> None:
        shown = (
            f"{event.n} {event.event} {event.method} {event.path} {event.status or ''} {event.fault or ''}"
        )
        try:
            invocation.row({**dataclasses.asdict(event)}, shown.rstrip())
        except BrokenPipeError:
            # Nobody reads any more; without this Python would complain once more at exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise

    def ready(started: Started) -> None:
        invocation.document(
            {
                "url": started.url,
                "port": started.port,
                "data": str(started.directory),
                "token_file": str(started.token_file),
                "chirpstack": _network_server(started),
            }
        )
        invocation.say(_("Training platform – no real data") + f": {started.url}")
        if started.network_server is not None:
            invocation.say(f"ChirpStack: {started.network_server.url}")
        invocation.say(_("The access token is in {file}").format(file=started.token_file))
        invocation.say(_("Stop with Ctrl+C."))

    settings = Settings(options.data, options.port, options.faults, options.tenant, options.chirpstack_port)
    stop = Stop()
    with stopped_by_signals(stop), running(settings, ready, listener if options.events else None):
        if options.with_parent:
            stop.when_input_ends()
        stop.wait()
    return 0


def _network_server(started: Started) -> Json:
    if started.network_server is None:
        return None
    homes: dict[str, Json] = {
        tenant: {**dataclasses.asdict(home)} for tenant, home in started.network_server.homes.items()
    }
    return {"url": started.network_server.url, "tenants": homes}


@contextmanager
def stopped_by_signals(stop: Stop) -> Iterator[None]:
    numbers = (signal.SIGTERM, signal.SIGINT)
    before = {number: signal.signal(number, lambda *_: stop.now()) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


COMMAND = Command(summary=N_("Run the training platform"), arguments=arguments, run=run)
