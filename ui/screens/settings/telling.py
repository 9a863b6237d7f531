"""Errors of a platform where its settings are at hand, without the words of the command line."""

from __future__ import annotations

from drivers.errors import ExpectedError
from fieldtool.connectors import errors as platform
from fieldtool.texts import _
from ui.errors import ErrorPanel


def tell_problem(panel: ErrorPanel, error: ExpectedError, *, saved: bool) -> None:
    """`saved`: its options cannot be changed any more, its token can."""
    panel.tell(error)
    advice = _advice(error, saved=saved)
    if advice is not None:
        panel.tell_text(panel.message.text(), advice)


def _advice(error: ExpectedError, *, saved: bool) -> str | None:
    if isinstance(error, platform.TargetUnauthorized):
        return _("Enter another access token here. Your changes are kept.")
    if isinstance(error, platform.OptionMissing | platform.OptionInvalid):
        if saved:
            return _(
                "Ask who runs the platform for the right value; then remove it here and set it up again."
            )
        return _("Correct it here, or ask who runs the platform for the right value.")
    return None
