"""Errors of the programs that run beside the demonstration."""

from __future__ import annotations

from drivers.errors import ExpectedError
from fieldtool.children import ChildFailed
from fieldtool.explain import Explanation
from fieldtool.texts import N_

EXPLANATIONS: dict[type[ExpectedError], Explanation] = {
    ChildFailed: Explanation(
        "child_failed",
        N_("The program '{command}' did not start: {code}"),
        N_("Start it by itself with 'fieldtool {command}' to see why."),
    ),
}
