"""`fieldtool class`: the classes of assets, and changing them together with the rows that have them."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, cast

from fieldtool.command import Command, Invocation
from fieldtool.jsontypes import Json
from fieldtool.texts import N_, _

if TYPE_CHECKING:
    from fieldtool.class_changes import ClassChange
    from fieldtool.profile import Profile
    from fieldtool.upkeep.classes import Migration

VERBS = {
    "list": N_("list the classes"),
    "show": N_("show the definition of a class"),
    "add": N_("add a class"),
    "change": N_("change a class, and what its assets say with it"),
}
REMARKS = 10


def arguments(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True)
    for verb, words in VERBS.items():
        made = verbs.add_parser(verb, help=_(words), allow_abbrev=False)
        if verb == "show":
            made.add_argument("id", metavar="CLASS")
        if verb in ("add", "change"):
            made.add_argument(
                "file", type=Path, metavar="FILE", help=_("its whole definition (YAML or JSON)")
            )
            made.add_argument("--reason", metavar="TEXT", help=_("why, for the history"))
            made.add_argument("--dry-run", action="store_true", help=_("only say what would happen"))
        if verb == "change":
            made.add_argument("--renamed", action="append", default=[], type=renaming, metavar="OLD=NEW")


def renaming(text: str) -> tuple[str, str]:
    old, equals, new = text.partition("=")
    if not equals or not old.strip() or not new.strip():
        raise argparse.ArgumentTypeError(_("this is not OLD=NEW: {text}").format(text=text))
    return old.strip(), new.strip()


def run(options: argparse.Namespace, invocation: Invocation) -> int:
    from fieldtool.profile import open_invocation_profile

    writes = options.verb in ("add", "change") and not options.dry_run
    with open_invocation_profile(invocation, write=writes) as profile:
        if options.verb == "list":
            document = _listed(profile, invocation)
        elif options.verb == "show":
            document = _shown(profile, options.id, invocation)
        else:
            document = _changed(options, profile, invocation)
    invocation.document(document)
    return 0


def _listed(profile: Profile, invocation: Invocation) -> dict[str, Json]:
    from fieldtool.asset import Asset
    from fieldtool.asset_classes import asset_class, class_ids

    own = {one.id for one in profile.store.class_definitions()}
    found: list[Json] = []
    for name in class_ids():
        count = profile.store.count(Asset, name)
        title = asset_class(name).title()
        found.append({"id": name, "title": title, "own": name in own, "assets": count})
        invocation.say(f"{name}  {title}  {count}")
    return {"classes": found}


def _shown(profile: Profile, class_id: str, invocation: Invocation) -> dict[str, Json]:
    from fieldtool.asset_classes import asset_class
    from fieldtool.upkeep.classes import definition_in_use

    definition = definition_in_use(profile.store, class_id)
    for attribute in asset_class(class_id).shown:
        invocation.say("  ".join((attribute.key, attribute.type, attribute.unit or "", attribute.title())))
    return {"definition": cast("Json", definition)}


def _changed(options: argparse.Namespace, profile: Profile, invocation: Invocation) -> dict[str, Json]:
    from fieldtool.upkeep import classes

    change = _wanted(options, profile)
    if options.dry_run:
        done = classes.preview(profile.store, change)
    else:
        done = classes.apply(profile, change, options.reason)
    said = _("{class_id}: {rows} assets, {changed} of them changed")
    invocation.say(said.format(class_id=change.class_id, rows=done.rows, changed=done.changed))
    for one in done.remarks[:REMARKS]:
        invocation.say(f"  {one.asset_id}: {one.remark.key} {one.remark.value}: {one.remark.reason}")
    return _document(change, done, dry_run=options.dry_run)


def _wanted(options: argparse.Namespace, profile: Profile) -> ClassChange:
    from fieldtool import class_changes
    from fieldtool.asset_classes import asset_class, class_ids
    from fieldtool.data_files import read_data
    from fieldtool.upkeep.classes import definition_in_use

    definition = read_data(options.file, "asset_class")
    known = {name: asset_class(name) for name in class_ids()}
    if options.verb == "add":
        return class_changes.add_class(definition, known)
    before = definition_in_use(profile.store, str(definition["id"]))
    return class_changes.change_class(before, definition, known, dict(options.renamed))


def _document(change: ClassChange, done: Migration, *, dry_run: bool) -> dict[str, Json]:
    remarks: list[Json] = [
        {
            "asset": one.asset_id,
            "key": one.remark.key,
            "value": one.remark.value,
            "reason": one.remark.reason,
        }
        for one in done.remarks
    ]
    return {
        "class": change.class_id,
        "rows": done.rows,
        "changed": done.changed,
        "remarks": remarks,
        "dry_run": dry_run,
    }


COMMAND = Command(N_("list, add and change the classes of assets"), arguments, run)
