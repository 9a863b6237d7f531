"""Errors of map services and of areas taken along."""

from __future__ import annotations

from drivers.errors import ExpectedError
from fieldtool import map_providers
from fieldtool.base_areas_errors import BaseMapUnknown, NothingThere
from fieldtool.connectors import source_errors
from fieldtool.explain import Explanation
from fieldtool.texts import N_

EXPLANATIONS: dict[type[ExpectedError], Explanation] = {
    source_errors.TileRefused: Explanation(
        "map_tile_refused",
        N_("The map service {source} refuses: {said}"),
        N_("Nothing of it was stored. Check the layer, or ask who runs the service."),
    ),
    source_errors.NoMapService: Explanation(
        "no_map_service",
        N_("At {source} there is no map service that fits here (WMTS or WMS in EPSG:3857)."),
        N_("Copy the address of its capabilities (GetCapabilities) from the provider's description."),
    ),
    map_providers.BulkForbidden: Explanation(
        "map_bulk_forbidden",
        N_("{provider} does not allow areas to be downloaded ahead."),
        N_("Choose the map service of the city or the state, or add a map file (MBTiles)."),
    ),
    map_providers.BulkUnconfirmed: Explanation(
        "map_bulk_unconfirmed",
        N_("It is not known here whether {provider} allows areas to be downloaded ahead."),
        N_("Read its terms of use; if they allow it, confirm that (--provider-allows)."),
    ),
    map_providers.AreaTooLarge: Explanation(
        "map_area_too_large",
        N_("The area has {tiles} tiles; {provider} is asked for at most {limit}."),
        N_("Choose a smaller area or a coarser level."),
    ),
    map_providers.ZoomTooDeep: Explanation(
        "map_zoom_too_deep",
        N_("Level {zoom} is too detailed; {provider} is asked for levels up to {limit}."),
        N_("Choose a coarser level."),
    ),
    BaseMapUnknown: Explanation(
        "base_map_unknown",
        N_("There is no base map “{name}”."),
        N_("'fieldtool basemap list' names those that there are."),
    ),
    NothingThere: Explanation(
        "map_area_empty",
        N_("The map service {service} has nothing in this area."),
        N_("Choose an area that it covers, and check the layer."),
    ),
}
