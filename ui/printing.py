"""The core's HTML as PDF: by the web view where it can be used, else by Qt's own text layout.

Seen with Qt 6.11: neither writes a tagged PDF (no StructTreeRoot; Chromium's switch for it is not heard), so
people who use a screen reader are served by the HTML itself.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

from PySide6.QtCore import (
    QBuffer,
    QByteArray,
    QCoreApplication,
    QEvent,
    QEventLoop,
    QIODevice,
    QMarginsF,
    QObject,
    QUrl,
)
from PySide6.QtGui import QPageLayout, QPageSize, QPdfWriter, QTextDocument

from fieldtool.pdf import Pdf

Done = Callable[[Pdf], None]
RESOLUTION = 1200
"""Dots per inch, for Qt's own layout."""
MARGIN_MM = 16.0


def print_html(html: str, done: Done, owner: QObject) -> None:
    """In the window's thread, without blocking it. `done` comes once, unless `owner` is gone by then."""
    if not web_view_usable():
        done(by_text(html))
        return
    _WebPrint(html, done, owner).begin()


def print_now(html: str) -> Pdf:
    """For the command line: with an application of its own, and no screen needed."""
    if QCoreApplication.instance() is None:
        from ui.application import application

        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
        application(sys.argv[:1])
    loop, found, owner = QEventLoop(), [], QObject()

    def done(pdf: Pdf) -> None:
        found.append(pdf)
        loop.quit()

    print_html(html, done, owner)
    if not found:
        loop.exec()
    # The page goes before its profile, and both before the application.
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    return found[0]


def web_view_usable() -> bool:
    """It ends the whole program where it may not use its sandbox, and is missing in small installations."""
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    if root and not os.environ.get("QTWEBENGINE_DISABLE_SANDBOX"):
        return False
    try:
        from PySide6 import QtWebEngineCore  # noqa: F401
    except ImportError:
        return False
    return True


class _WebPrint(QObject):
    """Lives until it is done; one page, from memory, that may fetch nothing."""

    def __init__(self, html: str, done: Done, owner: QObject) -> None:
        super().__init__(owner)
        from PySide6.QtWebEngineCore import QWebEnginePage, QWebEngineProfile

        from ui.offline import Offline
        from ui.web import register_scheme

        register_scheme()
        self._html, self._done = html, done
        self._profile = QWebEngineProfile(self)
        self._offline = Offline(self)
        self._profile.setUrlRequestInterceptor(self._offline)
        self._page = QWebEnginePage(self._profile, self)
        self._page.loadFinished.connect(self._loaded)
        self._page.renderProcessTerminated.connect(lambda _how, _code: self._fall_back())

    def begin(self) -> None:
        self._page.setHtml(self._html, QUrl("about:blank"))

    def _loaded(self, good: bool) -> None:  # noqa: FBT001 - Qt's signal
        if good:
            self._page.printToPdf(self._printed, _layout())
        else:
            self._fall_back()

    def _printed(self, data: QByteArray) -> None:
        if data.isEmpty():
            self._fall_back()
        else:
            self._end(Pdf(bytes(data.data()), "web"))

    def _fall_back(self) -> None:
        self._end(by_text(self._html))

    def _end(self, pdf: Pdf) -> None:
        done, self._done = self._done, _nobody
        # The page has to go before its profile.
        self._page.deleteLater()
        self._page.destroyed.connect(self.deleteLater)
        done(pdf)


def _nobody(_pdf: Pdf) -> None:
    return


def _layout() -> QPageLayout:
    margins = QMarginsF(MARGIN_MM, MARGIN_MM, MARGIN_MM, MARGIN_MM)
    page = QPageSize(QPageSize.PageSizeId.A4)
    return QPageLayout(page, QPageLayout.Orientation.Portrait, margins, QPageLayout.Unit.Millimeter)


def by_text(html: str) -> Pdf:
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setPageLayout(_layout())
    writer.setResolution(RESOLUTION)
    document = QTextDocument()
    document.setDefaultStyleSheet("td, th { padding: 2px 6px 2px 0 }")
    document.setHtml(html)
    writer.setTitle(document.metaInformation(QTextDocument.MetaInformation.DocumentTitle))
    document.print_(writer)
    buffer.close()
    return Pdf(bytes(data.data()), "text")
