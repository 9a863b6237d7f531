"""GNSS receivers that write NMEA 0183 by themselves, as nearly all do.

Nothing is ever sent to the receiver. 9600 baud is what most modules start with; USB receivers ignore it.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime

from drivers.errors import FixProblem, NoFix
from drivers.family import Family, Trace
from drivers.framing.nmea import SentenceReader
from drivers.framing.nmea_epochs import Epochs
from drivers.reading import Fix
from drivers.transport.pipe import Pipe, SerialSettings

PAUSE_SECONDS = 0.5
"""Receivers write all sentences of a moment in one go; this long a silence ends it."""


class NmeaReceiver:
    def __init__(self, pipe: Pipe, trace: Trace) -> None:
        self._pipe = pipe
        self._trace = trace

    def fixes(self, seconds: float) -> Iterator[Fix]:
        sentences, epochs = SentenceReader(), Epochs()
        end = time.monotonic() + seconds
        received_bytes, found = 0, False
        while (left := end - time.monotonic()) > 0:
            data = self._pipe.read(min(PAUSE_SECONDS, left))
            received_bytes += len(data)
            for fix in self._take(data, sentences, epochs):
                found = True
                yield fix
        last = epochs.finish()
        if last is not None:
            yield last
        elif not found:
            raise NoFix(seconds, problem(received_bytes, sentences, epochs))

    def close(self) -> None:
        self._pipe.close()

    def _take(self, data: bytes, sentences: SentenceReader, epochs: Epochs) -> Iterator[Fix]:
        if not data:
            paused = epochs.finish()
            if paused is not None:
                yield paused
        received = datetime.now(UTC)
        for sentence in sentences.feed(data):
            self._trace("<", sentence.text)
            fix = epochs.feed(sentence, received)
            if fix is not None:
                yield fix


def problem(received_bytes: int, sentences: SentenceReader, epochs: Epochs) -> FixProblem:
    """Why there was no fix."""
    if received_bytes == 0:
        return FixProblem.SILENT
    if epochs.null_islands:
        return FixProblem.NULL_ISLAND
    lost_positions = sentences.bad_checksums > 0 and epochs.positions == 0
    if lost_positions or sentences.bad_checksums > sentences.sentences:
        return FixProblem.BAD_CHECKSUMS
    return FixProblem.NO_FIX if sentences.sentences else FixProblem.NOT_NMEA


FAMILY = Family(
    name="nmea0183",
    title="GNSS (NMEA 0183)",
    serial=SerialSettings(baudrate=9600),
    locate=NmeaReceiver,
)
