"""What a sync did at one target, and what waits there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TypeGuard

from drivers.errors import ExpectedError
from fieldtool.delivery import Target
from fieldtool.jsontypes import Json
from fieldtool.texts import N_, _


@dataclass(frozen=True, slots=True)
class Standing:
    """An operation that a person has to look at."""

    operation_id: str
    kind: str
    reason: str
    records: tuple[tuple[str, str], ...]
    said: tuple[Mapping[str, Json], ...] = ()
    """The details of the receipts that refused it: what the platform said, or the fields side by side."""

    @property
    def fields(self) -> list[Mapping[str, Json]]:
        """Of a conflict: field, base, mine, theirs."""
        listed = [one["fields"] for one in self.said if isinstance(one.get("fields"), list)]
        return [
            field for fields in listed if isinstance(fields, list) for field in fields if is_mapping(field)
        ]

    def document(self) -> dict[str, Json]:
        records: list[Json] = [{"entity": entity, "id": entity_id} for entity, entity_id in self.records]
        fields: list[Json] = [dict(field) for field in self.fields]
        return {
            "operation_id": self.operation_id,
            "kind": self.kind,
            "reason": self.reason,
            "message": reason_text(self.reason),
            "advice": advice_text(self.reason),
            "text": "; ".join(str(one["text"]) for one in self.said if one.get("text")),
            "records": records,
            "fields": fields,
        }


def is_mapping(value: Json) -> TypeGuard[Mapping[str, Json]]:
    return isinstance(value, dict)


@dataclass(frozen=True, slots=True)
class Twin:
    """Another request there for one ticket of ours, closed there in favour of `kept`."""

    ticket_id: str
    remote_id: str
    kept: str

    def document(self) -> dict[str, Json]:
        return {"ticket_id": self.ticket_id, "remote_id": self.remote_id, "kept": self.kept}


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncReport:
    """`sent` and `accepted` count operations of this run, `pulled` the records that came from there, `twins`
    what was there twice; the rest is how things stand after it."""

    target: Target
    sent: int
    accepted: int
    rejected: tuple[Standing, ...]
    conflicts: tuple[Standing, ...]
    waiting: int
    pending: int
    stopped_by: ExpectedError | None = None
    pulled: int = 0
    orphans: int = 0
    twins: tuple[Twin, ...] = ()

    def followed_by(self, later: SyncReport) -> SyncReport:
        """Both runs as one."""
        return replace(
            later,
            sent=self.sent + later.sent,
            accepted=self.accepted + later.accepted,
            pulled=self.pulled + later.pulled,
            orphans=later.orphans,
            twins=self.twins + later.twins,
        )


REASONS = {
    "already_exists": N_("a record with this id is there already"),
    "attributes_not_updated": N_("the platform did not take all attributes"),
    "bad_request_data": N_("the platform does not accept these data"),
    "category_unknown": N_("the platform does not know this category"),
    "changed_on_both_sides": N_("changed here and on the platform"),
    "changed_there_deleted_here": N_("deleted here, changed on the platform"),
    "class_changed": N_("the class of a record cannot be changed on the platform"),
    "class_unknown": N_("the class of the record is not known"),
    "context_not_available": N_("the platform cannot load the context"),
    "datastream_missing": N_("the series of the observation is not there any more"),
    "device_profile_unknown": N_("the network server has no device profile for this device type"),
    "deleted_there": N_("changed here, deleted on the platform"),
    "depends_on": N_("waits for an earlier change"),
    "event_missing": N_("nothing was said to this change"),
    "exists_with_other_content": N_("the platform has this record with other content"),
    "invalid_request": N_("the platform does not understand the request"),
    "key_missing": N_("the key of the device is not in the vault"),
    "lorawan_version_unsupported": N_("devices of this LoRaWAN version cannot be registered"),
    "maybe_there": N_("the platform may have it already, but hides its text"),
    "not_decided_there": N_("the platform has taken it and not decided yet"),
    "not_found": N_("the record is not on the platform"),
    "not_kept": N_("the platform did not keep what was written"),
    "operation_not_supported": N_("the platform cannot do this"),
    "other_target": N_("waits until the device is known at the other platforms"),
    "place_missing": N_("it has neither a place nor an address"),
    "reference_missing": N_("the record it belongs to is not on the platform"),
    "refused_there": N_("the platform refused it"),
    "server_failed": N_("the platform fails at this record, and takes others"),
    "unspecified": N_("the platform gave no reason"),
}


CORRECT = N_("Correct the record here, or ask who runs the platform; then try again with --retry.")
ASK = N_("Ask who runs the platform; then try again with --retry.")
COMPARE = N_("Compare both sides with whoever changed it there; what is right, enter here or there.")
WAIT = N_("Nothing is to be done here; it goes out by itself.")
ADVICE = {
    "application_unknown": ASK,
    "category_unknown": N_(
        "Map the category with --option categories=…, or have it set up there; then --retry."
    ),
    "changed_on_both_sides": COMPARE,
    "changed_there_deleted_here": COMPARE,
    "deleted_there": COMPARE,
    "depends_on": WAIT,
    "device_profile_unknown": N_(
        "Have a device profile set up there and name it with --option device_profile=…; then --retry."
    ),
    "exists_with_other_content": COMPARE,
    "key_missing": N_("Commission the device again: its key is read or made anew."),
    "lorawan_version_unsupported": ASK,
    "maybe_there": N_(
        "Look there: if the request is yours, close the ticket here; if not, try again with --retry."
    ),
    "not_decided_there": WAIT,
    "other_target": N_("Look at the other platform first: what is refused there holds this up."),
    "place_missing": N_("Give the ticket a place or an address; then try again with --retry."),
    "reference_missing": WAIT,
}


def advice_text(reason: str) -> str:
    """What to do next."""
    return _(ADVICE.get(reason, CORRECT))


def reason_text(reason: str) -> str:
    """For people; a code that is not known here is shown as it is."""
    return _(REASONS[reason]) if reason in REASONS else reason
