"""Which device, at which port."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtWidgets import QLineEdit

from drivers.secret import Secret
from fieldtool.catalogue import device_profile, device_types
from fieldtool.commissioning.draft import Draft
from fieldtool.texts import _
from ui.screen import Desk, Port
from ui.screens.devices.content import type_title
from ui.screens.devices.pages import Step
from ui.screens.devices.ports import PortWatch
from ui.widgets.controls import card, choice, field, line, text

OTHER = "…"


class DevicePage(Step):
    def __init__(self, desk: Desk) -> None:
        super().__init__(
            desk,
            _("Device and cable"),
            _("Connect the device with its cable. A port that is plugged in appears by itself."),
        )
        self.port = choice(_("Port"), [])
        self.other = line(_("Path of the port"), placeholder="/dev/ttyUSB0, COM3")
        self.other_field = field(_("Path of the port"), self.other)
        self.lost = text(kind="warning")
        self.kind = choice(
            _("Type of device"),
            [("", _("– please choose –")), *((name, type_title(name)) for name in device_types())],
        )
        self.unverified = text(kind="warning")
        self.doubts = text(kind="muted")
        self.notes = text()
        self.password = QLineEdit()
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.password_field = field(_("Password of the device (on its label or its packing)"), self.password)
        self.page.body.addWidget(
            card(
                field(_("Port"), self.port),
                self.other_field,
                self.lost,
                field(_("Type of device"), self.kind),
                self.password_field,
                self.notes,
                self.unverified,
                self.doubts,
            )
        )
        self.port.currentIndexChanged.connect(self._port_chosen)
        self.other.textChanged.connect(lambda _text: self.changed.emit())
        self.kind.currentIndexChanged.connect(self._kind_chosen)
        self.password.textChanged.connect(lambda _text: self.changed.emit())
        self._known: tuple[Port, ...] = ()
        self._offer(())
        self._kind_chosen()
        self.watch = PortWatch(desk, self)
        self.watch.found.connect(self._offer)

    @property
    def chosen_port(self) -> str:
        chosen = self.port.currentData()
        return self.other.text().strip() if chosen == OTHER else chosen or ""

    def secret(self) -> Secret | None:
        typed = self.password.text()
        return Secret(typed) if typed else None

    def turned_to(self, draft: Draft) -> None:
        if draft.device_type:
            self.kind.setCurrentIndex(max(0, self.kind.findData(draft.device_type)))
        if draft.port:
            self._choose_port(draft.port)

    def amended(self, draft: Draft) -> Draft:
        return replace(draft, port=self.chosen_port, device_type=self.kind.currentData() or "")

    def missing(self) -> str:
        if not self.chosen_port:
            return _("Choose the port.")
        if not self.kind.currentData():
            return _("Choose the type of the device.")
        if not self.password_field.isHidden() and not self.password.text():
            return _("Enter the password of the device.")
        return ""

    def choose_kind(self, name: str) -> None:
        self.kind.setCurrentIndex(max(0, self.kind.findData(name)))

    def _choose_port(self, port: str) -> None:
        index = self.port.findData(port)
        if index >= 0:
            self.port.setCurrentIndex(index)
        else:
            self.port.setCurrentIndex(self.port.findData(OTHER))
            self.other.setText(port)

    def _offer(self, ports: tuple[Port, ...]) -> None:
        """Keeps what was chosen; a port that is gone is said, not silently exchanged."""
        before = self.chosen_port
        new = [port.device for port in ports if port not in self._known]
        gone = before and before in {port.device for port in self._known} - {port.device for port in ports}
        self._known = ports
        self.port.blockSignals(True)
        self.port.clear()
        self.port.addItem(_("– please choose –"), "")
        for port in ports:
            self.port.addItem(port.title, port.device)
        self.port.addItem(_("Another port …"), OTHER)
        self.port.blockSignals(False)
        self.lost.setVisible(bool(gone))
        if gone:
            self.lost.setText(_("{port} was pulled out.").format(port=before))
            self.port.setCurrentIndex(0)
        elif before:
            self._choose_port(before)
        elif len(new) == 1 and len(ports) == 1:
            self._choose_port(new[0])
        self._port_chosen()

    def _port_chosen(self) -> None:
        self.other_field.setVisible(self.port.currentData() == OTHER)
        if self.port.currentData():
            self.lost.hide()
        self.changed.emit()

    def _kind_chosen(self) -> None:
        name = self.kind.currentData()
        kind = device_profile(name) if name else None
        self.unverified.setVisible(kind is not None and bool(kind.unverified))
        self.doubts.setVisible(kind is not None and bool(kind.unverified))
        self.notes.setVisible(kind is not None and bool(kind.notes))
        self.password_field.setVisible(kind is not None and kind.password == "required")
        if kind is not None:
            self.unverified.setText(_("Not tried on the device:"))
            self.doubts.setText("\n".join(f"– {what}" for what in kind.unverified))
            self.notes.setText("\n".join(kind.notes))
        self.changed.emit()
