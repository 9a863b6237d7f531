"""Why something could not be read from a public source: a portal of open data, a map service.

CoreError
├── SourceUnreachable(source, reason)  being offline is one of these
├── SourceClosed(source, status)       401, 403
├── SourceMissing(source)              404, 410
├── SourceBusy(source, seconds)        429, with the seconds it asks to wait
├── SourceFailed(source, status)       5xx, and any other refusal
└── SourceUnlike(source, what)         HTML, half an answer, redirects without end
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fieldtool.errors import CoreError

if TYPE_CHECKING:
    from fieldtool.connectors.errors import Unexpected, UnreachableReason


@dataclass(eq=False)
class SourceUnreachable(CoreError):
    source: str
    reason: UnreachableReason


@dataclass(eq=False)
class SourceClosed(CoreError):
    source: str
    status: int


@dataclass(eq=False)
class SourceMissing(CoreError):
    source: str


@dataclass(eq=False)
class SourceBusy(CoreError):
    source: str
    seconds: float | None


@dataclass(eq=False)
class SourceFailed(CoreError):
    source: str
    status: int


@dataclass(eq=False)
class SourceUnlike(CoreError):
    source: str
    what: Unexpected


@contextmanager
def reading() -> Iterator[None]:
    """A connector's errors as these: of a source nothing is kept that waits to be sent."""
    from fieldtool.connectors import errors

    try:
        yield
    except errors.Unreachable as error:
        raise SourceUnreachable(error.target, error.reason) from error
    except errors.TargetUnauthorized as error:
        raise SourceClosed(error.target, 401) from error
    except errors.TargetForbidden as error:
        raise SourceClosed(error.target, 403) from error
    except errors.TargetNotFound as error:
        raise SourceMissing(error.target) from error
    except errors.RateLimited as error:
        raise SourceBusy(error.target, error.retry_after) from error
    except errors.ServerFailed as error:
        raise SourceFailed(error.target, error.status) from error
    except errors.RequestRejected as error:
        if error.status in (404, 410):
            raise SourceMissing(error.target) from error
        raise SourceFailed(error.target, error.status) from error
    except errors.UnexpectedAnswer as error:
        raise SourceUnlike(error.target, error.what) from error
