"""What a connector is: one platform interface seen as records with fields.

A connector speaks in the fields of the domain, flattened one level ("attributes.height"), as far as its
target keeps them: that is a Content. Only the connector knows how these look on the wire.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from drivers.secret import Secret
from fieldtool.jsontypes import Json

Content = Mapping[str, Json]


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """`fields` are those of the journal, all of them or only the changed ones. `context` is what the mapping
    needs besides: "asset_class"; "observed_property", "unit", "device_id"; "observed_properties".
    `references` are the remote ids of the records it points to, by local id; `remote_id` its own where it
    is known already. `secrets` by name ("app_key" of a registration), for the wire only."""

    entity: str
    entity_id: str
    fields: Mapping[str, Json] = field(default_factory=dict)
    context: Mapping[str, Json] = field(default_factory=dict)
    references: Mapping[str, str] = field(default_factory=dict)
    remote_id: str | None = None
    secrets: Mapping[str, Secret] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Found:
    """A record as the target has it now. `modified_at` as the target says it. `ours` is False where somebody
    else may have made it, or where an attempt of ours left it half done: then creating it again compares and
    completes. `facts` is what the target says besides, kept in the receipt (activation, link)."""

    remote_id: str
    content: Content
    modified_at: str | None = None
    ours: bool = True
    facts: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Accepted:
    """The target says so; only reading back shows that it is."""

    remote_id: str


@dataclass(frozen=True, slots=True)
class Exists:
    remote_id: str


@dataclass(frozen=True, slots=True)
class Missing:
    remote_id: str


@dataclass(frozen=True, slots=True)
class Rejected:
    """`reason` is a code, `detail` what the target said about it."""

    reason: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Deferred:
    """Taken, but not decided yet (a token of Open311). The next attempt has `remote_id` in its record."""

    remote_id: str


Outcome = Accepted | Exists | Missing | Rejected | Deferred


class Session(Protocol):
    """One connection to a target. Every method but `content` and `remote_id` may raise a ConnectorError;
    after one raised, it is unknown what the target has done."""

    def check(self) -> None:
        """Address, login and tenant are right. Changes nothing."""

    def remote_id(self, record: Record) -> str: ...

    def content(self, record: Record) -> Content:
        """What the target will keep of the record's fields. Raises Unmappable."""

    def lookup(self, records: Sequence[Record]) -> Mapping[str, Found]:
        """By local id, those that are there."""

    def create(self, records: Sequence[Record]) -> Sequence[Outcome]:
        """One outcome per record, in their order."""

    def update(self, record: Record, write: Content, theirs: Content) -> Outcome:
        """Writes the given fields only; None clears one. `theirs` is what was looked up just before."""

    def delete(self, record: Record) -> Outcome: ...

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Incoming:
    """A record as the target tells it in a pull. `entity_id` is our own id where it shows that we made it;
    `content` as in `Found`, `fields` what only a new local record needs besides. `parent` is the remote id of
    the ticket that a ticket_event belongs to."""

    entity: str
    remote_id: str
    content: Content
    fields: Mapping[str, Json] = field(default_factory=dict)
    entity_id: str | None = None
    parent: str | None = None
    modified_at: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """A part of a pull: parents before what belongs to them. `cursor` is where to go on once all of it is
    stored, meaningful only to its connector."""

    records: Sequence[Incoming]
    cursor: str


class PullingSession(Session, Protocol):
    def pull(self, cursor: str | None) -> Iterator[Page]:
        """What was changed there since `cursor`, None: as far back as the connector's options say. Telling
        a record twice does no harm. Raises ConnectorError."""

    def close_twin(self, remote_id: str, kept: str) -> bool:
        """`remote_id` is a second copy of `kept`, made by whoever repeated our request on its way: closes it
        there and says why, unless `kept` is not there. Doing so again does no harm. Raises ConnectorError."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    url: str
    tenant: str | None = None
    options: Mapping[str, Json] = field(default_factory=dict)
    token: Secret | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Connector:
    """`name` is the target type of the command line; `handles` the entities it can carry; `batch` the most
    records of one `create`; `pulls` the entities whose changes it can ask for (its session is a
    PullingSession)."""

    name: str
    handles: frozenset[str]
    batch: int
    open: Callable[[Access], Session]
    pulls: frozenset[str] = frozenset()
