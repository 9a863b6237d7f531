"""The commissioning itself: each step with its live state in plain words, the raw exchange one click away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QGridLayout, QLabel, QPlainTextEdit, QWidget

from drivers.errors import ExpectedError, JoinFailed, NoFix
from drivers.secret import Secret
from fieldtool.catalogue import device_profile
from fieldtool.commissioning.draft import Draft
from fieldtool.commissioning.errors import ReadingImplausible, ReadingStuck, TooFarFromAsset
from fieldtool.commissioning.record import STEPS, Commissioning
from fieldtool.commissioning.telling import step_lines, step_title
from fieldtool.locating import AccuracyTooLow
from fieldtool.texts import N_, _
from ui.background import Job, changes
from ui.screen import Desk
from ui.screens.devices.pages import Step
from ui.screens.devices.running import Exchanged, Finished, StepNews, carry_out
from ui.widgets.controls import button, card, field, line, restyle, row, text

STATES: Mapping[str, tuple[str, str, str]] = {
    "waiting": ("·", N_("to do"), "muted"),
    "started": ("▶", N_("running …"), "strong"),
    "done": ("✓", N_("done"), "good"),
    "held": ("✓", N_("done before, looked at again"), "good"),
    "skipped": ("–", N_("skipped"), "warning"),
    "failed": ("✗", N_("failed"), "bad"),
}
"""Mark, words and kind: a state is never told by colour alone."""
KEPT_LINES = 2000
TOP = Qt.AlignmentFlag.AlignTop
REASONED: Mapping[type[ExpectedError], tuple[str, str]] = {
    ReadingImplausible: ("accept_readings", N_("Why are these readings right?")),
    ReadingStuck: ("accept_readings", N_("Why are these readings right?")),
    TooFarFromAsset: ("accept_distance", N_("Why is this the right asset?")),
    JoinFailed: ("join_skip", N_("Why does it join later?")),
}
"""What a person may decide otherwise, with a reason that is kept."""
FROM_ASSET: tuple[type[ExpectedError], ...] = (NoFix, AccuracyTooLow)


class StepLine:
    """Three labels in a grid: mark, title with state, what was found."""

    def __init__(self, grid: QGridLayout, number: int, name: str) -> None:
        self.name = name
        self.mark = QLabel()
        self.mark.setFixedWidth(28)
        self.title = text(step_title(name), "strong")
        self.state = text()
        self.found = text(selectable=True)
        for column, part in enumerate((self.mark, self.title, self.state, self.found)):
            grid.addWidget(part, number, column, TOP)
        self.show("waiting", [])

    def show(self, state: str, lines: list[str]) -> None:
        mark, words, kind = STATES[state]
        self.mark.setText(mark)
        self.state.setText(_(words))
        for label in (self.mark, self.state):
            restyle(label, kind)
        self.found.setText("\n".join(lines))
        said = "; ".join([f"{step_title(self.name)}: {_(words)}", *lines])
        self.found.setAccessibleName(said)


class RunPage(Step):
    """`finished` once the sensor is in service."""

    finished = Signal()
    running_changed = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__(
            desk,
            _("Commission"),
            _("Every step is kept as soon as it is done. You can stop at any time and go on later."),
        )
        self.draft = Draft()
        self.password: Secret | None = None
        self.job: Job[Finished] | None = None
        self.result: Finished | None = None
        self._error: ExpectedError | None = None
        self._record: Commissioning | None = None
        self.lines: dict[str, StepLine] = {}
        self.begin_button = button(_("Begin"), self.begin, kind="primary")
        self.stop_button = button(_("Stop"), self.stop)
        self.raw_button = button(_("Show the exchange"), self._toggle_raw)
        self.raw_button.setCheckable(True)
        self.report_button = button(_("Open the report"), self._open_report)
        self.reason = line(_("Reason"))
        self.reason_field = field(_("Reason"), self.reason)
        self.accept = button(_("Go on with this reason"), self._accept)
        self.use_asset = button(_("Take the position of the asset"), self._use_asset)
        self.outcome = text(kind="good")
        self.raw = QPlainTextEdit()
        self.raw.setReadOnly(True)
        self.raw.setTabChangesFocus(True)
        self.raw.setMaximumBlockCount(KEPT_LINES)
        self.raw.setAccessibleName(_("Exchange with the device; secrets are masked"))
        self.raw.setMinimumHeight(220)
        self._build()

    def _build(self) -> None:
        holder = QWidget()
        grid = QGridLayout(holder)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setColumnStretch(1, 2)
        grid.setColumnStretch(2, 2)
        grid.setColumnStretch(3, 5)
        for number, name in enumerate(STEPS):
            self.lines[name] = StepLine(grid, number, name)
        body = self.page.body
        body.addWidget(row(self.begin_button, self.stop_button, self.report_button, None, self.raw_button))
        body.addWidget(self.outcome)
        body.addWidget(self.page.problem)
        body.addWidget(self.reason_field)
        body.addWidget(row(self.accept, self.use_asset, None))
        body.addWidget(self.raw)
        body.addWidget(card(holder))
        self.reason.textChanged.connect(lambda words: self.accept.setEnabled(len(words.strip()) >= 3))
        self.reason.returnPressed.connect(self._accept)
        for part in (self.raw, self.outcome, self.report_button):
            part.hide()
        self._offer(None)
        self._fit()

    @property
    def running(self) -> bool:
        return self.job is not None and not self.job.over

    def turned_to(self, draft: Draft) -> None:
        self.draft = draft
        self._fit()
        self.begin_button.setFocus()

    def amended(self, draft: Draft) -> Draft:
        return replace(
            draft,
            join_skip=self.draft.join_skip,
            accept_readings=self.draft.accept_readings,
            accept_distance=self.draft.accept_distance,
            position=self.draft.position,
        )

    def missing(self) -> str:
        return "" if self.result is not None else _("The commissioning is not finished yet.")

    def show_record(self, record: Commissioning) -> None:
        """What was reached before."""
        self._record = record
        kind = device_profile(record.profile)
        for name, shown in self.lines.items():
            entry = record.steps.get(name)
            if isinstance(entry, dict):
                shown.show(str(entry["state"]), step_lines(record, name, kind))

    def begin(self) -> None:
        if self.running or self.result is not None:
            return
        self.page.problem.clear()
        self._offer(None)
        draft, password = self.draft, self.password
        self.job = self.desk.background.run(
            self,
            lambda profile, job: carry_out(profile, job, draft, password),
            lane="devices",
            done=self._done,
            failed=self._failed,
            progress=self._told,
            ended=self._ended,
            touches=changes("device", "commissioning", "observation", "registration", "ticket"),
        )
        self._fit()
        self.stop_button.setFocus()
        self.running_changed.emit()

    def stop(self) -> None:
        if self.job is not None:
            self.job.cancel()
            self.stop_button.setEnabled(False)

    def _told(self, news: Any) -> None:
        if isinstance(news, Exchanged):
            self.raw.appendPlainText(f"{news.direction} {news.text}")
        elif isinstance(news, StepNews):
            self._record = news.record
            kind = device_profile(news.record.profile)
            self.lines[news.name].show(news.event, step_lines(news.record, news.name, kind))
            if news.event == "started":
                self.page.area.ensureWidgetVisible(self.lines[news.name].title, 0, 120)

    def _done(self, result: Finished) -> None:
        self.result = result
        self.outcome.setText(
            _("The sensor is in service. Everything is kept and goes out with the next sync.")
        )
        self.outcome.show()
        self.report_button.show()
        self.finished.emit()

    def _failed(self, error: ExpectedError) -> None:
        self._error = error
        self.page.problem.tell(error)
        self._offer(error)
        self.page.area.ensureWidgetVisible(self.page.problem)

    def _ended(self) -> None:
        if self.job is not None and self.job.stopping.is_set():
            for shown in self.lines.values():
                if shown.state.text() == _(STATES["started"][1]):
                    shown.show("waiting", [])
        self._fit()
        self.running_changed.emit()
        if self.result is not None:
            self.report_button.setFocus()
        elif self.reason_field.isVisibleTo(self):
            self.reason.setFocus()
        else:
            self.begin_button.setFocus()

    def _offer(self, error: ExpectedError | None) -> None:
        """What can be decided about this error."""
        known = REASONED.get(type(error)) if error is not None else None
        self.reason_field.setVisible(known is not None)
        self.accept.setVisible(known is not None)
        self.accept.setEnabled(False)
        self.use_asset.setVisible(isinstance(error, FROM_ASSET))
        self.reason.clear()
        if known is not None:
            self.reason.setAccessibleName(_(known[1]))
            self.reason.setPlaceholderText(_(known[1]))

    def _accept(self) -> None:
        known = REASONED.get(type(self._error)) if self._error is not None else None
        words = self.reason.text().strip()
        if known is None or len(words) < 3:
            return
        match known[0]:
            case "accept_readings":
                self.draft = replace(self.draft, accept_readings=words)
            case "accept_distance":
                self.draft = replace(self.draft, accept_distance=words)
            case _:
                self.draft = replace(self.draft, join_skip=words)
        self.begin()

    def _use_asset(self) -> None:
        self.draft = replace(self.draft, position="asset")
        self.begin()

    def _fit(self) -> None:
        running = self.running
        begun = self._record is not None
        self.begin_button.setText(_("Go on") if begun else _("Begin"))
        self.begin_button.setAccessibleName(self.begin_button.text())
        self.begin_button.setVisible(self.result is None)
        self.begin_button.setEnabled(not running)
        self.stop_button.setVisible(self.result is None)
        self.stop_button.setEnabled(running)

    def _toggle_raw(self) -> None:
        shown = self.raw_button.isChecked()
        self.raw.setVisible(shown)
        self.raw_button.setText(_("Hide the exchange") if shown else _("Show the exchange"))
        self.raw_button.setAccessibleName(self.raw_button.text())

    def _open_report(self) -> None:
        if self.result is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(self.result.report))
