"""What a connector is: one platform interface seen as records with fields.

A connector speaks in the fields of the domain, flattened one level ("attributes.height"), as far as its
target keeps them: that is a Content. Only the connector knows how these look on the wire.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
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
    is known already."""

    entity: str
    entity_id: str
    fields: Mapping[str, Json] = field(default_factory=dict)
    context: Mapping[str, Json] = field(default_factory=dict)
    references: Mapping[str, str] = field(default_factory=dict)
    remote_id: str | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """A record as the target has it now. `modified_at` as the target says it."""

    remote_id: str
    content: Content
    modified_at: str | None = None


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


Outcome = Accepted | Exists | Missing | Rejected


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    url: str
    tenant: str | None = None
    options: Mapping[str, Json] = field(default_factory=dict)
    token: Secret | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Connector:
    """`name` is the target type of the command line; `handles` the entities it can carry; `batch` the most
    records of one `create`."""

    name: str
    handles: frozenset[str]
    batch: int
    open: Callable[[Access], Session]
