"""Taking a list over: what would happen, and then it. No Qt: it runs in the threads of the lanes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from fieldtool.asset_classes import asset_class, class_ids
from fieldtool.imports.areas import area_of_file
from fieldtool.imports.choosing import EVERYTHING, Choice, was_edited
from fieldtool.imports.crs import CANDIDATES
from fieldtool.imports.crs_readings import CrsReading, readings
from fieldtool.imports.doubts import Box
from fieldtool.imports.mapping import MappingFile
from fieldtool.imports.prepare import Prepared, Wish, mapping_of, require_crs
from fieldtool.imports.records import Remark
from fieldtool.imports.remembering import (
    area_of,
    forget_mapping,
    remember_mapping,
    remembered_mapping,
    save_mapping,
    set_area,
)
from fieldtool.imports.report import ImportReport, make_report
from fieldtool.imports.row_report import save_report
from fieldtool.imports.several import NO_CHOICES, Part, choose, compare_parts, prepare_parts, write_parts
from fieldtool.profile import Profile
from fieldtool.texts import N_, _, thousands
from fieldtool.titles import value_text
from ui.screens.assets.import_details import Column, Rule, columns, kind_counts, rules, targets

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
    """`ready` is False where a coordinate system has to be chosen first, or nothing would be written.
    `columns`, `rules` and `readings` are empty where the file holds several lists, or needs none."""

    wish: Wish
    parts: tuple[Part, ...]
    file: str
    asset_class: str
    crs: str
    crs_certain: bool
    counts: tuple[str, ...]
    rejected: Remarks
    flagged: Remarks
    ready: bool
    written: bool
    columns: tuple[Column, ...]
    targets: tuple[tuple[str, str], ...]
    rules: tuple[Rule, ...]
    kinds: tuple[tuple[str, int], ...]
    readings: tuple[CrsReading, ...]
    from_memory: bool
    area: Box | None

    @property
    def single(self) -> Prepared | None:
        return self.parts[0].prepared if len(self.parts) == 1 else None


def dry_run(
    profile: Profile, wish: Wish, tell: Callable[[str], object], *, suggest_anew: bool = False
) -> Report:
    """Raises ImportRefused, UnknownAssetClass."""
    tell(_("The list is read …"))

    def remembered(columns: Sequence[str]) -> MappingFile | None:
        if suggest_anew:
            forget_mapping(profile, columns)
            return None
        return remembered_mapping(profile, columns)

    asked = replace(wish, area=area_of(profile.store), remembered=remembered)
    prepared = prepare_parts(asked)
    tell(_("The list is compared with what is here …"))
    parts = compare_parts(prepared, profile.store)
    tell(_("The report is made …"))
    return _report(profile, wish, parts, dry_run=True)


def take_over(
    profile: Profile,
    report: Report,
    choice: Choice = EVERYTHING,
    by_layer: Mapping[str | None, Choice] = NO_CHOICES,
) -> Report:
    """Compared anew: what was changed meanwhile counts. Raises CrsUnclear, DiskFull …"""
    prepared = [(part.layer, part.prepared) for part in report.parts]
    for _layer, one in prepared:
        require_crs(one)
    parts = choose(compare_parts(prepared, profile.store), choice, by_layer)
    write_parts(profile.store, profile.actor, parts)
    single = report.single
    if single is not None and (report.wish.told is not None or report.wish.mapping is not None):
        remember_mapping(profile, single.source.columns, mapping_of(single))
    return _report(profile, report.wish, parts, dry_run=False)


def with_choices(report: Report, by_layer: Mapping[str | None, Choice]) -> Report:
    """What would happen with what is chosen; what was taken over stays as it is."""
    if report.written:
        return report
    return replace(report, parts=tuple(choose(report.parts, EVERYTHING, by_layer)))


def keep_mapping(report: Report, path: Path) -> None:
    """The dialog has asked about a file that is there. Raises TargetNotWritten, DiskFull …"""
    if report.single is not None:
        save_mapping(path, mapping_of(report.single), force=True)


def keep_report(report: Report, path: Path) -> None:
    """The same."""
    reports = [
        (part.layer, make_report(part.prepared, part.steps, dry_run=not report.written))
        for part in report.parts
    ]
    save_report(path, report.parts, reports, force=True)


def boundary(path: Path, name: str) -> Box:
    """Raises BoundaryMissing, ImportRefused."""
    return area_of_file(path, name)


def keep_area(profile: Profile, area: Box | None) -> None:
    set_area(profile.store, area)


def class_options() -> tuple[tuple[str, str], ...]:
    return tuple((name, asset_class(name).title()) for name in class_ids())


def crs_options(found: str) -> tuple[tuple[str, str], ...]:
    every = CANDIDATES if not found or found in CANDIDATES else (found, *CANDIDATES)
    return tuple((code, f"{code} – {_(SYSTEMS[code])}" if code in SYSTEMS else code) for code in every)


def _report(profile: Profile, wish: Wish, parts: Sequence[Part], *, dry_run: bool) -> Report:
    reports = [make_report(part.prepared, part.steps, dry_run=dry_run) for part in parts]
    first = parts[0].prepared
    alone = first if len(parts) == 1 else None
    unclear = next((part.prepared for part in parts if not part.prepared.crs.certain), None)
    crs = (unclear or first).crs
    return Report(
        wish=wish,
        parts=tuple(parts),
        file=_("{file}: {count} rows").format(
            file=first.source.path.name, count=thousands(sum(one.rows for one in reports))
        ),
        asset_class=first.kind.id,
        crs=crs.crs or "",
        crs_certain=crs.certain,
        counts=_counts(reports),
        rejected=_remarks(tuple(remark for one in reports for remark in one.rejected)),
        flagged=_remarks(tuple(remark for one in reports for remark in one.flagged)),
        ready=crs.certain
        and (
            any(one.imported + one.updated for one in reports)
            or any(was_edited(step) for part in parts for step in part.steps)
        ),
        written=not dry_run,
        columns=columns(alone) if alone is not None else (),
        targets=targets(alone) if alone is not None else (),
        rules=rules(alone) if alone is not None and dry_run and not alone.is_own else (),
        kinds=kind_counts(parts),
        readings=tuple(readings(unclear)) if unclear is not None else (),
        from_memory=first.from_memory,
        area=area_of(profile.store),
    )


def _counts(reports: Sequence[ImportReport]) -> tuple[str, ...]:
    def together(name: str) -> int:
        return sum(getattr(one, name) for one in reports)

    counts = (
        (together("imported"), _("{count} new")),
        (together("updated"), _("{count} changed")),
        (together("unchanged"), _("{count} unchanged")),
        (together("merged"), _("{count} repeated in the list")),
        (together("ignored"), _("{count} left out")),
        (together("not_chosen"), _("{count} of them not chosen")),
        (sum(len(one.rejected) for one in reports), _("{count} rejected")),
    )
    return tuple(text.format(count=thousands(count)) for count, text in counts if count)


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
