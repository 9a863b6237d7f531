"""What became of every single row, to be saved as a table or as JSON."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import orjson

from fieldtool.exports.columns import guarded
from fieldtool.exports.saving import replacing
from fieldtool.imports.choosing import is_not_chosen
from fieldtool.imports.differences import differences
from fieldtool.imports.matching import Outcome, Step
from fieldtool.imports.prepare import Prepared
from fieldtool.imports.records import Remark
from fieldtool.imports.report import ImportReport, documents
from fieldtool.imports.several import Part
from fieldtool.jsontypes import Json
from fieldtool.texts import N_, _

OUTCOMES: dict[Outcome, str] = {
    "imported": N_("new"),
    "updated": N_("changed"),
    "unchanged": N_("unchanged"),
    "merged": N_("repeated in the list"),
    "ignored": N_("left out"),
    "rejected": N_("rejected"),
}


@dataclass(frozen=True, slots=True)
class RowLine:
    """One per remark and per difference from what is known (`old`, `new`), and one for a row that nothing is
    to be said of. `outcome` is None for what concerns the whole list."""

    layer: str | None
    row: int
    outcome: Outcome | None
    number: str | None
    column: str | None = None
    value: Json = None
    reason: str | None = None
    old: str | None = None
    new: str | None = None


def row_lines(part: Part) -> Iterator[RowLine]:
    """In the order of the file."""
    prepared = part.prepared
    remarks: dict[int, list[Remark]] = defaultdict(list)
    for remark in (*prepared.reading.rejected, *prepared.reading.flagged):
        remarks[remark.row].append(remark)
    steps: dict[int, Step] = {}
    for step in part.steps:
        steps[step.record.row] = step
        found = _reason(step)
        if found is not None:
            remarks[step.record.row].append(found)
    rejected = {remark.row for remark in prepared.reading.rejected}
    known: set[int] = set()
    for row, outcome, number, reason in _rows(prepared, steps, rejected):
        known.add(row)
        said = remarks.get(row, [])
        told = differences(steps[row]) if row in steps else ()
        for remark in said:
            yield RowLine(part.layer, row, outcome, number, remark.column, remark.value, remark.reason)
        for one in told:
            yield RowLine(part.layer, row, outcome, number, one.title, old=one.old, new=one.new)
        if not said and not told:
            yield RowLine(part.layer, row, outcome, number, reason=reason)
    for row in sorted(remarks.keys() - known):
        for remark in remarks[row]:
            yield RowLine(part.layer, row, None, None, remark.column, remark.value, remark.reason)


def save_report(
    path: Path,
    parts: Sequence[Part],
    reports: Sequence[tuple[str | None, ImportReport]],
    *,
    force: bool = False,
) -> None:
    """Raises what `reported` raises."""
    with reported(path, parts, reports, force=force):
        pass


@contextmanager
def reported(
    path: Path,
    parts: Sequence[Part],
    reports: Sequence[tuple[str | None, ImportReport]],
    *,
    force: bool = False,
) -> Iterator[None]:
    """As JSON where the name ends in .json, else as a table for spreadsheets. Written before what is told of
    is done, and there only after it: where one fails the other is not there either. Raises TargetExists,
    TargetNotWritten, DiskFull …"""
    rows = [line for part in parts for line in row_lines(part)]
    data = _json(rows, reports) if path.suffix.lower() == ".json" else _table(rows)
    with replacing(path, path.suffix, force=force) as partial:
        partial.write_bytes(data)
        yield


def _rows(
    prepared: Prepared, steps: dict[int, Step], rejected: set[int]
) -> Iterator[tuple[int, Outcome, str | None, str | None]]:
    for row in prepared.source.rows:
        number = row.number
        if number in steps:
            step = steps[number]
            yield number, step.outcome, step.record.number, None
        elif number in rejected:
            yield number, "rejected", None, None
        else:
            reason = {
                "blank": _("the row is empty"),
                "totals": _("left out: a line of totals"),
                "data": _("a thing of another class"),
            }[row.kind]
            yield number, "ignored", None, reason


def _reason(step: Step) -> Remark | None:
    if is_not_chosen(step):
        return Remark(step.record.row, None, None, _("not chosen"))
    return step.remark


def _json(rows: Iterable[RowLine], reports: Sequence[tuple[str | None, ImportReport]]) -> bytes:
    lines = [
        {
            "layer": line.layer,
            "row": line.row,
            "outcome": line.outcome,
            "number": line.number,
            "column": line.column,
            "value": line.value,
            "reason": line.reason,
            "old": line.old,
            "new": line.new,
        }
        for line in rows
    ]
    return orjson.dumps(
        {"report": documents(reports), "lines": lines}, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
    )


def _table(rows: Iterable[RowLine]) -> bytes:
    """As German spreadsheets read it."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";")
    heads = (_("Layer"), _("Row"), _("Outcome"), _("Asset number"), _("Column"), _("Value"), _("Reason"))
    writer.writerow((*heads, _("Before"), _("By the list")))
    for line in rows:
        cells = (
            line.layer,
            line.row,
            _(OUTCOMES[line.outcome]) if line.outcome is not None else None,
            line.number,
            line.column,
            line.value,
            line.reason,
            line.old,
            line.new,
        )
        writer.writerow([guarded(cell) if isinstance(cell, str) else cell for cell in cells])
    return b"\xef\xbb\xbf" + text.getvalue().encode("utf-8", "replace")
