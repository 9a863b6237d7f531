"""The area that is seen, taken along for work without a network."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QProgressBar, QVBoxLayout, QWidget

from fieldtool.base_maps import Maps
from fieldtool.texts import _, thousands
from ui.background import Job
from ui.errors import ErrorPanel
from ui.screen import Desk
from ui.screens.map import area_content as content
from ui.screens.map.area_content import Plan, Taken
from ui.widgets.controls import button, card, choice, emptied, field, line, row, text
from ui.widgets.flow import flow

if TYPE_CHECKING:
    from fieldtool.base_areas import State, Unfinished, Wish
    from fieldtool.store.places import Box


class AreaCard(QWidget):
    """`taken` carries the Maps that are known then."""

    taken = Signal(object)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.maps = Maps()
        self.plan: Plan | None = None
        self._seen: tuple[Box, float] | None = None
        self._wish: Wish | None = None
        self._job: Job[Taken | None] | None = None
        self._stopped = False
        self.open = button(_("Take area along …"), self.show_form, name=_("Take the visible area along"))
        self.title = line(_("Name of the area"))
        self.low = choice(_("From level"), [])
        self.high = choice(_("To level"), [])
        for box in (self.low, self.high):
            box.activated.connect(lambda _index: self._ask_plan(keep=True))
        self.amount = text(kind="strong")
        self.reason = text(kind="warning")
        self.confirm = QCheckBox(_("The provider's terms of use allow this"))
        self.confirm.setAccessibleName(_("The provider's terms of use allow this"))
        self.confirm.toggled.connect(lambda _on: self._tell())
        self.take = button(_("Take along"), self.begin, kind="primary", name=_("Take the area along"))
        self.form = card(
            text(_("What is seen of the map now. Other levels mean coarser or finer pictures."), "muted"),
            field(_("Name of the area"), self.title),
            flow(field(_("From level"), self.low), field(_("To level"), self.high)),
            self.amount,
            self.reason,
            self.confirm,
            flow(self.take, button(_("Cancel"), self.form_away, name=_("Do not take the area along"))),
        )
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName(_("The area is taken along"))
        self.running = text()
        self.stop = button(_("Stop"), self.cancel, name=_("Stop taking the area along"))
        self.work = card(self.running, self.progress, row(self.stop, None))
        self.said = text(kind="good")
        self.problem = ErrorPanel()
        self._begun = QWidget()
        self._begun_rows = QVBoxLayout(self._begun)
        self._begun_rows.setContentsMargins(0, 0, 0, 0)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for part in (row(self.open, None), self.form, self.work, self.said, self.problem, self._begun):
            layout.addWidget(part)
        for part in (self.form, self.work, self.said, self._begun):
            part.hide()
        self._tell()

    @property
    def busy(self) -> bool:
        return self._job is not None

    def show_maps(self, maps: Maps) -> None:
        self.maps = maps
        if not self.form.isHidden():
            self.form.hide()
        self._tell()
        self.desk.background.ask(self, content.begun, self._show_begun, self.problem.tell, lane="ports")

    def see(self, place: dict[str, object]) -> None:
        """What the page tells when it was moved."""
        box, zoom = place.get("box"), place.get("zoom")
        if isinstance(box, list) and isinstance(zoom, int | float):
            west, south, east, north = box
            self._seen = ((max(west, -180.0), south, min(east, 180.0), north), float(zoom))
            if not self.form.isHidden():
                self._ask_plan(keep=True)

    def show_form(self) -> None:
        base = self.maps.base()
        if base is None:
            return
        self.said.hide()
        self.problem.clear()
        self.confirm.setChecked(False)
        self.title.setText(base.title)
        self.form.show()
        self.title.setFocus()
        self.title.selectAll()
        self._ask_plan(keep=False)

    def form_away(self) -> None:
        self.form.hide()
        self.problem.clear()
        self._tell()
        self.open.setFocus()

    def _ask_plan(self, *, keep: bool) -> None:
        base, seen = self.maps.base(), self._seen
        if base is None or seen is None:
            return
        levels = (int(self.low.currentData()), int(self.high.currentData())) if keep and self.plan else None
        self.desk.background.ask(
            self,
            lambda _profile: content.plan(base, *seen, levels),
            self._show_plan,
            self.problem.tell,
            lane="ports",
        )

    def _show_plan(self, plan: Plan) -> None:
        self.plan = plan
        for box, chosen in ((self.low, plan.area.min_zoom), (self.high, plan.area.max_zoom)):
            box.clear()
            for level in range(plan.lowest, plan.highest + 1):
                box.addItem(str(level), level)
            box.setCurrentIndex(max(box.findData(chosen), 0))
        self._tell()

    def begin(self) -> None:
        from fieldtool.base_areas import Wish

        base, plan, title = self.maps.base(), self.plan, self.title.text().strip()
        if base is None or plan is None or not title:
            self.title.setFocus()
            return
        self._start(Wish(base, plan.area, title, confirmed=self.confirm.isChecked()))

    def _start(self, wish: Wish) -> None:
        if self.busy:
            return
        self._wish, self._stopped = wish, False
        self.problem.clear()
        self.said.hide()
        self.form.hide()
        self.progress.setRange(0, 0)
        self.running.setText(_("The area is taken along …"))
        self._go_on()
        self._tell()
        self.stop.setFocus()

    def _go_on(self) -> None:
        wish = self._wish
        if wish is None:
            return
        self._job = self.desk.background.run(
            self,
            lambda profile, job: content.fetch(profile, job, wish),
            lane="network",
            done=self._came_to_an_end,
            failed=self._failed,
            progress=self._came,
            ended=self._ended,
        )

    def cancel(self) -> None:
        if self._job is not None:
            self._stopped = True
            self._job.cancel()
            self.stop.setEnabled(False)
            self.running.setText(_("Is being stopped; what has come is kept …"))

    def _came(self, state: State) -> None:
        self.progress.setRange(0, state.all)
        self.progress.setValue(state.done)
        self.running.setText(
            _("{done} of {all} tiles").format(done=thousands(state.done), all=thousands(state.all))
        )

    def _came_to_an_end(self, taken: Taken | None) -> None:
        if taken is None:
            return
        self._wish = None
        self.said.setText(taken.said)
        self.said.show()
        self.taken.emit(taken.maps)

    def _failed(self, error: object) -> None:
        self._wish = None
        self.problem.tell(error)  # type: ignore[arg-type]

    def _ended(self) -> None:
        """Of one job; the area may go on in another."""
        self._job = None
        if self._wish is not None and not self._stopped:
            self._go_on()
            return
        self._wish = None
        self._tell()
        self.desk.background.ask(self, content.begun, self._show_begun, self.problem.tell, lane="ports")
        if self.isVisible() and self.open.isVisible():
            self.open.setFocus()

    def _show_begun(self, found: tuple[Unfinished, ...]) -> None:
        if self.busy:
            return
        emptied(self._begun_rows)
        for one in found:
            self._begun_rows.addWidget(self._begun_row(one))
        self._begun.setVisible(bool(found))

    def _begun_row(self, one: Unfinished) -> QWidget:
        told = _("“{title}” was begun and is not finished.").format(title=one.title)
        return card(
            text(told),
            flow(
                button(
                    _("Go on"),
                    lambda: self._start(one.wish),
                    name=_("Go on with the area {title}").format(title=one.title),
                ),
                button(
                    _("Delete"),
                    lambda: self._forget(one.wish),
                    name=_("Delete what was begun of {title}").format(title=one.title),
                ),
            ),
        )

    def _forget(self, wish: Wish) -> None:
        self.desk.background.ask(
            self, lambda profile: content.forget(profile, wish), self._show_begun, self.problem.tell
        )

    def _tell(self) -> None:
        base, plan = self.maps.base(), self.plan
        online = base is not None and base.online
        self.open.setVisible(online and self.form.isHidden() and not self.busy)
        self.work.setVisible(self.busy)
        self.stop.setEnabled(self.busy and not self._stopped)
        self._begun.setEnabled(not self.busy)
        if self.busy:
            self._begun.hide()
        if plan is None:
            return
        self.amount.setText(plan.size)
        self.reason.setText(plan.reason)
        self.reason.setVisible(bool(plan.reason))
        self.confirm.setVisible(plan.bulk == "ask" and not plan.reason)
        self.take.setEnabled(not plan.reason and (plan.bulk == "allowed" or self.confirm.isChecked()))
