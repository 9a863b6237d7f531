"""Maps below the points."""

from __future__ import annotations

from drivers.errors import ExpectedError
from fieldtool.base_maps import NO_ADDRESS, NO_PLACES, MapServiceUnusable
from fieldtool.explain import Explanation
from fieldtool.store.mbtiles import EMPTY, UNREADABLE, VECTOR, MapFileUnusable
from fieldtool.texts import N_

EXPLANATIONS: dict[type[ExpectedError], Explanation] = {
    MapFileUnusable: Explanation(
        "map_file_unusable",
        N_("The map {path} cannot be used: {reason}."),
        N_("Choose an MBTiles file with pictures (PNG, JPEG or WebP). The map works without one, too."),
        words={"reason": {text: text for text in (UNREADABLE, VECTOR, EMPTY)}},
    ),
    MapServiceUnusable: Explanation(
        "map_service_unusable",
        N_("The address {url} cannot be used for a map: {reason}."),
        N_("Copy the address from the provider's description of its tiles (XYZ or WMTS) or of its WMS."),
        words={"reason": {text: text for text in (NO_ADDRESS, NO_PLACES)}},
    ),
}
