"""Errors of finding the place."""

from __future__ import annotations

from drivers.errors import ExpectedError
from fieldtool import locating
from fieldtool.explain import Explanation
from fieldtool.texts import N_

EXPLANATIONS: dict[type[ExpectedError], Explanation] = {
    locating.AccuracyTooLow: Explanation(
        "accuracy_too_low",
        N_("The position is accurate to {found} m only; {wanted} m is required."),
        N_("Go where more of the sky is free, wait a minute and try again, or give the position by hand."),
    ),
}
