"""The demonstration in the window: it plays the main job by pressing the window's own controls.

It can be paused, and taken over: from then on the window is the person's, with everything as it stands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout

from drivers.errors import ExpectedError
from fieldtool.texts import _
from ui.errors import ErrorPanel
from ui.practice import TOUCHED, Practice, Ready
from ui.screen import Desk
from ui.screens.devices.assistant import Assistant
from ui.screens.devices.view import DevicesView
from ui.widgets.controls import button, text
from ui.window import Window

PACE_MS = 1200
POLL_MS = 50

Until = Callable[[], bool]


class DemoBar(QFrame):
    def __init__(self) -> None:
        super().__init__()
        self.setProperty("kind", "card")
        self.caption = text(kind="heading")
        self.problem = ErrorPanel()
        self.pause = button(_("Pause"))
        self.take_over = button(_("Take over"), kind="primary")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 8, 16, 8)
        layout.setSpacing(8)
        layout.addWidget(self.caption, 1)
        layout.addWidget(self.problem, 1)
        layout.addWidget(self.pause)
        layout.addWidget(self.take_over)

    def say(self, words: str) -> None:
        self.caption.setText(words)
        self.caption.setAccessibleName(words)


class Player(QObject):
    """`over` when it has played to the end, `taken_over` when the person goes on. The script is a generator
    that yields what has to be true before it goes on."""

    prepared = Signal(Ready)
    over = Signal()
    taken_over = Signal()

    def __init__(self, window: Window, desk: Desk, *, pace_ms: int = PACE_MS) -> None:
        super().__init__(window)
        self.window, self.desk = window, desk
        self.practice = Practice()
        self.ready: Ready | None = None
        self.bar = DemoBar()
        self.bar.pause.clicked.connect(self.pause)
        self.bar.take_over.clicked.connect(self.hand_over)
        self.paused = False
        self.finished = False
        self._pace_ms = pace_ms
        self._wait: Until | None = None
        self._script: Iterator[Until | None] | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._go_on)

    def begin(self) -> None:
        self.window.put_on_top(self.bar)
        self.window.turn_to("today")
        self.bar.say(_("The demonstration is being prepared …"))
        self.desk.background.run(
            self,
            self.practice.begin,
            lane="network",
            done=self._prepared,
            failed=self._failed,
            progress=lambda words: self.bar.say(str(words)),
            touches=TOUCHED,
        )

    def pause(self) -> None:
        self.paused = not self.paused
        self.bar.pause.setText(_("Go on") if self.paused else _("Pause"))
        self.bar.pause.setAccessibleName(self.bar.pause.text())
        if not self.paused:
            self._timer.start(0)

    def hand_over(self) -> None:
        """Nothing is pressed by itself any more."""
        self._script = None
        self._timer.stop()
        self.bar.say(_("It is yours now. The practice sensor and the training platform go on running."))
        self.bar.pause.hide()
        self.bar.take_over.hide()
        self.taken_over.emit()

    def close(self) -> None:
        self._timer.stop()
        self._script = None
        self.practice.close()

    def _prepared(self, ready: Ready) -> None:
        self.ready = ready
        self.prepared.emit(ready)
        self.desk.extra_ports = ready.ports
        self._script = self._play(ready)
        self._timer.start(0)

    def _failed(self, error: ExpectedError) -> None:
        self.bar.caption.hide()
        self.bar.problem.tell(error)

    def _go_on(self) -> None:
        if self.paused or self._script is None:
            return
        if self._wait is not None and not self._wait():
            self._timer.start(POLL_MS)
            return
        try:
            self._wait = next(self._script)
        except StopIteration:
            self._script = None
            self.finished = True
            self.bar.pause.hide()
            self.bar.take_over.hide()
            self.over.emit()
            return
        self._timer.start(self._pace_ms)

    def _play(self, ready: Ready) -> Iterator[Until | None]:
        bar, window = self.bar, self.window
        bar.say(_("In the morning: what is to do today"))
        window.turn_to("today")
        yield self._quiet
        bar.say(_("The office wants a sensor at this tree: {title}").format(title=ready.ticket.title))
        window.turn_to("tickets", {"id": ready.ticket.id})
        yield self._quiet
        bar.say(_("At the tree {number}, without a network").format(number=ready.site.number))
        window.turn_to("devices", {"new": "1", "ticket": ready.ticket.id})
        yield self._quiet
        assistant = self._assistant()
        yield from self._fill_in(assistant, ready)
        bar.say(_("Every step is carried out, read back and kept."))
        assistant.run.begin_button.click()
        yield lambda: assistant.run.result is not None or not assistant.run.page.problem.isHidden()
        if assistant.run.result is None:
            bar.say(_("A step has failed: what it says stands beside it."))
            return
        bar.say(_("The sensor is in service."))
        yield None
        assistant.next.click()
        yield self._quiet
        bar.say(_("In the evening, connected: everything goes out."))
        window.turn_to("sync", {"start": "1"})
        yield self._quiet
        bar.say(_("Three platforms have confirmed it: that was the main job."))

    def _fill_in(self, assistant: Assistant, ready: Ready) -> Iterator[Until | None]:
        device, site = assistant.device, assistant.site
        self.bar.say(_("The cable is plugged in, the type chosen."))
        yield lambda: device.port.findData(ready.table.probe_port) >= 0
        device.port.setCurrentIndex(device.port.findData(ready.table.probe_port))
        device.choose_kind("dragino-lse01")
        device.password.setText(ready.site.password.reveal())
        yield assistant.next.isEnabled
        assistant.next.click()
        self.bar.say(_("The label is read, here from text instead of the camera."))
        yield None
        assistant.label.entry.enter_text(ready.site.label)
        yield assistant.next.isEnabled
        assistant.next.click()
        self.bar.say(_("The ticket says where: the tree is found by itself."))
        yield lambda: bool(site.assets.rows.rows)
        site.search.setText(ready.site.number)
        yield lambda: [row.cells[0].endswith(ready.site.number) for row in site.assets.rows.rows] == [True]
        site.choose_asset(site.assets.rows.rows[0].id)
        site.gnss.setText(ready.table.gnss_port)
        site.template.setCurrentIndex(max(0, site.template.findData("street-tree")))
        yield assistant.next.isEnabled
        assistant.next.click()
        yield None

    def _assistant(self) -> Assistant:
        view = self.window.view("devices")
        if not isinstance(view, DevicesView) or view.assistant is None:
            raise TypeError("the devices screen shows no assistant")
        return view.assistant

    def _quiet(self) -> bool:
        return self.desk.background.running == 0
