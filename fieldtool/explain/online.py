"""What is read from public sources: portals of open data, map services."""

from __future__ import annotations

from drivers.errors import ExpectedError
from fieldtool import online, open_data
from fieldtool.explain import Explanation
from fieldtool.texts import N_

EXPLANATIONS: dict[type[ExpectedError], Explanation] = {
    online.SourceUnreachable: Explanation(
        "source_unreachable",
        N_("{source} cannot be reached ({reason})."),
        N_("Check network, proxy and VPN, then try again. Nothing was changed."),
    ),
    online.SourceClosed: Explanation(
        "source_closed",
        N_("{source} does not give this to everybody (status {status})."),
        N_("Ask the provider whether it is meant to be public, or choose something else."),
    ),
    online.SourceMissing: Explanation(
        "source_missing",
        N_("At {source} there is nothing of this kind any more, or there never was."),
        N_("Check the address; search the portal again for what replaced it."),
    ),
    online.SourceBusy: Explanation(
        "source_busy",
        N_("{source} asks for a pause ({seconds} s)."),
        N_("Try again after that time. Nothing was changed."),
    ),
    online.SourceFailed: Explanation(
        "source_failed",
        N_("{source} could not answer (status {status})."),
        N_("Try again later; if it stays so, tell the provider."),
    ),
    online.SourceUnlike: Explanation(
        "source_unlike",
        N_("{source} did not answer as expected ({what})."),
        N_("Check the address. Often a login page of the network is in between: open a web page once."),
    ),
    open_data.AddressUnclear: Explanation(
        "open_data_address_unclear",
        N_("It is not clear which dataset is meant by '{text}'."),
        N_("Give the address of the dataset's page, or its id together with --portal."),
    ),
    open_data.NothingToFetch: Explanation(
        "open_data_nothing_to_fetch",
        N_("The dataset '{dataset}' has no file that can be taken over; it offers: {formats}."),
        N_("Look at its page on the portal for another dataset with the same things."),
    ),
    open_data.FileThere: Explanation(
        "open_data_file_there",
        N_("{path} is there already."),
        N_("Choose another name with --into, or replace it with --force."),
    ),
}
