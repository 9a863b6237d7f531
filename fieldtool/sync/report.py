"""What a sync did at one target, and what waits there."""

from __future__ import annotations

from dataclasses import dataclass

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

    def document(self) -> dict[str, Json]:
        records: list[Json] = [{"entity": entity, "id": entity_id} for entity, entity_id in self.records]
        return {
            "operation_id": self.operation_id,
            "kind": self.kind,
            "reason": self.reason,
            "records": records,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncReport:
    """`sent` and `accepted` count operations of this run; the rest is how things stand after it."""

    target: Target
    sent: int
    accepted: int
    rejected: tuple[Standing, ...]
    conflicts: tuple[Standing, ...]
    waiting: int
    pending: int
    stopped_by: ExpectedError | None = None


REASONS = {
    "already_exists": N_("a record with this id is there already"),
    "attributes_not_updated": N_("the platform did not take all attributes"),
    "bad_request_data": N_("the platform does not accept these data"),
    "changed_on_both_sides": N_("changed here and on the platform"),
    "changed_there_deleted_here": N_("deleted here, changed on the platform"),
    "class_changed": N_("the class of a record cannot be changed on the platform"),
    "class_unknown": N_("the class of the record is not known"),
    "context_not_available": N_("the platform cannot load the context"),
    "datastream_missing": N_("the series of the observation is not there any more"),
    "deleted_there": N_("changed here, deleted on the platform"),
    "depends_on": N_("waits for an earlier change"),
    "exists_with_other_content": N_("the platform has this record with other content"),
    "invalid_request": N_("the platform does not understand the request"),
    "not_found": N_("the record is not on the platform"),
    "not_kept": N_("the platform did not keep what was written"),
    "operation_not_supported": N_("the platform cannot do this"),
    "reference_missing": N_("the record it belongs to is not on the platform"),
    "unspecified": N_("the platform gave no reason"),
}


def reason_text(reason: str) -> str:
    """For people; a code that is not known here is shown as it is."""
    return _(REASONS[reason]) if reason in REASONS else reason
