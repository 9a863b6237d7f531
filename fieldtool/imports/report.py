"""What an import did, or would do: every row of the file in exactly one count."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from fieldtool.imports.choosing import is_not_chosen, was_edited
from fieldtool.imports.crs_readings import CrsReading, reading_text, readings
from fieldtool.imports.differences import differences
from fieldtool.imports.matching import Step
from fieldtool.imports.prepare import Prepared
from fieldtool.imports.records import Remark
from fieldtool.imports.rules import Cleaned, cleaned
from fieldtool.jsontypes import Json
from fieldtool.texts import _, thousands
from fieldtool.titles import value_text


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    prepared: Prepared
    imported: int
    updated: int
    unchanged: int
    merged: int
    ignored: int
    rejected: tuple[Remark, ...]
    flagged: tuple[Remark, ...]
    dry_run: bool
    not_chosen: int = 0
    """Among the ignored."""
    changed: tuple[Step, ...] = ()
    """What differs from what is known, that which is left because a person edited it too."""

    @property
    def rows(self) -> int:
        counted = self.imported + self.updated + self.unchanged + self.merged + self.ignored
        return counted + len(self.rejected)


def make_report(prepared: Prepared, steps: Sequence[Step], *, dry_run: bool) -> ImportReport:
    counts = Counter(step.outcome for step in steps)
    rejected = [step.remark for step in steps if step.outcome == "rejected" and step.remark is not None]
    flagged = [step.remark for step in steps if step.outcome != "rejected" and step.remark is not None]
    return ImportReport(
        prepared=prepared,
        imported=counts["imported"],
        updated=counts["updated"],
        unchanged=counts["unchanged"],
        merged=counts["merged"],
        ignored=counts["ignored"] + prepared.reading.ignored,
        rejected=_by_row([*prepared.reading.rejected, *rejected]),
        flagged=_by_row([*prepared.reading.flagged, *flagged]),
        dry_run=dry_run,
        not_chosen=sum(map(is_not_chosen, steps)),
        changed=tuple(step for step in steps if step.outcome == "updated" or was_edited(step)),
    )


def document(report: ImportReport) -> dict[str, Json]:
    """The document of `fieldtool import --json` (schema "import")."""
    source, crs = report.prepared.source, report.prepared.crs
    return {
        "format": source.format,
        "encoding": source.encoding,
        "delimiter": source.delimiter,
        "header_row": source.header_row,
        "crs": crs.crs,
        "crs_certain": crs.certain,
        "crs_candidates": list(crs.candidates),
        "class": report.prepared.kind.id,
        "rows": report.rows,
        "imported": report.imported,
        "updated": report.updated,
        "unchanged": report.unchanged,
        "merged": report.merged,
        "ignored": report.ignored,
        "not_chosen": report.not_chosen,
        "rejected": [_remark(remark) for remark in report.rejected],
        "flagged": [_remark(remark) for remark in report.flagged],
        "changed": [_changed(step) for step in report.changed],
        "dry_run": report.dry_run,
        **({"cleaning": [_cleaned(one) for one in cleaned(report.prepared)]} if report.dry_run else {}),
        **({} if crs.certain else {"readings": [_place(one) for one in readings(report.prepared)]}),
    }


def _changed(step: Step) -> Json:
    fields: list[Json] = [
        {"key": one.key, "title": one.title, "old": one.old, "new": one.new} for one in differences(step)
    ]
    return {
        "row": step.record.row,
        "number": step.record.number,
        "edited": was_edited(step),
        "fields": fields,
    }


def _cleaned(one: Cleaned) -> Json:
    return {
        "rule": one.rule,
        "column": one.column,
        "cells": one.cells,
        "before": one.before,
        "after": one.after,
    }


def _place(one: CrsReading) -> Json:
    return {"crs": one.crs, "lon": one.lon, "lat": one.lat, "near": one.near, "km": one.km}


def documents(reports: Sequence[tuple[str | None, ImportReport]]) -> dict[str, Json]:
    """Of a file with several lists: their documents under "layers", and the sums."""
    if len(reports) == 1:
        return document(reports[0][1])
    layers: list[Json] = [{"layer": layer, **document(report)} for layer, report in reports]
    every = [report for _layer, report in reports]
    return {
        "layers": layers,
        "rows": sum(report.rows for report in every),
        "imported": sum(report.imported for report in every),
        "updated": sum(report.updated for report in every),
        "unchanged": sum(report.unchanged for report in every),
        "merged": sum(report.merged for report in every),
        "ignored": sum(report.ignored for report in every),
        "not_chosen": sum(report.not_chosen for report in every),
        "rejected": sum(len(report.rejected) for report in every),
        "flagged": sum(len(report.flagged) for report in every),
        "dry_run": every[0].dry_run,
    }


def lines(report: ImportReport, limit: int = 10) -> Iterable[str]:
    """For people: what was found, the counts, the first remarks of each kind."""
    source, crs = report.prepared.source, report.prepared.crs
    yield _("{file}: {count} rows as {kind}").format(
        file=source.path.name, count=report.rows, kind=report.prepared.kind.title()
    )
    if crs.crs is not None:
        yield _("Coordinates: {crs}").format(crs=crs.crs) + ("" if crs.certain else _(" (uncertain)"))
    if not crs.certain:
        for one in readings(report.prepared):
            yield "  " + reading_text(one)
    for count, text in (
        (report.imported, _("{count} new")),
        (report.updated, _("{count} changed")),
        (report.unchanged, _("{count} unchanged")),
        (report.merged, _("{count} repeated in the list")),
        (report.ignored, _("{count} left out")),
        (report.not_chosen, _("{count} of them not chosen")),
        (len(report.rejected), _("{count} rejected")),
    ):
        if count:
            yield "  " + text.format(count=count)
    yield from _changed_lines(report.changed, limit)
    for title, remarks in ((_("Rejected:"), report.rejected), (_("Please check:"), report.flagged)):
        if remarks:
            yield title
            yield from ("  " + _remark_line(remark) for remark in remarks[:limit])
        if len(remarks) > limit:
            yield "  " + _("and {count} more").format(count=len(remarks) - limit)
    if report.dry_run:
        yield from _cleaned_lines(report.prepared)


def _changed_lines(changed: Sequence[Step], limit: int) -> Iterable[str]:
    if not changed:
        return
    yield _("Different from what is known:")
    for step in changed[:limit]:
        told = "; ".join(f"{one.title}: {one.old} → {one.new}" for one in differences(step))
        number = "" if step.record.number is None else f" ({step.record.number})"
        left = _(", left as a person edited it") if was_edited(step) else ""
        yield "  " + _("row {row}").format(row=step.record.row) + f"{number}{left}: {told}"
    if len(changed) > limit:
        yield "  " + _("and {count} more").format(count=len(changed) - limit)


def _cleaned_lines(prepared: Prepared) -> Iterable[str]:
    found = cleaned(prepared)
    if found:
        yield _("Cleaned, unless the rule is switched off by --without-rule:")
    for one in found:
        did = _("{column}: {count} cells, such as {before} → {after}").format(
            column=one.column,
            count=thousands(one.cells),
            before=value_text("", one.before),
            after=value_text("", one.after),
        )
        yield f"  {one.rule}: {did}"


def _by_row(remarks: Iterable[Remark]) -> tuple[Remark, ...]:
    return tuple(sorted(remarks, key=lambda remark: remark.row))


def _remark(remark: Remark) -> Json:
    return {"row": remark.row, "column": remark.column, "value": remark.value, "reason": remark.reason}


def _remark_line(remark: Remark) -> str:
    place = _("row {row}").format(row=remark.row)
    value = "" if remark.value is None else f" „{remark.value}“"
    return f"{place}{', ' + remark.column if remark.column else ''}{value}: {remark.reason}"
