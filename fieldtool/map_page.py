"""The page of the map: folium's HTML, with every script and style from this machine.

Nothing in it names another address than ours; the window serves it (ui/widgets/map_scheme.py).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fieldtool.texts import RESOURCES, _, current_language

SCHEME = "fieldtool"
ROOT = f"{SCHEME}://map/"
OWN = RESOURCES / "map"
SCRIPTS = ("points.js", "shapes.js", "layer.js", "tools.js", "start.js")
LEAFLET = {
    "leaflet.js": "text/javascript",
    "leaflet.css": "text/css",
    "images/layers.png": "image/png",
    "images/layers-2x.png": "image/png",
    "images/marker-icon.png": "image/png",
    "images/marker-icon-2x.png": "image/png",
    "images/marker-shadow.png": "image/png",
}
"""What leaflet.css and leaflet.js ask for, and what it is."""

HAND_OVER = """{% macro script(this, kwargs) %}
fieldtool.start({{ this._parent.get_name() }}, {% raw %}SETTINGS{% endraw %});
{% endmacro %}"""


@dataclass(frozen=True, slots=True)
class File:
    kind: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Start:
    """Where the map begins. `look` are the theme's colours by name and sizes in px."""

    lon: float
    lat: float
    zoom: int
    look: Mapping[str, str]


def site(start: Start) -> dict[str, File]:
    """Everything the page is made of, by its path below ROOT; the page itself is the empty path. Takes half
    a second the first time, for folium."""
    files = {"": File("text/html", page(start).encode())}
    files["own/map.css"] = File("text/css", (OWN / "map.css").read_bytes())
    for name in SCRIPTS:
        files[f"own/{name}"] = File("text/javascript", (OWN / name).read_bytes())
    for name, kind in LEAFLET.items():
        files[f"leaflet/{name}"] = File(kind, (leaflet_folder() / name).read_bytes())
    return files


def leaflet_folder() -> Path:
    from xstatic.pkg import leaflet  # type: ignore[import-untyped]

    return Path(leaflet.BASE_DIR)


def page(start: Start) -> str:
    import folium
    from folium.template import Template

    # On the instance: add_js_link would change what every map of folium loads.
    drawn = folium.Map(
        location=[start.lat, start.lon],
        zoom_start=start.zoom,
        tiles=None,
        zoom_control=False,
        attribution_control=False,
        zoom_animation=False,
        fade_animation=False,
        box_zoom=False,
        double_click_zoom=False,
        max_zoom=21,
        world_copy_jump=False,
    )
    drawn.default_js = [
        ("leaflet.js", f"{ROOT}leaflet/leaflet.js"),
        ("qwebchannel.js", f"{ROOT}qwebchannel.js"),
        *((name, f"{ROOT}own/{name}") for name in SCRIPTS),
    ]
    drawn.default_css = [("leaflet.css", f"{ROOT}leaflet/leaflet.css"), ("map.css", f"{ROOT}own/map.css")]
    settings = in_script({"texts": texts(), "look": dict(start.look)})
    last = folium.MacroElement()  # type: ignore[no-untyped-call]
    last._template = Template(HAND_OVER.replace("SETTINGS", settings))  # noqa: SLF001 - folium's own way
    drawn.add_child(last)
    html: str = drawn.get_root().render()
    return html.replace("<head>", f"<head>\n    <title>{_('Map')}</title>", 1)


def in_script(value: object) -> str:
    """As JSON that can stand inside a script element."""
    return json.dumps(value, ensure_ascii=False).replace("<", "\\u003c")


def texts() -> dict[str, Any]:
    """What the page says, in the language of the window."""
    return {
        "map": _("Map: arrow keys move it, plus and minus zoom, Enter takes what is under the cross"),
        "zoom_in": _("Zoom in"),
        "zoom_out": _("Zoom out"),
        "legend": _("Legend"),
        "heaps": _("So many assets are shown as numbers: zoom in to see each."),
        "more_shapes": _("Not all lines and areas are drawn: zoom in to see the rest."),
        "nothing": _("There are no assets with a place yet."),
        "position": _("Own position"),
        "language": current_language(),
    }
