"""NGSI-LD (ETSI GS CIM 009): assets, devices and observations as Smart Data Models entities.

The context is either the core context (nothing is said) or the one named in the target's options, sent as
Link header with every request and never in a body.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import parse_qsl, quote, urlsplit

from requests.utils import parse_header_links

from fieldtool.connectors.connector import (
    Accepted,
    Access,
    Connector,
    Content,
    Found,
    Outcome,
    Record,
)
from fieldtool.connectors.errors import (
    ConnectorError,
    RequestRejected,
    ServerFailed,
    TargetNotFound,
    TenantUnknown,
    Unexpected,
    UnexpectedAnswer,
)
from fieldtool.connectors.http import PATIENCE, Answer, HttpSession, Patience, checked_url
from fieldtool.connectors.ngsi_ld.answers import batch_outcomes, refusal, update_outcome
from fieldtool.connectors.ngsi_ld.entities import Mapped, content, decode, encode, encode_value, mapped
from fieldtool.connectors.ngsi_ld.values import Entity, read_entity
from fieldtool.jsontypes import Json

BASE = "/ngsi-ld/v1"
LOOKUP = 50
"""Ids of one query: some 90 characters each, and addresses above 8 KB are refused by common servers."""
CONTEXT_LINK = '<{}>; rel="http://www.w3.org/ns/json-ld#context"; type="application/ld+json"'


class NgsiLdSession:
    def __init__(self, access: Access, patience: Patience = PATIENCE) -> None:
        url = checked_url(access.url)
        headers = {"NGSILD-Tenant": access.tenant} if access.tenant else {}
        context = access.options.get("context")
        if isinstance(context, str):
            headers["Link"] = CONTEXT_LINK.format(context)
        self._tenant = access.tenant
        self._http = HttpSession(url if url.endswith(BASE) else url + BASE, access.token, headers, patience)

    def close(self) -> None:
        self._http.close()

    def check(self) -> None:
        answer = self._ask("GET", "/entities", params={"type": "Device", "limit": "1"})
        if not isinstance(answer.body, list):
            raise UnexpectedAnswer(self._http.target, Unexpected.WRONG_SHAPE)

    def remote_id(self, record: Record) -> str:
        return record.remote_id or mapped(record).remote_id

    def content(self, record: Record) -> Content:
        return content(mapped(record))

    def lookup(self, records: Sequence[Record]) -> Mapping[str, Found]:
        by_type: dict[str, dict[str, Mapped]] = {}
        for record in records:
            one = mapped(record)
            by_type.setdefault(one.model.type, {})[one.remote_id] = one
        found: dict[str, Found] = {}
        for kind, wanted in by_type.items():
            ids = list(wanted)
            for start in range(0, len(ids), LOOKUP):
                for entity in self._entities(kind, ids[start : start + LOOKUP]):
                    if entity.id in wanted:
                        one = wanted[entity.id]
                        found[one.record.entity_id] = Found(
                            entity.id, decode(one, entity), entity.modified_at
                        )
        return found

    def create(self, records: Sequence[Record]) -> Sequence[Outcome]:
        ones = [mapped(record) for record in records]
        if len(ones) == 1:
            return [self._create(ones[0])]
        entities: list[Json] = [encode(one) for one in ones]
        try:
            answer = self._ask("POST", "/entityOperations/create", body=entities)
        except (RequestRejected, TargetNotFound):
            # Refused as a whole, or no batches here: each gets its own outcome.
            return [self._create(one) for one in ones]
        except ServerFailed as error:
            if error.status != 501:
                raise
            return [self._create(one) for one in ones]
        return batch_outcomes(self._http.target, answer, [one.remote_id for one in ones])

    def update(self, record: Record, write: Content, theirs: Content) -> Outcome:
        """PATCH changes only attributes that are there (5.6.2), POST adds those that are not (5.6.3)."""
        one = mapped(record)
        path = f"/entities/{quote(one.remote_id, safe='')}/attrs"
        present: dict[str, Json] = {}
        absent: dict[str, Json] = {}
        cleared: list[str] = []
        for field, value in write.items():
            term = one.model.term(field)
            if term is not None and value is None:
                cleared.append(term.name)
            elif term is not None:
                place = absent if theirs.get(field) is None else present
                place[term.name] = encode_value(one, term, value)
        try:
            for method, attributes in (("PATCH", present), ("POST", absent)):
                if attributes:
                    outcome = update_outcome(one.remote_id, self._ask(method, path, body=attributes))
                    if not isinstance(outcome, Accepted):
                        return outcome
            for name in cleared:
                self._clear(f"{path}/{name}")
        except RequestRejected as error:
            return refusal(one.remote_id, error)
        return Accepted(one.remote_id)

    def _clear(self, path: str) -> None:
        try:
            self._ask("DELETE", path)
        except RequestRejected as error:
            if error.problem != "ResourceNotFound":
                raise

    def delete(self, record: Record) -> Outcome:
        remote_id = self.remote_id(record)
        try:
            self._ask("DELETE", f"/entities/{quote(remote_id, safe='')}")
        except RequestRejected as error:
            return refusal(remote_id, error)
        return Accepted(remote_id)

    def _create(self, one: Mapped) -> Outcome:
        try:
            self._ask("POST", "/entities", body=encode(one))
        except RequestRejected as error:
            return refusal(one.remote_id, error)
        return Accepted(one.remote_id)

    def _entities(self, kind: str, ids: Sequence[str]) -> Iterator[Entity]:
        """Follows `next` links. A query by ids alone is not allowed (5.7.2), hence the type."""
        params = {"id": ",".join(ids), "type": kind, "limit": str(LOOKUP), "options": "sysAttrs"}
        for _page in range(len(ids) + 1):
            answer = self._ask("GET", "/entities", params=params)
            if not isinstance(answer.body, list):
                raise UnexpectedAnswer(self._http.target, Unexpected.WRONG_SHAPE)
            for document in answer.body:
                entity = read_entity(document)
                if entity is None:
                    raise UnexpectedAnswer(self._http.target, Unexpected.WRONG_SHAPE)
                yield entity
            following = next_page(answer)
            if following is None:
                return
            params = following
        raise UnexpectedAnswer(self._http.target, Unexpected.WRONG_SHAPE)

    def _ask(
        self, method: str, path: str, *, params: Mapping[str, str] | None = None, body: Json = None
    ) -> Answer:
        try:
            return self._http.ask(method, path, params=params, body=body)
        except RequestRejected as error:
            raise self._as_tenant(error) from None

    def _as_tenant(self, error: RequestRejected) -> ConnectorError:
        if error.problem == "NonexistentTenant":
            return TenantUnknown(error.target, self._tenant)
        return error


def next_page(answer: Answer) -> dict[str, str] | None:
    """The query of the next page. Only the query: behind a gateway the link may name an inner host, and a
    token goes to the target's own address only."""
    for link in parse_header_links(answer.headers.get("link", "")):
        if link.get("rel") == "next":
            return dict(parse_qsl(urlsplit(link["url"]).query))
    return None


CONNECTOR = Connector(
    name="ngsi-ld",
    handles=frozenset({"asset", "device", "observation"}),
    batch=1000,
    open=NgsiLdSession,
)
