"""Errors of tickets, of rights and of who works with the profile."""

from __future__ import annotations

from drivers.errors import ExpectedError
from fieldtool import person, policy
from fieldtool.data_files import BrokenData
from fieldtool.explain import Explanation
from fieldtool.roles import ROLES
from fieldtool.texts import N_
from fieldtool.ticketing import errors as tickets
from fieldtool.titles import RIGHTS, TICKET_STATUSES

EXPLANATIONS: dict[type[ExpectedError], Explanation] = {
    BrokenData: Explanation(
        "broken_data",
        N_("The file {file} cannot be used: {key}: {reason}"),
        N_("Correct this place; 'fieldtool schema' lists what such files may contain."),
    ),
    policy.NotAllowed: Explanation(
        "not_allowed",
        N_("The role {role} has no right to: {action}."),
        N_("Ask somebody who has it, or change the role with 'fieldtool person'. Nothing was changed."),
        {"role": ROLES, "action": RIGHTS},
    ),
    person.RoleLocked: Explanation(
        "role_locked",
        N_("This profile is set to the role {role}."),
        N_("It takes a passphrase to leave this role. Use another profile for staff work."),
        {"role": ROLES},
    ),
    person.NameMissing: Explanation(
        "name_missing",
        N_("A person needs a name and a sign."),
        N_("Give the name as it shall stand behind entries, and two or three letters as sign."),
    ),
    tickets.UnknownCategory: Explanation(
        "unknown_category",
        N_("There is no ticket category {name}."),
        N_("There are: {known}."),
    ),
    tickets.CategoryUnfit: Explanation(
        "category_unfit",
        N_("The category '{category}' is not meant for {about}."),
        N_("Choose one that fits ('fieldtool ticket categories' lists them) or the category other."),
    ),
    tickets.CodeUnknown: Explanation(
        "code_unknown",
        N_("The category '{category}' does not know the entry {code}."),
        N_("It has: {known}. Anything else can be written as text."),
    ),
    tickets.PriorityInvalid: Explanation(
        "priority_invalid",
        N_("There is no priority {priority}."),
        N_("Give 1 (highest) to 5."),
    ),
    tickets.TitleMissing: Explanation(
        "title_missing",
        N_("The ticket has no title."),
        N_("Say in a few words what it is about."),
    ),
    tickets.TextMissing: Explanation(
        "text_missing",
        N_("There is no text."),
        N_("Write what was found or what was done: the next one reads only this."),
    ),
    tickets.FindingMissing: Explanation(
        "finding_missing",
        N_("A ticket of the category '{category}' is closed only with a finding."),
        N_("Record what was found, with --finding and one of: {known}. Or write it as a finding first."),
    ),
    tickets.TransitionInvalid: Explanation(
        "transition_invalid",
        N_("A ticket that is {current} cannot become {wanted}."),
        N_("From here it can become: {allowed}."),
        {"current": TICKET_STATUSES, "wanted": TICKET_STATUSES, "allowed": TICKET_STATUSES},
    ),
    tickets.TicketUnknown: Explanation(
        "ticket_unknown",
        N_("There is no ticket {id} in this profile."),
        N_("Fetch the tickets with 'fieldtool sync', or take the ticket out of the plan."),
    ),
    tickets.TicketClosed: Explanation(
        "ticket_closed",
        N_("The ticket '{title}' is closed already: {by}, {at}."),
        N_("Take it out of the plan, or have it reopened if there is still something to do."),
    ),
    tickets.TicketElsewhere: Explanation(
        "ticket_elsewhere",
        N_("The ticket '{title}' belongs to something else: {about}."),
        N_("Check the asset and the ticket in the plan; nothing was changed."),
    ),
}
