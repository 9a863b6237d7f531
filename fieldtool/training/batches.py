"""/entityOperations/create, upsert, update and delete: an outcome for every entity (5.6.7 to 5.6.10).

A batch is one transaction; an entity that is refused leaves the others alone. The same id twice in a batch
comes in the order of the array (4.6.6).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fieldtool.training import changes, content, querying
from fieldtool.training.database import Work
from fieldtool.training.entities import created, found, modified, replaced
from fieldtool.training.entity_rules import checked_id
from fieldtool.training.platform import Platform
from fieldtool.training.values import bad
from fieldtool.training.wire import Answer, Asked, Kind, Refused, json_answer, no_content, problem

# What is done with one item of the array; True where it made a new entity.
One = Callable[[Work, str, Any], bool]


class Outcomes:
    """BatchOperationResult, 5.2.16."""

    def __init__(self) -> None:
        self.created: list[str] = []
        self.success: list[str] = []
        self.errors: list[dict[str, Any]] = []

    def answer(self) -> Answer:
        if self.errors:
            return json_answer(207, {"success": self.success, "errors": self.errors})
        return json_answer(201, self.created) if self.created else no_content()


def create(platform: Platform, asked: Asked, tenant: str) -> Answer:
    querying.parameters(asked.query, set())
    return _each_entity(platform, asked, tenant, _create)


def _create(work: Work, tenant: str, document: Any) -> bool:
    created(work, tenant, document)
    return True


def upsert(platform: Platform, asked: Asked, tenant: str) -> Answer:
    options = querying.parameters(asked.query, {"options"}).get("options", "replace")
    if options not in ("replace", "update"):
        raise problem(Kind.INVALID_REQUEST, "options: replace or update")

    def one(work: Work, tenant: str, document: Any) -> bool:
        before = work.entity(tenant, checked_id(document.get("id")))
        if before is None:
            return _create(work, tenant, document)
        if options == "replace":
            work.put(tenant, replaced(before, document))
        else:
            _append(work, tenant, document, overwrite=True)
        return False

    return _each_entity(platform, asked, tenant, one)


def update(platform: Platform, asked: Asked, tenant: str) -> Answer:
    options = querying.parameters(asked.query, {"options"}).get("options", "")
    if options not in ("", "noOverwrite"):
        raise problem(Kind.INVALID_REQUEST, "options: noOverwrite")

    def one(work: Work, tenant: str, document: Any) -> bool:
        _append(work, tenant, document, overwrite=options == "")
        return False

    return _each_entity(platform, asked, tenant, one)


def _append(work: Work, tenant: str, document: Any, *, overwrite: bool) -> None:
    """5.6.9: as appending attributes, 5.6.3."""
    before = found(work, tenant, document.get("id"))
    changed = modified(
        work,
        tenant,
        before,
        document,
        lambda old, given, moment: changes.append(old, given, moment, overwrite=overwrite),
    )
    if changed.not_updated:
        raise bad("; ".join(f"{name}: {reason}" for name, reason in changed.not_updated.items()))


def delete(platform: Platform, asked: Asked, tenant: str) -> Answer:
    querying.parameters(asked.query, set())
    content.media_type(asked)
    identifiers = checked_array(content.parsed(content.unpacked(asked)))
    outcomes = Outcomes()
    with platform.database.transaction() as work:
        for identifier in identifiers:
            try:
                if not work.delete(tenant, checked_id(identifier)):
                    raise problem(Kind.NOT_FOUND, identifier)
                outcomes.success.append(identifier)
            except Refused as refused:
                outcomes.errors.append({"entityId": str(identifier), "error": refused.document})
    return outcomes.answer()


def _each_entity(platform: Platform, asked: Asked, tenant: str, one: One) -> Answer:
    kind = content.media_type(asked)
    documents = checked_array(content.parsed(content.unpacked(asked)))
    outcomes = Outcomes()
    with platform.database.transaction() as work:
        for document in documents:
            _outcome(work, asked, tenant, (kind, document), one, outcomes)
    return outcomes.answer()


def _outcome(
    work: Work, asked: Asked, tenant: str, item: tuple[str, Any], one: One, outcomes: Outcomes
) -> None:
    kind, document = item
    identifier = str(document.get("id", "")) if isinstance(document, dict) else ""
    try:
        if not isinstance(document, dict):
            raise bad("not a JSON object")
        if one(work, tenant, content.in_context(asked, kind, document)):
            outcomes.created.append(identifier)
        outcomes.success.append(identifier)
    except Refused as refused:
        outcomes.errors.append({"entityId": identifier, "error": refused.document})


def checked_array(body: Any) -> list[Any]:
    """5.6.7.4: an empty array, or a null in it, fails as a whole."""
    if not isinstance(body, list) or not body or None in body:
        raise bad("the body is a JSON array, not empty and without null (5.6.7.4)")
    return body
