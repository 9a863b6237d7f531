"""A dataset of an open data portal is found and fetched; then it is a file to be taken over."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QProgressBar, QStackedWidget, QVBoxLayout, QWidget

from fieldtool.portals import Portal
from fieldtool.texts import _, thousands
from ui.background import Job
from ui.screen import Desk
from ui.screens.assets import finding
from ui.screens.assets.finding import Received, Result, Shown
from ui.screens.assets.import_page import ImportPage
from ui.widgets.controls import button, card, choice, field, line, row, text
from ui.widgets.facts import Facts
from ui.widgets.flow import flow
from ui.widgets.page import Page
from ui.widgets.table import Row, Table

ROWS_AT_ONCE = 6
TITLE, LICENCE, CHANGED, SIZE = range(4)


class PortalPage(QWidget):
    """`fetched` carries the file's path."""

    fetched = Signal(Path)
    left = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.portals: tuple[Portal, ...] = ()
        self.result: Result | None = None
        self._job: Job[Path] | None = None
        self._begun = self._asking = False
        self.page = Page(_("Open data"))
        self.back = button(_("Back"), self.left.emit, name=_("Back to taking over a list"))
        self.page.commands.addWidget(self.back)
        self.choice = choice(_("Portal"), [])
        self.choice.setMinimumContentsLength(24)
        self.choice.activated.connect(lambda _index: self._tell())
        self.add = button(_("Portal …"), self.show_form, name=_("Add a portal"))
        self.forget = button(_("Forget"), self._forget, kind="quiet", name=_("Forget the chosen portal"))
        self.words = line(_("Search words"), placeholder=_("such as trees or street lights"))
        self.words.returnPressed.connect(self.search)
        self.seek = button(_("Search"), self.search, kind="primary", name=_("Search the portal"))
        self.address = line(_("Address of the portal"), placeholder="https://…")
        self.address.returnPressed.connect(self._keep)
        self.take = button(_("Add"), self._keep, kind="primary", name=_("Keep this portal"))
        self.form = card(
            text(
                _("The address of an Opendatasoft or CKAN portal. It is asked which of them it is."), "muted"
            ),
            field(_("Address of the portal"), self.address),
            flow(self.take, button(_("Cancel"), self._form_away, name=_("Do not add a portal"))),
        )
        self.count = text(kind="strong")
        heads = (_("Dataset"), _("Licence"), _("Changed on"), _("Size"))
        self.table = Table(_("Datasets"), heads, wide=TITLE, spare=(LICENCE, SIZE))
        self.table.opened.connect(self.open)
        self.title = text(kind="heading")
        self.description = text(selectable=True)
        self.facts = Facts()
        self.nothing = text(_("This dataset has no file that can be taken over."), "warning")
        self.formats = choice(_("File type"), [])
        self.fetch = button(
            _("Fetch"), self.start, kind="primary", name=_("Fetch the dataset and take it over")
        )
        self._fetching = flow(field(_("File type"), self.formats), self.fetch)
        self._dataset = card(self.title, self.description, self.facts, self.nothing, self._fetching)
        self.running = text()
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName(_("The dataset is fetched"))
        self.cancel = button(_("Cancel"), self.stop, name=_("Cancel the fetching"))
        self._working = card(self.running, self.progress, row(self.cancel, None))
        self._shown: Shown | None = None
        self._build()
        self._tell()

    def _build(self) -> None:
        body = self.page.body
        body.addWidget(flow(field(_("Portal"), self.choice), self.add, self.forget))
        body.addWidget(self.form)
        body.addWidget(row(field(_("Search words"), self.words), self.seek))
        for part in (self.count, self.table, self._dataset, self._working):
            body.addWidget(part)
        self.form.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.page)

    @property
    def portal(self) -> Portal | None:
        return next((one for one in self.portals if one.url == self.choice.currentData()), None)

    def begin(self) -> None:
        if not self._begun:
            self._begun = True
            self.desk.background.ask(self, finding.kept, self._show_portals, self.page.problem.tell)
        self.words.setFocus()

    def _show_portals(self, found: tuple[Portal, ...], chosen: str = "") -> None:
        self.portals = found
        self.choice.clear()
        for portal in found:
            self.choice.addItem(portal.title, portal.url)
        self.choice.setCurrentIndex(max(self.choice.findData(chosen), 0))
        if not found:
            self.show_form()
        self._tell()

    def show_form(self) -> None:
        self.form.show()
        self.address.setFocus()

    def _form_away(self) -> None:
        self.form.hide()
        self.page.problem.clear()
        self.add.setFocus()

    def _keep(self) -> None:
        address = self.address.text().strip()
        if not address or self._asking:
            return
        self._asked(True)
        self.desk.background.run(
            self,
            lambda profile, _job: finding.keep(profile, address),
            lane="network",
            done=self._kept,
            failed=self.page.problem.tell,
            ended=lambda: self._asked(False),
        )

    def _kept(self, found: tuple[Portal, tuple[Portal, ...]]) -> None:
        self.page.problem.clear()
        self.address.clear()
        self.form.hide()
        self._show_portals(found[1], found[0].url)
        self.words.setFocus()

    def _forget(self) -> None:
        portal = self.portal
        if portal is not None:
            self.desk.background.ask(
                self,
                lambda profile: finding.forget(profile, portal.url),
                self._show_portals,
                self.page.problem.tell,
            )

    def search(self) -> None:
        portal, words = self.portal, self.words.text()
        if portal is None or self._asking:
            return
        self.page.problem.clear()
        self._asked(True)
        self.desk.background.run(
            self,
            lambda _profile, _job: finding.search(portal, words),
            lane="network",
            done=self._found,
            failed=self.page.problem.tell,
            ended=lambda: self._asked(False),
        )

    def _found(self, result: Result) -> None:
        self.result, self._shown = result, None
        self.table.show_rows([Row(one.dataset.id, one.cells) for one in result.shown])
        self.table.show_at_once(ROWS_AT_ONCE)
        self._tell()
        if result.shown:
            self.table.setFocus()

    def open(self, dataset: str) -> None:
        shown = () if self.result is None else self.result.shown
        self._shown = next((one for one in shown if one.dataset.id == dataset), None)
        if self._shown is not None:
            self.title.setText(self._shown.dataset.title)
            self.description.setText(self._shown.dataset.description)
            self.description.setAccessibleName(self._shown.dataset.description)
            self.facts.tell(self._shown.facts)
            self.formats.clear()
            for value, name in self._shown.formats:
                self.formats.addItem(name, value)
        self._tell()
        if self._shown is not None and self._shown.formats:
            self.fetch.setFocus()

    def start(self) -> None:
        shown, result, form = self._shown, self.result, self.formats.currentData()
        if shown is None or result is None or not form or self._job is not None:
            return
        self.page.problem.clear()
        self.running.setText(_("The dataset is fetched …"))
        self.progress.setRange(0, 0)
        self._job = self.desk.background.run(
            self,
            lambda profile, job: finding.fetch(profile, result.portal, shown.dataset, form, job.tell),
            lane="fetching",
            done=self.fetched.emit,
            failed=self.page.problem.tell,
            progress=self._received,
            ended=self._ended,
        )
        self._tell()
        self.cancel.setFocus()

    def stop(self) -> None:
        """What came so far is thrown away."""
        if self._job is not None:
            self._job.cancel()
            self.cancel.setEnabled(False)
            self.running.setText(_("Is being cancelled …"))

    def _received(self, at: Received) -> None:
        self.running.setText(at.words)
        self.progress.setRange(0, 0 if at.percent is None else 100)
        if at.percent is not None:
            self.progress.setValue(at.percent)

    def _ended(self) -> None:
        self._job = None
        self._tell()
        if self.fetch.isVisible():
            self.fetch.setFocus()

    def _asked(self, asking: bool) -> None:  # noqa: FBT001
        self._asking = asking
        self._tell()

    def _tell(self) -> None:
        busy = self._job is not None
        idle = not busy and not self._asking
        for control in (self.choice, self.seek, self.forget):
            control.setEnabled(idle and self.portal is not None)
        self.take.setEnabled(idle)
        self.table.setEnabled(not busy)
        self.fetch.setEnabled(not busy)
        self.cancel.setEnabled(True)
        self._working.setVisible(busy)
        self.table.setVisible(self.result is not None and bool(self.result.shown))
        self._dataset.setVisible(self._shown is not None)
        usable = self._shown is not None and bool(self._shown.formats)
        self.nothing.setVisible(not usable)
        self._fetching.setVisible(usable)
        self.count.setText(self._count_text())

    def _count_text(self) -> str:
        if self._asking:
            return _("The portal is asked …")
        if self.result is None:
            return _("Without words you see what the portal offers at all.")
        total, shown = self.result.total, len(self.result.shown)
        if not total:
            return _("Nothing was found. Try fewer or other words.")
        if shown < total:
            return _("{total} datasets, the first {shown} are shown").format(
                total=thousands(total), shown=thousands(shown)
            )
        return _("{total} datasets").format(total=thousands(total))


def beside(importing: ImportPage, stack: QStackedWidget, desk: Desk) -> PortalPage:
    """Reached from the import, and back to it with what was fetched."""
    made = PortalPage(desk)
    stack.addWidget(made)

    def show() -> None:
        stack.setCurrentWidget(made)
        made.begin()

    def back() -> None:
        stack.setCurrentWidget(importing)
        importing.begin()

    def read(path: Path) -> None:
        back()
        importing.read(path)

    importing.portal_wanted.connect(show)
    made.left.connect(back)
    made.fetched.connect(read)
    return made
