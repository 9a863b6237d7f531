"""What every web view of the window needs: our own scheme known before the first of them, and no way out."""

from __future__ import annotations

from PySide6.QtWebEngineCore import (
    QWebEngineUrlRequestInfo,
    QWebEngineUrlRequestInterceptor,
    QWebEngineUrlScheme,
)

from fieldtool.map_page import SCHEME

INSIDE = frozenset({SCHEME, "about", "data", "blob"})


def register_scheme() -> None:
    """Before the first web engine object of the process: a later call has no effect. Not at the start of the
    program, which would load the web engine for a window that may never show a page."""
    name = SCHEME.encode()
    if not QWebEngineUrlScheme.schemeByName(name).name().isEmpty():
        return
    scheme = QWebEngineUrlScheme(name)
    scheme.setSyntax(QWebEngineUrlScheme.Syntax.Host)
    # Not as a secure scheme: to such a page, pictures of services inside a town's own network that know only
    # http would not be shown.
    scheme.setFlags(QWebEngineUrlScheme.Flag.CorsEnabled | QWebEngineUrlScheme.Flag.FetchApiAllowed)
    QWebEngineUrlScheme.registerScheme(scheme)


class Guard(QWebEngineUrlRequestInterceptor):
    """Lets our own scheme through, and the addresses of the one map service that a person has chosen.
    `refused` are the addresses of what was not let through."""

    def __init__(self) -> None:
        super().__init__()
        self.allowed: tuple[str, str, int] | None = None
        self.refused: list[str] = []
        self.passed: list[str] = []

    def interceptRequest(self, info: QWebEngineUrlRequestInfo) -> None:  # noqa: N802
        url = info.requestUrl()
        if url.scheme() in INSIDE:
            return
        images = info.resourceType() == QWebEngineUrlRequestInfo.ResourceType.ResourceTypeImage
        if images and (url.scheme(), url.host(), url.port()) == self.allowed:
            self.passed.append(url.toString())
            return
        self.refused.append(url.toString())
        info.block(True)
