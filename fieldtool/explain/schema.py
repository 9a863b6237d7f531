"""Errors of `fieldtool schema`."""

from __future__ import annotations

from drivers.errors import ExpectedError
from fieldtool.cli.schema import UnknownSchema
from fieldtool.explain import Explanation
from fieldtool.texts import N_

EXPLANATIONS: dict[type[ExpectedError], Explanation] = {
    UnknownSchema: Explanation(
        "unknown_schema",
        N_("There is no schema {name}."),
        N_("There are: {known}."),
    ),
}
