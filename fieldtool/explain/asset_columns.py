"""Errors of what a table is sorted and filtered by."""

from __future__ import annotations

from drivers.errors import ExpectedError
from fieldtool import asset_columns
from fieldtool.explain import Explanation
from fieldtool.texts import N_

EXPLANATIONS: dict[type[ExpectedError], Explanation] = {
    asset_columns.ColumnUnknown: Explanation(
        "column_unknown",
        N_("There is no column {column}."),
        N_("There are: {known}. What a list brought along beside them has a dot before its name."),
    ),
    asset_columns.ConditionUnfit: Explanation(
        "condition_unfit",
        N_("{column}: “{value}” cannot be looked for, {reason}."),
        N_("Correct the value; from to is written as in 5..10, a part of a text as in street~park."),
    ),
}
