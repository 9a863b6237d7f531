"""What a map service offers, as base maps."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fieldtool.base_maps import BaseMap, Maps, with_service
from fieldtool.errors import CoreError
from fieldtool.online import reading

if TYPE_CHECKING:
    from fieldtool.connectors.map_services import Offer


@dataclass(eq=False)
class LayerUnknown(CoreError):
    layer: str
    known: str


def offers(url: str) -> tuple[Offer, ...]:
    """The layers that lie on the grid of the web's maps. Raises the errors of fieldtool.online,
    TargetUrlInvalid."""
    from fieldtool.connectors.map_services import MapService

    with reading(), closing(MapService(url)) as service:
        return service.offers()


def base_of(url: str, layer: str) -> BaseMap:
    """Of a template as it is, of a service by asking it. Raises LayerUnknown besides."""
    if all(f"{{{place}}}" in url for place in "zxy") or "{TileMatrix}" in url:
        return with_service(Maps(), title="", url=url, attribution="").known[0]
    found = offers(url)
    chosen = [one for one in found if one.name == layer or not layer]
    if not chosen:
        raise LayerUnknown(layer or "–", ", ".join(one.name for one in found) or "–")
    one = chosen[0]
    zooms = (one.min_zoom, one.max_zoom)
    made = with_service(
        Maps(), title=one.title, url=one.url, attribution=one.attribution, layers=one.name, zooms=zooms
    )
    return made.known[0]
