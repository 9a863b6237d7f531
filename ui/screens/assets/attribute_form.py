"""One attribute of a class: what it is called, what its values are, who may see them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import cast

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QLineEdit, QVBoxLayout, QWidget

from fieldtool.asset_classes import AssetAttribute, ReleaseClass, ValueType
from fieldtool.texts import _
from fieldtool.upkeep.class_entry import NUMERIC, TypedAttribute, TypedChoice, typed_attribute
from ui.screens.assets.classing import RELEASES, TYPES
from ui.widgets.choices import Choice, ChoiceRows
from ui.widgets.controls import choice, field, line, row, text

YES, NO = "yes", "no"
FRESH = TypedAttribute(de="", type="text")


class AttributeForm(QWidget):
    """`edited` with everything that is typed. What an attribute cannot change any more is said, not shown as
    a field."""

    edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._key = ""
        self.de = line(_("Name (German)"))
        self.en = line(_("Name (English)"), placeholder=_("may stay empty"))
        self.types = choice(_("Kind of value"), [(key, _(words)) for key, words in TYPES.items()])
        self.unit = line(_("Unit"), placeholder="m, cm, m2, L, W, kW, a")
        self.unit_stays = text(kind="muted")
        self.values = ChoiceRows()
        self.required = choice(_("Must it be filled?"), [(NO, _("no")), (YES, _("yes"))])
        self.default = line(_("Default"), placeholder=_("for new assets; may stay empty"))
        self.minimum = line(_("Smallest plausible value"))
        self.maximum = line(_("Largest plausible value"))
        self.release = choice(_("Who may see it"), [(key, _(words)) for key, words in RELEASES.items()])
        self.fiware = line(_("FIWARE attribute"), placeholder=_("may stay empty"))
        self.words = line(_("What lists call the column"), placeholder=_("divided by commas"))
        self._unit = field(_("Unit"), self.unit)
        self._limits = row(
            field(_("Smallest plausible value"), self.minimum),
            field(_("Largest plausible value"), self.maximum),
        )
        self._values = QWidget()
        values = QVBoxLayout(self._values)
        values.setContentsMargins(0, 0, 0, 0)
        values.addWidget(text(_("Allowed values"), "strong"))
        values.addWidget(self.values)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for part in (
            row(field(_("Name (German)"), self.de), field(_("Name (English)"), self.en)),
            row(field(_("Kind of value"), self.types), field(_("Must it be filled?"), self.required)),
            self._unit,
            self.unit_stays,
            self._values,
            self._limits,
            row(field(_("Default"), self.default), field(_("Who may see it"), self.release)),
            row(
                field(_("FIWARE attribute"), self.fiware), field(_("What lists call the column"), self.words)
            ),
        ):
            layout.addWidget(part)
        chain = [self.de, self.en, self.types, self.required, self.unit]
        later = [self.minimum, self.maximum, self.default, self.release, self.fiware, self.words]
        for first, second in (*pairwise(chain), *pairwise(later)):
            QWidget.setTabOrder(first, second)
        self.types.currentIndexChanged.connect(lambda _index: self._turn())
        for control in self._controls():
            if isinstance(control, QLineEdit):
                control.textChanged.connect(lambda _words: self.edited.emit())
            else:
                control.currentIndexChanged.connect(lambda _index: self.edited.emit())
        self.values.edited.connect(self.edited)

    def _controls(self) -> Iterator[QLineEdit | QComboBox]:
        yield from (self.de, self.en, self.unit, self.default, self.minimum, self.maximum)
        yield from (self.fiware, self.words, self.types, self.required, self.release)

    def show_attribute(self, attribute: AssetAttribute | None) -> None:
        """None for a new one."""
        shown = FRESH if attribute is None else typed_attribute(attribute)
        self._key = shown.key
        for control, words in (
            (self.de, shown.de),
            (self.en, shown.en),
            (self.unit, shown.unit),
            (self.default, shown.default),
            (self.minimum, shown.minimum),
            (self.maximum, shown.maximum),
            (self.fiware, shown.fiware),
            (self.words, shown.words),
        ):
            control.setText(words)
        for box, value in (
            (self.types, shown.type),
            (self.required, YES if shown.required else NO),
            (self.release, shown.release),
        ):
            box.setCurrentIndex(box.findData(value))
        self.values.show_choices(Choice(one.key, one.de, one.en) for one in shown.choices)
        # The figures that are there would mean something else.
        self.unit.setReadOnly(bool(shown.unit))
        self.unit_stays.setText(
            _("The unit stays: for another one retire this attribute and add a new one.")
            if shown.unit
            else ""
        )
        self._turn()
        self.de.setFocus()

    def _turn(self) -> None:
        """Only what this kind of value has."""
        kind = self.types.currentData()
        numeric = kind in NUMERIC
        self._unit.setVisible(numeric)
        self.unit_stays.setVisible(numeric and bool(self.unit_stays.text()))
        self._limits.setVisible(numeric)
        self._values.setVisible(kind == "choice")

    def typed(self) -> TypedAttribute:
        return TypedAttribute(
            key=self._key,
            de=self.de.text(),
            en=self.en.text(),
            type=cast("ValueType", self.types.currentData()),
            unit=self.unit.text(),
            choices=tuple(TypedChoice(one.key, one.de, one.en) for one in self.values.choices()),
            required=self.required.currentData() == YES,
            default=self.default.text(),
            minimum=self.minimum.text(),
            maximum=self.maximum.text(),
            release=cast("ReleaseClass", self.release.currentData()),
            fiware=self.fiware.text(),
            words=self.words.text(),
        )
