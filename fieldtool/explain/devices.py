"""Errors of ports, consoles and receivers."""

from __future__ import annotations

from drivers import errors as device
from fieldtool.explain import Explanation
from fieldtool.texts import N_

EXPLANATIONS: dict[type[device.ExpectedError], Explanation] = {
    device.PortMissing: Explanation(
        "port_missing",
        N_("There is no port {port}."),
        N_("Plug the cable in and choose the port again; 'fieldtool doctor' lists the ports there are."),
    ),
    device.PortBusy: Explanation(
        "port_busy",
        N_("The port {port} is in use by another program: {holder}."),
        N_("Close that program (a terminal, the Arduino IDE, a second Fieldtool) and try again."),
    ),
    device.PortForbidden: Explanation(
        "port_forbidden",
        N_("You may not open the port {port}; it belongs to the group {group}."),
        N_("Have your account added to the group {group}, then log out and in again."),
    ),
    device.PortLost: Explanation(
        "port_lost",
        N_("The connection on {port} broke off."),
        N_("Check cable and adapter, plug in again and repeat the command: it goes on where it stopped."),
    ),
    device.NoReply: Explanation(
        "no_reply",
        N_("The device did not answer '{command}' within {seconds} s."),
        N_("Check power, the baud rate and that TX and RX are not swapped; then try again."),
    ),
    device.UnreadableReply: Explanation(
        "unreadable_reply",
        N_("The answer to '{command}' could not be read: {received}"),
        N_("Check the baud rate and the ground wire; keep other devices off this port, then try again."),
    ),
    device.WrongPassword: Explanation(
        "wrong_password",
        N_("The device did not accept the password."),
        N_("Use the password on the label or in the box; some devices have one of their own."),
    ),
    device.DeviceLocked: Explanation(
        "device_locked",
        N_("The device is locked and refused '{command}'."),
        N_("Give the device's password; it stays open for five minutes."),
    ),
    device.CommandRefused: Explanation(
        "command_refused",
        N_("The device refused '{command}': {reply}"),
        N_("Check that the firmware knows this command; restart the device and try again."),
    ),
    device.ParameterRefused: Explanation(
        "parameter_refused",
        N_("The device refused the value in '{command}': {reply}"),
        N_("Check the value against the range in the device type and correct the plan."),
    ),
    device.DeviceBusy: Explanation(
        "device_busy",
        N_("The device is busy and did not carry out '{command}': {reply}"),
        N_("Wait until it has sent or joined (up to a minute), then try again."),
    ),
    device.NotJoined: Explanation(
        "not_joined",
        N_("The device has no radio network, so '{command}' is not possible: {reply}"),
        N_("Let it join first, or skip the radio check and say why."),
    ),
    device.WriteNotKept: Explanation(
        "write_not_kept",
        N_("The device did not keep the setting {setting}: wanted {wanted}, found {found}."),
        N_("Repeat the command: it writes only what differs. If it happens again, the device is faulty."),
    ),
    device.JoinFailed: Explanation(
        "join_failed",
        N_("The device did not join the radio network within {seconds} s."),
        N_(
            "Check that it is registered with these keys and that a gateway is in reach, or skip and say why."
        ),
    ),
    device.ReadingMissing: Explanation(
        "reading_missing",
        N_("The device gave no value for {quantity}: {received}"),
        N_("Check that the probe is plugged in and that the device type fits the firmware."),
    ),
    device.NoFix: Explanation(
        "no_fix",
        N_("No position within {seconds} s ({problem})."),
        N_("Go into the open, wait a minute and try again, or give the position by hand."),
    ),
    device.FamilyUnavailable: Explanation(
        "family_unavailable",
        N_("The device family {family} cannot be used: {cause}"),
        N_("Report this with the output of 'fieldtool doctor'."),
    ),
}
