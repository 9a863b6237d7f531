"""/entities, /entities/{id}, /entities/{id}/attrs and /entities/{id}/attrs/{name} (6.4 to 6.7)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from fieldtool.training import changes, content, querying
from fieldtool.training.attribute_rules import Changes
from fieldtool.training.database import Row, Work, now
from fieldtool.training.entity_rules import (
    NO_ATTRIBUTES,
    added_types,
    checked_entity,
    checked_fragment_changes,
    checked_id,
)
from fieldtool.training.platform import Platform
from fieldtool.training.representing import represented
from fieldtool.training.values import bad, is_uri
from fieldtool.training.wire import Answer, Asked, Kind, json_answer, no_content, problem

BASE = "/ngsi-ld/v1/entities"
Modify = Callable[[changes.Attributes, dict[str, Changes], str], changes.Changed]


def create(platform: Platform, asked: Asked, tenant: str) -> Answer:
    """5.6.1."""
    querying.parameters(asked.query, set())
    document = content.document(asked)
    with platform.database.transaction() as work:
        row = created(work, tenant, document)
    return Answer(201, headers={"Location": f"{BASE}/{quote(row.id, safe=':')}"})


def created(work: Work, tenant: str, document: dict[str, Any]) -> Row:
    entity = checked_entity(document)
    if work.entity(tenant, entity.id) is not None:
        raise problem(Kind.ALREADY_EXISTS, entity.id)
    moment = now()
    attributes = changes.new(entity.attributes, moment)
    row = Row(entity.id, entity.types, attributes, document.get("@context"), moment, moment)
    work.put(tenant, row)
    return row


def query(platform: Platform, asked: Asked, tenant: str) -> Answer:
    """5.7.2."""
    kind = content.accepted(asked)
    given = querying.parameters(asked.query, querying.PARAMETERS)
    view = querying.view(given)
    wanted = querying.parse(given, tenant)
    with platform.database.transaction() as work:
        page = querying.page(work, wanted)
    links = querying.page_links(asked.path, given, wanted, page.total)
    headers = {"NGSILD-Results-Count": str(page.total)} if wanted.count else {}
    documents = [represented(row, view) for row in page.rows]
    if kind == content.LD_JSON:
        for document, row in zip(documents, page.rows, strict=True):
            document["@context"] = context(asked, row)
    else:
        links.insert(0, content.context_link(link_target(content.linked_context(asked.headers))))
    return json_answer(200, documents, {**headers, "Content-Type": kind, **_linked(links)})


def retrieve(platform: Platform, asked: Asked, tenant: str) -> Answer:
    """5.7.1."""
    kind = content.accepted(asked)
    given = querying.parameters(asked.query, {*querying.VIEW_PARAMETERS, "type", "local"})
    view = querying.view(given)
    with platform.database.transaction() as work:
        row = found(work, tenant, asked.segments[3], given.get("type"))
    if view.attributes is not None and not view.attributes & set(row.attributes):
        raise problem(Kind.NOT_FOUND, f"{row.id} has none of these attributes")
    document = represented(row, view)
    if kind == content.LD_JSON:
        return json_answer(200, document | {"@context": context(asked, row)}, {"Content-Type": kind})
    return json_answer(200, document, _linked([content.context_link(link_target(context(asked, row)))]))


def replace_entity(platform: Platform, asked: Asked, tenant: str) -> Answer:
    """5.6.18: createdAt of the entity stays."""
    given = querying.parameters(asked.query, {"type"})
    identifier = checked_id(asked.segments[3])
    document = content.document(asked)
    if document.setdefault("id", identifier) != identifier:
        raise bad(f"id: {document['id']!r} is not the entity's id {identifier}")
    with platform.database.transaction() as work:
        before = found(work, tenant, identifier, given.get("type"))
        work.put(tenant, replaced(before, document))
    return no_content()


def replaced(before: Row, document: dict[str, Any]) -> Row:
    entity = checked_entity(document)
    moment = now()
    attributes = changes.new(entity.attributes, moment)
    return Row(before.id, entity.types, attributes, document.get("@context"), before.created_at, moment)


def merge(platform: Platform, asked: Asked, tenant: str) -> Answer:
    """5.6.17."""
    given = querying.parameters(asked.query, {"type"})
    identifier = checked_id(asked.segments[3])
    document = content.document(asked, content.MERGE_PATCH)
    fragment = {name: value for name, value in document.items() if name not in NO_ATTRIBUTES}
    with platform.database.transaction() as work:
        before = found(work, tenant, identifier, given.get("type"))
        moment = now()
        attributes = changes.merge(before.attributes, fragment, moment)
        work.put(tenant, _changed(before, attributes, document, moment))
    return no_content()


def append(platform: Platform, asked: Asked, tenant: str) -> Answer:
    """5.6.3."""
    overwrite = "noOverwrite" not in querying.parameters(asked.query, {"options", "type"}).get("options", "")
    return _modify(
        platform,
        asked,
        tenant,
        lambda before, given, moment: changes.append(before, given, moment, overwrite=overwrite),
    )


def update(platform: Platform, asked: Asked, tenant: str) -> Answer:
    """5.6.2."""
    return _modify(platform, asked, tenant, changes.update)


def _modify(platform: Platform, asked: Asked, tenant: str, modify: Modify) -> Answer:
    parameters = querying.parameters(asked.query, {"options", "type"})
    identifier = checked_id(asked.segments[3])
    document = content.document(asked)
    with platform.database.transaction() as work:
        before = found(work, tenant, identifier, parameters.get("type"))
        changed = modified(work, tenant, before, document, modify)
    return no_content() if not changed.not_updated else json_answer(207, changed.result())


def modified(
    work: Work, tenant: str, before: Row, document: dict[str, Any], modify: Modify
) -> changes.Changed:
    moment = now()
    changed = modify(before.attributes, checked_fragment_changes(document), moment)
    work.put(tenant, _changed(before, changed.attributes, document, moment))
    return changed


def _changed(before: Row, attributes: changes.Attributes, document: dict[str, Any], moment: str) -> Row:
    types = list(dict.fromkeys([*before.types, *added_types(document, before.id)]))
    after = replace(before, types=types, attributes=attributes)
    if after == before:
        return before
    return replace(after, modified_at=moment)


def delete(platform: Platform, asked: Asked, tenant: str) -> Answer:
    """5.6.6."""
    given = querying.parameters(asked.query, {"type"})
    identifier = checked_id(asked.segments[3])
    with platform.database.transaction() as work:
        found(work, tenant, identifier, given.get("type"))
        work.delete(tenant, identifier)
    return no_content()


def delete_attribute(platform: Platform, asked: Asked, tenant: str) -> Answer:
    """5.6.5: without parameters the default instance."""
    given = querying.parameters(asked.query, {"datasetId", "deleteAll", "type"})
    name, dataset = asked.segments[5], given.get("datasetId", "")
    if dataset and not is_uri(dataset):
        raise bad(f"datasetId: {dataset!r} is no URI")
    with platform.database.transaction() as work:
        before = found(work, tenant, checked_id(asked.segments[3]), given.get("type"))
        instances = dict(before.attributes.get(name, {}))
        if given.get("deleteAll") == "true" and instances:
            instances = {}
        elif instances.pop(dataset, None) is None:
            raise problem(Kind.NOT_FOUND, f"{before.id} has no {name} of this datasetId")
        attributes = changes.without_empty({**before.attributes, name: instances})
        work.put(tenant, replace(before, attributes=attributes, modified_at=now()))
    return no_content()


def found(work: Work, tenant: str, identifier: str, kind: str | None = None) -> Row:
    """`kind`: the entity counts only if it has this type (4.17). Raises Refused."""
    row = work.entity(tenant, checked_id(identifier))
    if row is None or (kind is not None and not set(kind.split(",")) & set(row.types)):
        raise problem(Kind.NOT_FOUND, identifier)
    return row


def context(asked: Asked, row: Row) -> Any:
    """The one the request names; else, as nothing is expanded here, the one it was written with."""
    return content.linked_context(asked.headers) or row.context


def link_target(written: Any) -> str:
    """A Link header has room for one URI."""
    parts: Sequence[Any] = written if isinstance(written, list) else [written]
    return next((part for part in parts if isinstance(part, str)), content.CORE_CONTEXT)


def _linked(links: list[str]) -> dict[str, str]:
    return {"Link": ", ".join(links)} if links else {}
