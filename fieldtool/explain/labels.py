"""Errors of labels and of pictures of them."""

from __future__ import annotations

from drivers.errors import ExpectedError
from fieldtool.explain import Explanation
from fieldtool.labels import errors
from fieldtool.texts import N_

EXPLANATIONS: dict[type[ExpectedError], Explanation] = {
    errors.EmptyLabel: Explanation(
        "empty_label",
        N_("The scan holds no text."),
        N_("Scan the label again, or type what stands on it."),
    ),
    errors.UnknownLabel: Explanation(
        "unknown_label",
        N_("This is no label of a device or an asset: '{text}'"),
        N_(
            "Scan the device's LoRaWAN label (inside the lid, on the box) or type the DevEUI. What works: "
            "{formats}."
        ),
    ),
    errors.OtherKeyboard: Explanation(
        "other_keyboard",
        N_("The scanner is set to a US keyboard, this machine has a German one. It means: '{retyped}'"),
        N_("Set the scanner to a German keyboard; its manual has a code to scan for that."),
    ),
    errors.MalformedLabel: Explanation(
        "malformed_label",
        N_("The label ({format}) is damaged or incomplete at {part}: {value}"),
        N_("Clean the label and scan it again; if that does not help, type the DevEUI."),
    ),
    errors.WrongChecksum: Explanation(
        "wrong_checksum",
        N_("The label was not read correctly: its checksum is {found}, it should be {expected}."),
        N_("Scan it again, closer and without reflections. If it was typed, compare it with the label."),
    ),
    errors.NoCodeFound: Explanation(
        "no_code_found",
        N_("There is no readable code in the picture {path}."),
        N_("Photograph the code again: closer, sharp, evenly lit, and without bending the label."),
    ),
    errors.ImageUnreadable: Explanation(
        "image_unreadable",
        N_("The picture {path} cannot be read: {reason}"),
        N_("Save it as JPEG or PNG and try again."),
    ),
    errors.SeveralDevices: Explanation(
        "several_devices",
        N_("The picture {path} shows the labels of several things: {found}."),
        N_("Photograph one label alone, or give its code as text."),
    ),
}
