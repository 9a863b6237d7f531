"""What can go wrong with a ticket, besides a missing right (fieldtool.policy.NotAllowed).

CoreError
└── TicketError
    ├── UnknownCategory(name, known)
    ├── CategoryUnfit(category, about)
    ├── CodeUnknown(code, category, known)           a finding or closing that the category does not have
    ├── PriorityInvalid(priority)
    ├── TitleMissing()
    ├── TextMissing()
    ├── FindingMissing(category, known)
    ├── TransitionInvalid(current, wanted, allowed)
    ├── TicketUnknown(id)                            these three for the plan of a commissioning
    ├── TicketClosed(title, by, at)
    └── TicketElsewhere(title, about)
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from fieldtool.errors import CoreError


class TicketError(CoreError):
    pass


@dataclass(eq=False)
class UnknownCategory(TicketError):
    name: str
    known: str


@dataclass(eq=False)
class CategoryUnfit(TicketError):
    """`about` is the class of the asset or the type of the device."""

    category: str
    about: str


@dataclass(eq=False)
class CodeUnknown(TicketError):
    code: str
    category: str
    known: str


@dataclass(eq=False)
class PriorityInvalid(TicketError):
    priority: int


@dataclass(eq=False)
class TitleMissing(TicketError):
    pass


@dataclass(eq=False)
class TextMissing(TicketError):
    pass


@dataclass(eq=False)
class FindingMissing(TicketError):
    """`known` are the codes of what is usually found."""

    category: str
    known: str


@dataclass(eq=False)
class TransitionInvalid(TicketError):
    current: str
    wanted: str
    allowed: tuple[str, ...]


@dataclass(eq=False)
class TicketUnknown(TicketError):
    id: str


@dataclass(eq=False)
class TicketClosed(TicketError):
    """`by` is a person's name and sign; of a ticket that was pulled closed, who pulled it."""

    title: str
    by: str | None
    at: datetime | None


@dataclass(eq=False)
class TicketElsewhere(TicketError):
    """`about` is the other asset or device that it belongs to."""

    title: str
    about: str
