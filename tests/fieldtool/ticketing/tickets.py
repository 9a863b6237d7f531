"""Tickets and people for tests."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from fieldtool.ids import TicketId, new_id
from fieldtool.operation import Actor, Role
from fieldtool.profile import Profile
from fieldtool.ticket import Ticket


def ticket(**values: Any) -> Ticket:
    stated = {"id": TicketId(new_id()), "category": "other", "title": "Ast gebrochen", **values}
    return Ticket(**stated)


def acting(profile: Profile, role: Role) -> Profile:
    """The same profile in the hands of somebody with this role."""
    return replace(profile, actor=Actor(f"actor-{role}", f"Rolle {role}", role[:2].upper(), role))
