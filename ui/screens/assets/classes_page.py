"""The classes of assets and their attributes: looked at first, then changed together with the rows."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from drivers.errors import ExpectedError
from fieldtool.asset_classes import AssetAttribute
from fieldtool.texts import _, thousands
from fieldtool.upkeep.classes import Migration
from ui.background import Job, changes
from ui.errors import ErrorPanel
from ui.screen import Desk
from ui.screens.assets import classing
from ui.screens.assets.attribute_form import AttributeForm
from ui.screens.assets.class_form import ClassForm
from ui.screens.assets.classing import ClassLine, ClassShown, Shown, Wanted
from ui.widgets.controls import button, card, emptied, field, line, row, text
from ui.widgets.facts import Facts
from ui.widgets.flow import flow
from ui.widgets.listing import Listing
from ui.widgets.page import Page
from ui.widgets.paging import bring_into_view
from ui.widgets.table import Row, Table
from ui.widgets.working import Working

Level = Literal["classes", "class", "attribute", "new"]
ROWS_AT_ONCE = 8


class ClassesPage(QWidget):
    """`left` when it is closed: "Back" leads from an attribute to its class, and from there to all."""

    left = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self._level: Level = "classes"
        self._lines: tuple[ClassLine, ...] = ()
        self._class: ClassShown | None = None
        self._attribute: AssetAttribute | None = None
        self._shown: Shown | None = None
        self._job: Job[Shown] | Job[Migration] | None = None
        self.page = Page(_("Classes and attributes"))
        self.back = button(_("Back"), self._up)
        self.page.commands.addWidget(self.back)
        self.said = text(kind="good", selectable=True)
        self.classes = Table(
            _("Classes of assets"), [_("Class"), _("Attributes"), _("Assets"), _("Changed here")], wide=0
        )
        self.classes.opened.connect(self.open_class)
        self.new_class = button(_("New class …"), self.open_new)
        self.facts = Facts()
        self.attributes = Table(
            _("Attributes"), [_("Attribute"), _("Kind of value"), _("Who may see it"), _("State")], wide=0
        )
        self.attributes.opened.connect(self.open_attribute)
        self.new_attribute = button(_("New attribute …"), lambda: self.open_attribute(""), kind="primary")
        self.form = AttributeForm()
        self.fresh = ClassForm()
        self.retire = button("", self._retire)
        self.look = button(_("Preview"), self._preview, kind="primary")
        self.working = Working()
        self.problem = ErrorPanel()
        self.told = text(kind="strong", selectable=True)
        self._remarks = QVBoxLayout()
        self.reason = line(_("Reason"), placeholder=_("why, for the history; may stay empty"))
        self.carry_out = button(_("Change the class"), self._apply, kind="primary")
        self._every = card(row(self.new_class, None), self.classes)
        self._one = card(self.facts)
        self._own = card(text(_("Attributes"), "heading"), row(self.new_attribute, None), self.attributes)
        self._form = card(self.form, self.fresh, flow(self.look, self.retire))
        self._preview_card = card(
            text(_("This would happen:"), "heading"),
            self.told,
            field(_("Reason"), self.reason),
            row(self.carry_out, None),
        )
        inside = self._preview_card.layout()
        if isinstance(inside, QVBoxLayout):
            inside.addLayout(self._remarks)
        for part in (
            self.said,
            self._every,
            self._one,
            self._own,
            self._form,
            self.working,
            self.problem,
            self._preview_card,
        ):
            self.page.body.addWidget(part)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.page)
        self.working.cancelled.connect(self.stop)
        for form in (self.form, self.fresh):
            form.edited.connect(self._forget)
        self._tell()

    @property
    def busy(self) -> bool:
        return self._job is not None

    def begin(self) -> None:
        self.said.clear()
        self._go("classes")

    def refresh(self) -> None:
        """What is typed into a form stays."""
        self.desk.background.ask(self, classing.every_class, self._list, self.page.problem.tell)
        if self._class is not None:
            self._read_class(self._class.kind.id)

    def _go(self, level: Level) -> None:
        self._level = level
        self.problem.clear()
        self.page.problem.clear()
        self._forget()
        if level == "classes":
            self._class = None
            self.refresh()
        self._tell()
        self.page.area.verticalScrollBar().setValue(0)

    def _up(self) -> None:
        if self._level == "classes":
            self.left.emit()
        else:
            self.said.clear()
            self._go("class" if self._level == "attribute" else "classes")
            (self.attributes if self._level == "class" else self.classes).setFocus()

    def _list(self, lines: tuple[ClassLine, ...]) -> None:
        self._lines = lines
        self.classes.show_rows(
            [
                Row(
                    one.id,
                    (
                        one.title,
                        thousands(one.attributes),
                        thousands(one.assets),
                        _("yes") if one.own else "–",
                    ),
                )
                for one in lines
            ]
        )
        self.classes.show_at_once(ROWS_AT_ONCE)

    def open_class(self, class_id: str) -> None:
        self._class = None
        self._go("class")
        self._read_class(class_id)
        self.new_attribute.setFocus()

    def _read_class(self, class_id: str) -> None:
        self.desk.background.ask(
            self, lambda profile: classing.one_class(profile, class_id), self._show, self.page.problem.tell
        )

    def _show(self, found: ClassShown) -> None:
        if self._level == "classes":
            return
        self._class = found
        self.facts.tell(found.facts)
        self.attributes.show_rows(
            [Row(one.key, classing.attribute_cells(one)) for one in found.kind.attributes]
        )
        self.attributes.show_at_once(ROWS_AT_ONCE)
        self._tell()

    def open_attribute(self, key: str) -> None:
        """An empty key for a new one."""
        if self._class is None:
            return
        self.said.clear()
        self._attribute = self._class.kind.attribute(key)
        self._go("attribute")
        self.form.show_attribute(self._attribute)

    def open_new(self) -> None:
        self.said.clear()
        self._go("new")
        self.fresh.begin(self._lines)

    def _wanted(self) -> Wanted | None:
        if self._level == "new":
            return classing.with_class(self.fresh.typed())
        if self._class is None:
            return None
        return classing.with_attribute(self._class.kind.id, self.form.typed())

    def _preview(self) -> None:
        self._look_at(self._wanted())

    def _retire(self) -> None:
        if self._class is not None and self._attribute is not None:
            retired = not self._attribute.retired
            self._look_at(classing.with_retired(self._class.kind.id, self._attribute.key, retired=retired))

    def _look_at(self, wanted: Wanted | None) -> None:
        if wanted is None or self.busy:
            return
        self.problem.clear()
        self._shown = None
        self._job = self.desk.background.run(
            self,
            lambda profile, job: classing.preview(profile, wanted, job.tell),
            lane="network",
            done=self._looked,
            failed=self.problem.tell,
            progress=lambda words: self.working.tell(str(words)),
            ended=self._ended,
        )
        self.working.begin(_("The assets are looked at …"))
        self._tell()

    def _looked(self, shown: Shown) -> None:
        self._shown = shown

    def _apply(self) -> None:
        shown = self._shown
        if shown is None or self.busy:
            return
        self.problem.clear()
        reason = self.reason.text().strip()
        self._job = self.desk.background.run(
            self,
            lambda profile, job: classing.apply(profile, shown, reason, job.tell),
            done=lambda done: self._applied(shown, done),
            failed=self._refused,
            progress=lambda words: self.working.tell(str(words)),
            ended=self._ended,
            touches=changes("asset", "class_definition"),
        )
        self.working.begin(_("The class is changed, and its assets with it: all of it or nothing."))
        self._tell()

    def _refused(self, error: ExpectedError) -> None:
        self._shown = None
        self.problem.tell(error, (_("Preview again"), self._preview))

    def _applied(self, shown: Shown, done: Migration) -> None:
        self.reason.clear()
        self._go("class")
        self._read_class(shown.change.class_id)
        told = _("Changed. {count} assets have other values now.")
        self.said.setText(told.format(count=thousands(done.changed)))
        self.said.setAccessibleName(self.said.text())
        self.new_attribute.setFocus()

    def stop(self) -> None:
        if self._job is not None:
            self._job.cancel()

    def _ended(self) -> None:
        self._job = None
        self.working.end()
        self._tell()
        if self.isVisible() and self._shown is not None:
            bring_into_view(self.page.area, self._preview_card)
            bring_into_view(self.page.area, self.carry_out)
            self.carry_out.setFocus()

    def _forget(self) -> None:
        """What was looked at is not what is typed any more."""
        self._shown = None
        self._tell()

    def _tell(self) -> None:
        level, shown = self._level, self._shown
        self.page.title.setText(self._title())
        self.back.setAccessibleName(
            _("Back to the assets") if level == "classes" else _("Back to the step before")
        )
        self.said.setVisible(bool(self.said.text()))
        self._every.setVisible(level == "classes")
        self._one.setVisible(level == "class")
        self._own.setVisible(level == "class")
        self._form.setVisible(level in ("attribute", "new"))
        self._form.setEnabled(not self.busy)
        self._preview_card.setEnabled(not self.busy)
        self.form.setVisible(level == "attribute")
        self.fresh.setVisible(level == "new")
        there = level == "attribute" and self._attribute is not None
        self.retire.setVisible(there)
        retired = self._attribute is not None and self._attribute.retired
        self.retire.setText(_("Take up again …") if retired else _("Retire …"))
        self.retire.setAccessibleName(
            _("Take this attribute up again") if retired else _("Retire this attribute; its values stay")
        )
        self._preview_card.setVisible(shown is not None)
        if shown is not None:
            self._tell_preview(shown)

    def _title(self) -> str:
        if self._level == "new":
            return _("New class")
        if self._level == "classes" or self._class is None:
            return _("Classes and attributes")
        title = self._class.kind.title()
        if self._level == "class":
            return title
        one = self._attribute
        return f"{title}: {one.title() if one is not None else _('New attribute')}"

    def _tell_preview(self, shown: Shown) -> None:
        self.told.setText("\n".join(shown.facts))
        self.told.setAccessibleName(self.told.text())
        different = shown.change.before != shown.change.after
        self.carry_out.setEnabled(different)
        emptied(self._remarks)
        if shown.remarks:
            heads = (_("Asset"), _("Attribute"), _("Value"), _("Reason"))
            self._remarks.addWidget(
                Listing(_("Values that do not fit"), heads, shown.remarks, wide=(0, 1, 2, 3))
            )
        if shown.more > 0:
            more = _("and {count} more").format(count=thousands(shown.more))
            self._remarks.addWidget(text(more, "muted"))
