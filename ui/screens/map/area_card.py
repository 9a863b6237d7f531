"""Taking the visible area of an online base map along, and the areas that were."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QProgressBar, QVBoxLayout, QWidget

from drivers.errors import ExpectedError
from fieldtool.base_maps import BaseMap
from fieldtool.store.places import Box
from fieldtool.texts import _
from fieldtool.tile_grid import Area
from ui.background import Job
from ui.errors import ErrorPanel
from ui.screen import Desk
from ui.screens.map import taking
from ui.screens.map.content import Based
from ui.screens.map.taking import Kept, Plan, Step, Watch
from ui.widgets.controls import button, card, choice, field, line, text
from ui.widgets.flow import flow

if TYPE_CHECKING:
    from fieldtool.profile import Profile

ZOOM_LETTERS = 4


class AreaCard(QWidget):
    """`changed` carries a Based: the maps there are now, and where one shows something."""

    changed = Signal(object)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.base: BaseMap | None = None
        self.areas: tuple[Kept, ...] = ()
        self.plan: Plan | None = None
        self._seen: tuple[Box, float] | None = None
        self._wanted: Area | None = None
        self._asking = False
        self._job: Job[Based] | None = None
        self.open = button(_("Take an area along …"), self.show_form)
        self.title = line(_("Name of the area"))
        self.first, self.last = choice(_("From zoom"), []), choice(_("To zoom"), [])
        for box in (self.first, self.last):
            box.setMinimumContentsLength(ZOOM_LETTERS)
            box.activated.connect(lambda _index: self._estimate())
        self.estimate = text(kind="strong")
        self.word = QCheckBox(_("I know that the provider allows it"))
        self.word.setAccessibleName(self.word.text())
        self.word.toggled.connect(lambda _on: self._tell())
        self.start = button(_("Take along"), self._start, kind="primary", name=_("Take this area along"))
        self.form = card(
            text(_("What the map shows is fetched, so that it is there without a network."), "muted"),
            field(_("Name of the area"), self.title),
            flow(field(_("From zoom"), self.first), field(_("To zoom"), self.last)),
            self.estimate,
            self.word,
            flow(self.start, button(_("Cancel"), self.form_away, name=_("Do not take an area along"))),
        )
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName(_("The area is fetched"))
        self.running = text()
        self.stop = button(_("Stop"), self.cancel, name=_("Stop fetching the area"))
        self.working = card(
            self.running,
            self.progress,
            text(_("What came stays; the rest can be fetched later."), "muted"),
            flow(self.stop),
        )
        self.kept = choice(_("Areas taken along"), [])
        self.kept.activated.connect(lambda _index: self._tell())
        self.resume = button(_("Fetch the rest"), self._resume, name=_("Fetch what is missing of the area"))
        self.delete = button(_("Delete …"), self._ask_delete, name=_("Delete the chosen area"))
        self.sure = button(
            _("Delete"), self._delete, kind="danger", name=_("Delete the area from this machine")
        )
        self.keep = button(_("Keep"), self._not_sure, name=_("Keep the area"))
        self.there = QWidget()
        self.problem = ErrorPanel()
        self._build()
        self._tell()

    def _build(self) -> None:
        inside = QVBoxLayout(self.there)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addWidget(field(_("Areas taken along"), self.kept))
        inside.addWidget(flow(self.resume, self.delete, self.sure, self.keep))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for part in (flow(self.open), self.form, self.working, self.there, self.problem):
            layout.addWidget(part)
        for part in (self.form, self.sure, self.keep):
            part.hide()

    def begin(self) -> None:
        self.desk.background.ask(self, taking.kept, self._show_kept, self.problem.tell, lane="ports")

    def show_base(self, base: BaseMap | None) -> None:
        if base != self.base:
            self.form.hide()
        self.base = base
        self._tell()

    def look(self, box: Box, zoom: float) -> None:
        """What is seen now."""
        self._seen = (box, zoom)
        if self.form.isVisible():
            self._estimate()

    def show_form(self) -> None:
        if self.base is None or self._seen is None:
            return
        most, first, last = taking.zooms(self.base, self._seen[1])
        for box, chosen in ((self.first, first), (self.last, last)):
            box.clear()
            for zoom in range(self.base.min_zoom, most + 1):
                box.addItem(str(zoom), zoom)
            box.setCurrentIndex(box.findData(chosen))
        self.problem.clear()
        self.word.setChecked(False)
        self.title.setText(self.base.title)
        self.form.show()
        self.title.setFocus()
        self.title.selectAll()
        self._estimate()

    def form_away(self) -> None:
        self.form.hide()
        self.problem.clear()
        self.open.setFocus()

    def _estimate(self) -> None:
        """One question at a time, the latest area then."""
        if self._seen is None or self.first.currentData() is None:
            return
        chosen = sorted((self.first.currentData(), self.last.currentData()))
        self._wanted = taking.clipped(self._seen[0], (chosen[0], chosen[1]))
        if not self._asking:
            self._ask()

    def _ask(self) -> None:
        base, area = self.base, self._wanted
        if base is None or area is None:
            return
        self._asking, self._wanted = True, None

        def answered(found: Plan | None) -> None:
            self._asking = False
            self.plan = found
            self._tell()
            if self._wanted is not None:
                self._ask()

        def failed(error: ExpectedError) -> None:
            self.problem.tell(error)
            answered(None)

        self.desk.background.ask(
            self, lambda profile: taking.plan(profile, base, area), answered, failed, lane="ports"
        )

    def _start(self) -> None:
        base, found, title = self.base, self.plan, self.title.text().strip()
        if base is None or found is None or not found.possible:
            return
        word = self.word.isChecked()
        self._run(
            lambda profile, job: taking.take(
                profile, base, found.area, title or base.title, Watch(job.tell, pausing(job)), word=word
            )
        )
        self.form.hide()

    def _resume(self) -> None:
        name = self.kept.currentData()
        if name:
            self._run(lambda profile, job: taking.resume(profile, name, Watch(job.tell, pausing(job))))

    def _run(self, work: Callable[[Profile, Job[Based]], Based]) -> None:
        if self._job is not None:
            return
        self.problem.clear()
        self.running.setText(_("The area is fetched …"))
        self.progress.setRange(0, 0)
        self._job = self.desk.background.run(
            self,
            work,
            lane="fetching",
            done=self.changed.emit,
            failed=self.problem.tell,
            progress=self._step,
            ended=self._ended,
        )
        self._tell()
        self.stop.setFocus()

    def cancel(self) -> None:
        if self._job is not None:
            self._job.cancel()
            self.stop.setEnabled(False)
            self.running.setText(_("Is being cancelled …"))

    def _step(self, at: Step) -> None:
        self.running.setText(at.words)
        self.progress.setRange(0, 100)
        self.progress.setValue(at.percent)

    def _ended(self) -> None:
        self._job = None
        self.begin()
        self._tell()

    def _show_kept(self, found: tuple[Kept, ...]) -> None:
        chosen = self.kept.currentData()
        self.areas = found
        self.kept.clear()
        for area in found:
            self.kept.addItem(area.title, area.id)
        self.kept.setCurrentIndex(max(self.kept.findData(chosen), 0))
        self._tell()

    def _ask_delete(self) -> None:
        self.sure.show()
        self.keep.show()
        self.delete.hide()
        self.keep.setFocus()

    def _not_sure(self) -> None:
        self.delete.show()
        self.sure.hide()
        self.keep.hide()
        self.delete.setFocus()

    def _delete(self) -> None:
        name = self.kept.currentData()
        self._not_sure()
        if name:
            self.desk.background.ask(
                self, lambda profile: taking.delete(profile, name), self._deleted, self.problem.tell
            )

    def _deleted(self, found: Based) -> None:
        self.changed.emit(found)
        self.begin()

    def _tell(self) -> None:
        busy, online = self._job is not None, self.base is not None and self.base.online
        self.open.setVisible(online)
        self.open.setEnabled(not busy)
        self.working.setVisible(busy)
        self.stop.setEnabled(True)
        self.estimate.setText("" if self.plan is None else self.plan.words)
        needs_word = self.plan is not None and self.plan.word
        self.word.setVisible(needs_word)
        possible = self.plan is not None and self.plan.possible
        self.start.setEnabled(possible and not busy and (self.word.isChecked() or not needs_word))
        chosen = next((one for one in self.areas if one.id == self.kept.currentData()), None)
        self.there.setVisible(bool(self.areas))
        self.resume.setVisible(chosen is not None and not chosen.complete)
        for control in (self.resume, self.delete, self.sure, self.kept):
            control.setEnabled(not busy)


def pausing(job: Job[Based]) -> Callable[[float], None]:
    """A pause that ends with the job."""

    def pause(seconds: float) -> None:
        job.stopping.wait(seconds)
        job.check()

    return pause
