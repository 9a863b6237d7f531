"""Every real file into one profile, all of it out as a GeoPackage, and into a second profile."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from fieldtool.asset import Asset
from fieldtool.exports.run import Wish as ExportWish
from fieldtool.exports.run import export
from fieldtool.imports.crs import distance_km
from fieldtool.imports.errors import SeveralLayers
from fieldtool.imports.prepare import Wish, prepare
from fieldtool.imports.report import ImportReport, make_report
from fieldtool.imports.write import compare, write
from fieldtool.jsontypes import Json
from fieldtool.profile import Profile, open_profile
from tests.fieldtool.imports.lists import real

CENTIMETRE_KM = 1e-5
SUFFIXES = (".csv", ".xlsx", ".shp", ".geojson", ".gz", ".gpkg")


def files() -> list[Path]:
    folders = [real(f"../{name}") for name in ("assets", "gpkg", "basemap")]
    return sorted(path for folder in folders for path in folder.iterdir() if path.suffix in SUFFIXES)


def taken_over(profile: Profile, path: Path, layer: str | None = None) -> ImportReport:
    prepared = prepare(Wish(path=path, layer=layer))
    steps = compare(prepared, profile.store)
    write(profile.store, profile.actor, prepared, steps)
    return make_report(prepared, steps, dry_run=False)


def positions(coordinates: Json) -> Iterator[tuple[float, float]]:
    assert isinstance(coordinates, list)
    if coordinates and not isinstance(coordinates[0], list):
        lon, lat = coordinates[:2]
        assert isinstance(lon, float | int)
        assert isinstance(lat, float | int)
        yield lon, lat
        return
    for part in coordinates:
        yield from positions(part)


def apart_km(one: Asset, other: Asset) -> float:
    if one.geometry is None or other.geometry is None:
        assert one.geometry is other.geometry
        return 0.0
    assert one.geometry["type"] == other.geometry["type"]
    pairs = zip(positions(one.geometry["coordinates"]), positions(other.geometry["coordinates"]), strict=True)
    return max(distance_km(here, there) for here, there in pairs)


def layers(path: Path) -> tuple[str, ...]:
    with pytest.raises(SeveralLayers) as caught:
        prepare(Wish(path=path))
    return caught.value.layers


def test_all_of_it_comes_back(tmp_path: Path) -> None:
    paths = files()
    assert len(paths) == 18
    with open_profile(tmp_path / "one", write=True) as one, open_profile(tmp_path / "two", write=True) as two:
        for path in paths:
            report = taken_over(one, path)
            assert report.rejected == (), path.name
            assert report.rows == report.imported + report.updated + report.unchanged + report.merged + (
                report.ignored
            )
        out = tmp_path / "bestand.gpkg"
        export(one.store, ExportWish(target=out))
        for layer in layers(out):
            taken_over(two, out, layer)
        for layer in layers(out):  # once more: what stands in one layer may be part of what stands in another
            assert taken_over(two, out, layer).imported == 0
        wanted = {asset.id: asset for asset in one.store.assets()}
        found = {asset.id: asset for asset in two.store.assets()}
        assert found.keys() == wanted.keys()
        assert len(wanted) > 45_000
        for key, asset in wanted.items():
            again = found[key]
            assert (again.asset_class, again.number, again.name, again.parent_id, again.attributes) == (
                *(asset.asset_class, asset.number, asset.name, asset.parent_id, asset.attributes),
            )
            assert apart_km(asset, again) < CENTIMETRE_KM
