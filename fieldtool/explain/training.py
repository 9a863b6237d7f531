"""Errors of the training platform."""

from __future__ import annotations

from drivers.errors import ExpectedError
from fieldtool.demo.errors import TicketNotReported
from fieldtool.explain import Explanation
from fieldtool.texts import N_
from fieldtool.training import errors

EXPLANATIONS: dict[type[ExpectedError], Explanation] = {
    TicketNotReported: Explanation(
        "demo_ticket_missing",
        N_("The ticket of the demonstration did not come back from the training platform."),
        N_("Start the demonstration again with an empty folder."),
    ),
    errors.DataInUse: Explanation(
        "training_data_in_use",
        N_("A training platform is running on {directory} already."),
        N_("End it, or choose another folder with --data."),
    ),
    errors.DataUnusable: Explanation(
        "training_data_unusable",
        N_("The training platform cannot use the folder {directory}: {reason}"),
        N_("Choose a folder with --data that you may write to, with space left."),
    ),
    errors.PortTaken: Explanation(
        "training_port_taken",
        N_("The training platform cannot use port {port}: {reason}"),
        N_("Choose another port, or --port 0 for any free one."),
    ),
    errors.FaultPlanInvalid: Explanation(
        "fault_plan_invalid",
        N_("The fault plan {file} cannot be used: {key}: {reason}"),
        N_("Correct this place; 'fieldtool schema fault-plan' prints what a fault plan may contain."),
    ),
}
