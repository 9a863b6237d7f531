"""What an import did, or would do: every row of the file in exactly one count."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from fieldtool.imports.matching import Step
from fieldtool.imports.prepare import Prepared
from fieldtool.imports.records import Remark
from fieldtool.jsontypes import Json
from fieldtool.texts import _


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
        "rejected": [_remark(remark) for remark in report.rejected],
        "flagged": [_remark(remark) for remark in report.flagged],
        "dry_run": report.dry_run,
    }


def lines(report: ImportReport, limit: int = 10) -> Iterable[str]:
    """For people: what was found, the counts, the first remarks of each kind."""
    source, crs = report.prepared.source, report.prepared.crs
    yield _("{file}: {count} rows as {kind}").format(
        file=source.path.name, count=report.rows, kind=report.prepared.kind.title()
    )
    if crs.crs is not None:
        yield _("Coordinates: {crs}").format(crs=crs.crs) + ("" if crs.certain else _(" (uncertain)"))
    for count, text in (
        (report.imported, _("{count} new")),
        (report.updated, _("{count} changed")),
        (report.unchanged, _("{count} unchanged")),
        (report.merged, _("{count} repeated in the list")),
        (report.ignored, _("{count} left out")),
        (len(report.rejected), _("{count} rejected")),
    ):
        if count:
            yield "  " + text.format(count=count)
    for title, remarks in ((_("Rejected:"), report.rejected), (_("Please check:"), report.flagged)):
        if remarks:
            yield title
            yield from ("  " + _remark_line(remark) for remark in remarks[:limit])
        if len(remarks) > limit:
            yield "  " + _("and {count} more").format(count=len(remarks) - limit)


def _by_row(remarks: Iterable[Remark]) -> tuple[Remark, ...]:
    return tuple(sorted(remarks, key=lambda remark: remark.row))


def _remark(remark: Remark) -> Json:
    return {"row": remark.row, "column": remark.column, "value": remark.value, "reason": remark.reason}


def _remark_line(remark: Remark) -> str:
    place = _("row {row}").format(row=remark.row)
    value = "" if remark.value is None else f" „{remark.value}“"
    return f"{place}{', ' + remark.column if remark.column else ''}{value}: {remark.reason}"
