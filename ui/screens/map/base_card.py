"""The map below the points: a file, a service, or none."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from drivers.errors import ExpectedError
from fieldtool.base_maps import Maps
from fieldtool.texts import _
from ui.errors import ErrorPanel
from ui.screen import Desk
from ui.screens.map import content
from ui.screens.map.content import Based, Offered
from ui.widgets.controls import button, card, choice, field, line, text
from ui.widgets.flow import flow

if TYPE_CHECKING:
    from fieldtool.profile import Profile

NONE = ""


class BaseCard(QWidget):
    """`changed` carries a Based: what is chosen now, and where it shows something."""

    changed = Signal(object)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.maps = Maps()
        self.bases = choice(_("Base map"), [(NONE, _("no base map"))])
        self.bases.activated.connect(lambda _index: self.choose(self.bases.currentData()))
        self.hint = text(
            _("Without a base map there are only the lines of the degrees. Add a map file (MBTiles)."),
            "muted",
        )
        self.online = text(_("Pictures of the base map come from the internet."), "warning")
        self.add_file = button(_("Base map …"), self.ask_file, name=_("Add a base map from a file"))
        self.add_service = button(_("Service …"), self.show_form, name=_("Add a base map from a service"))
        self.remove = button(_("Remove"), self._remove, name=_("Remove the chosen base map"))
        self.title = line(_("Title of the service"))
        self.url = line(_("Address"), placeholder="https://…/{z}/{x}/{y}.png")
        self.layers = line(_("Layer (WMS only)"))
        self.attribution = line(_("Source to be named"))
        self.ask = button(_("Ask for its layers"), self._ask, name=_("Ask the service for its layers"))
        self.offers = choice(_("Layer of the service"), [])
        self.offers.activated.connect(lambda _index: self._chosen())
        self._offered: tuple[Offered, ...] = ()
        self._offers = field(_("Layer of the service"), self.offers)
        self.take = button(_("Add"), self._add_service, kind="primary", name=_("Add the service"))
        self.form = card(
            text(_("Only what you choose here is ever asked for pictures."), "muted"),
            field(_("Address"), self.url),
            text(_("Of a WMTS or WMS the address is enough: ask for its layers and choose one."), "muted"),
            flow(self.ask),
            self._offers,
            *(
                field(control.accessibleName(), control)
                for control in (self.title, self.layers, self.attribution)
            ),
            flow(self.take, button(_("Cancel"), self.form_away, name=_("Do not add a service"))),
        )
        self.problem = ErrorPanel()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        commands = flow(self.add_file, self.add_service, self.remove)
        for part in (
            field(_("Base map"), self.bases),
            self.hint,
            self.online,
            commands,
            self.form,
            self.problem,
        ):
            layout.addWidget(part)
        self.form.hide()
        self.show_maps(Maps())

    def show_maps(self, maps: Maps) -> None:
        self.maps = maps
        self.bases.clear()
        self.bases.addItem(_("no base map"), NONE)
        for base in maps.known:
            self.bases.addItem(content.base_title(base), base.id)
        self.bases.setCurrentIndex(max(self.bases.findData(maps.chosen), 0))
        chosen = maps.base()
        self.hint.setVisible(chosen is None)
        self.online.setVisible(chosen is not None and chosen.online)
        self.remove.setVisible(chosen is not None)

    def ask_file(self) -> None:
        dialog = QFileDialog(self, _("Add a base map"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilter("MBTiles (*.mbtiles)")
        dialog.fileSelected.connect(lambda path: self.use_file(Path(path)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def use_file(self, path: Path) -> None:
        self._change(lambda profile: content.add_file(profile, path))

    def choose(self, base_id: str) -> None:
        self._change(lambda profile: content.choose(profile, base_id))

    def _remove(self) -> None:
        base_id = self.maps.chosen
        self._change(lambda profile: content.remove(profile, base_id))

    def show_form(self) -> None:
        self._offers.hide()
        self.form.show()
        self.url.setFocus()

    def form_away(self) -> None:
        self.form.hide()
        self.problem.clear()
        self.add_service.setFocus()

    def _add_service(self) -> None:
        told = [box.text().strip() for box in (self.title, self.url, self.attribution, self.layers)]
        title, url, attribution, layers = told
        chosen = next((one for one in self._offered if (one.url, one.layers) == (url, layers)), None)
        zooms = (0, 19) if chosen is None else chosen.zooms
        self._change(lambda profile: content.add_service(profile, title, url, attribution, layers, zooms))

    def _ask(self) -> None:
        address = self.url.text().strip()
        if not address:
            self.url.setFocus()
            return
        self.ask.setEnabled(False)
        self.desk.background.run(
            self,
            lambda _profile, _job: content.offers(address),
            lane="network",
            done=self._answered,
            failed=self.problem.tell,
            ended=lambda: self.ask.setEnabled(True),
        )

    def _answered(self, found: tuple[Offered, ...]) -> None:
        self.problem.clear()
        self._offered = found
        self.offers.clear()
        for number, one in enumerate(found):
            self.offers.addItem(one.title, number)
        self._offers.setVisible(bool(found))
        if not found:
            self.problem.tell_text(
                _("This service has no layer on the grid of the web's maps (EPSG:3857)."),
                _("Choose another service."),
            )
            return
        self.offers.setFocus()
        self._chosen()

    def _chosen(self) -> None:
        one = self._offered[self.offers.currentData()]
        self.title.setText(one.title)
        self.url.setText(one.url)
        self.layers.setText(one.layers)
        self.attribution.setText(one.attribution)

    def _change(self, verb: Callable[[Profile], Based]) -> None:
        self.take.setEnabled(False)
        self.desk.background.run(
            self,
            lambda profile, _job: verb(profile),
            done=self._changed,
            failed=self._failed,
            ended=lambda: self.take.setEnabled(True),
        )

    def _failed(self, error: ExpectedError) -> None:
        self.show_maps(self.maps)
        self.problem.tell(error)

    def _changed(self, found: Based) -> None:
        self.problem.clear()
        if self.form.isVisible():
            self.form_away()
            for box in (self.title, self.url, self.layers, self.attribution):
                box.clear()
        self.show_maps(found.maps)
        self.changed.emit(found)
