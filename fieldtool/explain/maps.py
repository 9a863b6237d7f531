"""Maps below the points."""

from __future__ import annotations

from drivers.errors import ExpectedError
from fieldtool import base_areas
from fieldtool.base_maps import NO_ADDRESS, NO_PLACES, MapServiceUnusable
from fieldtool.explain import Explanation
from fieldtool.map_offers import LayerUnknown
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
    LayerUnknown: Explanation(
        "map_layer_unknown",
        N_("The service has no layer {layer} on the grid of the web's maps (EPSG:3857); it has: {known}."),
        N_("Choose one of these, or another service."),
    ),
    base_areas.AreaNotAllowed: Explanation(
        "map_area_not_allowed",
        N_("{service} does not allow areas of its map to be taken along."),
        N_("Choose the map service of a surveying authority, or add a map file (MBTiles)."),
    ),
    base_areas.AreaNeedsWord: Explanation(
        "map_area_needs_word",
        N_("It is not known whether {service} allows areas of its map to be taken along."),
        N_("Read the provider's terms. If they allow it, confirm that (--allowed)."),
    ),
    base_areas.AreaTooLarge: Explanation(
        "map_area_too_large",
        N_("The area has {tiles} tiles; of {service} at most {most} may be taken along."),
        N_("Choose a smaller area or fewer zooms."),
    ),
    base_areas.AreaUnsound: Explanation(
        "map_area_unsound",
        N_("This area cannot be taken along: {reason}."),
        N_("Choose the area and its zooms again."),
        words={
            "reason": {
                text: text
                for text in (base_areas.NOT_ONLINE, base_areas.UPSIDE_DOWN, base_areas.ZOOM_TOO_HIGH)
            }
        },
    ),
    base_areas.AreaUnknown: Explanation(
        "map_area_unknown",
        N_("There is no map area {name}."),
        N_("'fieldtool basemap list' shows the areas that were taken along."),
    ),
}
