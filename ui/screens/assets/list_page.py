"""What is in the infrastructure database: searched while typing, a page at a time."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from drivers.errors import ExpectedError
from fieldtool.asset_facts import class_title
from fieldtool.exports.run import Exported
from fieldtool.policy import rights
from fieldtool.profile import Profile
from fieldtool.texts import _, thousands
from ui.background import Job
from ui.screen import Desk
from ui.screens.assets import content
from ui.screens.assets.content import PAGE, Found, Question
from ui.screens.assets.exporting import Exporter
from ui.widgets.controls import button, card, choice, field, line, row, text
from ui.widgets.page import Page
from ui.widgets.table import Row, Table

REST_MS = 250


class ListPage(QWidget):
    opened = Signal(str)
    import_wanted = Signal()
    new_wanted = Signal(str)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self._job: Job[Found] | None = None
        self._asked = Question()
        self._last = ""
        self._shown = 0
        self.page = Page(_("Assets"))
        self.take_list = button(_("Take over a list …"), self.import_wanted.emit)
        self.new = button(_("Enter an asset …"), self._enter)
        self.exporter = Exporter(desk, self)
        self.exporter.saved.connect(self._exported)
        self.exporter.failed.connect(self.page.problem.tell)
        self.export = button(_("Export …"), self._ask_to_export)
        self.said = text(kind="good", selectable=True)
        self.said.hide()
        for command in (self.take_list, self.new, self.export):
            self.page.commands.addWidget(command)
        if "asset.create" not in rights(desk.actor.role):
            self.new.hide()
        self.search = line(_("Search assets"), placeholder=_("Number, name or attribute"))
        self.search.setClearButtonEnabled(True)
        self.classes = choice(_("Class"), [("", _("All classes"))])
        self.counted = text(kind="muted")
        self.table = Table(
            _("Assets"), [_("Class"), _("No."), _("Name"), _("Attributes"), _("Devices")], wide=3
        )
        self.more = button(_("Load more"), self.load_more)
        self.nothing = text(_("Nothing fits. Try fewer letters, or all classes."), "muted")
        self.empty = card(
            text(_("There are no assets here yet."), "strong"),
            text(
                _("Take over the list that your office keeps (Excel, CSV, GIS): trees, street lights, bins …")
            ),
            row(button(_("Take over the first list …"), self.import_wanted.emit, kind="primary"), None),
        )
        self._filters = row(field(_("&Search"), self.search), field(_("&Class"), self.classes))
        self.page.fill(
            self.said, self._filters, self.empty, self.nothing, self.table, row(self.more, self.counted)
        )
        for part in (self._filters, self.empty, self.nothing, self.table, self.more):
            part.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.page)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(self.refresh)
        self.search.textChanged.connect(lambda _text: self._rest.start())
        self.search.returnPressed.connect(self.refresh)
        self.classes.currentIndexChanged.connect(lambda _index: self.refresh())
        self.table.opened.connect(self.opened)

    def _ask_to_export(self) -> None:
        self.said.hide()
        self.page.problem.clear()
        self.exporter.ask(self.classes.currentData() or "")

    def _exported(self, done: Exported) -> None:
        told = _("{path}: {count} assets, {crs}")
        self.said.setText(told.format(path=done.path, count=thousands(done.assets), crs=done.crs))
        self.said.setVisible(True)

    def _enter(self) -> None:
        self.new_wanted.emit(self.classes.currentData() or "")

    @property
    def question(self) -> Question:
        return Question(self.search.text().strip(), self.classes.currentData() or "")

    def refresh(self) -> None:
        """Asked again, as many as are shown; an answer that is still under way is outdated."""
        self._rest.stop()
        question = self.question
        count = max(PAGE, self._shown) if question == self._asked else PAGE
        self._ask(lambda profile: content.find(profile, question, count=count), self._show)

    def take_focus(self) -> None:
        """Back to the row that was opened, else to the search."""
        (self.table if self.table.chosen() is not None else self.search).setFocus()

    def load_more(self) -> None:
        question, last = self._asked, self._last
        self.more.setEnabled(False)
        self._ask(lambda profile: content.find(profile, question, after=last), self._append)

    def _ask(self, question: Callable[[Profile], Found], done: Callable[[Found], None]) -> None:
        if self._job is not None:
            self._job.cancel()
        self._job = self.desk.background.ask(self, question, done, self._failed)

    def _failed(self, error: ExpectedError) -> None:
        self.more.setEnabled(True)
        self.page.problem.tell(error)

    def _show(self, found: Found) -> None:
        self.page.problem.clear()
        if found.question != self._asked:
            self.table.scrollToTop()
        self._asked = found.question
        self.table.show_rows([Row(one.id, one.cells) for one in found.lines])
        self._shown = len(found.lines)
        self._tell_classes(found)
        self._tell_count(found)

    def _append(self, found: Found) -> None:
        """The first of the new rows is chosen: the eye and the keys go on there."""
        self.table.rows.append([Row(one.id, one.cells) for one in found.lines])
        first, self._shown = self._shown, self._shown + len(found.lines)
        self._tell_count(found)
        if found.lines:
            self.table.setCurrentIndex(self.table.rows.index(first, 0))
            self.table.setFocus()

    def _tell_count(self, found: Found) -> None:
        if found.lines:
            self._last = found.lines[-1].id
        some = bool(self._shown)
        self.empty.setVisible(not found.stored)
        self._filters.setVisible(bool(found.stored))
        self.export.setVisible(bool(found.stored))
        self.nothing.setVisible(bool(found.stored) and not some)
        self.table.setVisible(some)
        self.more.setVisible(found.more)
        self.more.setEnabled(True)
        self.counted.setText(content.count_text(found, self._shown) if found.stored else "")

    def _tell_classes(self, found: Found) -> None:
        chosen = self.classes.currentData() or ""
        options = [("", _("All classes"), found.stored)]
        options += [(one.id, one.title, one.count) for one in found.classes]
        if chosen not in [name for name, _title, _count in options]:
            options.append((chosen, class_title(chosen), 0))
        self.classes.blockSignals(True)
        self.classes.clear()
        for name, title, count in options:
            self.classes.addItem(f"{title} ({thousands(count)})", name)
        self.classes.setCurrentIndex(self.classes.findData(chosen))
        self.classes.blockSignals(False)
