"""A small drawing of where places lie: points among the large cities around them, north up."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

Place = tuple[float, float]
"""Longitude and latitude."""
GERMANY = (5.5, 47.0, 15.2, 55.2)
MARGIN = 12
DOT = 3.5
CITY = 2.0


class Sketch(QWidget):
    """`words` is what somebody hears who cannot see it."""

    def __init__(
        self, words: str, places: Sequence[Place], landmarks: Mapping[str, Place], area: Sequence[float] = ()
    ) -> None:
        super().__init__()
        self._places, self._landmarks, self._area = tuple(places), dict(landmarks), tuple(area)
        self.setAccessibleName(words)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:  # noqa: N802
        side = self.fontMetrics().height() * 13
        return QSize(side, round(side * 1.25))

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        palette = self.palette()
        muted = palette.color(QPalette.ColorRole.PlaceholderText)
        painter.setPen(QPen(muted))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        small = self.font()
        small.setPointSizeF(max(6.0, small.pointSizeF() * 0.75) if small.pointSizeF() > 0 else 8.0)
        painter.setFont(small)
        box = self._box()
        taken: list[QRectF] = []
        for name, place in self._landmarks.items():
            self._draw_city(painter, self._at(place, box), name, taken)
        if len(self._area) == 4:
            west, south, east, north = self._area
            painter.drawRect(QRectF(self._at((west, north), box), self._at((east, south), box)))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(palette.color(QPalette.ColorRole.WindowText))
        for place in self._places:
            painter.drawEllipse(self._at(place, box), DOT, DOT)
        painter.end()

    def _draw_city(self, painter: QPainter, at: QPointF, name: str, taken: list[QRectF]) -> None:
        """Its name only where there is room for it."""
        painter.drawEllipse(at, CITY, CITY)
        words = painter.fontMetrics().boundingRect(name)
        left = at.x() + 4 if at.x() + 4 + words.width() < self.width() else at.x() - 4 - words.width()
        room = QRectF(left, at.y() - words.height() / 2, words.width() + 4, words.height())
        if any(room.intersects(other) for other in taken) or not QRectF(self.rect()).contains(room):
            return
        taken.append(room)
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, name)

    def _box(self) -> tuple[float, float, float, float]:
        """Germany, and what lies outside of it."""
        west, south, east, north = GERMANY
        for lon, lat in self._places:
            west, east, south, north = min(west, lon), max(east, lon), min(south, lat), max(north, lat)
        return west, south, east, north

    def _at(self, place: Place, box: tuple[float, float, float, float]) -> QPointF:
        west, south, east, north = box
        narrow = math.cos(math.radians((south + north) / 2))
        scale = min(
            (self.width() - 2 * MARGIN) / ((east - west) * narrow),
            (self.height() - 2 * MARGIN) / (north - south),
        )
        return QPointF(
            self.width() / 2 + (place[0] - (west + east) / 2) * narrow * scale,
            self.height() / 2 - (place[1] - (south + north) / 2) * scale,
        )
