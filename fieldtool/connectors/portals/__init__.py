"""Portals of open data: read, never written to."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal, Protocol

from fieldtool.connectors.errors import (
    RequestRejected,
    TargetForbidden,
    TargetNotFound,
    TargetUnauthorized,
    Unexpected,
    UnexpectedAnswer,
)
from fieldtool.connectors.portals.datasets import Dataset, Hits

Kind = Literal["opendatasoft", "ckan"]
KINDS: tuple[Kind, ...] = ("opendatasoft", "ckan")


class Portal(Protocol):
    def close(self) -> None: ...

    def search(self, words: str, limit: int, offset: int = 0) -> Hits: ...

    def dataset(self, name: str) -> Dataset: ...


@contextmanager
def opened(kind: Kind, base: str) -> Iterator[Portal]:
    """Raises TargetUrlInvalid."""
    from fieldtool.connectors.portals.ckan import Ckan
    from fieldtool.connectors.portals.opendatasoft import Opendatasoft

    portal: Portal = Ckan(base) if kind == "ckan" else Opendatasoft(base)
    try:
        yield portal
    finally:
        portal.close()


def kind_of(base: str) -> Kind:
    """By asking. Raises ConnectorError: UnexpectedAnswer where it is neither."""
    for kind in KINDS:
        try:
            with opened(kind, base) as portal:
                portal.search("", 1)
        except (TargetNotFound, TargetUnauthorized, TargetForbidden, RequestRejected):
            continue
        except UnexpectedAnswer as error:
            if error.what is Unexpected.REDIRECT:
                raise
            continue
        return kind
    raise UnexpectedAnswer(base, Unexpected.WRONG_SHAPE)
