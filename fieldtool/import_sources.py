"""What a list is taken from: a file, or an address of open data; and what the history says of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

from fieldtool.texts import _, local_time


@contextmanager
def local_file(text: str) -> Iterator[Path]:
    """Of an address (a dataset's page, or a file's own) what is behind it, gone again afterwards. Raises what
    open_data's fetch_dataset and fetch_file do."""
    if not text.lower().startswith(("https://", "http://")):
        yield Path(text)
        return
    from fieldtool.open_data import dataset_page, fetch_dataset, fetch_file

    page = dataset_page(text)
    with TemporaryDirectory(prefix="fieldtool-") as folder:
        into = Path(folder)
        fetched = (
            fetch_file(text, into, told=_quietly)
            if page is None
            else fetch_dataset(*page, into, told=_quietly)
        )
        yield fetched.file


def source_text(path: Path) -> str:
    """The file's name; of a fetched one the dataset, the portal, the licence and when it was fetched."""
    beside = path.with_name(f"{path.name}.source.json")
    try:
        told = json.loads(beside.read_text(encoding="utf-8"))
        if told["size"] != path.stat().st_size:
            return path.name
        fetched = local_time(datetime.fromisoformat(told["fetched_at"]))
        portal = urlsplit(told["portal"] or told["url"]).hostname or ""
        parts = (str(told["dataset"] or path.name), portal, str(told["licence"]))
    except (OSError, ValueError, KeyError, TypeError):
        return path.name
    return ", ".join((*(one for one in parts if one), _("fetched {time}").format(time=fetched)))


def _quietly(_size: int, _announced: int | None) -> None:
    pass
