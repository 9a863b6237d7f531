"""GET /: what the platform holds, for a person with a browser."""

from __future__ import annotations

from html import escape
from urllib.parse import urlsplit

from fieldtool.texts import _, current_language
from fieldtool.training import open311_page
from fieldtool.training.chirpstack import store
from fieldtool.training.database import DEFAULT_TENANT
from fieldtool.training.platform import Platform
from fieldtool.training.wire import Answer, Asked, Refused

RECORDS = 20
REQUESTS = 20
STYLE = (
    "body{font-family:sans-serif;margin:1.5rem;color:#111;background:#fff}"
    "h1{background:#ffd400;padding:.6rem}table{border-collapse:collapse;margin-bottom:1.5rem}"
    "td,th{border:1px solid #666;padding:.25rem .6rem;text-align:left}"
)


def answer(platform: Platform, asked: Asked) -> Answer:
    # No token is asked for here, so another name for this address (DNS rebinding) must not get through.
    if urlsplit(f"//{asked.headers.get('host', '')}").hostname not in ("127.0.0.1", "localhost"):
        raise Refused(421)
    body = html(platform).encode()
    return Answer(
        200,
        body,
        {
            "Content-Type": "text/html; charset=utf-8",
            "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
        },
    )


def html(platform: Platform) -> str:
    with platform.database.transaction() as work:
        counts, latest = work.counts(), work.latest(RECORDS)
        registered = store.registered(work, RECORDS)
    title = _("Training platform – no real data")
    records = [[tenant_name(tenant), ", ".join(row.types), row.id, row.modified_at] for tenant, row in latest]
    requests = [
        [event.at, event.method, event.path, str(event.status or "–"), event.fault or ""]
        for event in platform.events.latest(REQUESTS)
    ]
    return "".join(
        (
            f'<!DOCTYPE html><html lang="{current_language()}"><head><meta charset="utf-8">',
            f"<title>{escape(title)}</title><style>{STYLE}</style></head><body><h1>{escape(title)}</h1>",
            f"<p>{escape(_('For demonstrations, lessons and tests. Nothing here reaches a city.'))}</p>",
            f"<h2>{escape(_('Records'))}</h2>",
            table(
                [_("Tenant"), _("Type"), _("Number")],
                [[tenant_name(tenant), kind, str(count)] for tenant, kind, count in counts],
            ),
            f"<h2>{escape(_('Last changed'))}</h2>",
            table([_("Tenant"), _("Type"), _("Identifier"), _("Changed (UTC)")], records),
            f"<h2>{escape(_('Registered devices'))}</h2>",
            table(
                ["DevEUI", _("Name"), _("Application"), _("Keys"), _("Joined")],
                [[eui, name, home, *map(yes_or_no, states)] for eui, name, home, *states in registered],
            ),
            f"<h2>{escape(_('Reports'))}</h2>",
            table(
                [_("Identifier"), _("Type"), _("Status"), _("Changed (UTC)")],
                [list(row) for row in open311_page.rows(platform)],
            ),
            f"<h2>{escape(_('Latest requests'))}</h2>",
            table([_("Time (UTC)"), _("Method"), _("Path"), _("Answer"), _("Fault")], requests),
            "</body></html>",
        )
    )


def yes_or_no(value: object) -> str:
    return _("yes") if value else _("no")


def tenant_name(tenant: str) -> str:
    return _("(without a tenant)") if tenant == DEFAULT_TENANT else tenant


def table(head: list[str], rows: list[list[str]]) -> str:
    if not rows:
        return f"<p>{escape(_('None yet.'))}</p>"
    lines = [["th", *head], *(["td", *row] for row in rows)]
    return (
        "<table>"
        + "".join(
            f"<tr>{''.join(f'<{tag}>{escape(cell)}</{tag}>' for cell in cells)}</tr>" for tag, *cells in lines
        )
        + "</table>"
    )
