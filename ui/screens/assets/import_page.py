"""A list is taken over: chosen, read and compared, reported, and only then written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QFrame, QProgressBar, QPushButton, QVBoxLayout, QWidget

from drivers.errors import ExpectedError
from fieldtool.imports.choosing import Choice
from fieldtool.imports.doubts import Box
from fieldtool.imports.errors import SeveralLayers
from fieldtool.imports.mapping import MappingFile
from fieldtool.imports.prepare import Wish
from fieldtool.imports.several import ALL
from fieldtool.texts import _, thousands
from ui.background import NOTHING, Job, changes
from ui.screen import Desk
from ui.screens.assets import importing
from ui.screens.assets.import_columns import ColumnsCard
from ui.screens.assets.import_details import rows_page
from ui.screens.assets.import_places import AreaCard, ReadingsCard
from ui.screens.assets.import_rows import RowsCard
from ui.screens.assets.import_rules import RulesCard
from ui.screens.assets.importing import Remarks, Report
from ui.widgets.controls import button, card, choice, emptied, field, restyle, row, text
from ui.widgets.flow import flow
from ui.widgets.listing import Listing
from ui.widgets.page import Page
from ui.widgets.paging import bring_into_view

CLASS_LETTERS, CRS_LETTERS = 16, 26
SUFFIXES = " ".join(
    f"*.{one}"
    for one in (
        *("xlsx", "xlsm", "xlsb", "xls", "ods", "csv", "tsv", "txt", "geojson", "json", "ndjson", "gpkg"),
        *("shp", "dbf", "zip", "gz", "kml", "kmz", "gml", "xml"),
    )
)


class ImportPage(QWidget):
    """`left` when it is closed. Until it is taken over nothing is written."""

    left = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.report: Report | None = None
        self._job: Job[Report] | None = None
        self._told: Report | None = None
        self.page = Page(_("Take over a list"))
        self.back = button(_("Back"), self.left.emit, name=_("Back to the assets"))
        self.page.commands.addWidget(self.back)
        self.choose = button(_("Choose a file …"), self.choose_file, kind="primary")
        self.hint = text(
            _(
                "A list as Excel or CSV file, GeoJSON, GeoPackage, Shapefile, KML or GML. "
                "First it is only read: you see what would happen, and decide then."
            ),
            "muted",
        )
        self.progress = QProgressBar()
        self.progress.setRange(0, 0)
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName(_("The list is worked on"))
        self.running = text()
        self.cancel = button(_("Cancel"), self.stop)
        self._working = card(self.running, self.progress, row(self.cancel, None))
        self.classes = choice(_("Class"), importing.class_options())
        self.crs = choice(_("Coordinate system"), importing.crs_options(""))
        for box, letters in ((self.classes, CLASS_LETTERS), (self.crs, CRS_LETTERS)):
            box.setMinimumContentsLength(letters)
        self.take = button(_("Take over"), self.take_over, kind="primary", name=_("Take the list over"))
        self.file = text(kind="heading")
        self.said = text(kind="strong", selectable=True)
        self.counts = text(selectable=True)
        self.unclear = text(kind="warning")
        self.unclear.setText(
            _(
                "It is not certain in which coordinate system the list is. "
                "Please choose, then it is read again."
            )
        )
        self.nothing = text(_("Nothing in this list is new or changed."), "muted")
        self._choices = QWidget()
        chosen = QVBoxLayout(self._choices)
        chosen.setContentsMargins(0, 0, 0, 0)
        chosen.addWidget(
            flow(field(_("Recognised &class"), self.classes), field(_("&Coordinates"), self.crs))
        )
        chosen.addWidget(text(_("If this was guessed wrong, choose here: the list is read again."), "muted"))
        self.layers = choice(_("Sheet or layer"), [])
        self.layers.activated.connect(lambda _index: self._of_layer())
        self._several: Wish | None = None
        self._layers = card(
            text(_("This file holds several lists. Which one do you want to take over?"), "strong"),
            field(_("Sheet or layer"), self.layers),
        )
        self.chosen = text(kind="muted")
        self.saved = text(kind="good", selectable=True)
        self.saved.hide()
        self.save_report = button(
            _("Save the report …"), self._save_report, name=_("Save what becomes of every row")
        )
        self._found = card(
            self.file,
            self.said,
            self.counts,
            self._choices,
            self.unclear,
            self.nothing,
            self.chosen,
            flow(self.take, self.save_report),
            self.saved,
        )
        self.readings = ReadingsCard()
        self.columns = ColumnsCard()
        self.rows = RowsCard()
        self.rules = RulesCard()
        self.area = AreaCard()
        self._sections: tuple[tuple[QPushButton, QFrame], ...] = tuple(
            (self._opener(title, part), part)
            for title, part in (
                (_("Columns …"), self.columns),
                (_("Rows and differences …"), self.rows),
                (_("Cleaning …"), self.rules),
                (_("Area …"), self.area),
            )
        )
        self._openers = flow(*(opener for opener, _part in self._sections))
        self._connect_sections()
        self._rejected, self._rejected_rows = _remark_card(_("Rejected: these rows are not taken over"))
        self._flagged, self._flagged_rows = _remark_card(_("Please check: taken over as they are"))
        body = self.page.body
        body.addWidget(self.hint)
        body.addWidget(row(self.choose, None))
        for part in (
            self._working,
            self._layers,
            self._found,
            self.readings,
            self._openers,
            self.columns,
            self.rows,
            self.rules,
            self.area,
            self._rejected,
            self._flagged,
        ):
            body.addWidget(part)
            part.hide()
        self._return_to: QWidget = self.choose
        self._writing = False
        self.classes.activated.connect(lambda _index: self._as_class())
        self.crs.activated.connect(lambda _index: self._in_crs())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.page)

    @property
    def busy(self) -> bool:
        return self._job is not None

    def begin(self) -> None:
        """Anew, unless one is under way or only waits for its take-over."""
        if not self.busy and (self.report is None or self.report.written):
            self.report = None
            self.page.problem.clear()
            self._tell()
        self.choose.setFocus()

    def choose_file(self) -> None:
        """Not modal to the program: work goes on behind it."""
        dialog = QFileDialog(self, _("Take over a list"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilter(f"{_('Lists')} ({SUFFIXES})")
        dialog.fileSelected.connect(lambda path: self.read(Path(path)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def read(self, path: Path) -> None:
        self._layers.hide()
        self._dry_run(Wish(path=path), return_to=self.take)

    def take_over(self) -> None:
        report = self.report
        if report is None or self.busy or not report.ready or report.written:
            return
        choices = self._choices_of(report)
        self.page.problem.clear()
        self.running.setText(_("The list is written. This cannot be cancelled: all of it or nothing."))
        self._return_to = self.back
        self._writing = True
        self._job = self.desk.background.run(
            self,
            lambda profile, _job: importing.take_over(profile, report, by_layer=choices),
            done=self._found_out,
            failed=self.page.problem.tell,
            ended=self._ended,
            touches=changes("asset"),
        )
        self._tell()

    def stop(self) -> None:
        """What is read so far is forgotten; nothing was written."""
        if self._job is not None:
            self._job.cancel()
            self.cancel.setEnabled(False)
            self.running.setText(_("Is being cancelled …"))

    def _as_class(self) -> None:
        if self.report is not None and self.classes.currentData() != self.report.asset_class:
            wish = replace(self.report.wish, asset_class=self.classes.currentData(), told=None, mapping=None)
            self._dry_run(wish, return_to=self.classes)

    def _in_crs(self) -> None:
        code = self.crs.currentData()
        if self.report is not None and code and (code, True) != (self.report.crs, self.report.crs_certain):
            wish = replace(self.report.wish, asset_class=self.report.asset_class, crs=code)
            self._dry_run(wish, return_to=self.crs)

    def _connect_sections(self) -> None:
        self.readings.chosen.connect(self._in_system)
        self.columns.wanted.connect(self._with_columns)
        self.columns.loading.connect(self._choose_mapping)
        self.columns.saving.connect(self._save_mapping)
        self.columns.anew.connect(self._suggest_anew)
        self.rows.asked.connect(self._ask_rows)
        self.rows.chosen.connect(self._tell_chosen)
        self.rules.wanted.connect(self._with_rules)
        self.area.wanted.connect(self._with_area)
        self.area.boundary.connect(self._choose_boundary)

    def _opener(self, title: str, part: QFrame) -> QPushButton:
        made = button(title)
        made.setCheckable(True)
        made.toggled.connect(lambda on: self._open(part, on=on))
        return made

    def _open(self, part: QFrame, *, on: bool) -> None:
        part.setVisible(on)
        if on:
            if part is self.rows:
                self.rows.ask_again()
            bring_into_view(self.page.area, part)

    def _with_columns(self, columns: dict[str, str | None]) -> None:
        report = self.report
        if report is None or report.single is None:
            return
        told = MappingFile(columns, report.asset_class, report.wish.crs, report.single.told.number_pattern)
        self._dry_run(replace(report.wish, told=told, mapping=None), return_to=self.columns.apply)

    def load_mapping(self, path: Path) -> None:
        if self.report is not None:
            wish = replace(self.report.wish, told=None, mapping=path, asset_class=None)
            self._dry_run(wish, return_to=self.columns.load)

    def _suggest_anew(self) -> None:
        if self.report is not None:
            wish = replace(self.report.wish, told=None, mapping=None)
            self._dry_run(wish, return_to=self.columns.suggest, suggest_anew=True)

    def _with_rules(self, off: frozenset[str]) -> None:
        if self.report is not None:
            self._dry_run(replace(self.report.wish, switched_off=off), return_to=self.rules.apply)

    def _in_system(self, code: str) -> None:
        if self.report is not None:
            self._dry_run(replace(self.report.wish, crs=code), return_to=self.take)

    def _with_area(self, area: Box | None) -> None:
        """Kept first; then the list is looked at again."""
        if self.report is None or self.busy:
            return
        wish = self.report.wish
        self.desk.background.change(
            self,
            lambda profile: importing.keep_area(profile, area),
            NOTHING,
            lambda _none: self._dry_run(wish, return_to=self.area.put),
            self.page.problem.tell,
        )

    def _choose_boundary(self) -> None:
        dialog = QFileDialog(self, _("Take the area from a file with boundaries"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilter(f"{_('Lists')} ({SUFFIXES})")
        dialog.fileSelected.connect(lambda path: self.load_boundary(Path(path)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def load_boundary(self, path: Path) -> None:
        name = self.area.place.text()
        self.page.problem.clear()
        self.desk.background.run(
            self,
            lambda _profile, _job: importing.boundary(path, name),
            lane="network",
            done=self._with_area,
            failed=self.page.problem.tell,
        )

    def _choose_mapping(self) -> None:
        dialog = QFileDialog(self, _("Load a mapping of columns from a file"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilter("JSON (*.json)")
        dialog.fileSelected.connect(lambda path: self.load_mapping(Path(path)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _save_mapping(self) -> None:
        self._save_as(_("Save the mapping of columns as a file"), ("JSON (*.json)",), self.keep_mapping)

    def _save_report(self) -> None:
        self._save_as(_("Save what becomes of every row"), ("CSV (*.csv)", "JSON (*.json)"), self.keep_report)

    def _save_as(self, title: str, filters: tuple[str, ...], keep: Callable[[Path], None]) -> None:
        dialog = QFileDialog(self, title)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters(filters)
        dialog.setDefaultSuffix(filters[0].partition("*.")[2].rstrip(")"))
        dialog.fileSelected.connect(lambda path: keep(Path(path)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def keep_mapping(self, path: Path) -> None:
        self._keep(lambda report: importing.keep_mapping(report, path), path)

    def keep_report(self, path: Path) -> None:
        self._keep(lambda report: importing.keep_report(report, path), path)

    def _keep(self, write: Callable[[Report], None], path: Path) -> None:
        report = self.report
        if report is None:
            return
        choices = self._choices_of(report)
        self.page.problem.clear()
        self.desk.background.run(
            self,
            lambda _profile, _job: write(importing.with_choices(report, choices)),
            lane="network",
            done=lambda _none: self._saved(path),
            failed=self.page.problem.tell,
        )

    def _saved(self, path: Path) -> None:
        self.saved.setText(_("Saved: {path}").format(path=path))
        self.saved.show()

    def _choices_of(self, report: Report) -> dict[str | None, Choice]:
        choices = self.rows.choices(len(report.parts))
        return {part.layer: one for part, one in zip(report.parts, choices, strict=True)}

    def _ask_rows(self, kind: str, first: int) -> None:
        report = self.report
        if report is not None:
            self.desk.background.ask(
                self,
                lambda profile: rows_page(profile, report.parts, kind, first),
                self.rows.tell,
                self.page.problem.tell,
            )

    def _tell_chosen(self) -> None:
        """How many rows would be written."""
        report = self.report
        if report is None or report.written:
            self.chosen.hide()
            return
        count = self.rows.count()
        self.chosen.setText(_("{count} rows are chosen to be taken over.").format(count=thousands(count)))
        self.chosen.setVisible(report.ready)
        self.take.setEnabled(not self.busy and count > 0)

    def _dry_run(self, wish: Wish, *, return_to: QWidget, suggest_anew: bool = False) -> None:
        """Beside the database's lane: reading a long list holds up no other screen."""
        if self.busy:
            return
        if self.report is not None and self.report.wish.path != wish.path:
            self.report = None
        self.page.problem.clear()
        self.running.setText(_("The list is read …"))
        self._return_to = return_to
        self._job = self.desk.background.run(
            self,
            lambda profile, job: importing.dry_run(profile, wish, job.tell, suggest_anew=suggest_anew),
            lane="network",
            done=self._found_out,
            failed=lambda error: self._failed(error, wish),
            progress=lambda words: self.running.setText(str(words)),
            ended=self._ended,
        )
        self._tell()

    def _failed(self, error: ExpectedError, wish: Wish) -> None:
        if not isinstance(error, SeveralLayers):
            self.page.problem.tell(error)
            return
        self.layers.clear()
        self.layers.addItem(_("– please choose –"), "")
        self.layers.addItem(_("All of them"), ALL)
        for name in error.layers:
            self.layers.addItem(name, name)
        self._several = wish
        self._layers.show()
        self.layers.setFocus()

    def _of_layer(self) -> None:
        name, wish = self.layers.currentData(), self._several
        if name and wish is not None:
            self._layers.hide()
            self._dry_run(replace(wish, layer=name), return_to=self.take)

    def _found_out(self, report: Report) -> None:
        self.report = report

    def _ended(self) -> None:
        self._job = None
        self._writing = False
        self._tell()
        if self.isVisible():
            self._focus_next()

    def _focus_next(self) -> None:
        """Where the person has to go on."""
        if not self._layers.isHidden():
            self.layers.setFocus()
        elif self.report is not None and not self.report.crs_certain:
            self.crs.setFocus()
        elif self._return_to.isVisible() and self._return_to.isEnabled():
            self._return_to.setFocus()
        else:
            self.choose.setFocus()

    def _tell(self) -> None:
        report, written = self.report, self.report is not None and self.report.written
        self._working.setVisible(self.busy)
        self.cancel.setEnabled(True)
        self.cancel.setVisible(not self._writing)
        self.choose.setEnabled(not self.busy)
        self.saved.hide()
        for part in (self._found, self._rejected, self._flagged):
            part.setVisible(report is not None)
        for opener, section in self._sections:
            opener.setEnabled(not self.busy)
            section.setEnabled(not self.busy)
            if report is None or written:
                opener.setChecked(False)
        self._openers.setVisible(report is not None and not written)
        self.readings.setVisible(report is not None and not written and bool(report.readings))
        self.readings.setEnabled(not self.busy)
        self.save_report.setEnabled(not self.busy)
        self._choices.setVisible(not written)
        self._choices.setEnabled(not self.busy)
        if report is not None:
            self._tell_report(report)

    def _tell_report(self, report: Report) -> None:
        self.file.setText(report.file)
        self.said.setText(_("Taken over:") if report.written else _("This would happen:"))
        restyle(self.said, "good" if report.written else "strong")
        self.counts.setText(" · ".join(report.counts) or "–")
        self.classes.setCurrentIndex(self.classes.findData(report.asset_class))
        self.crs.clear()
        if not report.crs_certain:
            self.crs.addItem(_("– please choose –"), "")
        for code, title in importing.crs_options(report.crs):
            self.crs.addItem(title, code)
        self.crs.setCurrentIndex(self.crs.findData(report.crs if report.crs_certain else ""))
        self.unclear.setVisible(not report.crs_certain)
        self.nothing.setVisible(report.crs_certain and not report.ready and not report.written)
        self.take.setVisible(report.ready and not report.written)
        self.take.setEnabled(not self.busy)
        self._rejected.setVisible(bool(report.rejected.rows))
        self._flagged.setVisible(bool(report.flagged.rows))
        if report is not self._told:
            self._tell_sections(report)
        self._tell_chosen()
        _fill(self._rejected_rows, _("Rejected rows"), report.rejected)
        _fill(self._flagged_rows, _("Rows to check"), report.flagged)

    def _tell_sections(self, report: Report) -> None:
        """Only once for a report: what a person has chosen in it stays."""
        self._told = report
        self.columns.tell(report.columns, report.targets, from_memory=report.from_memory)
        self.rows.begin(report.kinds)
        self.rules.tell(report.rules)
        self.area.tell(report.area)
        self.readings.tell(report.readings, report.area)
        for opener, section in self._sections:
            offered = {
                self.columns: bool(report.columns),
                self.rows: bool(report.kinds),
                self.rules: bool(report.rules),
            }.get(section, True)
            opener.setVisible(offered)
            if not offered:
                opener.setChecked(False)
        if self.rows.isVisible():
            self.rows.ask_again()


def _remark_card(title: str) -> tuple[QFrame, QVBoxLayout]:
    made = card(text(title, "heading"))
    rows = QVBoxLayout()
    inside = made.layout()
    if isinstance(inside, QVBoxLayout):
        inside.addLayout(rows)
    return made, rows


def _fill(layout: QVBoxLayout, name: str, remarks: Remarks) -> None:
    emptied(layout)
    heads = (_("Row"), _("Column"), _("Value"), _("Reason"))
    layout.addWidget(Listing(name, heads, remarks.rows, wide=(2, 3)))
    if remarks.more:
        layout.addWidget(text(_("and {count} more").format(count=thousands(remarks.more)), "muted"))
