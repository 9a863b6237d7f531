"""Errors of simulated devices."""

from __future__ import annotations

from drivers.errors import ExpectedError
from drivers.simulated import errors as simulated
from fieldtool import simulating
from fieldtool.explain import Explanation
from fieldtool.texts import N_

EXPLANATIONS: dict[type[ExpectedError], Explanation] = {
    simulating.ScriptInvalid: Explanation(
        "script_invalid",
        N_("The script {file} cannot be used: {key}: {reason}"),
        N_("Correct this place; 'fieldtool schema simulate-script' prints what a script may contain."),
    ),
    simulated.UnknownDeviceType: Explanation(
        "unknown_simulated_device",
        N_("There is no simulated device {device_type}."),
        N_("There are: {known}."),
    ),
    simulated.PortLinkExists: Explanation(
        "port_link_exists",
        N_("There is something at {port} already."),
        N_("End the other simulated device, or choose another name with --port-link."),
    ),
    simulated.PortLinkFailed: Explanation(
        "port_link_failed",
        N_("The link {port} could not be made: {reason}"),
        N_("Choose a place with --port-link that exists and that you may write to."),
    ),
    simulated.StateFileUnusable: Explanation(
        "state_file_unusable",
        N_("The memory of the simulated device, {path}, cannot be used: {reason}"),
        N_("Free space there, or delete the file: the device then starts as it left the factory."),
    ),
}
