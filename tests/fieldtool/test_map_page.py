"""The page names no address but ours, and everything it names is there."""

from __future__ import annotations

import json
import re

import pytest

from fieldtool import map_page
from fieldtool.map_page import ROOT, SCHEME, Start, in_script, leaflet_folder, site
from fieldtool.texts import use_language

START = Start(7.5, 51.5, 12, {"text": "#000000", "window": "#ffffff"})


@pytest.fixture(scope="module")
def html() -> str:
    use_language("de")
    return site(START)[""].data.decode()


def test_no_address_but_ours(html: str) -> None:
    assert set(re.findall(r"[a-z]+:(?=//)", html)) == {f"{SCHEME}:"}
    assert "cdn" not in html.lower()


def test_everything_it_names_is_served(html: str) -> None:
    files = site(START)
    named = re.findall(rf'(?:src|href)="{re.escape(ROOT)}([^"]*)"', html)
    assert set(named) - set(files) == {"qwebchannel.js"}
    assert all(file.data for file in files.values())
    style = files["leaflet/leaflet.css"].data.decode()
    pictures = {f"leaflet/{name}" for name in re.findall(r"url\((images/[^)]+)\)", style)}
    assert pictures <= set(files)


def test_the_own_script_comes_last_and_knows_the_map(html: str) -> None:
    scripts = html[html.rindex("<script>") :]
    name = re.search(r"var (map_\w+) = L\.map", scripts)
    assert name is not None
    assert scripts.index("fieldtool.start") > scripts.index("L.map")
    assert f"fieldtool.start({name[1]}," in scripts


def test_texts_are_german_and_cannot_leave_their_script(html: str) -> None:
    assert "Vergrößern" in html
    assert in_script({"a": "</script><script>"}) == '{"a": "\\u003c/script>\\u003cscript>"}'
    assert json.loads(in_script({"a": "</script>"})) == {"a": "</script>"}


def test_another_map_of_folium_stays_as_folium_makes_it(html: str) -> None:
    import folium

    assert html
    assert any(url.startswith("https://") for _name, url in folium.Map.default_js)


def test_only_own_code_is_in_the_tree() -> None:
    assert leaflet_folder().is_dir()
    assert not [path.name for path in map_page.OWN.iterdir() if "leaflet" in path.name]
    assert {path.name for path in map_page.OWN.iterdir()} == {*map_page.SCRIPTS, "map.css"}
