"""`fieldtool asset`: enter an asset, change one or many, take a change back."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from fieldtool.arguments import box, operator, place
from fieldtool.asset import Asset
from fieldtool.asset_classes import AssetClass, asset_class
from fieldtool.cli.assets import row, text
from fieldtool.command import Command, Invocation
from fieldtool.geometry import point
from fieldtool.ids import AssetId, new_id
from fieldtool.jsontypes import Json
from fieldtool.texts import N_, _

if TYPE_CHECKING:
    from fieldtool.profile import Profile

VERBS = {
    "add": N_("enter an asset"),
    "edit": N_("change an asset"),
    "delete": N_("delete an asset"),
    "restore": N_("bring back the state after an entry of its history"),
    "undo": N_("take back what an entry of the history did"),
    "bulk": N_("change many assets at once"),
    "note": N_("note something at an asset"),
}


def arguments(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True)
    for verb, words in VERBS.items():
        made = verbs.add_parser(verb, help=_(words), allow_abbrev=False)
        if verb in ("edit", "delete", "restore", "note"):
            made.add_argument("id", metavar="ID")
        if verb in ("add", "bulk"):
            made.add_argument("--class", dest="asset_class", required=True, metavar="C")
        if verb in ("add", "edit"):
            facts(made, new=verb == "add")
        if verb in ("add", "edit", "bulk"):
            made.add_argument(
                "--set", action="append", default=[], type=pair, metavar="KEY=VALUE", dest="values"
            )
        if verb == "bulk":
            chosen(made)
        backwards(made, verb)


def backwards(parser: argparse.ArgumentParser, verb: str) -> None:
    """What is taken back, and what the history is told."""
    if verb in ("restore", "undo"):
        parser.add_argument("operation", metavar="OPERATION", help=_("its id, as 'history' names it"))
    if verb in ("bulk", "undo"):
        parser.add_argument("--dry-run", action="store_true", help=_("only say what would happen"))
    if verb == "note":
        parser.add_argument("text", metavar="TEXT", help=_("what is to be remembered"))
    elif verb != "add":
        parser.add_argument("--reason", metavar="TEXT", help=_("why, for the history"))


def facts(parser: argparse.ArgumentParser, *, new: bool) -> None:
    if new:
        parser.add_argument("--operator", type=operator, metavar="NAME", help=_("whose things these are"))
    parser.add_argument("--number", metavar="TEXT")
    parser.add_argument("--name", metavar="TEXT")
    parser.add_argument("--place", type=place, metavar="LON,LAT", help=_("where it is, in degrees (WGS84)"))
    parser.add_argument("--parent", metavar="ID", help=_("the asset it is part of"))


def chosen(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--search", metavar="TEXT", help=_("words of number, name and attributes"))
    parser.add_argument("--bbox", type=box, metavar="W,S,E,N", help=_("only within these degrees (WGS84)"))
    parser.add_argument("--where", action="append", default=[], type=pair, metavar="KEY=VALUE")


def pair(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not equals or not key.strip():
        raise argparse.ArgumentTypeError(_("this is not KEY=VALUE: {text}").format(text=text))
    return key.strip(), value


def run(options: argparse.Namespace, invocation: Invocation) -> int:
    from fieldtool.profile import open_invocation_profile

    writes = not (options.verb in ("bulk", "undo") and options.dry_run)
    with open_invocation_profile(invocation, write=writes) as profile:
        document, said = DONE[options.verb](options, profile)
    invocation.document(document)
    for line in said:
        invocation.say(line)
    return 0


Answer = tuple[dict[str, Json], list[str]]


def _add(options: argparse.Namespace, profile: Profile) -> Answer:
    from fieldtool.upkeep import changing

    kind = asset_class(options.asset_class)
    asset = Asset(
        id=AssetId(new_id()),
        asset_class=kind.id,
        **_fields(options),
        attributes=_typed(kind, options.values),
    )
    return _told(profile, changing.create(profile, asset, operator=options.operator))


def _edit(options: argparse.Namespace, profile: Profile) -> Answer:
    from fieldtool.upkeep import changing

    asset = profile.store.get(Asset, options.id)
    changes = _fields(options)
    if options.values:
        values = _typed(asset_class(asset.asset_class), options.values)
        changes["attributes"] = changing.with_values(asset, values)
    return _told(profile, changing.change(profile, asset, changes, options.reason))


def _delete(options: argparse.Namespace, profile: Profile) -> Answer:
    from fieldtool.upkeep import changing

    asset = profile.store.get(Asset, options.id)
    changing.delete(profile, asset, options.reason)
    return {"asset": None, "changed": 1, "unchanged": 0, "kept": []}, [text(asset)]


def _restore(options: argparse.Namespace, profile: Profile) -> Answer:
    from fieldtool.upkeep import restoring

    return _told(profile, restoring.restore(profile, options.id, options.operation, options.reason))


def _undo(options: argparse.Namespace, profile: Profile) -> Answer:
    from fieldtool.upkeep import undoing

    if options.dry_run:
        done = undoing.preview(profile.store, options.operation).undone
    else:
        done = undoing.undo(profile, options.operation, options.reason)
    kept: list[Json] = [{"asset": asset, "fields": list(fields)} for asset, fields in done.kept]
    lines = [_("{count} changed").format(count=done.changed)]
    for asset, fields in done.kept:
        said = _("{asset}: stays as somebody changed it since ({fields})")
        lines.append("  " + said.format(asset=asset, fields=", ".join(fields)))
    return {"asset": None, "changed": done.changed, "unchanged": 0, "kept": kept}, lines


def _bulk(options: argparse.Namespace, profile: Profile) -> Answer:
    from fieldtool.upkeep import bulk

    kind = asset_class(options.asset_class)
    values = _typed(kind, options.values)
    selection = bulk.Selection(
        asset_class=kind.id,
        search=options.search,
        bbox=options.bbox,
        where=_typed(kind, options.where),
    )
    seen = bulk.preview(profile.store, selection, values)
    if not options.dry_run:
        bulk.apply(profile, seen, kind.id, values, options.reason)
    lines = [
        _("{count} changed").format(count=len(seen.versions)),
        _("{count} unchanged").format(count=seen.unchanged),
        *(f"  {one.asset}: {one.before} → {one.after}" for one in seen.examples),
    ]
    document: dict[str, Json] = {
        "asset": None,
        "changed": len(seen.versions),
        "unchanged": seen.unchanged,
        "kept": [],
    }
    return document, lines


def _note(options: argparse.Namespace, profile: Profile) -> Answer:
    from fieldtool.upkeep import noting

    noting.note(profile, options.id, options.text)
    return _told(profile, profile.store.get(Asset, options.id))


DONE = {
    "add": _add,
    "edit": _edit,
    "delete": _delete,
    "restore": _restore,
    "undo": _undo,
    "bulk": _bulk,
    "note": _note,
}


def _fields(options: argparse.Namespace) -> dict[str, Any]:
    """Those that were named; an empty one is taken away."""
    found: dict[str, Any] = {}
    for option, name in (("number", "number"), ("name", "name"), ("parent", "parent_id")):
        value = getattr(options, option)
        if value is not None:
            found[name] = value.strip() or None
    if options.place is not None:
        found["geometry"] = point(*options.place)
    return found


def _typed(kind: AssetClass, pairs: list[tuple[str, str]]) -> dict[str, Json]:
    """Raises AttributeUnknown, ValuesInvalid."""
    return dict(_values(kind, dict(pairs)))


def _values(kind: AssetClass, pairs: Mapping[str, str]) -> Iterator[tuple[str, Json]]:
    from fieldtool.upkeep.entry import typed
    from fieldtool.upkeep.errors import AttributeUnknown, ValuesInvalid

    for key, value in pairs.items():
        attribute = kind.attribute(key)
        if attribute is None:
            raise AttributeUnknown(key, ", ".join(one.key for one in kind.attributes))
        entry = typed(attribute, value)
        if entry.blocking:
            raise ValuesInvalid(f"{attribute.title()}: {entry.problem}")
        yield key, entry.value


def _told(profile: Profile, asset: Asset) -> Answer:
    document: dict[str, Json] = {
        "asset": row(asset, profile.store.sync_states(asset.id)),
        "changed": 1,
        "unchanged": 0,
        "kept": [],
    }
    return document, [text(asset)]


COMMAND = Command(N_("enter an asset, change one or many, take a change back"), arguments, run)
