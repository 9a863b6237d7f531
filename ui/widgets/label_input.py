"""The label of a device: from the camera, a scanner that types, pasted text, or an image.

A label may hold a key: what it says is never shown or kept here as it is, once it was read.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtGui import QHideEvent, QImage, QImageReader, QShowEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QVBoxLayout, QWidget

from fieldtool.labels import Label, LabelError, read_label
from fieldtool.labels.errors import ImageUnreadable, NoCodeFound, OtherKeyboard
from fieldtool.labels.keyboard import as_us_keyboard
from fieldtool.labels.masking import masked, may_hold_secret
from fieldtool.labels.reading import label_formats
from fieldtool.texts import _
from ui.errors import ErrorPanel
from ui.widgets.camera import CameraView
from ui.widgets.controls import button, card, emptied, field, line, text
from ui.widgets.flow import flow
from ui.widgets.keyboard_scanner import KeyboardScanner

Decode = Callable[[QImage, Callable[[Sequence[str]], None]], None]
"""Finds the codes in a picture, elsewhere, and tells them in the window's thread."""


class LabelInput(QWidget):
    """`label_read` carries a Label. What was typed stays where it could not be read."""

    label_read = Signal(object)

    def __init__(self, parent: QWidget | None = None, *, decode: Decode) -> None:
        super().__init__(parent)
        self._decode = decode
        self.entry = line(_("Text of the label"), placeholder=_("scan, paste or type it"))
        self.entry.textChanged.connect(self._cover)
        self.entry.returnPressed.connect(self.take_typed)
        self.scanner = KeyboardScanner(self.entry)
        self.scanner.ended.connect(self._scanned)
        self.scanner.fell_silent.connect(self._take_scan)
        self.take = button(_("Take over"), self.take_typed, kind="primary", name=_("Take over the text"))
        self.image = button(_("Open a picture …"), self._choose_image)
        self.clipboard = button(_("Picture from the clipboard"), self.take_clipboard)
        self.camera_button = button(_("Camera"), self._toggle_camera)
        self.camera_button.setCheckable(True)
        self.camera = CameraView()
        self.camera.frame.connect(self._look_at)
        self.camera.stopped.connect(self._camera_stopped)
        self.camera.hide()
        self.problem = ErrorPanel()
        self.choices = QWidget()
        self._choices = QVBoxLayout(self.choices)
        self._choices.setContentsMargins(0, 0, 0, 0)
        self.choices.hide()
        self._looking = False
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(
            card(
                field(_("Text of the label"), self.entry),
                flow(self.take, self.image, self.clipboard, self.camera_button),
                self.camera,
                self.choices,
                self.problem,
            )
        )

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        super().showEvent(event)
        self.scanner.listen()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802
        self.scanner.stop()
        super().hideEvent(event)

    def enter_text(self, words: str) -> None:
        """As if it had been scanned."""
        self.entry.setText(words)
        self.take_typed()

    def take_typed(self) -> None:
        if self._read(self.entry.text()):
            self.entry.clear()

    def _scanned(self, burst: str) -> None:
        if not self._take_scan(burst):
            self.take_typed()

    def _take_scan(self, burst: str) -> bool:
        """Together with what was there before, else alone: remains of an earlier scan are no part of it."""
        taken = self._read_silently(self.entry.text()) or self._read_silently(burst)
        if taken:
            self.entry.clear()
        return taken

    def _cover(self, words: str) -> None:
        covered = may_hold_secret(words)
        self.entry.setEchoMode(QLineEdit.EchoMode.Password if covered else QLineEdit.EchoMode.Normal)

    def stop(self) -> None:
        self.camera.stop()
        self._camera_stopped()

    def _camera_stopped(self) -> None:
        self.camera_button.setChecked(False)
        self.camera.hide()

    def take_file(self, path: str) -> None:
        reader = QImageReader(path)
        reader.setAutoTransform(True)
        image = reader.read()
        if image.isNull():
            self.problem.tell(ImageUnreadable(path, _("it is no image of a known format")))
            return
        self._decode_once(image, path)

    def take_clipboard(self) -> None:
        """A picture, else a text."""
        image = QApplication.clipboard().image()
        if not image.isNull():
            self._decode_once(image, _("the clipboard"))
        elif words := QApplication.clipboard().text().strip():
            self._read(words)
        else:
            self.problem.tell_text(_("There is no picture in the clipboard."), _("Copy one first."))

    def _decode_once(self, image: QImage, name: str) -> None:
        self.problem.clear()

        def done(codes: Sequence[str]) -> None:
            if codes:
                self._offer(codes)
            else:
                self.problem.tell(NoCodeFound(name))

        self._decode(image, done)

    def _look_at(self, image: QImage) -> None:
        """One picture at a time; those that come meanwhile are let go."""
        if self._looking:
            return
        self._looking = True

        def done(codes: Sequence[str]) -> None:
            self._looking = False
            if codes and self.camera.running:
                self._offer(codes)

        self._decode(image, done)

    def _offer(self, codes: Sequence[str]) -> None:
        """Boxes carry several codes. One label among them is taken; of several a person chooses."""
        labels = [(code, label) for code in codes if (label := _label_of(code)) is not None]
        devices = {label.dev_eui or label.asset_id for _code, label in labels}
        if not labels:
            self._read(codes[0])
        elif len(devices) == 1:
            order = [known.name for known in label_formats()]
            self._found(min((label for _code, label in labels), key=lambda label: order.index(label.format)))
        else:
            self._ask(labels)

    def _ask(self, labels: Sequence[tuple[str, Label]]) -> None:
        self.stop()
        emptied(self._choices)
        self._choices.addWidget(text(_("There are several labels. Which one is it?"), "strong"))
        for code, label in labels:
            title = f"DevEUI {label.dev_eui}" if label.dev_eui else masked(code)
            self._choices.addWidget(button(title, partial(self._found, label)))
        self.choices.show()

    def _read_silently(self, words: str) -> bool:
        label = _label_of(words)
        if label is not None:
            self._found(label)
        return label is not None

    def _read(self, words: str) -> bool:
        try:
            label = read_label(words)
        except OtherKeyboard as error:
            self.problem.tell(error, (_("Read it as meant"), partial(self.enter_text, as_us_keyboard(words))))
            return False
        except LabelError as error:
            self.problem.tell(error)
            return False
        self._found(label)
        return True

    def _found(self, label: Label) -> None:
        self.problem.clear()
        self.choices.hide()
        self.stop()
        self.label_read.emit(label)

    def _choose_image(self) -> None:
        dialog = QFileDialog(self, _("Picture of the label"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self.take_file)
        dialog.open()

    def _toggle_camera(self) -> None:
        if self.camera_button.isChecked():
            self.problem.clear()
            self.camera.show()
            self.camera.start()
            self.camera_button.setChecked(True)
        else:
            self.stop()


def _label_of(code: str) -> Label | None:
    try:
        return read_label(code)
    except LabelError:
        return None
