"""A new class of assets: what it is called, and what its things are like."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from fieldtool.texts import _
from fieldtool.upkeep.class_entry import TypedClass
from ui.screens.assets.classing import SHAPES, ClassLine
from ui.widgets.controls import choice, field, line, row, text

YES, NO = "yes", "no"


class ClassForm(QWidget):
    edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.de = line(_("Name (German)"))
        self.en = line(_("Name (English)"), placeholder=_("may stay empty"))
        self.unique = choice(_("Every number only once?"), [(YES, _("yes")), (NO, _("no"))])
        self.shapes = choice(_("Shape on the map"), [(key, _(words)) for key, words in SHAPES.items()])
        self.placed = choice(_("Must a place be known?"), [(YES, _("yes")), (NO, _("no"))])
        self.parent_class = choice(_("Can be part of"), [("", _("nothing"))])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        hint = _(
            "It begins with condition, day of installation, street, district and remarks; "
            "add its own attributes afterwards."
        )
        for part in (
            row(field(_("Name (German)"), self.de), field(_("Name (English)"), self.en)),
            row(
                field(_("Every number only once?"), self.unique),
                field(_("Must a place be known?"), self.placed),
            ),
            row(field(_("Shape on the map"), self.shapes), field(_("Can be part of"), self.parent_class)),
            text(hint, "muted"),
        ):
            layout.addWidget(part)
        for control in (self.de, self.en):
            control.textChanged.connect(lambda _words: self.edited.emit())
        for box in (self.unique, self.shapes, self.placed, self.parent_class):
            box.currentIndexChanged.connect(lambda _index: self.edited.emit())

    def begin(self, known: tuple[ClassLine, ...]) -> None:
        control: QLineEdit
        for control in (self.de, self.en):
            control.clear()
        for box in (self.unique, self.shapes, self.placed):
            box.setCurrentIndex(0)
        self.parent_class.clear()
        for value, words in (("", _("nothing")), *((one.id, one.title) for one in known)):
            self.parent_class.addItem(words, value)
        self.de.setFocus()

    def typed(self) -> TypedClass:
        parent = str(self.parent_class.currentData() or "")
        return TypedClass(
            de=self.de.text(),
            en=self.en.text(),
            number_unique=self.unique.currentData() == YES,
            shape=str(self.shapes.currentData()),
            place_required=self.placed.currentData() == YES,
            parents=(parent,) if parent else (),
        )
