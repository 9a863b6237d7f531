"""How a page scrolls: no further than there is something, and by keys where nothing could be focused."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QScrollArea, QSizePolicy, QWidget


def as_high_as_needed(scroll: QScrollArea) -> None:
    """No higher than its texts are at the width they have; else wrapped texts count as narrow, hence high."""
    inside = scroll.widget()
    if inside is not None:
        inside.setSizePolicy(inside.sizePolicy().horizontalPolicy(), QSizePolicy.Policy.Ignored)


def bring_into_view(scroll: QScrollArea, wanted: QWidget) -> None:
    """Also what was added just now, before the page has taken its new height."""
    inside = scroll.widget()
    layout = None if inside is None else inside.layout()
    if inside is not None and layout is not None:
        layout.activate()
        inside.resize(inside.width(), max(inside.heightForWidth(inside.width()), scroll.viewport().height()))
        layout.activate()
    scroll.ensureWidgetVisible(wanted, 0, 0)


def page_by_keys(view: QWidget, scroll: QScrollArea) -> list[QShortcut]:
    """The page keys move `scroll` while the focus is anywhere in `view`; without the shortcuts they are the
    focus's own."""
    bar, made = scroll.verticalScrollBar(), []
    for key, direction in ((Qt.Key.Key_PageDown, 1), (Qt.Key.Key_PageUp, -1)):
        shortcut = QShortcut(QKeySequence(key), view)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(
            lambda direction=direction: bar.setValue(bar.value() + direction * bar.pageStep())
        )
        made.append(shortcut)
    return made
