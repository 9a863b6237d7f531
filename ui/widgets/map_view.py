"""A map: the web view, its page, and what both tell each other."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from PySide6.QtCore import QByteArray, QCoreApplication, QEvent, QMarginsF, QObject, Qt, QUrl, Signal, Slot
from PySide6.QtGui import QKeySequence, QPageLayout, QPageSize, QShortcut
from PySide6.QtWidgets import QStackedLayout, QWidget
from shiboken6 import delete, isValid

from fieldtool import base_maps
from fieldtool.base_maps import BaseMap
from fieldtool.map_page import ROOT, File, Start, site
from fieldtool.store.places import Box
from fieldtool.texts import _, current_language
from ui import themes
from ui.printing import web_view_usable
from ui.screen import Desk
from ui.widgets.controls import text

if TYPE_CHECKING:
    from PySide6.QtWebEngineCore import QWebEnginePage
    from PySide6.QtWebEngineWidgets import QWebEngineView

    from ui.web import Guard
    from ui.widgets.map_scheme import MapScheme

SHEET_MARGIN_MM = 10.0
SIGN = 1.25
"""A point's sign against the size of the texts."""


class Bridge(QObject):
    """What the page sees of the window. `heard` carries what it says."""

    told = Signal(str)
    heard = Signal(dict)

    @Slot(str)
    def hear(self, message: str) -> None:
        self.heard.emit(json.loads(message))


class MapView(QWidget):
    """`moved` carries the page's centre, zoom and box; `selected` the keys of assets (seq); `drawn` what a
    tool has drawn; `shown` what the page has just painted; `failed` an expected error. Until `ready`, what is
    told to the page waits."""

    ready = Signal()
    moved = Signal(dict)
    selected = Signal(list)
    drawn = Signal(dict)
    shown = Signal(dict)
    printed = Signal(QByteArray)
    failed = Signal(object)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.setAccessibleName(_("Map"))
        self.view: QWebEngineView | None = None
        self.guard: Guard | None = None
        self.scheme: MapScheme | None = None
        self._page: QWebEnginePage | None = None
        self._waiting: list[str] = []
        self._opening = False
        self._is_ready = False
        self.painted = False
        self.bridge = Bridge(self)
        self.bridge.heard.connect(self._hear)
        self.hint = text(_("The map is being prepared …"), "muted")
        self.hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        for key, forward in ((Qt.Key.Key_Tab, True), (Qt.Key.Key_Backtab, False)):
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(lambda forward=forward: self._leave(forward=forward))
        self._layers = QStackedLayout(self)
        self._layers.addWidget(self.hint)

    def open(self, lon: float, lat: float, zoom: int) -> None:
        """Once; the page opens there."""
        if self._opening:
            return
        if not web_view_usable():
            self._say_missing()
            return
        self._opening = True
        start = Start(lon, lat, zoom, self._look())
        self.desk.background.ask(self, lambda _profile: _prepared(start), self._make, lane="ports")

    def _say_missing(self) -> None:
        self.hint.setText(
            _("The web view that draws the map is missing here. Everything else works; ask who installed it.")
        )

    def _make(self, files: Mapping[str, File]) -> None:
        from PySide6.QtWebChannel import QWebChannel
        from PySide6.QtWebEngineCore import QWebEnginePage, QWebEngineProfile, QWebEngineSettings
        from PySide6.QtWebEngineWidgets import QWebEngineView

        from ui.web import Guard, register_scheme
        from ui.widgets.map_scheme import MapScheme

        register_scheme()
        profile = QWebEngineProfile()
        self.guard = Guard()
        self.scheme = MapScheme(self.desk.background, files, self.failed.emit)
        profile.setUrlRequestInterceptor(self.guard)
        profile.installUrlSchemeHandler(b"fieldtool", self.scheme)
        self.view = QWebEngineView(self)
        self._page = QWebEnginePage(profile, self.view)
        settings = self._page.settings()
        settings.setAttribute(QWebEngineSettings.WebAttribute.ShowScrollBars, False)
        settings.setAttribute(QWebEngineSettings.WebAttribute.PrintElementBackgrounds, True)
        channel = QWebChannel(self._page)
        channel.registerObject("desk", self.bridge)
        self._page.setWebChannel(channel)
        self._page.renderProcessTerminated.connect(self._broke)
        self.view.setPage(self._page)
        self.view.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.view.setAccessibleName(_("Map"))
        # The page has to be gone before its profile, and both before the program ends, where nobody deletes
        # the window.
        self.guard.setParent(profile)
        self.scheme.setParent(profile)
        self._page.destroyed.connect(profile.deleteLater)
        application = QCoreApplication.instance()
        if application is not None:
            profile.setParent(application)
            application.aboutToQuit.connect(self.end)
        self.view.setUrl(QUrl(ROOT))
        self._layers.addWidget(self.view)
        self._layers.setCurrentWidget(self.view)
        # It came last; the Tab key is to find it where the map is.
        self.setTabOrder(self.hint, self.view)

    def end(self) -> None:
        """The page is gone at once."""
        page, self._page = self._page, None
        if page is not None and isValid(page):
            profile = page.profile()
            delete(page)
            delete(profile)

    def _leave(self, *, forward: bool) -> None:
        """The map is one stop of the Tab key: its own buttons have keys of their own."""
        self.focusNextPrevChild(forward)

    def _broke(self, *_how: object) -> None:
        self._is_ready = False
        if self.view is not None:
            self.view.reload()

    def _hear(self, message: dict[str, object]) -> None:
        match message.pop("what"):
            case "ready":
                self._begin()
            case "moved":
                self.moved.emit(message)
            case "selected":
                self.selected.emit(message["seqs"])
            case "drawn":
                self.drawn.emit(message)
            case "shown":
                self.painted = True
                self.shown.emit(message)
            case "sheet":
                self._print()

    def _begin(self) -> None:
        self._is_ready = True
        waiting, self._waiting = self._waiting, []
        for message in waiting:
            self.bridge.told.emit(message)
        self.ready.emit()

    def tell(self, what: str, **more: object) -> None:
        message = json.dumps({"do": what, **more})
        if self._is_ready:
            self.bridge.told.emit(message)
        else:
            self._waiting.append(message)

    def show_base(self, base: BaseMap | None) -> None:
        """Of a service, its address is let through from now on, and no other."""
        if self.scheme is not None and self.guard is not None:
            self.scheme.base = base
            self.guard.allowed = _address(base)
        self.tell("base", base=None if base is None else asdict(base_maps.layer(base)))

    def go(self, lon: float, lat: float, zoom: float | None = None) -> None:
        self.tell("go", lon=lon, lat=lat, zoom=zoom)

    def fit(self, box: Box) -> None:
        self.tell("fit", box=box)

    def select(self, seqs: Sequence[int]) -> None:
        self.tell("select", seqs=list(seqs))

    def print_sheet(self, title: str, foot: str) -> None:
        """`foot` holds {scale}. `printed` carries the PDF; empty where it failed."""
        self.tell("sheet", sheet={"title": title, "foot": foot})

    def _print(self) -> None:
        margins = QMarginsF(SHEET_MARGIN_MM, SHEET_MARGIN_MM, SHEET_MARGIN_MM, SHEET_MARGIN_MM)
        page = QPageSize(QPageSize.PageSizeId.A4)
        layout = QPageLayout(page, QPageLayout.Orientation.Landscape, margins, QPageLayout.Unit.Millimeter)
        if self._page is not None:
            self._page.printToPdf(self._have_pdf, layout)

    def _have_pdf(self, data: QByteArray) -> None:
        self.tell("sheet", sheet=None)
        self.printed.emit(data)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and self._is_ready:
            self.tell("look", look=self._look())

    def _look(self) -> dict[str, str]:
        """The theme's colours and sizes, as the page's style has them."""
        stated = self.desk.preferences
        theme, sized = themes.THEMES[stated.theme], themes.sizes(stated)
        text_px = sized.points * self.logicalDpiY() / 72
        return {
            **{name: str(getattr(theme, name)) for name in type(theme).__slots__},
            "touch": f"{sized.touch}px",
            "text_px": f"{text_px:.1f}px",
            "sign": f"{text_px * SIGN:.1f}px",
            "language": current_language(),
            "east": _("E"),
            "north": _("N"),
        }


def _prepared(start: Start) -> dict[str, File]:
    """In a lane: loading the web engine's libraries and folium takes a while."""
    from PySide6 import QtWebChannel, QtWebEngineCore, QtWebEngineWidgets  # noqa: F401

    return site(start)


def _address(base: BaseMap | None) -> tuple[str, str, int] | None:
    if base is None or not base.online:
        return None
    parts = urlsplit(base.source)
    return parts.scheme, parts.hostname or "", parts.port or -1
