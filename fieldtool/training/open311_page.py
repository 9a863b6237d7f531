"""Open311's part of the page for people."""

from __future__ import annotations

from fieldtool.training import open311_store
from fieldtool.training.database import DEFAULT_TENANT
from fieldtool.training.open311_services import services
from fieldtool.training.open311_settings import Settings
from fieldtool.training.open311_showing import shown_id
from fieldtool.training.platform import Platform

ROWS = 20


def rows(platform: Platform) -> list[tuple[str, str, str, str]]:
    """(id, service, status, updated), the last changed first; the id with its jurisdiction if it has one."""
    with platform.database.transaction() as work:
        found = open311_store.latest(work, ROWS)
    return [
        (
            str(shown_id(request, Settings())) + ("" if tenant == DEFAULT_TENANT else f" ({tenant})"),
            services()[request.service_code].name
            if request.service_code in services()
            else request.service_code,
            request.status,
            request.updated_at,
        )
        for tenant, request in found
    ]
