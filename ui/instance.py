"""One window per profile: a second start raises the first one."""

from __future__ import annotations

import hashlib
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

RAISE = b"raise\n"
PATIENCE_MS = 500


def server_name(directory: Path) -> str:
    digest = hashlib.sha256(str(directory.resolve()).encode()).hexdigest()[:24]
    return f"fieldtool-{digest}"


def raise_other(directory: Path) -> bool:
    """Whether a window of this profile is open; it comes to the front."""
    socket = QLocalSocket()
    socket.connectToServer(server_name(directory))
    if not socket.waitForConnected(PATIENCE_MS):
        return False
    socket.write(RAISE)
    socket.waitForBytesWritten(PATIENCE_MS)
    socket.disconnectFromServer()
    return True


class Instance(QObject):
    """Heard only by the same user of this machine. The profile's lock is what keeps data safe."""

    raised = Signal()

    def __init__(self, directory: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._asked)
        name = server_name(directory)
        if not self._server.listen(name):
            # The name is left over from a program that was killed: nobody answered at it before.
            QLocalServer.removeServer(name)
            self._server.listen(name)

    def close(self) -> None:
        self._server.close()

    def _asked(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            socket.disconnected.connect(socket.deleteLater)
            self.raised.emit()
