"""Open data: a portal is searched, one of its datasets fetched as a file, and that goes to the import."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QProgressBar, QVBoxLayout, QWidget

from fieldtool.portals import Portals
from fieldtool.texts import _, thousands
from ui.background import Job
from ui.screen import Desk
from ui.screens.assets import portal_content as content
from ui.screens.assets.portal_content import Offer, Offers, Progress, Taken
from ui.widgets.controls import button, card, choice, field, line, row, text
from ui.widgets.facts import Facts
from ui.widgets.flow import flow
from ui.widgets.page import Page
from ui.widgets.table import Row, Table

if TYPE_CHECKING:
    from drivers.errors import ExpectedError
    from ui.screens.assets.view import AssetsView

ROWS_AT_ONCE = 8
PORTAL_LETTERS = 26
LONGEST_DESCRIPTION = 600


class PortalPage(QWidget):
    """`fetched` carries the Path of a file for the import; `left` when it is closed."""

    fetched = Signal(object)
    left = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.portals: Portals | None = None
        self.offers: list[Offer] = []
        self.chosen: Offer | None = None
        self._asked: Offers | None = None
        self._job: Job[Taken] | None = None
        self._asking: Job[Offers] | None = None
        self.page = Page(_("Open data"))
        self.back = button(_("Back"), self.left.emit, name=_("Back to taking over a list"))
        self.page.commands.addWidget(self.back)
        self.places = choice(_("Portal"), [])
        self.places.setMinimumContentsLength(PORTAL_LETTERS)
        self.places.activated.connect(lambda _index: self._choose_portal())
        self.other = button(_("Another portal …"), self.show_form)
        self.address = line(_("Address of the portal"), placeholder="https://…")
        self.address.returnPressed.connect(self.use_address)
        self.use = button(_("Use this portal"), self.use_address, kind="primary")
        self.form = card(
            field(_("Address of the portal"), self.address),
            text(_("Opendatasoft and CKAN are understood. The address is kept for the next time."), "muted"),
            flow(self.use, button(_("Cancel"), self.form_away, name=_("Do not use another portal"))),
        )
        self.words = line(_("Search for"), placeholder=_("such as street lights, trees, playgrounds"))
        self.words.returnPressed.connect(self.search)
        self.ask = button(_("Search"), self.search, kind="primary", name=_("Search the portal"))
        self.status = text(kind="muted")
        self.table = Table(_("Datasets"), [_("Title"), _("Licence"), _("Changed"), _("Amount")], spare=(3, 1))
        self.table.opened.connect(self.open_dataset)
        self.more = button(_("Show more"), self.show_more, name=_("Show more datasets"))
        self._build_detail()
        self._build()
        self._tell()

    def _build_detail(self) -> None:
        self.title = text(kind="heading")
        self.description = text()
        self.facts = Facts()
        self.formats = choice(_("Format"), [])
        self.none = text(_("None of its files can be taken over. Open its page in a browser."), "warning")
        self.fetch = button(
            _("Fetch and check"), self.fetch_chosen, kind="primary", name=_("Fetch the dataset and check it")
        )
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName(_("The dataset is fetched"))
        self.running = text()
        self.cancel = button(_("Cancel"), self.stop, name=_("Cancel fetching"))
        self.detail = card(
            self.title,
            self.description,
            self.facts,
            self.none,
            field(_("Format"), self.formats),
            row(self.fetch, None),
            self.running,
            self.progress,
            row(self.cancel, None),
        )

    def _build(self) -> None:
        body = self.page.body
        for part in (
            flow(field(_("Portal"), self.places), self.other),
            self.form,
            row(self.words, self.ask),
            self.status,
            self.table,
            row(self.more, None),
            self.detail,
        ):
            body.addWidget(part)
        for part in (self.form, self.table, self.more, self.detail):
            part.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.page)

    @property
    def busy(self) -> bool:
        return self._job is not None

    def begin(self) -> None:
        if self.portals is None:
            self.desk.background.ask(self, content.begin, self._show_portals, self.page.problem.tell)
        self.words.setFocus()

    def _show_portals(self, portals: Portals) -> None:
        self.portals = portals
        self.places.clear()
        for portal in portals.known:
            self.places.addItem(portal.title, portal.url)
        self.places.setCurrentIndex(max(self.places.findData(portals.chosen), 0))
        self.page.problem.clear()
        if self.form.isVisible():
            self.address.clear()
            self.form_away()
            self.words.setFocus()

    def _choose_portal(self) -> None:
        url = self.places.currentData()
        self._forget()
        self.desk.background.ask(
            self, lambda profile: content.choose(profile, url), self._show_portals, self.page.problem.tell
        )

    def show_form(self) -> None:
        self.form.show()
        self.address.setFocus()

    def form_away(self) -> None:
        self.form.hide()
        self.page.problem.clear()
        self.other.setFocus()

    def use_address(self) -> None:
        address = self.address.text().strip()
        if not address:
            self.address.setFocus()
            return
        self.page.problem.clear()
        self.use.setEnabled(False)
        self._forget()
        self.desk.background.run(
            self,
            lambda profile, _job: content.add(profile, address),
            lane="network",
            done=self._show_portals,
            failed=self.page.problem.tell,
            ended=lambda: self.use.setEnabled(True),
        )

    def _forget(self) -> None:
        """What another portal has found says nothing of this one."""
        if self._asking is not None:
            self._asking.cancel()
        self.offers, self.chosen, self._asked = [], None, None
        self._tell()

    def search(self) -> None:
        self._ask(self.words.text().strip(), 0)

    def show_more(self) -> None:
        if self._asked is not None:
            self._ask(self._asked.words, len(self.offers))

    def _ask(self, words: str, offset: int) -> None:
        chosen = None if self.portals is None else self.portals.portal()
        if chosen is None or self._asking is not None:
            return
        self.page.problem.clear()
        if offset == 0:
            self.offers, self.chosen, self._asked = [], None, None
        self._asking = self.desk.background.run(
            self,
            lambda _profile, _job: content.search(chosen, words, offset),
            lane="network",
            done=self._found,
            failed=self.page.problem.tell,
            ended=self._asked_for,
        )
        self._tell()

    def _found(self, found: Offers) -> None:
        self._asked = found
        self.offers.extend(found.found)

    def _asked_for(self) -> None:
        self._asking = None
        self._tell()
        if self.offers and self.isVisible() and self.chosen is None:
            self.table.setFocus()

    def open_dataset(self, dataset_id: str) -> None:
        if self.busy:
            return
        self.chosen = next((one for one in self.offers if one.id == dataset_id), None)
        self._tell()
        (self.fetch if self.fetch.isEnabled() else self.table).setFocus()
        self.page.area.ensureWidgetVisible(self.detail)

    def fetch_chosen(self) -> None:
        portal = None if self.portals is None else self.portals.portal()
        offer, resource = self.chosen, self.formats.currentData()
        if portal is None or offer is None or not resource or self.busy:
            return
        self.page.problem.clear()
        self.running.setText(_("The dataset is fetched …"))
        self.progress.setRange(0, 0)
        self._job = self.desk.background.run(
            self,
            lambda profile, job: content.fetch(profile, job, portal, offer.id, resource),
            lane="network",
            done=self._taken,
            failed=self._failed,
            progress=self._came,
            ended=self._ended,
        )
        self._tell()
        self.cancel.setFocus()

    def stop(self) -> None:
        if self._job is not None:
            self._job.cancel()
            self.cancel.setEnabled(False)
            self.running.setText(_("Is being cancelled …"))

    def _came(self, news: Progress) -> None:
        if news.announced is None:
            self.running.setText(_("{size} have come").format(size=content.size_text(news.size)))
            return
        self.progress.setRange(0, 1000)
        self.progress.setValue(news.size * 1000 // news.announced)
        self.running.setText(
            _("{size} of {all} have come").format(
                size=content.size_text(news.size), all=content.size_text(news.announced)
            )
        )

    def _taken(self, taken: Taken) -> None:
        self.fetched.emit(taken.file)

    def _failed(self, error: ExpectedError) -> None:
        self.page.problem.tell(error)

    def _ended(self) -> None:
        self._job = None
        self._tell()
        if self.isVisible():
            self.fetch.setFocus()

    def _tell(self) -> None:
        asked, waiting = self._asked, self._asking is not None
        self.ask.setEnabled(not waiting and not self.busy)
        self.places.setEnabled(not self.busy)
        self.other.setEnabled(not self.busy)
        if waiting:
            self.status.setText(_("The portal is asked …"))
        elif asked is not None and not asked.total:
            self.status.setText(_("Nothing found. Try fewer or other words."))
        elif asked is not None:
            self.status.setText(
                _("{shown} of {total} datasets").format(shown=len(self.offers), total=thousands(asked.total))
            )
        else:
            self.status.setText(
                _("Only when you search is the portal asked. Nothing is sent but your words.")
            )
        rows = [Row(one.id, (one.title, one.licence, one.changed, one.amount)) for one in self.offers]
        self.table.show_rows(rows)
        self.table.show_at_once(ROWS_AT_ONCE)
        self.table.setVisible(bool(rows))
        self.more.setVisible(asked is not None and len(self.offers) < asked.total)
        self.more.setEnabled(not waiting)
        self._tell_chosen()

    def _tell_chosen(self) -> None:
        offer = self.chosen
        self.detail.setVisible(offer is not None)
        for part in (self.running, self.progress, self.cancel):
            part.setVisible(self.busy)
        if offer is None:
            return
        self.cancel.setEnabled(self.busy)
        self.fetch.setVisible(not self.busy)
        self.fetch.setEnabled(bool(offer.formats))
        self.none.setVisible(not offer.formats)
        self.formats.setEnabled(bool(offer.formats) and not self.busy)
        self.title.setText(offer.title)
        shortened = offer.description[:LONGEST_DESCRIPTION]
        self.description.setText(shortened if shortened == offer.description else f"{shortened} …")
        self.facts.tell(offer.facts)
        before = self.formats.currentData()
        self.formats.clear()
        for resource, title in offer.formats:
            self.formats.addItem(title, resource)
        self.formats.setCurrentIndex(max(self.formats.findData(before), 0))


def attach(view: AssetsView) -> PortalPage:
    """Reached from the import, and leads back there with a file."""
    page = PortalPage(view.desk)
    view.stack.addWidget(page)

    def show_page() -> None:
        view.stack.setCurrentWidget(page)
        page.begin()

    def take(path: object) -> None:
        if view.importing.busy:
            page.page.problem.tell_text(
                _("The file is here: {path}").format(path=path),
                _("Another list is being worked on. Choose this file when that is done."),
            )
            return
        view.open_import()
        view.importing.read(path)  # type: ignore[arg-type]

    view.importing.page.commands.addWidget(
        button(_("Open data …"), show_page, name=_("Fetch a list from an open data portal"))
    )
    page.left.connect(view.open_import)
    page.fetched.connect(take)
    return page
