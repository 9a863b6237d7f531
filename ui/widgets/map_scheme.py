"""What the page of the map asks for: its own files from memory, points and tiles from the lanes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from urllib.parse import parse_qs

from PySide6.QtCore import QBuffer, QByteArray, QFile, QIODevice
from PySide6.QtWebEngineCore import QWebEngineUrlRequestJob, QWebEngineUrlSchemeHandler
from shiboken6 import isValid

from drivers.errors import ExpectedError
from fieldtool.base_maps import BaseMap, tile
from fieldtool.days import today
from fieldtool.map_page import File
from fieldtool.map_points import Window, answer
from fieldtool.profile import Profile
from fieldtool.store.map_rows import VALUES
from ui.background import Background, Job

CHANNEL = "qwebchannel.js"
BYTES = "application/octet-stream"


class MapScheme(QWebEngineUrlSchemeHandler):
    """`failed` hears why points could not be read."""

    def __init__(
        self, background: Background, files: Mapping[str, File], failed: Callable[[ExpectedError], None]
    ) -> None:
        super().__init__()
        self._background = background
        self._files = {**files, CHANNEL: File("text/javascript", _channel_script())}
        self._failed = failed
        self.base: BaseMap | None = None
        self.unknown: list[str] = []
        self._asked: tuple[QWebEngineUrlRequestJob, Job[bytes]] | None = None

    def requestStarted(self, job: QWebEngineUrlRequestJob) -> None:  # noqa: N802
        url = job.requestUrl()
        path = url.path().lstrip("/")
        if path in self._files:
            _reply(job, self._files[path])
        elif path == "points":
            self._points(job, url.query())
        elif path.startswith("tiles/") and self.base is not None:
            self._tile(job, self.base, path)
        else:
            self.unknown.append(path)
            job.fail(QWebEngineUrlRequestJob.Error.UrlNotFound)

    def _points(self, job: QWebEngineUrlRequestJob, query: str) -> None:
        window = asked_window(query)

        def failed(error: ExpectedError) -> None:
            self._asked = None
            _refuse(job, QWebEngineUrlRequestJob.Error.RequestFailed)
            self._failed(error)

        if self._asked is not None:
            # The page wants only the latest; who moves the map fast shall not wait for all places on the way.
            older, question = self._asked
            question.cancel()
            _refuse(older, QWebEngineUrlRequestJob.Error.RequestAborted)
        asked = self._background.ask(
            self,
            lambda profile: answer(profile.store, window),
            lambda found: self._answered(job, found),
            failed,
        )
        self._asked = job, asked

    def _answered(self, job: QWebEngineUrlRequestJob, found: bytes) -> None:
        self._asked = None
        _reply(job, File(BYTES, found))

    def _tile(self, job: QWebEngineUrlRequestJob, base: BaseMap, path: str) -> None:
        zoom, column, row = (int(part) for part in path.split("/")[2:5])

        def read(_profile: Profile) -> File | None:
            return tile(base, zoom, column, row)

        def told(found: File | None) -> None:
            if found is not None:
                _reply(job, found)
            else:
                _refuse(job, QWebEngineUrlRequestJob.Error.UrlNotFound)

        def failed(error: ExpectedError) -> None:
            told(None)
            self._failed(error)

        self._background.ask(self, read, told, failed, lane="ports")


def asked_window(query: str) -> Window:
    asked = parse_qs(query, strict_parsing=True)
    west, south, east, north = (float(edge) for edge in asked["box"][0].split(","))
    by = next(name for name in VALUES if name == asked["by"][0])
    return Window((west, south, east, north), float(asked["zoom"][0]), by, today().year)


def _refuse(job: QWebEngineUrlRequestJob, why: QWebEngineUrlRequestJob.Error) -> None:
    if isValid(job):
        job.fail(why)


def _reply(job: QWebEngineUrlRequestJob, file: File) -> None:
    """The page may have given up waiting meanwhile."""
    if not isValid(job):
        return
    buffer = QBuffer(job)
    buffer.setData(QByteArray(file.data))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    job.reply(QByteArray(file.kind.encode()), buffer)


def _channel_script() -> bytes:
    """Qt brings it along, as a resource."""
    from PySide6 import QtWebChannel  # noqa: F401

    script = QFile(f":/qtwebchannel/{CHANNEL}")
    if not script.open(QIODevice.OpenModeFlag.ReadOnly):
        raise RuntimeError(CHANNEL)
    return bytes(script.readAll().data())
