"""Open data portals: Opendatasoft (Explore API v2.1) and CKAN (Action API v3). Reading only, no targets."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit, urlunsplit

from fieldtool.connectors.http import Patience
from fieldtool.connectors.open_data import ckan, opendatasoft
from fieldtool.connectors.open_data.portal import Portal
from fieldtool.connectors.source import Source
from fieldtool.connectors.source_errors import NoPortal, SourceMissing, SourceRefused, SourceUnusable

KINDS: dict[str, Callable[[Source], Portal]] = {
    opendatasoft.KIND: opendatasoft.Opendatasoft,
    ckan.KIND: ckan.Ckan,
}


def open_portal(url: str, kind: str | None = None, patience: Patience | None = None) -> Portal:
    """Asks the address what it is where `kind` is not known. Raises SourceError, NoPortal."""
    source = Source(base_of(url), patience)
    try:
        for name, portal in KINDS.items():
            if kind in (None, name):
                found = portal(source)
                if kind == name or _answers(found):
                    return found
    except BaseException:
        source.close()
        raise
    source.close()
    raise NoPortal(source.target)


def _answers(portal: Portal) -> bool:
    """Another answer than the kind's own means another kind; no answer at all is an error."""
    try:
        portal.check()
    except (SourceMissing, SourceRefused, SourceUnusable, NoPortal):
        return False
    return True


def base_of(url: str) -> str:
    """Of any page of the portal: what comes before the parts that both kinds have."""
    given = url.strip()
    parts = urlsplit(given if "://" in given else f"https://{given}")
    path = parts.path
    for part in ("/api/", "/explore", "/pages/", "/dataset"):
        path = path.split(part)[0] if f"{path}/".find(part) >= 0 else path
    return urlunsplit((parts.scheme, parts.netloc, path.rstrip("/"), "", ""))
