"""`fieldtool person`: who works with this profile, and what this person may do."""

from __future__ import annotations

import argparse

from fieldtool.command import Command, Invocation
from fieldtool.jsontypes import Json
from fieldtool.operation import Actor
from fieldtool.person import STAFF
from fieldtool.texts import N_, _


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--name", metavar="N", help=_("first and last name"))
    parser.add_argument("--sign", metavar="S", help=_("two or three letters that stand behind an entry"))
    parser.add_argument("--role", choices=STAFF)


def run(options: argparse.Namespace, invocation: Invocation) -> int:
    from fieldtool.person import set_person
    from fieldtool.profile import open_invocation_profile

    changes = any((option is not None) for option in (options.name, options.sign, options.role))
    with open_invocation_profile(invocation, write=changes) as profile:
        person = profile.actor
        if changes:
            person = set_person(profile, name=options.name, initials=options.sign, role=options.role)
    invocation.document(document_of(person))
    for line in lines(person):
        invocation.say(line)
    return 0


def document_of(person: Actor) -> dict[str, Json]:
    from fieldtool.policy import rights

    allowed: list[Json] = [*sorted(rights(person.role))]
    return {"name": person.name, "sign": person.sign, "role": person.role, "rights": allowed}


def lines(person: Actor) -> list[str]:
    from fieldtool.policy import rights
    from fieldtool.roles import ROLES
    from fieldtool.titles import RIGHTS

    allowed = ", ".join(_(RIGHTS[right]) for right in sorted(rights(person.role)))
    return [
        f"{person.name} ({person.sign}), {_('Role: {role}').format(role=_(ROLES[person.role]))}",
        _("May: {rights}").format(rights=allowed or "–"),
    ]


COMMAND = Command(N_("show or set who works with this profile"), arguments, run)
