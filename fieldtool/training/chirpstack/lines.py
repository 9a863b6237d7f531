"""The line between a client and the gRPC server: a relay, because only so can a connection really be broken.

grpc gives a servicer no hold of its connection. It does name the peer, which is the relay's own socket.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from dataclasses import dataclass

CHUNK = 65536


@dataclass(frozen=True)
class Line:
    outer: socket.socket
    inner: socket.socket

    def cut(self) -> None:
        for end in (self.outer, self.inner):
            with contextlib.suppress(OSError):  # cut already, from the other side
                end.shutdown(socket.SHUT_RDWR)

    def carry(self, source: socket.socket, sink: socket.socket) -> None:
        """Until one side ends or the line is cut, which is no error of ours."""
        with contextlib.suppress(OSError):
            while data := source.recv(CHUNK):
                sink.sendall(data)
        self.cut()


class Lines:
    """Two threads per connection, one to take them. Breaking a line breaks all calls that share it."""

    def __init__(self, port: int) -> None:
        """Raises OSError where the port is taken."""
        self._listener = socket.create_server(("127.0.0.1", port))
        self.port = int(self._listener.getsockname()[1])
        self._lock = threading.Lock()
        self._lines: dict[int, Line] = {}
        self._closed = False
        self._thread = threading.Thread(target=self._take, name="chirpstack-lines")

    def start(self, inner_port: int) -> None:
        self._inner_port = inner_port
        self._thread.start()

    def cut(self, peer: str) -> None:
        """`peer` as grpc names it: ipv4:127.0.0.1:PORT."""
        with self._lock:
            line = self._lines.get(int(peer.rsplit(":", 1)[1]))
        if line is not None:
            line.cut()

    def close(self) -> None:
        with self._lock:
            self._closed = True
            lines = list(self._lines.values())
        with contextlib.suppress(OSError):  # some systems do not shut down what only listens
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for line in lines:
            line.cut()
        if self._thread.ident is not None:
            self._thread.join()

    def _take(self) -> None:
        while True:
            try:
                outer, _ = self._listener.accept()
            except OSError:
                return  # closed
            threading.Thread(target=self._serve, args=(outer,), name="chirpstack-line", daemon=True).start()

    def _serve(self, outer: socket.socket) -> None:
        with (
            outer,
            contextlib.suppress(ConnectionError),  # the server behind is going down
            socket.create_connection(("127.0.0.1", self._inner_port)) as inner,
        ):
            self._join(Line(outer, inner))

    def _join(self, line: Line) -> None:
        key = int(line.inner.getsockname()[1])
        with self._lock:
            if self._closed:
                return
            self._lines[key] = line
        back = threading.Thread(target=line.carry, args=(line.inner, line.outer), daemon=True)
        back.start()
        line.carry(line.outer, line.inner)
        back.join()
        with self._lock:
            del self._lines[key]
