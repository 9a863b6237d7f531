"""Errors of reading public data: catalogues, files, tiles."""

from __future__ import annotations

from drivers.errors import ExpectedError
from fieldtool.connectors import source_errors
from fieldtool.explain import Explanation
from fieldtool.texts import N_

EXPLANATIONS: dict[type[ExpectedError], Explanation] = {
    source_errors.SourceUrlInvalid: Explanation(
        "source_url_invalid",
        N_("This is not an address on the web: {source}"),
        N_("Give it as https://host/path, without user name or password."),
    ),
    source_errors.SourceUnreachable: Explanation(
        "source_unreachable",
        N_("{source} cannot be reached ({reason})."),
        N_("Nothing was changed. Check network, proxy and VPN; then try again."),
    ),
    source_errors.SourceRefused: Explanation(
        "source_refused",
        N_("{source} does not give this to everybody (HTTP {status})."),
        N_("Ask who runs it for a public address of these data."),
    ),
    source_errors.SourceMissing: Explanation(
        "source_missing",
        N_("There is nothing at {source} any more."),
        N_("Search for it anew: the owner has moved or withdrawn it."),
    ),
    source_errors.SourceBusy: Explanation(
        "source_busy",
        N_("{source} has been asked too often."),
        N_("Seconds to wait before the next attempt: {retry_after}"),
    ),
    source_errors.SourceFailed: Explanation(
        "source_failed",
        N_("{source} is out of order (HTTP {status})."),
        N_("Try again later. Seconds it asks to wait: {retry_after}"),
    ),
    source_errors.SourceUnusable: Explanation(
        "source_unusable",
        N_("What {source} sends cannot be used: {what}."),
        N_("Open the address in a browser: it may have moved, or a network may want a login first."),
    ),
    source_errors.SourceTooLarge: Explanation(
        "source_too_large",
        N_("What {source} sends is larger than {limit_mb} MB."),
        N_("Choose another format or a part of it, or download it with a browser and import the file."),
    ),
    source_errors.NoPortal: Explanation(
        "no_portal",
        N_("At {source} there is no open data portal that can be searched (Opendatasoft or CKAN)."),
        N_("Copy the address of the portal's first page. A file can be fetched by its own address, too."),
    ),
    source_errors.DatasetUnknown: Explanation(
        "dataset_unknown",
        N_("{source} has no dataset “{dataset}”."),
        N_("Search for it by words of its title."),
    ),
    source_errors.FormatNotOffered: Explanation(
        "format_not_offered",
        N_("The dataset “{dataset}” does not come as: {wanted}"),
        N_("It is offered as: {offered}. Name one of these, or open its page in a browser."),
    ),
}
