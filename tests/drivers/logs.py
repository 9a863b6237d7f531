"""The receiver logs of ../shared/data/nmea (gpsd 3.22, BSD-2), which are not copied into this tree."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from drivers.framing.nmea import SentenceReader
from drivers.framing.nmea_epochs import Epochs
from drivers.reading import Fix

FOLDER = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "nmea"

DAYS = {
    "beidou-gb": datetime(2015, 3, 2, tzinfo=UTC),
    "bn-9015": datetime(2010, 6, 12, tzinfo=UTC),
    "bu353-glonass": datetime(2014, 5, 26, tzinfo=UTC),
    "firefly-II": datetime(2010, 7, 8, tzinfo=UTC),
    "gp-320fw-2019-04-06-overflow": datetime(2019, 4, 6, tzinfo=UTC),
    "humminbird-M37": datetime(2006, 9, 16, tzinfo=UTC),
    "mt3339": datetime(2015, 4, 13, tzinfo=UTC),
    "neo-m8n": datetime(2015, 3, 18, tzinfo=UTC),
    "nmea-rtk": datetime(2020, 3, 18, tzinfo=UTC),
    "quectelLC79D-1": datetime(2020, 11, 30, tzinfo=UTC),
    "ublox-zed-f9p-nmea": datetime(2019, 4, 12, tzinfo=UTC),
    "venus634lp": datetime(2010, 2, 5, tzinfo=UTC),
}
"""The day on which each was recorded."""


def log_bytes(name: str) -> bytes:
    return existing(FOLDER / f"{name}.log").read_bytes()


def gpsd_lines(name: str) -> list[str]:
    return existing(FOLDER / f"{name}.log.chk").read_text(encoding="utf-8").splitlines()


def existing(path: Path) -> Path:
    if not path.exists():
        pytest.skip(f"{path} is absent: the shared data is not beside this tree")
    return path


def replayed(data: bytes, received: datetime) -> tuple[list[Fix], SentenceReader, Epochs]:
    reader, epochs = SentenceReader(), Epochs()
    completed = [epochs.feed(sentence, received) for sentence in reader.feed(data)]
    return [fix for fix in [*completed, epochs.finish()] if fix is not None], reader, epochs


def received_on(name: str) -> datetime:
    return DAYS[name] + timedelta(hours=12)
