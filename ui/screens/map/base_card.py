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
from ui.screens.map import area_content, content
from ui.screens.map.area_card import AreaCard
from ui.screens.map.content import Based
from ui.widgets.controls import button, card, choice, field, line, row, text
from ui.widgets.flow import flow

if TYPE_CHECKING:
    from fieldtool.connectors.map_services.capabilities import Offer
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
        self.ask = button(
            _("Ask for its layers"), self._look_up, name=_("Ask the service at this address for its layers")
        )
        self.offers: tuple[Offer, ...] = ()
        self.offered = choice(_("Offered layers"), [])
        self.offered.activated.connect(lambda _index: self._use_offer())
        self._offered = field(_("Offered layers"), self.offered)
        self.terms = text(kind="muted")
        self.take = button(_("Add"), self._add_service, kind="primary", name=_("Add the service"))
        self.form = card(
            text(_("Only what you choose here is ever asked for pictures."), "muted"),
            field(self.url.accessibleName(), self.url),
            text(_("Tiles (XYZ, WMTS) or a service's description (GetCapabilities)."), "muted"),
            row(self.ask, None),
            self._offered,
            self.terms,
            *(
                field(control.accessibleName(), control)
                for control in (self.title, self.layers, self.attribution)
            ),
            flow(self.take, button(_("Cancel"), self.form_away, name=_("Do not add a service"))),
        )
        self.area = AreaCard(desk)
        self.area.taken.connect(self.show_maps)
        self.keep = button(_("Keep"), self._really_away, name=_("Keep the area"))
        self.delete = button(_("Delete"), self._delete, kind="danger", name=_("Delete the area"))
        self.really = card(
            text(_("This area was taken along. Deleting it deletes its pictures, too."), "warning"),
            flow(self.keep, self.delete),
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
            self.really,
            self.form,
            self.problem,
            self.area,
        ):
            layout.addWidget(part)
        self.form.hide()
        self.really.hide()
        self._forget_offers()
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
        self.really.hide()
        self.area.show_maps(maps)

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
        base_id, base = self.maps.chosen, self.maps.base()
        if base is not None and area_content.is_ours(self.desk.background.place.directory, base):
            self.really.show()
            self.keep.setFocus()
            return
        self._change(lambda profile: content.remove(profile, base_id))

    def _delete(self) -> None:
        base_id = self.maps.chosen
        self._really_away()
        self._change(lambda profile: area_content.remove(profile, base_id))

    def _really_away(self) -> None:
        self.really.hide()
        self.bases.setFocus()

    def show_form(self) -> None:
        self.form.show()
        self.url.setFocus()

    def form_away(self) -> None:
        self.form.hide()
        self._forget_offers()
        self.problem.clear()
        self.add_service.setFocus()

    def _add_service(self) -> None:
        told = [box.text().strip() for box in (self.title, self.url, self.attribution, self.layers)]
        title, url, attribution, layers = told
        offer = next((one for one in self.offers if (one.url, one.layers) == (url, layers)), None)
        zooms = (0, 19) if offer is None else (offer.min_zoom, offer.max_zoom)
        self._change(lambda profile: content.add_service(profile, title, url, attribution, layers, zooms))

    def _look_up(self) -> None:
        url = self.url.text().strip()
        if not url:
            self.url.setFocus()
            return
        self.problem.clear()
        self._forget_offers()
        self.ask.setEnabled(False)
        self.desk.background.run(
            self,
            lambda _profile, _job: area_content.look_up(url),
            lane="network",
            done=self._show_offers,
            failed=self.problem.tell,
            ended=lambda: self.ask.setEnabled(True),
        )

    def _show_offers(self, offers: tuple[Offer, ...]) -> None:
        self.offers = offers
        self.offered.clear()
        for number, offer in enumerate(offers):
            self.offered.addItem(offer.title, str(number))
        self._offered.show()
        self._use_offer()
        self.offered.setFocus()

    def _use_offer(self) -> None:
        offer = self.offers[self.offered.currentIndex()]
        self.title.setText(offer.title)
        self.url.setText(offer.url)
        self.layers.setText(offer.layers)
        self.attribution.setText(offer.attribution)
        self.terms.setText(_("Terms of use: {text}").format(text=offer.constraints))
        self.terms.setVisible(offer.constraints.casefold() not in ("", "none"))

    def _forget_offers(self) -> None:
        self.offers = ()
        self._offered.hide()
        self.terms.hide()

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
