"""What the camera sees."""

from __future__ import annotations

import time

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent, QImage, QPixmap
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from fieldtool.texts import _
from ui.widgets.controls import text

PERIOD_S = 0.2
"""Between two pictures that are looked at."""
HEIGHT_PX = 320


class CameraView(QWidget):
    """`frame` carries a picture, at most one per PERIOD_S; `stopped` tells that nobody looked any more. Qt's
    multimedia is loaded when it starts first."""

    frame = Signal(QImage)
    stopped = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.picture = QLabel()
        self.picture.setAccessibleName(_("Picture of the camera"))
        self.picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.picture.setMinimumHeight(HEIGHT_PX)
        self.said = text(kind="warning")
        self.running = False
        self._camera: object | None = None
        self._last = 0.0
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.picture)
        layout.addWidget(self.said)

    def start(self) -> None:
        try:
            from PySide6.QtMultimedia import QCamera, QMediaCaptureSession, QMediaDevices, QVideoSink
        except ImportError:
            self._tell_none()  # a small installation lacks what Qt's multimedia needs
            return
        self.sink = QVideoSink(self)
        self.sink.videoFrameChanged.connect(self._seen)
        self.running = True
        if not QMediaDevices.videoInputs():
            self._tell_none()
            return
        self.said.setText(_("Hold the label in front of the camera."))
        self.picture.show()
        camera = QCamera(QMediaDevices.defaultVideoInput(), self)
        camera.errorOccurred.connect(lambda _error, _text: self._failed())
        self._session = QMediaCaptureSession(self)
        self._session.setCamera(camera)
        self._session.setVideoSink(self.sink)
        self._camera = camera
        camera.start()

    def stop(self) -> None:
        from PySide6.QtCore import QObject

        self.running = False
        if isinstance(self._camera, QObject):
            self._camera.stop()  # type: ignore[attr-defined]
            self._camera.deleteLater()
            self._session.deleteLater()
        self._camera = None

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802
        """Nobody looks: the camera is let go."""
        self.stop()
        super().hideEvent(event)
        self.stopped.emit()

    def _tell_none(self) -> None:
        self.said.setText(_("This machine has no camera that can be used."))
        self.picture.hide()

    def _failed(self) -> None:
        self.stop()
        self.picture.hide()
        self.said.setText(_("The camera cannot be used: another program has it, or it is not allowed."))

    def _seen(self, seen: object) -> None:
        now = time.monotonic()
        if not self.running or now - self._last < PERIOD_S:
            return
        self._last = now
        image: QImage = seen.toImage()  # type: ignore[attr-defined]
        if image.isNull():
            return
        height = Qt.TransformationMode.FastTransformation
        self.picture.setPixmap(QPixmap.fromImage(image).scaledToHeight(HEIGHT_PX, height))
        self.frame.emit(image)
