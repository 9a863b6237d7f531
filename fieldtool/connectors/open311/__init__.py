"""Open311 GeoReport v2 with FixMyStreet's extension for updates: tickets, and what was said to them.

The server makes the ids of requests, and the interface has nothing against doing it twice: so a request
carries our ticket's id, and is looked for before it is repeated. Updates have ids of ours.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

from fieldtool.connectors.connector import (
    Accepted,
    Access,
    Connector,
    Content,
    Deferred,
    Exists,
    Found,
    Incoming,
    Outcome,
    Page,
    Record,
    Rejected,
)
from fieldtool.connectors.errors import RequestRejected, TargetNotFound
from fieldtool.connectors.http import PATIENCE, Patience
from fieldtool.connectors.open311 import wording
from fieldtool.connectors.open311.reading import Request, Update, text_of
from fieldtool.connectors.open311.wire import GeoReport, RefusedThere
from fieldtool.geometry import distance_m, point
from fieldtool.jsontypes import Json

TOKEN = "token:"
SAME_PLACE_M = 1.0
SLACK = timedelta(days=1)
"""Between our clock and the server's."""
OVERLAP = timedelta(minutes=10)
KEPT = ("category", "title", "description", "status", "geometry", "address")


class Open311Session:
    def __init__(self, access: Access, patience: Patience = PATIENCE) -> None:
        self._there = GeoReport(access, patience)
        self._codes: frozenset[str] | None = None
        self._made: dict[str, str] = {}
        self._perhaps: dict[str, str] = {}

    def close(self) -> None:
        self._there.close()

    def check(self) -> None:
        self._services()

    def _services(self) -> frozenset[str]:
        if self._codes is None:
            found = self._asked("services")
            self._codes = frozenset(code for one in found if (code := text_of(one.get("service_code"))))
        return self._codes

    def _asked(self, path: str) -> Sequence[Mapping[str, Json]]:
        try:
            return self._there.get(path)
        except RefusedThere as refused:
            raise self._there_error(refused) from None

    def _there_error(self, refused: RefusedThere) -> Exception:
        if refused.status == 404:
            return TargetNotFound(self._there.target)
        return RequestRejected(self._there.target, refused.status, None, "", refused.text)

    def remote_id(self, record: Record) -> str:
        return record.remote_id or self._made.get(record.entity_id, record.entity_id)

    def content(self, record: Record) -> Content:
        fields = record.fields
        if record.entity == "ticket_event":
            return {"text": fields["text"]} if "text" in fields else {}
        if "category" not in fields or "title" not in fields:
            # Of a change only the status can be told there.
            return {"status": self._kept_status(fields["status"])} if "status" in fields else {}
        content = {name: fields[name] for name in KEPT if fields.get(name) not in (None, "")}
        return {**content, "status": self._kept_status(fields.get("status", "open"))}

    def _kept_status(self, status: Json) -> Json:
        """Some servers know open and closed only."""
        return status if self._there.settings.extended or status == "closed" else "open"

    def lookup(self, records: Sequence[Record]) -> Mapping[str, Found]:
        found: dict[str, Found] = {}
        for record in records:
            there = self._event(record) if record.entity == "ticket_event" else self._ticket(record)
            if there is not None:
                found[record.entity_id] = there
        return found

    def _ticket(self, record: Record) -> Found | None:
        known = record.remote_id or self._made.get(record.entity_id)
        if known is not None and known.startswith(TOKEN):
            known = self._by_token(known.removeprefix(TOKEN))
            if known is None:
                return None
        request = self._there.request(known) if known is not None else self._by_mark(record)
        if request is None:
            return None
        return Found(
            request.id, self._told(request, record), _text(request.updated_at), facts=_facts(request)
        )

    def _told(self, request: Request, record: Record) -> Content:
        """What it does not tell, or not yet, is taken to be kept."""
        content = {**self.content(record), **self._content_of(request)}
        if wording.mark_of(request) is None:
            for name in ("title", "description"):
                if name in record.fields:
                    content[name] = record.fields[name] or None
        return content

    def _content_of(self, request: Request) -> dict[str, Json]:
        title, description = wording.texts_of(request)
        content: dict[str, Json] = {"status": self._kept_status(wording.status_of(request))}
        if request.service_code is not None:
            content["category"] = self._category(request.service_code)
        if title:
            content["title"] = title
        if description:
            content["description"] = description
        if request.lon is not None and request.lat is not None:
            content["geometry"] = dict(point(request.lon, request.lat))
        if request.address is not None:
            content["address"] = request.address
        return content

    def _category(self, code: str) -> str:
        ours = {there: here for here, there in self._there.settings.categories.items()}
        return ours.get(code, code)

    def _by_token(self, token: str) -> str | None:
        for item in self._asked(f"tokens/{token}"):
            identifier = text_of(item.get("service_request_id"))
            if identifier is not None:
                return identifier
        return None

    def _by_mark(self, record: Record) -> Request | None:
        """Among those made since we made ours. One that could be it, but hides its text, is remembered."""
        since = made_at(record.entity_id) - SLACK
        code = self._code(record)
        found = self._there.requests(since, datetime.now(UTC) + SLACK, service_code=code)
        marked = [request for request in found if wording.mark_of(request) == record.entity_id]
        if marked:
            return min(marked, key=_precedence)
        for request in found:
            if wording.mark_of(request) is None and self._could_be(request, record):
                self._perhaps[record.entity_id] = request.id
        return None

    def _could_be(self, request: Request, record: Record) -> bool:
        place = record.fields.get("geometry")
        if request.lon is None or request.lat is None or not isinstance(place, dict):
            return False
        readable = str(record.fields.get("title", "")) in (request.description or "")
        near = distance_m(point(request.lon, request.lat), place) <= SAME_PLACE_M
        since = made_at(record.entity_id) - OVERLAP
        later = request.requested_at is None or request.requested_at >= since
        return near and later and not (request.description and not readable and not _hidden(request))

    def _code(self, record: Record) -> str:
        category = str(record.fields.get("category"))
        return self._there.settings.categories.get(category, category)

    def _event(self, record: Record) -> Found | None:
        at = record.fields.get("at")
        update = self._update(record.entity_id, str(at)) if at is not None else None
        if update is None:
            return None
        return Found(update.id, {"text": update.text}, _text(update.at))

    def _update(self, identifier: str, at: str) -> Update | None:
        moment = datetime.fromisoformat(at)
        listed = self._updates(moment - SLACK, moment + SLACK)
        return next((one for one in listed if one.id == identifier), None)

    def _updates(self, start: datetime, end: datetime) -> Sequence[Update]:
        try:
            return self._there.updates(start, end)
        except RefusedThere as refused:
            raise self._there_error(refused) from None

    def create(self, records: Sequence[Record]) -> Sequence[Outcome]:
        return [
            self._comment(record) if record.entity == "ticket_event" else self._report(record)
            for record in records
        ]

    def _report(self, record: Record) -> Outcome:
        if record.remote_id is not None and record.remote_id.startswith(TOKEN):
            return Deferred(record.remote_id)
        if record.entity_id in self._perhaps:
            return Rejected("maybe_there", self._perhaps[record.entity_id])
        code = self._code(record)
        if code not in self._services():
            return Rejected("category_unknown", code)
        place = _place(record)
        if not place:
            return Rejected("place_missing")
        fields, by_attribute = record.fields, self._there.settings.marker == "attribute"
        mark = None if by_attribute else record.entity_id
        text = wording.description_of(str(fields["title"]), str(fields.get("description") or ""), mark)
        marked = {f"attribute[{wording.EXTERNAL_ID}]": record.entity_id} if by_attribute else {}
        try:
            answer = self._there.post(
                "requests", {"service_code": code, "description": text, **place, **marked}
            )
        except RefusedThere as refused:
            # It may have been done all the same; only looking there tells.
            made = self._by_mark(record)
            if made is None:
                return Rejected("refused_there", refused.text)
            self._made[record.entity_id] = made.id
            return Accepted(made.id)
        return self._receipt(record, answer)

    def _receipt(self, record: Record, answer: Sequence[Mapping[str, Json]]) -> Outcome:
        for one in answer:
            identifier, token = text_of(one.get("service_request_id")), text_of(one.get("token"))
            if identifier is None and token is not None:
                self._made[record.entity_id] = TOKEN + token
                return Deferred(TOKEN + token)
            if identifier is not None:
                self._made[record.entity_id] = identifier
                return Accepted(identifier)
        return Rejected("unspecified")

    def _comment(self, record: Record) -> Outcome:
        """With the status it has there: a remark neither closes nor opens anything."""
        ticket = record.references.get(str(record.fields["ticket_id"]))
        if ticket is None or ticket.startswith(TOKEN):
            return Rejected("reference_missing")
        at = str(record.fields["at"])
        if self._update(record.entity_id, at) is not None:
            return Exists(record.entity_id)
        request = self._there.request(ticket)
        if request is None:
            return Rejected("not_found", ticket)
        status = wording.status_of(request)
        return self._post_update(record.entity_id, ticket, status, at, str(record.fields["text"]))

    def _post_update(self, identifier: str, ticket: str, status: str, at: str, text: str) -> Outcome:
        form = {
            "update_id": identifier,
            "service_request_id": ticket,
            "status": self._there.settings.statuses[status],
            "updated_datetime": at,
            "description": text,
        }
        try:
            self._there.post("servicerequestupdates", form)
        except RefusedThere as refused:
            # Also what a server says to a repeat; only looking there tells.
            if self._update(identifier, at) is None:
                return Rejected("refused_there", refused.text)
            return Exists(identifier)
        return Accepted(identifier)

    def update(self, record: Record, write: Content, theirs: Content) -> Outcome:  # noqa: ARG002
        """The status, told by the event that belongs to it."""
        event = record.context.get("event")
        if not isinstance(event, dict) or record.remote_id is None:
            return Rejected("event_missing")
        outcome = self._post_update(
            str(event["id"]), record.remote_id, str(write["status"]), str(event["at"]), str(event["text"])
        )
        return Accepted(record.remote_id) if isinstance(outcome, Accepted | Exists) else outcome

    def delete(self, record: Record) -> Outcome:  # noqa: ARG002
        return Rejected("operation_not_supported")

    def pull(self, cursor: str | None) -> Iterator[Page]:
        """Requests can be asked for by the day they were made only, so those of the whole time are looked
        through; updates since the last time."""
        now = datetime.now(UTC)
        begin = now - timedelta(days=self._there.settings.pull_days)
        since = begin if cursor is None else datetime.fromisoformat(json.loads(cursor)["until"]) - OVERLAP
        known = cursor or json.dumps({"until": begin.isoformat()})
        requests = self._there_requests(begin, now + SLACK)
        yield Page([self._incoming(one) for one in requests], known)
        updates = self._updates(since, now + SLACK)
        yield Page([_incoming_event(one) for one in updates], json.dumps({"until": now.isoformat()}))

    def close_twin(self, remote_id: str, kept: str) -> bool:
        if self._there.request(kept) is None:
            return False
        identifier = str(uuid5(NAMESPACE_URL, f"{self._there.target}#{remote_id}"))
        now = datetime.now(UTC).isoformat()
        outcome = self._post_update(identifier, remote_id, "closed", now, wording.twin_of(kept))
        if isinstance(outcome, Rejected):
            raise RequestRejected(self._there.target, 400, None, "", outcome.detail)
        return True

    def _there_requests(self, start: datetime, end: datetime) -> Sequence[Request]:
        try:
            return self._there.requests(start, end)
        except RefusedThere as refused:
            raise self._there_error(refused) from None

    def _incoming(self, request: Request) -> Incoming:
        return Incoming(
            entity="ticket",
            remote_id=request.id,
            content=self._content_of(request),
            entity_id=wording.mark_of(request),
            modified_at=_text(request.updated_at),
        )


def _incoming_event(update: Update) -> Incoming:
    return Incoming(
        entity="ticket_event",
        remote_id=update.id,
        content={"text": update.text, "at": _text(update.at)},
        fields={"status": None if update.status is None else wording.READ.get(update.status)},
        entity_id=update.id if wording.UUID.fullmatch(update.id) else None,
        parent=update.request,
    )


def made_at(identifier: str) -> datetime:
    """A UUIDv7 begins with the milliseconds since 1970 (RFC 9562)."""
    return datetime.fromtimestamp((UUID(identifier).int >> 80) / 1000, UTC)


def _precedence(request: Request) -> tuple[bool, datetime, str]:
    """Of copies of one ticket the open one counts, then the first."""
    return request.coarse == "CLOSED", request.requested_at or datetime.max.replace(tzinfo=UTC), request.id


def _hidden(request: Request) -> bool:
    """A moderator has not read it yet: what is shown then is not what was sent."""
    return "prüfung" in (request.description or "").lower()


def _place(record: Record) -> dict[str, str]:
    place, address = record.fields.get("geometry"), record.fields.get("address")
    found: dict[str, str] = {}
    if isinstance(place, dict) and place.get("type") == "Point" and isinstance(place["coordinates"], list):
        lon, lat = place["coordinates"][:2]
        found = {"lat": str(lat), "long": str(lon)}
    return {**found, "address_string": address} if isinstance(address, str) and address else found


def _facts(request: Request) -> dict[str, Json]:
    return {"service_request_id": request.id, "status": request.status}


def _text(at: datetime | None) -> str | None:
    return None if at is None else at.astimezone(UTC).isoformat()


CONNECTOR = Connector(
    name="open311",
    handles=frozenset({"ticket", "ticket_event"}),
    batch=1,
    open=Open311Session,
    pulls=frozenset({"ticket", "ticket_event"}),
)
