"""Keeping a web view's pages from reaching anything outside of this machine."""

from __future__ import annotations

from PySide6.QtWebEngineCore import QWebEngineUrlRequestInfo, QWebEngineUrlRequestInterceptor

LOCAL = frozenset({"about", "data", "blob", "chrome", "devtools"})


class Offline(QWebEngineUrlRequestInterceptor):
    """Lets only what is in the page itself through. `refused` counts what was not."""

    refused = 0

    def interceptRequest(self, info: QWebEngineUrlRequestInfo) -> None:  # noqa: N802
        if info.requestUrl().scheme() not in LOCAL:
            self.refused += 1
            info.block(True)
