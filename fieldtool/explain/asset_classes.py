"""Errors of the asset classes."""

from __future__ import annotations

from drivers.errors import ExpectedError
from fieldtool.asset_classes import BrokenClass, UnknownAssetClass
from fieldtool.class_changes import ChangeRefused
from fieldtool.explain import Explanation
from fieldtool.texts import N_

EXPLANATIONS: dict[type[ExpectedError], Explanation] = {
    UnknownAssetClass: Explanation(
        "unknown_asset_class",
        N_("There is no asset class {name}."),
        N_("There are: {known}."),
    ),
    BrokenClass: Explanation(
        "broken_class",
        N_("The asset class in {file} cannot be used: {key}: {reason}"),
        N_("Correct the file; 'fieldtool schema asset_class' prints what it may contain."),
    ),
    ChangeRefused: Explanation(
        "class_change_refused",
        N_("The class {class_id} cannot be changed like this: {key}: {reason}"),
        N_("Nothing was changed. Choose another name, or retire the attribute: its values stay."),
    ),
}
