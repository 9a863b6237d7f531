"""What can go wrong between here and somebody's public data: catalogues, files, tiles.

SourceError(source)
├── SourceUrlInvalid                     caught before anything is sent
├── SourceUnreachable(reason)            being offline is one of these
├── SourceRefused(status)                401, 403 and the other 4xx: public data that is not
├── SourceMissing                        404, 410
├── SourceBusy(retry_after)              429, with the seconds it asks to wait
├── SourceFailed(status)                 5xx
├── SourceUnusable(what)                 a web page, half an answer, something else altogether
├── TileRefused(said)                    an exception in a map service's own XML, whatever its status
└── SourceTooLarge(limit_mb)
NoMapService                             of map services
NoPortal, DatasetUnknown, FormatNotOffered   of open data portals

`source` is the address without user, password and query.
"""

from __future__ import annotations

from dataclasses import dataclass

from fieldtool.connectors import errors
from fieldtool.connectors.errors import Unexpected, UnreachableReason
from fieldtool.errors import CoreError


@dataclass(eq=False)
class SourceError(CoreError):
    source: str


@dataclass(eq=False)
class SourceUrlInvalid(SourceError):
    pass


@dataclass(eq=False)
class SourceUnreachable(SourceError):
    reason: UnreachableReason


@dataclass(eq=False)
class SourceRefused(SourceError):
    status: int


@dataclass(eq=False)
class SourceMissing(SourceError):
    pass


@dataclass(eq=False)
class SourceBusy(SourceError):
    retry_after: float | None = None


@dataclass(eq=False)
class SourceFailed(SourceError):
    status: int
    retry_after: float | None = None


@dataclass(eq=False)
class SourceUnusable(SourceError):
    what: Unexpected


@dataclass(eq=False)
class SourceTooLarge(SourceError):
    limit_mb: int


@dataclass(eq=False)
class TileRefused(SourceError):
    """`said` is what it says of it, in its own words."""

    said: str


@dataclass(eq=False)
class NoMapService(CoreError):
    """It answers, but neither as WMTS nor as WMS in the web's usual grid."""

    source: str


@dataclass(eq=False)
class NoPortal(CoreError):
    """It answers, but neither as Opendatasoft nor as CKAN."""

    source: str


@dataclass(eq=False)
class DatasetUnknown(CoreError):
    source: str
    dataset: str


@dataclass(eq=False)
class FormatNotOffered(CoreError):
    """`wanted` and `offered` are formats."""

    source: str
    dataset: str
    wanted: str
    offered: str


def of_source(error: errors.ConnectorError) -> CoreError:
    """The same, told of a place that is only read. What is none of these stays as it is."""
    match error:
        case errors.TargetUrlInvalid():
            return SourceUrlInvalid(error.target)
        case errors.Unreachable():
            return SourceUnreachable(error.target, error.reason)
        case errors.TargetUnauthorized():
            return SourceRefused(error.target, 401)
        case errors.TargetForbidden():
            return SourceRefused(error.target, 403)
        case errors.TargetNotFound() | errors.RequestRejected(status=404 | 410):
            return SourceMissing(error.target)
        case errors.RateLimited():
            return SourceBusy(error.target, error.retry_after)
        case errors.ServerFailed():
            return SourceFailed(error.target, error.status, error.retry_after)
        case errors.UnexpectedAnswer():
            return SourceUnusable(error.target, error.what)
        case errors.RequestRejected():
            return SourceRefused(error.target, error.status)
    return error
