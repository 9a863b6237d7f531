"""Where the sensor comes to, and what is wanted of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFileDialog

from fieldtool.commissioning.draft import Draft
from fieldtool.commissioning.plan import site_template_titles
from fieldtool.commissioning.telling import KEY_SOURCES
from fieldtool.numbers import typed_number
from fieldtool.texts import N_, _
from ui.screen import Desk
from ui.screens.devices import content
from ui.screens.devices.content import Offer
from ui.screens.devices.pages import Step
from ui.widgets.controls import button, card, choice, field, line, row, text
from ui.widgets.table import Row, Table

POSITIONS = (
    ("gnss", N_("by the GNSS receiver")),
    ("hand", N_("entered by hand")),
    ("asset", N_("that of the asset")),
)
REST_MS = 250


class SitePage(Step):
    def __init__(self, desk: Desk) -> None:
        super().__init__(
            desk,
            _("Place and plan"),
            _("Where the sensor is mounted, where its position comes from, and which ticket it settles."),
        )
        self.ticket = choice(_("Ticket that this settles"), [("", _("none"))])
        self.search = line(_("Search for the asset"), placeholder=_("number, name or street"))
        self.assets = Table(_("Assets found"), [_("Asset"), _("Distance to the ticket")], wide=0)
        self.no_assets = text(
            _("Nothing found. Take over a list of assets first, or search otherwise."), "muted"
        )
        self.asset = text(kind="strong")
        self.template = choice(_("Kind of site"), [("", _("none of these")), *site_template_titles()])
        self.key = choice(_("Key"), [(name, _(title)) for name, title in KEY_SOURCES.items()])
        self.key_file: Path | None = None
        self.key_path = text(kind="muted")
        self.key_button = button(_("Choose the maker's file …"), self._choose_key_file)
        self.position = choice(_("Position"), [(name, _(title)) for name, title in POSITIONS])
        self.gnss = line(_("Port of the GNSS receiver"), desk.preferences.gnss_port)
        self.gnss_field = field(_("Port of the GNSS receiver"), self.gnss)
        self.lat = line(_("Latitude in degrees"), placeholder="51,513600")
        self.lon = line(_("Longitude in degrees"), placeholder="7,465300")
        self.hand = row(field(_("Latitude in degrees"), self.lat), field(_("Longitude in degrees"), self.lon))
        self.skip = choice(
            _("Radio"), [("join", _("join and check the reception")), ("skip", _("later, because …"))]
        )
        self.skip_reason = line(_("Why not now"), placeholder=_("the gateway is not running yet"))
        self.skip_field = field(_("Why not now"), self.skip_reason)
        self._asset_id = ""
        self._draft = Draft()
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._build()
        self._connect()
        self._fit()

    def _build(self) -> None:
        body = self.page.body
        body.addWidget(card(field(_("Ticket that this settles"), self.ticket)))
        chosen = row(text(_("Mounted on:"), "muted"), self.asset, None)
        body.addWidget(
            card(field(_("Search for the asset"), self.search), self.no_assets, self.assets, chosen)
        )
        body.addWidget(
            card(
                field(_("Position"), self.position),
                self.gnss_field,
                self.hand,
                field(_("Kind of site"), self.template),
                field(_("Key"), self.key),
                row(self.key_button, self.key_path, None),
                field(_("Radio"), self.skip),
                self.skip_field,
            )
        )
        self.no_assets.hide()

    def _connect(self) -> None:
        self._rest.timeout.connect(self._find)
        self.search.textChanged.connect(lambda _text: self._rest.start())
        self.search.returnPressed.connect(self._find)
        self.assets.opened.connect(self.choose_asset)
        self.ticket.currentIndexChanged.connect(lambda _index: self._find())
        for box in (self.position, self.key, self.skip, self.template):
            box.currentIndexChanged.connect(self._fit)
        for entry in (self.gnss, self.lat, self.lon, self.skip_reason):
            entry.textChanged.connect(lambda _text: self.changed.emit())

    def turned_to(self, draft: Draft) -> None:
        self._draft = draft
        for box, value in ((self.position, draft.position), (self.key, draft.key_source)):
            box.setCurrentIndex(max(0, box.findData(value)))
        self.template.setCurrentIndex(max(0, self.template.findData(draft.site_template)))
        self.gnss.setText(draft.gnss_port or self.gnss.text() or self.desk.preferences.gnss_port)
        if draft.place is not None:
            self.lon.setText(str(draft.place[0]).replace(".", ","))
            self.lat.setText(str(draft.place[1]).replace(".", ","))
        if draft.join_skip:
            self.skip.setCurrentIndex(1)
            self.skip_reason.setText(draft.join_skip)
        self._asset_id = draft.asset_id or self._asset_id
        self.desk.background.ask(self, content.ticket_offers, self._offer_tickets)

    def amended(self, draft: Draft) -> Draft:
        lon, lat = typed_number(self.lon.text()), typed_number(self.lat.text())
        skipped = self.skip.currentData() == "skip"
        return replace(
            draft,
            asset_id=self._asset_id,
            ticket_id=self.ticket.currentData() or "",
            site_template=self.template.currentData() or "",
            key_source=self.key.currentData(),
            key_file=self.key_file,
            position=self.position.currentData(),
            gnss_port=self.gnss.text().strip(),
            place=(lon, lat) if lon is not None and lat is not None else None,
            join_skip=self.skip_reason.text().strip() if skipped else "",
        )

    def missing(self) -> str:
        position, place = self.position.currentData(), self.amended(self._draft).place
        missing = (
            (not self._asset_id, _("Choose the asset that the sensor is mounted on.")),
            (position == "gnss" and not self.gnss.text().strip(), _("Enter the port of the GNSS receiver.")),
            (
                position == "hand" and not _on_earth(place),
                _("Enter latitude and longitude, as 51,5136 and 7,4653."),
            ),
            (self.key.currentData() == "file" and self.key_file is None, _("Choose the file with the key.")),
            (
                self.skip.currentData() == "skip" and len(self.skip_reason.text().strip()) < 3,
                _("Say why it does not join the network now."),
            ),
        )
        return next((words for wrong, words in missing if wrong), "")

    def choose_asset(self, identifier: str) -> None:
        self._asset_id = identifier
        self.assets.choose(identifier)
        self._name_asset()
        self.changed.emit()

    def _name_asset(self) -> None:
        wanted = self._asset_id
        titles = {one.id: one.cells[0] for one in self.assets.rows.rows}
        if wanted in titles:
            self.asset.setText(titles[wanted])
        elif wanted:
            self.desk.background.ask(
                self, lambda profile: content.asset_title(profile, wanted), self.asset.setText
            )
        else:
            self.asset.setText(_("– nothing chosen –"))

    def _offer_tickets(self, offers: tuple[Offer, ...]) -> None:
        wanted = self.ticket.currentData() or self._draft.ticket_id
        self.ticket.blockSignals(True)
        self.ticket.clear()
        self.ticket.addItem(_("none"), "")
        for offer in offers:
            self.ticket.addItem(offer.title, offer.id)
        self.ticket.setCurrentIndex(max(0, self.ticket.findData(wanted)))
        self.ticket.blockSignals(False)
        self._find()

    def _find(self) -> None:
        self._rest.stop()
        words, ticket = self.search.text(), self.ticket.currentData() or ""
        self.desk.background.ask(
            self,
            lambda profile: content.asset_offers(profile, words, ticket),
            lambda offers: self._offer_assets(words, offers),
            self.page.problem.tell,
        )

    def _offer_assets(self, words: str, offers: tuple[Offer, ...]) -> None:
        if words != self.search.text():
            return  # overtaken by what was typed since
        self.assets.show_rows([Row(one.id, (one.title, one.near)) for one in offers])
        self.assets.show_at_once(4)
        self.assets.setVisible(bool(offers))
        self.no_assets.setVisible(not offers)
        if self._asset_id:
            self.assets.choose(self._asset_id)
        self._name_asset()
        self.changed.emit()

    def _fit(self) -> None:
        position = self.position.currentData()
        self.gnss_field.setVisible(position == "gnss")
        self.hand.setVisible(position == "hand")
        from_file = self.key.currentData() == "file"
        self.key_button.setVisible(from_file)
        self.key_path.setVisible(from_file)
        self.skip_field.setVisible(self.skip.currentData() == "skip")
        self.changed.emit()

    def _choose_key_file(self) -> None:
        dialog = QFileDialog(self, _("File with keys"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self.take_key_file)
        dialog.open()

    def take_key_file(self, path: str) -> None:
        self.key_file = Path(path)
        self.key_path.setText(self.key_file.name)
        self.changed.emit()


def _on_earth(place: tuple[float, float] | None) -> bool:
    return place is not None and abs(place[0]) <= 180 and abs(place[1]) <= 90
