"""Which port the GNSS receiver is on, and whether it says where we are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from drivers.errors import ExpectedError
from fieldtool.texts import _
from ui.background import Job
from ui.errors import ErrorPanel
from ui.screen import Desk, Port
from ui.screens.settings import content
from ui.screens.settings.section import Section
from ui.widgets.controls import button, card, choice, field, line, restyle, text
from ui.widgets.flow import flow

OTHER = "other"


class ReceiverSection(Section):
    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, _("Devices"))
        self.port = choice(_("Port of the GNSS receiver"), [("", _("no receiver"))])
        self.port.activated.connect(self._chosen)
        self.search_button = button(_("Search again"), self.search, name=_("Search for ports again"))
        self.other = line(_("Another port"), placeholder="/dev/ttyACM0, COM4")
        self.other.editingFinished.connect(self._typed)
        self._other = field(_("Another port"), self.other)
        self.check_button = button(_("Check the receiver"), self.check)
        self.stop_button = button(_("Stop"), self.stop, kind="quiet", name=_("Stop checking the receiver"))
        self.stop_button.hide()
        self.result = text(selectable=True)
        self.result.hide()
        self.problem = ErrorPanel()
        self.page.body.addWidget(
            card(
                text(_("GNSS receiver"), "heading"),
                text(_("It tells where a device was mounted. It is used while commissioning only.")),
                field(_("Port"), self.port),
                self._other,
                flow(self.check_button, self.stop_button, self.search_button),
                self.result,
                self.problem,
            )
        )
        self._other.hide()
        self._ports: tuple[Port, ...] = ()
        self._job: Job[str] | None = None

    def shown(self, where: Mapping[str, str]) -> None:
        del where
        self.search()

    def search(self) -> None:
        self.search_button.setEnabled(False)
        extra = self.desk.extra_ports
        self.desk.background.run(
            self,
            lambda _profile, _job: content.ports(extra),
            lane="ports",
            done=self.tell,
            failed=self.problem.tell,
            ended=lambda: self.search_button.setEnabled(True),
        )

    def tell(self, found: tuple[Port, ...]) -> None:
        self._ports = found
        chosen = self.desk.preferences.gnss_port
        listed = [("", _("no receiver")), *((port.device, port.title) for port in found)]
        if chosen and chosen not in dict(listed):
            listed.append((chosen, _("{port} (not there now)").format(port=chosen)))
        listed.append((OTHER, _("another one …")))
        self.port.clear()
        for device, title in listed:
            self.port.addItem(title, device)
        self.port.setCurrentIndex(self.port.findData(chosen))
        self._other.hide()
        self._allow()

    def _chosen(self) -> None:
        device = self.port.currentData()
        self._other.setVisible(device == OTHER)
        if device == OTHER:
            self.other.setFocus()
            return
        self._prefer(device)

    def _typed(self) -> None:
        device = self.other.text().strip()
        if device:
            self._prefer(device)
            self.tell(self._ports)
            self.other.clear()

    def _prefer(self, device: str) -> None:
        stated = self.desk.preferences
        if device != stated.gnss_port:
            self.result.hide()
            self.problem.clear()
            self.desk.preferences_changed.emit(replace(stated, gnss_port=device))
        self._allow()

    def _allow(self) -> None:
        self.check_button.setEnabled(self._job is None and bool(self.desk.preferences.gnss_port))

    def check(self) -> None:
        port = self.desk.preferences.gnss_port
        self.problem.clear()
        self._say(_("Waiting for positions from {port} …").format(port=port), "muted")
        self._job = self.desk.background.run(
            self,
            lambda _profile, job: content.position(port, job.tell),
            lane="devices",
            done=lambda found: self._say(found, "good"),
            failed=self._failed,
            progress=lambda found: self._say(str(found), "muted"),
            ended=self._ended,
        )
        self.check_button.setEnabled(False)
        self.search_button.setEnabled(False)
        self.stop_button.show()
        self.stop_button.setFocus()

    def stop(self) -> None:
        """The port is free once the receiver was waited for."""
        if self._job is not None:
            self._job.cancel()
            self.stop_button.setEnabled(False)
            self._say(_("Stopping …"), "muted")

    def _failed(self, error: ExpectedError) -> None:
        self.result.hide()
        self.problem.tell(error)

    def _ended(self) -> None:
        stopped = self._job is not None and self._job.stopping.is_set()
        self._job = None
        self.stop_button.hide()
        self.stop_button.setEnabled(True)
        self.search_button.setEnabled(True)
        if stopped:
            self.result.hide()
        self._allow()
        if self.isVisible():
            self.check_button.setFocus()

    def _say(self, words: str, kind: str) -> None:
        self.result.setText(words)
        self.result.setAccessibleName(words)
        restyle(self.result, kind)
        self.result.show()
