"""Side by side as far as there is room, the rest below: nothing is cut off at 200 %."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget

GAP_PX = 8


class FlowLayout(QLayout):
    """Where all of it fits into one line, the items from the number `right` on stand at its end."""

    def __init__(self, parent: QWidget | None = None, *, right: int | None = None) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self._right = right
        self.setContentsMargins(0, 0, 0, 0)

    def addItem(self, item: QLayoutItem) -> None:  # noqa: N802
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:  # noqa: N802
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:  # noqa: N802
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:  # noqa: N802
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:  # noqa: N802
        return True

    def heightForWidth(self, width: int) -> int:  # noqa: N802
        return self._places(width)[1]

    def setGeometry(self, place: QRect) -> None:  # noqa: N802
        super().setGeometry(place)
        for item, found in self._places(place.width())[0]:
            item.setGeometry(found.translated(place.topLeft()))

    def sizeHint(self) -> QSize:  # noqa: N802
        sizes = [item.sizeHint() for item in self._shown()]
        width = sum(size.width() for size in sizes) + GAP_PX * max(len(sizes) - 1, 0)
        return QSize(width, max((size.height() for size in sizes), default=0))

    def minimumSize(self) -> QSize:  # noqa: N802
        found = QSize(0, 0)
        for item in self._shown():
            found = found.expandedTo(item.minimumSize())
        return found

    def _shown(self) -> list[QLayoutItem]:
        return [item for item in self._items if not item.isEmpty()]

    def _places(self, width: int) -> tuple[list[tuple[QLayoutItem, QRect]], int]:
        """Where each item goes, and how high it all is."""
        places: list[tuple[QLayoutItem, QRect]] = []
        top = 0
        lines = self._lines(width)
        at_the_end = self._items[self._right :] if self._right is not None and len(lines) == 1 else []
        for line in lines:
            left, height = 0, max(size.height() for _item, size in line)
            spare = width - sum(size.width() + GAP_PX for _item, size in line) + GAP_PX
            for item, size in line:
                if item in at_the_end:
                    left, spare = left + spare, 0
                lower = (height - size.height()) // 2
                places.append((item, QRect(QPoint(left, top + lower), size)))
                left += size.width() + GAP_PX
            top += height + GAP_PX
        return places, max(top - GAP_PX, 0)

    def _lines(self, width: int) -> list[list[tuple[QLayoutItem, QSize]]]:
        lines: list[list[tuple[QLayoutItem, QSize]]] = []
        left = 0
        for item in self._shown():
            hint = item.sizeHint()
            size = QSize(min(hint.width(), max(width, 0)), hint.height())
            if not lines or left + size.width() > width:
                lines.append([])
                left = 0
            lines[-1].append((item, size))
            left += size.width() + GAP_PX
        return lines


def flow(*parts: QWidget) -> QWidget:
    whole = QWidget()
    layout = FlowLayout(whole)
    for part in parts:
        layout.addWidget(part)
    policy = whole.sizePolicy()
    policy.setHeightForWidth(True)
    whole.setSizePolicy(policy)
    return whole
