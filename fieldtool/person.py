"""Who works with a profile, and in which role."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from fieldtool.errors import CoreError
from fieldtool.ids import new_id
from fieldtool.operation import Actor, Role
from fieldtool.profile import Profile, sign
from fieldtool.store import profile_rows

STAFF: tuple[Role, ...] = ("technik", "bestand")


@dataclass(eq=False)
class RoleLocked(CoreError):
    role: str


@dataclass(eq=False)
class NameMissing(CoreError):
    pass


def set_person(
    profile: Profile, *, name: str | None = None, initials: str | None = None, role: Role | None = None
) -> Actor:
    """Who works here from the next opening on. Another name is another person: what was done before stays
    with whoever did it. Raises RoleLocked, NameMissing."""
    current, connection = profile.actor, profile.store.connection
    owner = profile_rows.actor_by_id(connection, profile_rows.fact(connection, "actor") or "")
    for person in (owner or current, current):
        if person.role not in STAFF:
            raise RoleLocked(person.role)
    if any(given is not None and not given.strip() for given in (name, initials)):
        raise NameMissing
    person = current
    if name is not None and name.strip() != current.name:
        known = profile_rows.actor_by_name(connection, name.strip())
        person = known or Actor(new_id(), name.strip(), sign(name), current.role)
    person = dataclasses.replace(
        person, sign=initials.strip() if initials is not None else person.sign, role=role or person.role
    )
    with profile.store.transaction():
        profile_rows.upsert_actor(connection, person)
        profile_rows.put_fact(connection, "actor", person.id)
    return person
