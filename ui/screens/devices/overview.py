"""What is known here: unfinished commissionings, devices, and the ports of this machine."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from fieldtool.texts import _, thousands
from ui.screen import Desk, Port
from ui.screens.devices import content
from ui.screens.devices.content import Overview
from ui.screens.devices.ports import PortWatch
from ui.widgets.controls import button, card, text
from ui.widgets.page import Page
from ui.widgets.table import Row, Table


class OverviewPage(QWidget):
    begin = Signal()
    resumed = Signal(str)
    opened = Signal(str)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.page = Page(_("Devices"))
        self.page.commands.addWidget(button(_("Commission a sensor"), self.begin.emit, kind="primary"))
        self.unfinished = Table(
            _("Unfinished commissionings"), [_("DevEUI"), _("Type"), _("Begun"), _("Step")], wide=3
        )
        self.unfinished.opened.connect(self.resumed)
        self.unfinished_card = card(
            text(_("Unfinished: go on where you stopped"), "heading"), self.unfinished
        )
        self.devices = Table(
            _("Known devices"),
            [_("Device"), _("Type"), _("State"), _("Mounted on"), _("Since")],
            wide=0,
            spare=(1, 4),
        )
        self.devices.opened.connect(self.opened)
        self.empty = text(
            _("No device is known here yet. Connect a sensor with its cable and commission it."), "muted"
        )
        self.counted = text(kind="muted")
        self.ports = text()
        self.ports.setAccessibleName(_("Ports"))
        self.page.body.addWidget(self.unfinished_card)
        self.page.body.addWidget(
            card(text(_("Known devices"), "heading"), self.empty, self.devices, self.counted)
        )
        self.page.body.addWidget(card(text(_("Ports of this machine"), "heading"), self.ports))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.page)
        self.unfinished_card.hide()
        self.watch = PortWatch(desk, self)
        self.watch.found.connect(self._show_ports)

    def refresh(self) -> None:
        self.desk.background.ask(self, content.overview, self._show, self.page.problem.tell)

    def _show(self, found: Overview) -> None:
        self.page.problem.clear()
        self.unfinished_card.setVisible(bool(found.unfinished))
        self.unfinished.show_rows([Row(line.id, line.cells) for line in found.unfinished])
        self.unfinished.show_at_once(6)
        self.devices.show_rows([Row(line.id, line.cells) for line in found.devices])
        self.devices.show_at_once(10)
        self.devices.setVisible(bool(found.devices))
        self.empty.setVisible(not found.devices)
        more = found.total > len(found.devices)
        self.counted.setVisible(more)
        self.counted.setText(
            _("{shown} of {total} are shown").format(
                shown=thousands(len(found.devices)), total=thousands(found.total)
            )
        )

    def _show_ports(self, found: tuple[Port, ...]) -> None:
        hint = _("None. Plug in the cable: it appears here by itself.")
        self.ports.setText("\n".join(port.title for port in found) or hint)
