"""Which assets a command is about: --where, beside --class, --bbox and --search."""

from __future__ import annotations

import argparse

from fieldtool.asset_query import AssetQuery, Condition
from fieldtool.texts import _


def add_conditions(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--where",
        action="append",
        default=[],
        type=words,
        metavar="COLUMN=VALUE",
        help=_(
            "only with this value; COLUMN~PART: that contains it, COLUMN=5..10: from to, COLUMN=: that has"
            " none; several hold together"
        ),
    )


def words(text: str) -> str:
    """Raises ArgumentTypeError: wrong usage."""
    from fieldtool.asset_columns import WORDS

    if WORDS.fullmatch(text) is None:
        raise argparse.ArgumentTypeError(_("a condition is wanted, as street=Ruhrstraße or height=5..10"))
    return text


def query_of(options: argparse.Namespace) -> AssetQuery:
    """Raises ColumnUnknown, ConditionUnfit."""
    return AssetQuery(
        asset_class=options.asset_class,
        text=getattr(options, "search", None),
        bbox=options.bbox,
        conditions=conditions(options),
    )


def conditions(options: argparse.Namespace) -> tuple[Condition, ...]:
    from fieldtool.asset_columns import condition_from

    found = (condition_from(options.asset_class, one) for one in options.where)
    return tuple(one for one in found if one is not None)
