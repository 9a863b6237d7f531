"""How good the records of a class are, and the list of those that want a look."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from fieldtool.texts import _, thousands
from ui.background import Job
from ui.screen import Desk
from ui.screens.assets import bulking, qualities
from ui.screens.assets.bulking import ClassOption
from ui.screens.assets.qualities import YEARS, Judged, Question
from ui.widgets.controls import button, card, choice, emptied, field, row, text
from ui.widgets.facts import Facts
from ui.widgets.flow import flow
from ui.widgets.listing import Listing
from ui.widgets.page import Page
from ui.widgets.table import Row, Table
from ui.widgets.working import Working

ROWS_AT_ONCE = 8
LETTERS = 26


class QualityPage(QWidget):
    """`walk_wanted` carries the steps of the work list and the number of the one to begin with."""

    left = Signal()
    walk_wanted = Signal(tuple, int)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self._job: Job[Judged] | None = None
        self._judged: Judged | None = None
        self.page = Page(_("Quality of the records"))
        self.back = button(_("Back"), self.left.emit, name=_("Back to the assets"))
        self.page.commands.addWidget(self.back)
        self.classes = choice(_("Class"), [])
        years = [(str(one), _years(one)) for one in YEARS]
        self.years = choice(_("Counts as old when unchanged for"), years, str(Question("").years))
        self.none = text(_("There are no assets here yet."), "muted")
        self.working = Working()
        self.working.cancelled.connect(self.stop)
        self.facts = Facts()
        self._fields = QVBoxLayout()
        self.doubts = choice(_("What to look at"), qualities.doubt_options())
        self.keys = choice(_("Attribute"), [("", _("all"))])
        for box in (self.classes, self.doubts, self.keys):
            box.setMinimumContentsLength(LETTERS)
        self.begin_walk = button(_("Work through the list"), lambda: self._walk(0), kind="primary")
        self.work = Table(_("Work list"), [_("Asset"), _("To be looked at")], wide=1)
        self.work.opened.connect(self._walk_from)
        self.counted = text(kind="muted")
        self.fine = text(_("Nothing here needs a look."), "good")
        inside = QWidget()
        inside.setLayout(self._fields)
        self._fields.setContentsMargins(0, 0, 0, 0)
        self._numbers = card(text(_("In numbers"), "heading"), self.facts)
        self._attributes = card(text(_("By attribute"), "heading"), inside)
        self._list = card(
            text(_("Work list"), "heading"),
            flow(field(_("What to look at"), self.doubts), field(_("Attribute"), self.keys)),
            self.fine,
            row(self.begin_walk, None),
            self.work,
            self.counted,
        )
        for part in (
            card(
                self.none,
                flow(
                    field(_("Class"), self.classes), field(_("Counts as old when unchanged for"), self.years)
                ),
            ),
            self.working,
            self._numbers,
            self._list,
            self._attributes,
        ):
            self.page.body.addWidget(part)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.page)
        for box in (self.classes, self.years, self.doubts, self.keys):
            box.activated.connect(lambda _index: self.refresh())
        self._tell()

    @property
    def question(self) -> Question:
        return Question(
            str(self.classes.currentData() or ""),
            int(self.years.currentData()),
            str(self.keys.currentData() or ""),
            str(self.doubts.currentData() or ""),
        )

    def begin(self, asset_class: str = "") -> None:
        def offer(found: tuple[ClassOption, ...]) -> None:
            wanted = asset_class or self.classes.currentData()
            self.classes.clear()
            for one in found:
                self.classes.addItem(f"{one.title} ({thousands(one.count)})", one.id)
            self.classes.setCurrentIndex(max(self.classes.findData(wanted), 0))
            self.none.setVisible(not found)
            (self.classes if found else self.back).setFocus()
            self.refresh()

        self.desk.background.ask(
            self, lambda profile: bulking.options(profile, None), offer, self.page.problem.tell
        )

    def refresh(self) -> None:
        """An answer that is still under way is outdated."""
        self.stop()
        question = self.question
        if not question.asset_class:
            self._judged = None
            self._tell()
            return
        if self._judged is not None and self._judged.question.asset_class != question.asset_class:
            self._judged = None
            self.keys.setCurrentIndex(0)
            question = self.question
        self.page.problem.clear()
        self._job = self.desk.background.run(
            self,
            lambda profile, job: qualities.judge(profile, question, job.tell),
            lane="network",
            done=self._show,
            failed=self.page.problem.tell,
            progress=lambda words: self.working.tell(str(words)),
        )
        self.working.begin(_("The records are looked at …"))
        self._tell()

    def stop(self) -> None:
        job, self._job = self._job, None
        if job is not None:
            job.cancel()
        self.working.end()

    def _show(self, judged: Judged) -> None:
        self._job, self._judged = None, judged
        self.working.end()
        self.facts.tell(judged.facts)
        emptied(self._fields)
        heads = (
            _("Attribute"),
            _("Filled"),
            _("Missing"),
            _("Do not fit"),
            _("Implausible"),
            _("Double"),
        )
        self._fields.addWidget(Listing(_("By attribute"), heads, judged.fields, wide=(0,)))
        self._fields.addWidget(text(_("* is wanted by the class"), "muted"))
        self._tell_keys(judged)
        self.work.show_rows(
            [Row(one.asset, (one.title, "; ".join(note.words for note in one.notes))) for one in judged.steps]
        )
        self.work.show_at_once(ROWS_AT_ONCE)
        shown = thousands(len(judged.steps))
        told = _("The first {count} records, there are more.") if judged.more else _("{count} records")
        self.counted.setText(told.format(count=shown))
        self._tell()

    def _tell_keys(self, judged: Judged) -> None:
        self.keys.clear()
        for key, title in (("", _("all")), *judged.keys):
            self.keys.addItem(title, key)
        self.keys.setCurrentIndex(max(self.keys.findData(judged.question.key), 0))

    def _tell(self) -> None:
        judged = self._judged
        some = judged is not None and bool(judged.steps)
        for whole in (self._numbers, self._attributes, self._list):
            whole.setVisible(judged is not None)
        for part in (self.begin_walk, self.work, self.counted):
            part.setVisible(some)
        self.fine.setVisible(judged is not None and not some)

    def _walk_from(self, asset: str) -> None:
        steps = () if self._judged is None else self._judged.steps
        self._walk([one.asset for one in steps].index(asset))

    def _walk(self, start: int) -> None:
        if self._judged is not None:
            self.walk_wanted.emit(self._judged.steps, start)


def _years(count: int) -> str:
    return _("a year") if count == 1 else _("{count} years").format(count=count)
