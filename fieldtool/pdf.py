"""Documents as PDF. The core makes HTML; who can print it registers here (the window's program does)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from fieldtool.errors import CoreError

Engine = Literal["web", "text"]


class PrinterMissing(CoreError):
    """This program was started without its window's parts, which print."""


@dataclass(frozen=True, slots=True)
class Pdf:
    """`engine` "web" keeps the page as it was designed, "text" only its words and tables. Neither marks the
    structure for screen readers: for them the HTML is the document."""

    data: bytes
    engine: Engine


Printer = Callable[[str], Pdf]
_printer: Printer | None = None


def use_printer(printer: Printer) -> None:
    global _printer  # noqa: PLW0603 - one program has one printer
    _printer = printer


def pdf_of(html: str) -> Pdf:
    """Blocks. Raises PrinterMissing."""
    if _printer is None:
        raise PrinterMissing
    return _printer(html)
