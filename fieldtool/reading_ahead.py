"""The data files that most screens need, read before anybody waits for them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from fieldtool.asset_classes import asset_class, class_ids
from fieldtool.catalogue import device_profile, device_types
from fieldtool.commissioning.plan import site_template_titles
from fieldtool.errors import CoreError
from fieldtool.ticketing.categories import categories


def read_ahead() -> Iterator[str]:
    """One file after the other, by name; a broken one is told by whoever wants it."""
    for name in class_ids():
        with suppress(CoreError):
            asset_class(name)
        yield name
    for name in device_types():
        with suppress(CoreError):
            device_profile(name)
        yield name
    with suppress(CoreError):
        categories()
    yield "categories"
    site_template_titles()
    yield "templates"
