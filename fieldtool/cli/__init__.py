"""The command line: one module per noun, each exporting COMMAND; only the one that is called loads.

`main` holds the contract: global options before and after the command, exit status 0, 1 or 2, one line
on standard error for an expected failure, no traceback.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence

from drivers import discovery
from drivers.errors import ExpectedError
from fieldtool.arguments import translate_argparse
from fieldtool.command import Command, Invocation
from fieldtool.global_options import global_options, invocation_of
from fieldtool.texts import _, use_language


def main(arguments: Sequence[str]) -> int:
    translate_argparse()
    known, rest = global_options().parse_known_args(list(arguments))
    use_language(known.language)
    names = command_names()
    position = next((index for index, word in enumerate(rest) if not word.startswith("-")), None)
    if position is None or rest[position] not in names:
        return usage(names, wanted_help=known.help or not rest)
    name = rest.pop(position)
    command = load_command(name)
    parser = argparse.ArgumentParser(
        prog=f"fieldtool {name}", description=_(command.summary), allow_abbrev=False
    )
    command.arguments(parser)
    invocation = invocation_of(known)
    options = parser.parse_args(["--help"] if known.help else rest)
    return run(command, options, invocation)


def run(command: Command, options: argparse.Namespace, invocation: Invocation) -> int:
    try:
        return command.run(options, invocation)
    except ExpectedError as error:
        return tell_failure(error, invocation)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # The reader went away (| head): not an error of ours, and Python would complain once more at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def tell_failure(error: ExpectedError, invocation: Invocation) -> int:
    from fieldtool.explain import explain

    told = explain(error)
    message = told.message if told.message.endswith((".", "!", "?")) else f"{told.message}."
    invocation.err.write(f"{message} {told.advice}\n")
    if invocation.json:
        body = {"error": {"code": told.code, "message": told.message, "advice": told.advice}}
        json.dump(body, invocation.out, ensure_ascii=False)
        invocation.out.write("\n")
    return 1


def command_names() -> list[str]:
    return [name.removesuffix("_").replace("_", "-") for name in discovery.names(sys.modules[__name__])]


def load_command(name: str) -> Command:
    """`import` is the module import_: a keyword can't be a module's name."""
    module = name.replace("-", "_")
    found = discovery.names(sys.modules[__name__])
    return discovery.load(
        sys.modules[__name__], module if module in found else f"{module}_", "COMMAND", Command
    )


def usage(names: list[str], *, wanted_help: bool) -> int:
    stream = sys.stdout if wanted_help else sys.stderr
    stream.write(_("usage: fieldtool [--profile DIR] [--json] COMMAND …") + "\n\n")
    for name in names:
        stream.write(f"  {name:20} {_(load_command(name).summary)}\n")
    return 0 if wanted_help else 2
