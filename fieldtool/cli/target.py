"""`fieldtool target`: configure and test a platform."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from drivers.secret import Secret
from fieldtool.arguments import operator
from fieldtool.command import Command, Invocation
from fieldtool.jsontypes import Json
from fieldtool.system_reasons import system_reason
from fieldtool.texts import N_, _

if TYPE_CHECKING:
    from fieldtool.delivery import Target


def arguments(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True)
    add = verbs.add_parser("add", help=_("add a platform"), allow_abbrev=False)
    add.add_argument("name")
    add.add_argument("--type", required=True, metavar="T")
    add.add_argument("--url", required=True, metavar="U")
    add.add_argument("--tenant", metavar="T")
    add.add_argument(
        "--operator", type=operator, metavar="NAME", help=_("it gets only what belongs to this operator")
    )
    add.add_argument("--context", metavar="URL", help=_("address of the JSON-LD context the platform uses"))
    add.add_argument(
        "--option",
        action="append",
        default=[],
        type=_option,
        metavar="NAME=VALUE",
        help=_("what the platform needs besides; can be given more than once"),
    )
    token = add.add_mutually_exclusive_group()
    token.add_argument("--token-file", type=Path, metavar="FILE")
    token.add_argument("--token-stdin", action="store_true")
    for verb, text in (("check", N_("test address and login")), ("remove", N_("forget a platform"))):
        verbs.add_parser(verb, help=_(text), allow_abbrev=False).add_argument("name")
    verbs.add_parser("list", help=_("list the platforms"), allow_abbrev=False)


def run(options: argparse.Namespace, invocation: Invocation) -> int:
    return {"add": _add, "check": _check, "list": _list, "remove": _remove}[options.verb](options, invocation)


def _add(options: argparse.Namespace, invocation: Invocation) -> int:
    from fieldtool.connectors.http import checked_url
    from fieldtool.delivery import Target
    from fieldtool.profile import open_invocation_profile
    from fieldtool.sync import targets

    extra: dict[str, Json] = dict(options.option)
    if options.context:
        extra["context"] = checked_url(options.context)
    url = checked_url(options.url)
    target = Target(options.name, options.type, url, options.tenant, extra, options.operator)
    token = _token(options)
    with open_invocation_profile(invocation, write=True) as profile:
        targets.add(profile, target, token)
    invocation.document({"target": document_of(target, has_token=token is not None)})
    invocation.say(
        _("{name} was added. Test it with 'fieldtool target check {name}'.").format(name=target.name)
    )
    return 0


def _option(text: str) -> tuple[str, Json]:
    """A value is JSON where it is an object, a list, a finite number, true or false, else a text."""
    name, equals, value = text.partition("=")
    if not name or not equals:
        raise argparse.ArgumentTypeError(_("give it as NAME=VALUE"))
    try:
        parsed: Json = json.loads(value)
        json.dumps(parsed, allow_nan=False)
    except ValueError:
        return name, value
    return name, value if isinstance(parsed, str) or parsed is None else parsed


def _token(options: argparse.Namespace) -> Secret | None:
    from fieldtool.sync.targets import TokenFileUnreadable

    if options.token_stdin:
        return Secret(sys.stdin.readline().strip())
    if options.token_file is None:
        return None
    try:
        return Secret(options.token_file.read_text(encoding="utf-8").strip())
    except OSError as error:
        raise TokenFileUnreadable(str(options.token_file), system_reason(error)) from error
    except UnicodeDecodeError:
        # Its text would quote the file.
        raise TokenFileUnreadable(str(options.token_file), "UTF-8") from None


def _check(options: argparse.Namespace, invocation: Invocation) -> int:
    from fieldtool.profile import open_invocation_profile
    from fieldtool.sync import targets

    with open_invocation_profile(invocation, write=False) as profile:
        target = targets.named(profile, options.name)
        targets.check(profile, target)
    invocation.document({"target": options.name, "ok": True})
    invocation.say(_("{name} answers and accepts the login.").format(name=options.name))
    return 0


def _list(_options: argparse.Namespace, invocation: Invocation) -> int:
    from fieldtool import outbox
    from fieldtool.delivery import token_name
    from fieldtool.profile import open_invocation_profile

    with open_invocation_profile(invocation, write=False) as profile:
        found = [
            (target, profile.vault.has(token_name(target.name))) for target in outbox.targets(profile.store)
        ]
    documents: list[Json] = [document_of(target, has_token=has_token) for target, has_token in found]
    invocation.document({"targets": documents})
    for target, _has_token in found:
        invocation.say("  ".join((target.name, target.type, target.url, *_extent(target))))
    if not found:
        invocation.say(_("No platform is set up yet."))
    return 0


def _remove(options: argparse.Namespace, invocation: Invocation) -> int:
    from fieldtool import outbox
    from fieldtool.profile import open_invocation_profile

    with open_invocation_profile(invocation, write=True) as profile:
        waiting = sum(1 for _delivery in outbox.pending(profile.store, options.name))
        outbox.remove_target(profile.store, options.name)
    invocation.document({"removed": options.name, "pending": waiting})
    invocation.say(
        _("{name} was removed; {count} changes had not been sent.").format(name=options.name, count=waiting)
    )
    return 0


def _extent(target: Target) -> Iterator[str]:
    if target.tenant:
        yield _("tenant {name}").format(name=target.tenant)
    if target.operator:
        yield _("only {operator}").format(operator=target.operator)
    for name, value in target.options.items():
        yield f"{name}={value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)}"


def document_of(target: Target, *, has_token: bool) -> dict[str, Json]:
    return {
        "name": target.name,
        "type": target.type,
        "url": target.url,
        "tenant": target.tenant,
        "operator": target.operator,
        "options": dict(target.options),
        "has_token": has_token,
    }


COMMAND = Command(summary=N_("configure and test a platform"), arguments=arguments, run=run)
