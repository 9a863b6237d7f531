"""From Qt's pictures to the core's reader of codes."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtGui import QImage


@dataclass(frozen=True, slots=True)
class Picture:
    """Grey, one byte per pixel, `stride` bytes per line."""

    width: int
    height: int
    stride: int
    data: bytes


def pixels(image: QImage) -> Picture:
    grey = image.convertToFormat(QImage.Format.Format_Grayscale8)
    return Picture(grey.width(), grey.height(), grey.bytesPerLine(), bytes(grey.constBits()))


def codes_in(picture: Picture) -> list[str]:
    from PIL import Image

    from fieldtool.labels.image import texts_in

    size = (picture.width, picture.height)
    return texts_in(Image.frombuffer("L", size, picture.data, "raw", "L", picture.stride, 1))
