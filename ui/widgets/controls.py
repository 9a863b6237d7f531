"""Buttons, fields and texts as every screen has them. Sizes and colours come from the theme's style sheet, by
the property `kind`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Literal

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QStyledItemDelegate,
    QVBoxLayout,
    QWidget,
)

ButtonKind = Literal["plain", "primary", "danger", "quiet"]
TextKind = Literal["title", "heading", "plain", "muted", "strong", "good", "warning", "bad"]


def button(
    text: str,
    clicked: Callable[[], object] | None = None,
    *,
    kind: ButtonKind = "plain",
    name: str | None = None,
) -> QPushButton:
    """`name` is what a screen reader says where the text alone does not tell it."""
    made = QPushButton(text)
    made.setProperty("kind", kind)
    made.setAccessibleName(name or text.replace("&", ""))
    made.setAutoDefault(False)
    if clicked is not None:
        made.clicked.connect(lambda _checked=False: clicked())
    return made


def text(words: str = "", kind: TextKind = "plain", *, selectable: bool = False) -> QLabel:
    """Wraps, never cuts off."""
    made = QLabel(words)
    made.setProperty("kind", kind)
    made.setWordWrap(True)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
    if selectable:
        flags = Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        made.setTextInteractionFlags(flags)
        made.setAccessibleName(words)
    return made


def restyle(widget: QWidget, kind: str) -> None:
    """Another kind for a widget that is shown already."""
    widget.setProperty("kind", kind)
    widget.style().unpolish(widget)
    widget.style().polish(widget)


def line(name: str, value: str = "", *, placeholder: str = "") -> QLineEdit:
    made = QLineEdit(value)
    made.setAccessibleName(name)
    made.setPlaceholderText(placeholder)
    return made


def choice(name: str, options: Iterable[tuple[str, str]], chosen: str = "") -> QComboBox:
    """`options` are (value, text); the value is the item's data."""
    made = QComboBox()
    made.setAccessibleName(name)
    made.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    made.setMinimumContentsLength(12)
    made.setItemDelegate(QStyledItemDelegate(made))  # The box's own knows no height of a style sheet.
    for value, shown in options:
        made.addItem(shown, value)
    index = made.findData(chosen)
    made.setCurrentIndex(max(index, 0))
    return made


def field(name: str, control: QWidget) -> QWidget:
    """The control below its visible name, which is its buddy."""
    whole = QWidget()
    layout = QVBoxLayout(whole)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(4)
    label = QLabel(name)
    label.setProperty("kind", "field")
    label.setBuddy(control)
    if not control.accessibleName():
        control.setAccessibleName(name.replace("&", ""))
    layout.addWidget(label)
    layout.addWidget(control)
    return whole


def row(*parts: QWidget | None) -> QWidget:
    """Side by side; None is what stretches."""
    whole = QWidget()
    layout = QHBoxLayout(whole)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(8)
    for part in parts:
        if part is None:
            layout.addStretch(1)
        else:
            layout.addWidget(part)
    return whole


def card(*parts: QWidget) -> QFrame:
    whole = QFrame()
    whole.setProperty("kind", "card")
    layout = QVBoxLayout(whole)
    layout.setContentsMargins(16, 12, 16, 12)
    layout.setSpacing(8)
    for part in parts:
        layout.addWidget(part)
    return whole


def emptied(layout: QLayout) -> QLayout:
    """Without what was in it; the widgets go."""
    while (item := layout.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.setParent(None)
            widget.deleteLater()
    return layout


def icon_size(widget: QWidget) -> QSize:
    side = round(widget.fontMetrics().height() * 1.25)
    return QSize(side, side)
