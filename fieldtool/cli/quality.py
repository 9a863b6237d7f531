"""`fieldtool quality`: what is missing or cannot be in the records of a class, and which records it is."""

from __future__ import annotations

import argparse
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING

from fieldtool.arguments import at_least_one, calendar_day
from fieldtool.command import Command, Invocation
from fieldtool.jsontypes import Json
from fieldtool.texts import BERLIN, N_, _, decimal
from fieldtool.upkeep.doubts import DOUBTS

if TYPE_CHECKING:
    from fieldtool.store import Store
    from fieldtool.upkeep.quality import ClassQuality, FieldQuality


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--class", dest="asset_class", metavar="C", help=_("only this asset class"))
    parser.add_argument("--untouched-since", type=calendar_day, metavar="DATE")
    parser.add_argument("--list", action="store_true", help=_("the records themselves, one per line"))
    parser.add_argument("--attribute", metavar="KEY", help=_("only about this attribute"))
    parser.add_argument("--doubt", choices=tuple(DOUBTS))
    parser.add_argument("--limit", type=at_least_one, metavar="N", help=_("at most so many"))


def run(options: argparse.Namespace, invocation: Invocation) -> int:
    from fieldtool.asset import Asset
    from fieldtool.asset_classes import class_ids
    from fieldtool.profile import open_invocation_profile

    with open_invocation_profile(invocation, write=False) as profile:
        store = profile.store
        chosen = [options.asset_class] if options.asset_class else class_ids()
        for class_id in chosen:
            if not options.asset_class and not store.count(Asset, class_id):
                continue
            if options.list:
                _list(options, store, class_id, invocation)
            else:
                _tell(store, class_id, options.untouched_since, invocation)
    return 0


def _list(options: argparse.Namespace, store: Store, class_id: str, invocation: Invocation) -> None:
    from itertools import islice

    from fieldtool.asset_facts import attribute_title, known_class
    from fieldtool.naming import asset_text
    from fieldtool.titles import field_title
    from fieldtool.upkeep.quality import NUMBER, PLACE, RECORD, work_list

    kind = known_class(class_id)
    before = _day_begun(options.untouched_since)
    found = work_list(store, class_id, options.attribute, options.doubt, before)
    for item in islice(found, options.limit):
        asset, key = item.asset, item.key
        value = asset.number if key == NUMBER else asset.attributes.get(key)
        own = key in (NUMBER, PLACE)
        title = field_title(key) if own else "" if key == RECORD else attribute_title(kind, key)
        row: dict[str, Json] = {
            "id": asset.id,
            "class": class_id,
            "number": asset.number,
            "key": key,
            "doubt": item.doubt,
            "value": value,
        }
        invocation.row(row, f"{asset_text(asset)}: {f'{title} {_(DOUBTS[item.doubt])}'.strip()}  {asset.id}")


def _tell(store: Store, class_id: str, since: date | None, invocation: Invocation) -> None:
    from fieldtool.asset_facts import class_title
    from fieldtool.upkeep.quality import class_quality

    found = class_quality(store, class_id, _day_begun(since))
    lines = [
        _("{kind}: {complete} of {assets} complete").format(
            kind=class_title(class_id), complete=found.complete, assets=found.assets
        )
    ]
    if found.untouched is not None:
        lines.append("  " + _("{count} not changed since then").format(count=found.untouched))
    lines += [f"  {_line(one, found.assets)}" for one in found.fields]
    invocation.row(_row(found), "\n".join(lines))


def _day_begun(day: date | None) -> datetime | None:
    return None if day is None else datetime.combine(day, time(), BERLIN).astimezone(UTC)


def _line(one: FieldQuality, assets: int) -> str:
    share = decimal(100 * one.filled / assets, 0) if assets else "–"
    said = [_("{title}: {share} % filled").format(title=one.title, share=share)]
    counts = {"unfit": one.unfit, "implausible": one.implausible, "double": one.double}
    said += [f"{counts[doubt]} {_(words)}" for doubt, words in DOUBTS.items() if counts.get(doubt)]
    return ", ".join(said)


def _row(found: ClassQuality) -> dict[str, Json]:
    return {
        "class": found.class_id,
        "assets": found.assets,
        "complete": found.complete,
        "untouched": found.untouched,
        "fields": [
            {
                "key": one.key,
                "title": one.title,
                "required": one.required,
                "filled": one.filled,
                "unfit": one.unfit,
                "implausible": one.implausible,
                "double": one.double,
            }
            for one in found.fields
        ],
    }


COMMAND = Command(N_("tell how complete and plausible the records are"), arguments, run)
