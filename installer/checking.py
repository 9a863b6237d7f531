"""Looking at a window as a picky person would: clipped texts, small targets, missing names, English."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QCheckBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QRadioButton,
    QScrollBar,
    QTextEdit,
    QWidget,
)

from fieldtool.texts import german

CONTROLS = (QAbstractButton, QLineEdit, QComboBox, QAbstractItemView, QPlainTextEdit, QTextEdit)
SLACK_PX = 1


def visible(root: QWidget) -> Iterator[QWidget]:
    return (widget for widget in (root, *root.findChildren(QWidget)) if widget.isVisibleTo(root))


def controls(root: QWidget) -> list[QWidget]:
    """What people use, without what Qt makes inside of other controls."""
    return [
        widget for widget in visible(root) if isinstance(widget, CONTROLS) and not _inside_of_another(widget)
    ]


def _inside_of_another(widget: QWidget) -> bool:
    parent = widget.parentWidget()
    while parent is not None:
        if isinstance(parent, QComboBox | QAbstractItemView | QScrollBar | QLineEdit):
            return True
        parent = parent.parentWidget()
    return False


def describe(widget: QWidget) -> str:
    words = widget.accessibleName() or getattr(widget, "text", lambda: "")() or widget.objectName()
    return f"{type(widget).__name__} “{words}”"


def clipped(root: QWidget) -> list[str]:
    """Labels and buttons whose text does not fit into them."""
    found = []
    for widget in visible(root):
        if isinstance(widget, QLabel) and widget.text() and widget.pixmap().isNull():
            found += _clipped_label(widget)
        elif isinstance(widget, QCheckBox | QRadioButton) or not isinstance(widget, QAbstractButton):
            continue
        elif widget.text() and not _inside_of_another(widget):
            wanted = widget.sizeHint()
            if wanted.width() > widget.width() + SLACK_PX or wanted.height() > widget.height() + SLACK_PX:
                found.append(f"{describe(widget)}: {wanted.toTuple()} in {widget.size().toTuple()}")
    return found


def _clipped_label(label: QLabel) -> list[str]:
    room = label.contentsRect()
    metrics = label.fontMetrics()
    if label.wordWrap():
        flags = int(Qt.TextFlag.TextWordWrap) | int(label.alignment())
        wanted = metrics.boundingRect(QRect(0, 0, max(room.width(), 1), 100_000), flags, label.text())
    else:
        wanted = metrics.boundingRect(QRect(0, 0, 100_000, 100_000), 0, label.text())
    if wanted.width() > room.width() + SLACK_PX or wanted.height() > room.height() + SLACK_PX + 2:
        return [f"{describe(label)}: {wanted.width()}x{wanted.height()} in {room.width()}x{room.height()}"]
    return []


def outside(root: QWidget) -> list[str]:
    """Controls that stand out of their parents where nothing scrolls."""
    found = []
    for widget in controls(root):
        parent = widget.parentWidget()
        if parent is None or _scrolled(widget, root):
            continue
        place = QRect(widget.mapTo(root, QPoint(0, 0)), widget.size())
        if not root.rect().adjusted(-1, -1, 1, 1).contains(place):
            found.append(f"{describe(widget)}: {place} outside of {root.rect()}")
    return found


def _scrolled(widget: QWidget, root: QWidget) -> bool:
    parent = widget.parentWidget()
    while parent is not None and parent is not root:
        if isinstance(parent, QAbstractScrollArea):
            return True
        parent = parent.parentWidget()
    return False


def too_small(root: QWidget, touch: int) -> list[str]:
    """Controls lower or narrower than a finger needs; texts for reading and tables are taller anyway."""
    found = []
    for widget in controls(root):
        height, width = widget.height(), widget.width()
        if isinstance(widget, QAbstractItemView | QPlainTextEdit | QTextEdit):
            continue
        if height < touch or width < touch:
            found.append(f"{describe(widget)}: {width}x{height}, wanted {touch}")
    return found


def unnamed(root: QWidget) -> list[str]:
    return [
        f"{type(widget).__name__} in {type(widget.parentWidget()).__name__}"
        for widget in controls(root)
        if not widget.accessibleName()
    ]


def unreachable(root: QWidget) -> list[str]:
    """Controls that the Tab key never comes to."""
    return [
        describe(widget)
        for widget in controls(root)
        if widget.isEnabled() and not widget.focusPolicy() & Qt.FocusPolicy.TabFocus
    ]


def texts(root: QWidget) -> Iterator[tuple[QWidget, str]]:
    for widget in visible(root):
        for name in ("text", "placeholderText", "accessibleName", "toolTip"):
            if isinstance(widget, QLineEdit) and name == "text":
                continue
            read = getattr(widget, name, None)
            words = read() if callable(read) else None
            if isinstance(words, str) and words.strip():
                yield widget, words


def english(root: QWidget) -> list[str]:
    """Texts that the catalogue has in German, shown in English."""
    other = {text for text, translated in german().items() if text != translated} - set(german().values())
    return [f"{describe(widget)}: {words}" for widget, words in texts(root) if words in other]
