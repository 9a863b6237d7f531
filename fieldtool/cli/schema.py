"""`fieldtool schema [NAME]`: the JSON Schema of a command's output or input file, or the names there are."""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass

from fieldtool.command import Command, Invocation
from fieldtool.errors import CoreError
from fieldtool.schemas import schema, schema_names
from fieldtool.texts import N_, _


@dataclass(eq=False)
class UnknownSchema(CoreError):
    name: str
    known: str


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "name", nargs="?", metavar="NAME", help=_("a command or an input file (plan, mapping)")
    )


def run(options: argparse.Namespace, invocation: Invocation) -> int:
    if options.name is None:
        invocation.document({"schemas": list(schema_names())})
        for name in schema_names():
            invocation.say(name)
        return 0
    try:
        found = schema(options.name.replace(" ", "-"))
    except KeyError as error:
        raise UnknownSchema(options.name, ", ".join(schema_names())) from error
    invocation.out.write(json.dumps(found, ensure_ascii=False, indent=None if invocation.json else 2) + "\n")
    return 0


COMMAND = Command(N_("print the JSON Schema of an output or an input file"), arguments, run)
