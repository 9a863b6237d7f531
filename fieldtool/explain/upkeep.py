"""Errors of changes to assets."""

from __future__ import annotations

from drivers.errors import ExpectedError
from fieldtool.explain import Explanation
from fieldtool.texts import N_
from fieldtool.upkeep import errors

EXPLANATIONS: dict[type[ExpectedError], Explanation] = {
    errors.ValuesInvalid: Explanation(
        "values_invalid",
        N_("Not saved: {problems}"),
        N_("Correct these entries; everything else is still as you typed it."),
    ),
    errors.NumberTaken: Explanation(
        "number_taken",
        N_("The number {number} belongs to another asset of this class: {other}"),
        N_("Enter another number, or open that asset and edit it."),
    ),
    errors.GeometryUnfit: Explanation(
        "geometry_unfit",
        N_("The class {kind} has no assets of the shape {geometry}."),
        N_("Choose a place of a shape that the class has, or another class."),
    ),
    errors.AttributeUnknown: Explanation(
        "attribute_unknown",
        N_("The class has no attribute {key}."),
        N_("Its attributes are: {known}."),
    ),
    errors.AssetInUse: Explanation(
        "asset_in_use",
        N_("{asset} cannot be deleted: {users} belong to it."),
        N_("Move or remove these first; nothing has been deleted."),
    ),
    errors.ParentUnfit: Explanation(
        "parent_unfit",
        N_("{parent} is itself a part of this asset."),
        N_("Choose another asset that this one is part of."),
    ),
    errors.ParentOfOtherKind: Explanation(
        "parent_of_other_kind",
        N_("{kind} is no part of a thing like this: {parent}"),
        N_("It can be part of: {fitting}."),
    ),
    errors.OperationUnknown: Explanation(
        "operation_unknown",
        N_("There is no entry {operation} in the history of this asset."),
        N_("Look the entry up in the history and take its id."),
    ),
    errors.NoteEmpty: Explanation(
        "note_empty",
        N_("The note is empty."),
        N_("Write what is to be remembered."),
    ),
    errors.NothingToUndo: Explanation(
        "nothing_to_undo",
        N_("There is nothing to take back: everything is as it was before entry {operation}."),
        N_("Look at the history: perhaps it was taken back already."),
    ),
}
