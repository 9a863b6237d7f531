"""Errors of the device types, and of reading a device."""

from __future__ import annotations

from drivers.errors import ExpectedError
from fieldtool import catalogue, connect
from fieldtool.explain import Explanation
from fieldtool.texts import N_

EXPLANATIONS: dict[type[ExpectedError], Explanation] = {
    catalogue.UnknownDeviceType: Explanation(
        "unknown_device_type",
        N_("There is no device type {name}."),
        N_("There are: {known}"),
    ),
    catalogue.BrokenProfile: Explanation(
        "broken_profile",
        N_("The device type in {file} cannot be used: {key}: {reason}"),
        N_("Correct this place; 'fieldtool schema device_profile' prints what a device type may contain."),
    ),
    connect.PasswordFileUnreadable: Explanation(
        "password_file_unreadable",
        N_("The password file {path} cannot be read: {reason}"),
        N_("Name a text file with nothing but the device's password, or set FIELDTOOL_DEVICE_PASSWORD."),
    ),
}
