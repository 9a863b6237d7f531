"""Icons of resources/icons in the colour of the theme."""

from __future__ import annotations

import functools

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap

from fieldtool.texts import RESOURCES

FOLDER = RESOURCES / "icons"
SIDE_PX = 96
"""Drawn large; Qt makes it smaller."""


@functools.cache
def icon(name: str, colour: str) -> QIcon:
    from PySide6.QtSvg import QSvgRenderer

    drawing = (FOLDER / f"{name}.svg").read_text(encoding="utf-8").replace("currentColor", colour)
    picture = QPixmap(SIDE_PX, SIDE_PX)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    QSvgRenderer(QByteArray(drawing.encode())).render(painter, QRectF(0, 0, SIDE_PX, SIDE_PX))
    painter.end()
    return QIcon(picture)
