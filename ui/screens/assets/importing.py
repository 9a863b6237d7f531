"""Taking a list over: what would happen, and then it. No Qt: it runs in the threads of the lanes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from fieldtool.asset_classes import asset_class, class_ids
from fieldtool.imports.crs import CANDIDATES
from fieldtool.imports.prepare import Prepared, Wish, prepare, require_crs
from fieldtool.imports.records import Remark
from fieldtool.imports.report import ImportReport, make_report
from fieldtool.imports.write import compare, write
from fieldtool.profile import Profile
from fieldtool.texts import N_, _, thousands
from fieldtool.titles import value_text

LISTED = 100
SYSTEMS = {
    "EPSG:4326": N_("degrees (WGS84)"),
    "EPSG:25832": "ETRS89/UTM 32",
    "EPSG:25833": "ETRS89/UTM 33",
    "EPSG:31466": N_("Gauß-Krüger, zone 2"),
    "EPSG:31467": N_("Gauß-Krüger, zone 3"),
    "EPSG:31468": N_("Gauß-Krüger, zone 4"),
    "EPSG:3857": "Web Mercator",
    "EPSG:4647": N_("ETRS89/UTM 32 with the zone before it"),
}


@dataclass(frozen=True, slots=True)
class Remarks:
    """The first of them as row, column, value, reason; `more` are left."""

    rows: tuple[tuple[str, str, str, str], ...]
    more: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """`ready` is False where a coordinate system has to be chosen first, or nothing would be written."""

    wish: Wish
    prepared: Prepared
    file: str
    asset_class: str
    crs: str
    crs_certain: bool
    counts: tuple[str, ...]
    rejected: Remarks
    flagged: Remarks
    ready: bool
    written: bool


def dry_run(profile: Profile, wish: Wish, tell: Callable[[str], object]) -> Report:
    """Raises ImportRefused, UnknownAssetClass."""
    tell(_("The list is read …"))
    prepared = prepare(wish)
    tell(_("The list is compared with what is here …"))
    steps = compare(prepared, profile.store)
    tell(_("The report is made …"))
    return _report(wish, make_report(prepared, steps, dry_run=True))


def take_over(profile: Profile, report: Report) -> Report:
    """Compared anew: what was changed meanwhile counts. Raises CrsUnclear, DiskFull …"""
    prepared = report.prepared
    require_crs(prepared)
    steps = compare(prepared, profile.store)
    write(profile.store, profile.actor, prepared, steps)
    return _report(report.wish, make_report(prepared, steps, dry_run=False))


def class_options() -> tuple[tuple[str, str], ...]:
    return tuple((name, asset_class(name).title()) for name in class_ids())


def crs_options(found: str) -> tuple[tuple[str, str], ...]:
    every = CANDIDATES if not found or found in CANDIDATES else (found, *CANDIDATES)
    return tuple((code, f"{code} – {_(SYSTEMS[code])}" if code in SYSTEMS else code) for code in every)


def _report(wish: Wish, report: ImportReport) -> Report:
    crs = report.prepared.crs
    counts = (
        (report.imported, _("{count} new")),
        (report.updated, _("{count} changed")),
        (report.unchanged, _("{count} unchanged")),
        (report.merged, _("{count} repeated in the list")),
        (report.ignored, _("{count} left out")),
        (len(report.rejected), _("{count} rejected")),
    )
    return Report(
        wish=wish,
        prepared=report.prepared,
        file=_("{file}: {count} rows").format(
            file=report.prepared.source.path.name, count=thousands(report.rows)
        ),
        asset_class=report.prepared.kind.id,
        crs=crs.crs or "",
        crs_certain=crs.certain,
        counts=tuple(text.format(count=thousands(count)) for count, text in counts if count),
        rejected=_remarks(report.rejected),
        flagged=_remarks(report.flagged),
        ready=crs.certain and report.imported + report.updated > 0,
        written=not report.dry_run,
    )


def _remarks(remarks: tuple[Remark, ...]) -> Remarks:
    rows = tuple(
        (
            _("row {row}").format(row=remark.row),
            remark.column or "–",
            value_text("", remark.value),
            remark.reason,
        )
        for remark in remarks[:LISTED]
    )
    return Remarks(rows, len(remarks) - len(rows))
