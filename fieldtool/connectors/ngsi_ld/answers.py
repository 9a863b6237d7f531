"""What the answers to writing mean (ETSI GS CIM 009, 5.2.16 BatchOperationResult, 5.2.18 UpdateResult)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fieldtool.connectors.connector import Accepted, Exists, Missing, Outcome, Rejected
from fieldtool.connectors.errors import RequestRejected, Unexpected, UnexpectedAnswer
from fieldtool.connectors.http import Answer, problem_of

REASONS = {
    "AlreadyExists": "already_exists",
    "BadRequestData": "bad_request_data",
    "InvalidRequest": "invalid_request",
    "OperationNotSupported": "operation_not_supported",
    "ResourceNotFound": "not_found",
    "LdContextNotAvailable": "context_not_available",
}


def batch_outcomes(target: str, answer: Answer, remote_ids: Sequence[str]) -> list[Outcome]:
    """One per id. A record of which the answer says nothing counts as accepted: reading back decides."""
    if answer.status != 207:
        return [Accepted(remote_id) for remote_id in remote_ids]
    errors = answer.body.get("errors") if isinstance(answer.body, dict) else None
    if not isinstance(errors, list):
        raise UnexpectedAnswer(target, Unexpected.WRONG_SHAPE)
    by_id = {error["entityId"]: error for error in errors if isinstance(error, dict) and "entityId" in error}
    return [_of_error(remote_id, by_id.get(remote_id)) for remote_id in remote_ids]


def update_outcome(remote_id: str, answer: Answer) -> Outcome:
    """207 of an update names the attributes it did not take."""
    body = answer.body
    left = body.get("notUpdated") if answer.status == 207 and isinstance(body, dict) else None
    if not isinstance(left, list) or not left:
        return Accepted(remote_id)
    names = [str(one.get("attributeName")) if isinstance(one, dict) else str(one) for one in left]
    return Rejected("attributes_not_updated", ", ".join(names))


def refusal(remote_id: str, error: RequestRejected) -> Outcome:
    """A record that was refused on its own."""
    if error.problem == "AlreadyExists" or error.status == 409:
        return Exists(remote_id)
    if error.problem == "ResourceNotFound":
        return Missing(remote_id)
    return Rejected(REASONS.get(error.problem or "", f"status_{error.status}"), error.detail or error.title)


def _of_error(remote_id: str, error: Mapping[str, Any] | None) -> Outcome:
    if error is None:
        return Accepted(remote_id)
    details = error.get("error")
    if not isinstance(details, dict):
        # Early brokers sent bare texts; whether it is there already, looking shows.
        return Rejected("unspecified", str(details)[:500])
    problem = problem_of(details)
    if problem.type == "AlreadyExists" or details.get("status") == 409:
        return Exists(remote_id)
    return Rejected(REASONS.get(problem.type or "", "unspecified"), problem.detail or problem.title)
