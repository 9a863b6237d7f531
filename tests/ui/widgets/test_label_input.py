"""A label by text, a scanner that types, a picture and the camera; a key in it is never shown."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
import segno
from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QImage, QKeyEvent, QTransform
from PySide6.QtMultimedia import QVideoFrame
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from fieldtool.labels import Label
from tests.ui.usable import assert_usable
from ui.screens.devices.decoding import codes_in, pixels
from ui.widgets.label_input import LabelInput

DEV_EUI = "a84041000181c061"
OTHER = "a84041000181c062"
TR005 = f"LW:D0:A840410000000101:{DEV_EUI.upper()}:00A80001:S1234"
KEY = "2b7e151628aed2a6abf7158809cf4f3c"
WITH_KEY = f"DevEUI={DEV_EUI};AppKey={KEY}"


def code(text: str, scale: int = 6) -> QImage:
    stream = io.BytesIO()
    segno.make(text, micro=False).save(stream, kind="png", scale=scale, border=4)
    image = QImage()
    assert image.loadFromData(stream.getvalue())
    return image.convertToFormat(QImage.Format.Format_RGB32)


def side_by_side(*images: QImage) -> QImage:
    from PySide6.QtGui import QPainter

    whole = QImage(
        sum(i.width() for i in images), max(i.height() for i in images), QImage.Format.Format_RGB32
    )
    whole.fill(Qt.GlobalColor.white)
    painter = QPainter(whole)
    left = 0
    for image in images:
        painter.drawImage(left, 0, image)
        left += image.width()
    painter.end()
    return whole


def decode(image: QImage, done: Callable[[Sequence[str]], None]) -> None:
    """The application's own reader, a turn of the event loop later."""
    found = codes_in(pixels(image))
    QTimer.singleShot(1, lambda: done(found))


@pytest.fixture
def entry(looks: QApplication, qtbot: QtBot) -> Iterator[LabelInput]:
    del looks
    made = LabelInput(decode=decode)
    qtbot.addWidget(made)
    made.resize(720, 480)
    made.show()
    yield made
    made.stop()


@pytest.fixture
def labels(entry: LabelInput) -> list[Label]:
    found: list[Label] = []
    entry.label_read.connect(found.append)
    return found


def test_typed_and_taken_by_click(entry: LabelInput, labels: list[Label], qtbot: QtBot) -> None:
    QTest.keyClicks(entry.entry, TR005)
    qtbot.mouseClick(entry.take, Qt.MouseButton.LeftButton)
    assert [label.dev_eui for label in labels] == [DEV_EUI]
    assert entry.entry.text() == ""


def test_a_scanner_types_and_ends_with_enter(entry: LabelInput, labels: list[Label]) -> None:
    entry.entry.setFocus()
    QTest.keyClicks(entry.entry, TR005, delay=1)
    QTest.keyClick(entry.entry, Qt.Key.Key_Return)
    assert [label.dev_eui for label in labels] == [DEV_EUI]


def test_what_cannot_be_read_stays_and_is_told(entry: LabelInput, labels: list[Label]) -> None:
    entry.entry.setText("das ist kein Etikett")
    QTest.keyClick(entry.entry, Qt.Key.Key_Return)
    assert labels == []
    assert entry.problem.isVisible()
    assert entry.problem.advice.text()
    assert entry.entry.text() == "das ist kein Etikett"


def test_a_key_is_read_and_nowhere_shown(entry: LabelInput, labels: list[Label]) -> None:
    entry.enter_text(WITH_KEY)
    (label,) = labels
    assert label.app_key is not None
    assert label.app_key.reveal() == KEY
    shown = [words for widget in entry.findChildren(QWidget) for words in told(widget)]
    assert not [words for words in shown if KEY in words.lower()]


def told(widget: QWidget) -> list[str]:
    names = ("text", "accessibleName", "accessibleDescription", "toolTip", "objectName")
    return [found for name in names if isinstance(found := getattr(widget, name, str)(), str)]


def test_a_picture_file(entry: LabelInput, labels: list[Label], qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "etikett.png"
    code(TR005).save(str(path))
    entry.take_file(str(path))
    qtbot.waitUntil(lambda: bool(labels))
    assert labels[0].dev_eui == DEV_EUI


def test_a_file_that_is_no_picture(entry: LabelInput, labels: list[Label], tmp_path: Path) -> None:
    path = tmp_path / "etikett.png"
    path.write_bytes(b"nothing of the kind")
    entry.take_file(str(path))
    assert entry.problem.code == "image_unreadable"
    assert labels == []


def test_a_picture_without_a_code(entry: LabelInput, qtbot: QtBot, tmp_path: Path) -> None:
    blank = QImage(300, 300, QImage.Format.Format_RGB32)
    blank.fill(Qt.GlobalColor.white)
    path = tmp_path / "leer.png"
    blank.save(str(path))
    entry.take_file(str(path))
    qtbot.waitUntil(entry.problem.isVisible)
    assert entry.problem.code == "no_code_found"


def test_the_clipboard(entry: LabelInput, labels: list[Label], qtbot: QtBot) -> None:
    QApplication.clipboard().setImage(code(TR005))
    qtbot.mouseClick(entry.clipboard, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(labels) == 1)
    QApplication.clipboard().setText(f"DevEUI={OTHER}")
    qtbot.mouseClick(entry.clipboard, Qt.MouseButton.LeftButton)
    assert labels[-1].dev_eui == OTHER
    QApplication.clipboard().clear()
    qtbot.mouseClick(entry.clipboard, Qt.MouseButton.LeftButton)
    assert entry.problem.isVisible()


def test_of_several_devices_a_person_chooses(entry: LabelInput, labels: list[Label], qtbot: QtBot) -> None:
    picture = side_by_side(code(TR005), code(f"DevEUI={OTHER}"))
    QApplication.clipboard().setImage(picture)
    qtbot.mouseClick(entry.clipboard, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(entry.choices.isVisible)
    assert labels == []
    offered = {one.text(): one for one in entry.choices.findChildren(QPushButton)}
    assert set(offered) == {f"DevEUI {DEV_EUI}", f"DevEUI {OTHER}"}
    qtbot.mouseClick(offered[f"DevEUI {OTHER}"], Qt.MouseButton.LeftButton)
    assert [label.dev_eui for label in labels] == [OTHER]


def test_several_codes_of_one_device_need_no_choice(
    entry: LabelInput, labels: list[Label], qtbot: QtBot
) -> None:
    QApplication.clipboard().setImage(side_by_side(code(TR005), code("4006381333931")))
    qtbot.mouseClick(entry.clipboard, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(labels) == 1)
    assert labels[0].dev_eui == DEV_EUI


def feed(entry: LabelInput, image: QImage) -> None:
    """As a camera does it: a frame comes to the sink."""
    entry.camera._last = 0.0
    entry.camera.sink.setVideoFrame(QVideoFrame(image))


def test_without_a_camera_it_says_so(entry: LabelInput, qtbot: QtBot) -> None:
    qtbot.mouseClick(entry.camera_button, Qt.MouseButton.LeftButton)
    assert entry.camera.isVisible()
    assert "keine nutzbare Kamera" in entry.camera.said.text()


def test_where_qts_multimedia_is_missing_it_says_so(
    entry: LabelInput, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "PySide6.QtMultimedia", None)
    qtbot.mouseClick(entry.camera_button, Qt.MouseButton.LeftButton)
    assert "keine nutzbare Kamera" in entry.camera.said.text()
    entry.stop()


@pytest.mark.parametrize("turned", [0, 17, 180])
def test_frames_of_the_camera_are_read(
    entry: LabelInput, labels: list[Label], qtbot: QtBot, turned: int
) -> None:
    qtbot.mouseClick(entry.camera_button, Qt.MouseButton.LeftButton)
    blank = QImage(640, 480, QImage.Format.Format_RGB32)
    blank.fill(Qt.GlobalColor.gray)
    for _frame in range(5):
        feed(entry, blank)
        qtbot.wait(5)
    assert labels == []
    feed(entry, code(TR005).transformed(QTransform().rotate(turned)))
    qtbot.waitUntil(lambda: len(labels) == 1)
    # It is let go once it has found what was wanted.
    assert not entry.camera.running
    assert not entry.camera.isVisible()


def test_frames_that_come_meanwhile_are_let_go(looks: QApplication, qtbot: QtBot) -> None:
    del looks
    asked: list[Callable[[Sequence[str]], None]] = []
    entry = LabelInput(decode=lambda _image, done: asked.append(done))
    qtbot.addWidget(entry)
    entry.show()
    entry.camera_button.click()
    for _frame in range(4):
        feed(entry, code(TR005))
    assert len(asked) == 1
    asked[0]([])
    feed(entry, code(TR005))
    assert len(asked) == 2
    entry.stop()


def test_hidden_it_lets_the_camera_go_and_shown_again_it_can_be_started(
    entry: LabelInput, labels: list[Label], qtbot: QtBot
) -> None:
    qtbot.mouseClick(entry.camera_button, Qt.MouseButton.LeftButton)
    assert entry.camera.running
    entry.hide()
    assert not entry.camera.running
    entry.show()
    assert not entry.camera_button.isChecked()
    assert not entry.camera.isVisible()
    qtbot.mouseClick(entry.camera_button, Qt.MouseButton.LeftButton)
    assert entry.camera_button.isChecked()
    feed(entry, code(TR005))
    qtbot.waitUntil(lambda: len(labels) == 1)


@pytest.mark.parametrize("order", [[TR005, DEV_EUI.upper()], [DEV_EUI.upper(), TR005]])
def test_of_two_labels_of_one_device_the_more_telling_is_taken(
    entry: LabelInput, labels: list[Label], qtbot: QtBot, order: list[str]
) -> None:
    QApplication.clipboard().setImage(side_by_side(*map(code, order)))
    qtbot.mouseClick(entry.clipboard, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(labels) == 1)
    assert labels[0].format == "tr005"


@pytest.mark.parametrize(
    "label", [WITH_KEY, f"LA66;{DEV_EUI};a840410000000101;{KEY}", f'{{"app_key":"{KEY}"}}']
)
def test_a_key_that_is_typed_is_covered_before_its_first_digit(entry: LabelInput, label: str) -> None:
    before_the_key = label.index(KEY)
    for at, letter in enumerate(label):
        QTest.keyClicks(entry.entry, letter)
        if at >= before_the_key:
            assert KEY[0] not in entry.entry.displayText()
    assert entry.entry.text() == label
    entry.entry.clear()
    QTest.keyClicks(entry.entry, DEV_EUI)
    assert entry.entry.displayText() == DEV_EUI


def test_a_covered_text_can_be_corrected_where_it_is(entry: LabelInput, labels: list[Label]) -> None:
    QTest.keyClicks(entry.entry, f"{WITH_KEY}x")
    QTest.keyClick(entry.entry, Qt.Key.Key_Return)
    assert entry.problem.code == "malformed_label"
    QTest.keyClick(entry.entry, Qt.Key.Key_Backspace)
    QTest.keyClick(entry.entry, Qt.Key.Key_Return)
    assert [label.dev_eui for label in labels] == [DEV_EUI]


def scan(widget: QWidget, text: str, end: Qt.Key | None = Qt.Key.Key_Return) -> None:
    """As a scanner does it: to whatever has the focus, key after key without a pause."""
    widget.setFocus()
    for letter in text:
        # QTest types no letter beyond ASCII.
        key = QKeyEvent(QEvent.Type.KeyPress, 0, Qt.KeyboardModifier.NoModifier, letter)
        QApplication.sendEvent(QApplication.focusWidget() or widget, key)
    if end is not None:
        QTest.keyClick(QApplication.focusWidget() or widget, end)


@pytest.mark.parametrize("end", [Qt.Key.Key_Return, Qt.Key.Key_Tab, None])
def test_a_scan_is_heard_while_the_focus_is_on_a_button(
    entry: LabelInput, labels: list[Label], qtbot: QtBot, end: Qt.Key | None
) -> None:
    entry.activateWindow()
    pressed: list[bool] = []
    entry.camera_button.clicked.connect(pressed.append)
    scan(entry.camera_button, f"SN=12 34;{WITH_KEY}", end)
    qtbot.waitUntil(lambda: bool(labels))
    assert [label.dev_eui for label in labels] == [DEV_EUI]
    assert pressed == []
    assert entry.entry.text() == ""


def test_a_scan_after_one_that_could_not_be_read_stands_for_itself(
    entry: LabelInput, labels: list[Label], qtbot: QtBot
) -> None:
    entry.activateWindow()
    scan(entry.take, "4006381333931")
    assert entry.problem.code == "unknown_label"
    assert entry.entry.text() == "4006381333931"
    qtbot.wait(50)
    scan(entry.entry, TR005)
    assert [label.dev_eui for label in labels] == [DEV_EUI]


def test_a_scan_into_another_field_stays_there(entry: LabelInput, labels: list[Label], qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    other = QLineEdit(window)
    entry.setParent(window)
    window.show()
    entry.show()
    window.activateWindow()
    scan(other, TR005)
    assert other.text() == TR005
    assert labels == []
    entry.setParent(None)


def test_a_scanner_set_to_another_keyboard_is_named_and_what_it_meant_offered(
    entry: LabelInput, labels: list[Label], qtbot: QtBot
) -> None:
    entry.activateWindow()
    scan(entry.take, f"DevEUI´{DEV_EUI}öAppKey´{KEY}")
    assert entry.problem.code == "other_keyboard"
    assert KEY not in entry.problem.message.text()
    (offered,) = entry.problem.findChildren(QPushButton)
    qtbot.mouseClick(offered, Qt.MouseButton.LeftButton)
    assert [label.dev_eui for label in labels] == [DEV_EUI]
    assert entry.entry.text() == ""


def test_everybody_can_use_it(entry: LabelInput) -> None:
    entry.enter_text("kein Etikett")
    QApplication.processEvents()
    assert_usable(entry)
    assert entry.findChildren(QLabel)
