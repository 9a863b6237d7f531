"""One field per attribute of a class, told at once what does not fit."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QLineEdit, QVBoxLayout, QWidget

from fieldtool.asset_classes import AssetAttribute
from fieldtool.asset_facts import YEAR
from fieldtool.jsontypes import Json
from fieldtool.texts import _, current_language
from fieldtool.units import printed
from fieldtool.upkeep.entry import Entry, shown, typed
from ui.widgets.controls import choice, field, line, restyle, text

UNKNOWN = ""


class AttributeField(QWidget):
    """`entry` is what the field says now; what does not fit stays as it was typed."""

    edited = Signal()

    def __init__(self, attribute: AssetAttribute, name: str = "") -> None:
        """`name` is what the field is called, where it is not the attribute's title."""
        super().__init__()
        self.attribute = attribute
        told_unit = attribute.unit is not None and attribute.unit != YEAR
        title = (name or attribute.title()) + (f" ({printed(attribute.unit or '')})" if told_unit else "")
        self.control = _control(attribute, title)
        self.said = text()
        self.said.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(field(title + (" *" if attribute.required and not name else ""), self.control))
        layout.addWidget(self.said)
        if isinstance(self.control, QComboBox):
            self.control.currentIndexChanged.connect(lambda _index: self._edited())
        else:
            self.control.textChanged.connect(lambda _text: self._edited())

    def show_value(self, value: Json) -> None:
        if isinstance(self.control, QLineEdit):
            self.control.setText(shown(self.attribute, value))
            return
        self._drop_foreign()
        key = UNKNOWN if value is None else _key(value)
        if self.control.findData(key) < 0:
            # A value that is none of the class: kept as long as nobody chooses another.
            self.control.addItem(_("{value} (not in the list)").format(value=key), key)
        self.control.setCurrentIndex(self.control.findData(key))

    def entry(self) -> Entry:
        if isinstance(self.control, QLineEdit):
            return typed(self.attribute, self.control.text())
        chosen = str(self.control.currentData())
        if self.attribute.type == "boolean" and chosen in (_key(True), _key(False)):
            return Entry(chosen == _key(True))
        return typed(self.attribute, chosen)

    def words(self) -> str:
        """What stands there, to see whether somebody changed it."""
        return self.control.text() if isinstance(self.control, QLineEdit) else str(self.control.currentData())

    def type_words(self, words: str) -> None:
        if isinstance(self.control, QLineEdit):
            self.control.setText(words)
        else:
            self.control.setCurrentIndex(max(self.control.findData(words), 0))

    def _edited(self) -> None:
        entry = self.entry()
        self.said.setText(entry.problem or "")
        restyle(self.said, "bad" if entry.blocking else "warning")
        self.said.setVisible(entry.problem is not None)
        self.control.setAccessibleDescription(entry.problem or "")
        self.edited.emit()

    def _drop_foreign(self) -> None:
        if not isinstance(self.control, QComboBox):
            return
        for index in reversed(range(self.control.count())):
            if self.control.itemData(index) not in (UNKNOWN, *_keys(self.attribute)):
                self.control.removeItem(index)


def _control(attribute: AssetAttribute, title: str) -> QLineEdit | QComboBox:
    keys = _keys(attribute)
    if keys:
        language = current_language()
        labels = attribute.choices or {}
        options = [(key, labels[key][language] if key in labels else _yes_or_no(key)) for key in keys]
        return choice(title, [(UNKNOWN, _("– not known –")), *options])
    return line(title, placeholder=_("DD.MM.YYYY") if attribute.type == "date" else "")


def _keys(attribute: AssetAttribute) -> tuple[str, ...]:
    if attribute.type == "boolean":
        return _key(True), _key(False)
    return tuple(attribute.choices or ())


def _key(value: Json) -> str:
    return str(value)


def _yes_or_no(key: str) -> str:
    return _("yes") if key == _key(True) else _("no")
