"""Errors of platforms and of the way to them."""

from __future__ import annotations

from drivers.errors import ExpectedError
from fieldtool.connectors import errors as platform
from fieldtool.connectors.errors import Unexpected, UnreachableReason
from fieldtool.explain import WORDS, Explanation
from fieldtool.sync.targets import TokenFileUnreadable
from fieldtool.texts import N_

WORDS.update(
    {
        UnreachableReason.REFUSED: N_("no connection"),
        UnreachableReason.DNS: N_("the name is not known in this network"),
        UnreachableReason.TIMEOUT: N_("no answer in time"),
        UnreachableReason.TLS: N_("its certificate is not trusted"),
        UnreachableReason.CUT: N_("the connection broke off"),
        UnreachableReason.PROXY: N_("the proxy does not let it through"),
        Unexpected.HTML: N_("a web page"),
        Unexpected.NOT_JSON: N_("no JSON"),
        Unexpected.HALF: N_("only a part of it came"),
        Unexpected.NOTHING: N_("it was empty"),
        Unexpected.REDIRECT: N_("it leads to another address"),
        Unexpected.TOO_LARGE: N_("it is too large"),
        Unexpected.WRONG_SHAPE: N_("JSON of another kind"),
    }
)

EXPLANATIONS: dict[type[ExpectedError], Explanation] = {
    platform.TargetUrlInvalid: Explanation(
        "target_url_invalid",
        N_("This is not an address of a platform: {target}"),
        N_("Give it as https://host/path, without user name, password or question mark."),
    ),
    platform.TokenUnusable: Explanation(
        "token_unusable",
        N_("The access token for {target} is empty or has characters a token cannot have."),
        N_("Copy the token again, in one line and without quotation marks."),
    ),
    platform.OptionMissing: Explanation(
        "option_missing",
        N_("{target} cannot be used without knowing: {name}"),
        N_("Remove the platform and add it again with --option {name}=…"),
    ),
    platform.OptionInvalid: Explanation(
        "option_invalid",
        N_("{target} does not know this: {name} {value}"),
        N_("Ask who runs the platform for the right value; then remove the platform and add it again."),
    ),
    TokenFileUnreadable: Explanation(
        "token_file_unreadable",
        N_("The token file {path} cannot be read: {reason}"),
        N_("Check the path; the file holds nothing but the token, as plain text."),
    ),
    platform.Unreachable: Explanation(
        "unreachable",
        N_("{target} cannot be reached ({reason})."),
        N_("Your changes are kept and go out with the next sync. Check network, proxy and VPN."),
    ),
    platform.TargetUnauthorized: Explanation(
        "target_unauthorized",
        N_("{target} does not accept the login."),
        N_("Get a new access token, then remove and add the platform again. Your changes are kept."),
    ),
    platform.TargetForbidden: Explanation(
        "target_forbidden",
        N_("The login is valid, but {target} does not permit this."),
        N_("Ask the platform's administrator for the right to write there. Your changes are kept."),
    ),
    platform.TargetNotFound: Explanation(
        "target_not_found",
        N_("There is no such interface at {target}."),
        N_("Check address and type of the platform; the path often has a part before /ngsi-ld/v1."),
    ),
    platform.TenantUnknown: Explanation(
        "tenant_unknown",
        N_("{target} has no tenant '{tenant}'."),
        N_("Check the tenant's spelling with the platform's administrator."),
    ),
    platform.RateLimited: Explanation(
        "rate_limited",
        N_("{target} asks for a pause ({retry_after} s)."),
        N_("Try again later; what has arrived is recorded, the rest is kept."),
    ),
    platform.AskedToWait: Explanation(
        "target_asked_to_wait",
        N_("{target} asked to be left alone until {until}."),
        N_("Nothing is lost. Synchronise again after that time."),
    ),
    platform.ServerFailed: Explanation(
        "server_failed",
        N_("{target} failed (status {status})."),
        N_("Try again later; if it stays so, tell the platform's administrator. Your changes are kept."),
    ),
    platform.UnexpectedAnswer: Explanation(
        "unexpected_answer",
        N_("{target} gave an answer that does not belong to this interface ({what})."),
        N_("Often a login page of the network is in between: open a web page once, then try again."),
    ),
    platform.RequestRejected: Explanation(
        "request_rejected",
        N_("{target} refused the request (status {status}): {title} {detail}"),
        N_("Check address, tenant and context of the platform. Your changes are kept."),
    ),
    platform.WrittenButMissing: Explanation(
        "written_but_missing",
        N_("{target} said that it had stored {remote_id}, but does not have it."),
        N_("Try again later; if it stays so, tell the platform's administrator. Your changes are kept."),
    ),
    platform.ConnectorUnknown: Explanation(
        "connector_unknown",
        N_("There is no type of platform '{name}'."),
        N_("There are: {known}."),
    ),
    platform.ConnectorUnavailable: Explanation(
        "connector_unavailable",
        N_("The connection type {name} cannot be used: {cause}"),
        N_("Report this with the output of 'fieldtool doctor'."),
    ),
    platform.Unmappable: Explanation(
        "unmappable",
        N_("This record cannot be told to the platform ({reason}: {detail})."),
        N_("Correct the record and send it again."),
    ),
}
