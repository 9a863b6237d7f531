"""One value of many assets is set, replaced or taken away: looked at first, done as one entry of the history,
and taken back as one."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from drivers.errors import ExpectedError
from fieldtool.asset_classes import AssetClass
from fieldtool.asset_facts import known_class
from fieldtool.texts import _, thousands
from fieldtool.upkeep.bulk import Applied, Selection
from fieldtool.upkeep.undoing import Undone
from ui.background import Job, changes
from ui.screen import Desk
from ui.screens.assets import bulking
from ui.screens.assets.bulking import MANNERS, Change, ClassOption, Shown
from ui.screens.assets.fields import AttributeField
from ui.widgets.controls import button, card, choice, emptied, field, line, restyle, row, text
from ui.widgets.flow import flow
from ui.widgets.listing import Listing
from ui.widgets.page import Page
from ui.widgets.paging import bring_into_view
from ui.widgets.working import Working

LETTERS = 26


class BulkPage(QWidget):
    """`left` when it is closed. `begin` takes what is selected; without it a class and words are chosen
    here."""

    left = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self._selection: Selection | None = None
        self._shown: Shown | None = None
        self._applied: Applied | None = None
        self._job: Job[Shown] | Job[Applied] | Job[Undone] | None = None
        self._kind: AssetClass | None = None
        self.new: AttributeField | None = None
        self.old: AttributeField | None = None
        self.page = Page(_("Change many assets"))
        self.back = button(_("Back"), self.left.emit, name=_("Back to the assets"))
        self.page.commands.addWidget(self.back)
        self.chosen = text(kind="strong")
        self.classes = choice(_("Class"), [])
        self.search = line(_("Only those found by"), placeholder=_("Number, name or attribute"))
        self._search_field = field(_("Only those found by"), self.search)
        self.none = text(_("There are no assets that could be changed."), "muted")
        self.attributes = choice(_("Attribute"), [])
        self.manners = choice(_("What to do"), [(key, _(words)) for key, words in MANNERS.items()])
        for box in (self.classes, self.attributes, self.manners):
            box.setMinimumContentsLength(LETTERS)
        self._editors = QVBoxLayout()
        inside = QWidget()
        inside.setLayout(self._editors)
        self._editors.setContentsMargins(0, 0, 0, 0)
        self.doubt = text(kind="warning")
        self.look = button(_("Preview"), self.preview, kind="primary")
        self.working = Working()
        self.working.cancelled.connect(self.stop)
        self._what = card(
            text(_("What is changed"), "heading"),
            flow(field(_("Attribute"), self.attributes), field(_("What to do"), self.manners)),
            inside,
            self.doubt,
            row(self.look, None),
        )
        self.counts = text(kind="strong", selectable=True)
        self._examples = QVBoxLayout()
        self.reason = line(_("Reason"), placeholder=_("why, for the history; may stay empty"))
        self.carry_out = button("", self.apply, kind="primary")
        self._preview = card(text(_("This would happen:"), "heading"), self.counts)
        self._do = QWidget()
        do = QVBoxLayout(self._do)
        do.setContentsMargins(0, 0, 0, 0)
        do.addWidget(field(_("Reason"), self.reason))
        do.addWidget(row(self.carry_out, None))
        layout_of(self._preview).addWidget(self._do)
        layout_of(self._preview).addLayout(self._examples)
        self.said = text(kind="good", selectable=True)
        self.undo = button(_("Take it back"), self.take_back, name=_("Take the whole change back"))
        self._done = card(self.said, row(self.undo, None))
        for part in (
            card(
                text(_("Which assets"), "heading"),
                self.chosen,
                self.none,
                flow(field(_("Class"), self.classes), self._search_field),
            ),
            self._what,
            self.working,
            self._preview,
            self._done,
        ):
            self.page.body.addWidget(part)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.page)
        self.classes.currentIndexChanged.connect(lambda _index: self._turn_to_class())
        self.attributes.currentIndexChanged.connect(lambda _index: self._build())
        self.manners.currentIndexChanged.connect(lambda _index: self._build())
        self.search.textChanged.connect(lambda _words: self._forget())
        self._tell()

    @property
    def busy(self) -> bool:
        return self._job is not None

    def begin(self, selection: Selection | None = None) -> None:
        """Anew, unless something runs."""
        if self.busy:
            return
        self._selection, self._applied = selection, None
        self.page.problem.clear()
        self.reason.clear()
        self._forget()
        self.desk.background.ask(
            self,
            lambda profile: bulking.options(profile, selection),
            self._offer,
            self.page.problem.tell,
        )

    def _offer(self, found: tuple[ClassOption, ...]) -> None:
        selection = self._selection
        wanted = selection.asset_class if selection is not None else self.classes.currentData()
        self.classes.blockSignals(True)
        self.classes.clear()
        for one in found:
            self.classes.addItem(f"{one.title} ({thousands(one.count)})", one.id)
        self.classes.setCurrentIndex(max(self.classes.findData(wanted), 0))
        self.classes.blockSignals(False)
        given = selection is not None and bool(selection.ids or selection.found)
        self._search_field.setVisible(not given)
        if not given:
            self.search.setText((selection.search if selection is not None else None) or "")
        self.chosen.setVisible(given)
        self.chosen.setText(_selected(selection))
        self.none.setVisible(not found)
        self._turn_to_class()
        (self.classes if found else self.back).setFocus()

    def _turn_to_class(self) -> None:
        kind = known_class(str(self.classes.currentData())) if self.classes.count() else None
        self._kind = kind
        self.attributes.blockSignals(True)
        self.attributes.clear()
        for one in kind.shown if kind is not None else ():
            self.attributes.addItem(one.title(), one.key)
        self.attributes.blockSignals(False)
        self._build()

    def _build(self) -> None:
        """The fields for the values, as the attribute and the manner need them."""
        emptied(self._editors)
        self.new = self.old = None
        kind, manner = self._kind, self.manners.currentData()
        attribute = None if kind is None else kind.attribute(str(self.attributes.currentData()))
        if attribute is not None:
            if manner == "replace":
                self.old = self._editor(AttributeField(attribute, _("Value so far")))
            if manner != "clear":
                self.new = self._editor(AttributeField(attribute, _("New value")))
        self._forget()

    def _editor(self, made: AttributeField) -> AttributeField:
        before = self.old.control if self.old is not None else self.manners
        self._editors.addWidget(made)
        made.edited.connect(self._forget)
        QWidget.setTabOrder(before, made.control)
        QWidget.setTabOrder(made.control, self.look)
        return made

    def _forget(self) -> None:
        """What was looked at is not what is wanted any more."""
        self._shown = None
        self._applied = None
        self._tell()

    def _change(self) -> Change | None:
        """None where something is missing: it is said, and the focus is there."""
        values = []
        for one in (self.old, self.new):
            entry = None if one is None else one.entry()
            if one is not None and entry is not None and (entry.blocking or entry.value is None):
                message = entry.problem if entry.blocking else None
                self.page.problem.tell_text(
                    message or _("The value is missing."),
                    _("Enter a value, or choose to take it away."),
                )
                one.control.setFocus()
                return None
            values.append(None if entry is None else entry.value)
        before, value = values
        return Change(str(self.attributes.currentData()), self.manners.currentData(), value, before)

    def _wanted(self) -> Selection:
        asset_class, given = str(self.classes.currentData()), self._selection
        if given is not None and (given.ids or given.found):
            return Selection(asset_class=asset_class, ids=given.ids, found=given.found)
        bbox = None if given is None else given.bbox
        return Selection(asset_class=asset_class, search=self.search.text().strip() or None, bbox=bbox)

    def preview(self) -> None:
        change = self._change() if self._kind is not None else None
        if change is None or self.busy or self._kind is None:
            return
        self.page.problem.clear()
        selection, kind = self._wanted(), self._kind
        self.doubt.setText(bulking.doubt(kind, change))
        self._job = self.desk.background.run(
            self,
            lambda profile, job: bulking.preview(profile, selection, change, job.tell),
            lane="network",
            done=self._looked,
            failed=self.page.problem.tell,
            progress=lambda words: self.working.tell(str(words)),
            ended=self._ended,
        )
        self.working.begin(_("The assets are looked at …"))
        self._tell()

    def _looked(self, shown: Shown) -> None:
        self._shown = shown

    def apply(self) -> None:
        shown = self._shown
        if shown is None or not shown.count or self.busy:
            return
        self.page.problem.clear()
        reason = self.reason.text().strip()
        self._job = self.desk.background.run(
            self,
            lambda profile, job: bulking.apply(profile, shown, reason, job.tell),
            done=self._have_applied,
            failed=self._refused,
            progress=lambda words: self.working.tell(str(words)),
            ended=self._ended,
            touches=changes("asset"),
        )
        self.working.begin(_("The assets are changed: all of them or none."))
        self._tell()

    def _refused(self, error: ExpectedError) -> None:
        """Perhaps somebody was faster: what was looked at does not hold any more."""
        self._shown = None
        self.page.problem.tell(error, (_("Preview again"), self.preview))

    def _have_applied(self, applied: Applied) -> None:
        self._shown, self._applied = None, applied
        self.said.setText(_("{count} assets have been changed.").format(count=thousands(applied.changed)))
        restyle(self.said, "good")
        self.undo.show()

    def take_back(self) -> None:
        applied = self._applied
        if applied is None or self.busy:
            return
        self.page.problem.clear()
        self._job = self.desk.background.run(
            self,
            lambda profile, _job: bulking.take_back(profile, applied),
            done=self._taken_back,
            failed=self.page.problem.tell,
            ended=self._ended,
            touches=changes("asset"),
        )
        self.working.begin(_("The change is taken back …"))
        self._tell()

    def _taken_back(self, done: Undone) -> None:
        words = [_("{count} assets are as they were before.").format(count=thousands(done.changed))]
        if done.kept:
            kept = _("{count} stay as somebody has changed them since.")
            words.append(kept.format(count=thousands(len(done.kept))))
        self.said.setText(" ".join(words))
        self.undo.hide()

    def stop(self) -> None:
        if self._job is not None:
            self._job.cancel()

    def _ended(self) -> None:
        self._job = None
        self.working.end()
        self._tell()
        if not self.isVisible():
            return
        if self._shown is not None:
            bring_into_view(self.page.area, self._preview)
            bring_into_view(self.page.area, self.carry_out)
            (self.carry_out if self._shown.count else self.look).setFocus()
        elif self._applied is not None:
            (self.undo if not self.undo.isHidden() else self.back).setFocus()

    def _tell(self) -> None:
        shown, some = self._shown, self._kind is not None
        self._what.setVisible(some)
        self._what.setEnabled(not self.busy)
        for box in (self.classes, self.search):
            box.setEnabled(some and not self.busy)
        self.doubt.setVisible(bool(self.doubt.text()) and shown is not None)
        self._preview.setVisible(shown is not None)
        self._do.setEnabled(not self.busy)
        self._done.setVisible(self._applied is not None)
        self.undo.setEnabled(not self.busy)
        if shown is not None:
            self._tell_preview(shown)

    def _tell_preview(self, shown: Shown) -> None:
        words = " · ".join(shown.counts) or _("None of these assets is there.")
        self.counts.setText(words)
        self.counts.setAccessibleName(words)
        emptied(self._examples)
        if shown.examples:
            heads = (_("Asset"), _("Now"), _("Then"))
            self._examples.addWidget(Listing(_("Examples"), heads, shown.examples, wide=(0, 1, 2)))
        if shown.more > 0:
            more = _("and {count} more").format(count=thousands(shown.more))
            self._examples.addWidget(text(more, "muted"))
        self._do.setVisible(bool(shown.count))
        self.carry_out.setText(_("Change {count} assets").format(count=thousands(shown.count)))
        self.carry_out.setAccessibleName(self.carry_out.text())


def layout_of(made: QWidget) -> QVBoxLayout:
    found = made.layout()
    assert isinstance(found, QVBoxLayout)
    return found


def _selected(selection: Selection | None) -> str:
    if selection is None:
        return ""
    if selection.ids:
        return _("{count} selected").format(count=thousands(len(selection.ids)))
    return _("What the table shows now")
