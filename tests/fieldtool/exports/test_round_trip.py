"""What was exported comes back into another profile as it was."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fieldtool.asset import Asset
from fieldtool.exports.run import Wish as ExportWish
from fieldtool.exports.run import export
from fieldtool.ids import AssetId, new_id
from fieldtool.imports.crs import distance_km
from fieldtool.imports.errors import SeveralLayers
from fieldtool.imports.places import first_place
from fieldtool.imports.prepare import Wish, prepare
from fieldtool.imports.report import make_report
from fieldtool.imports.write import compare, write
from fieldtool.journal import operation
from fieldtool.jsontypes import Json
from fieldtool.profile import Profile, open_profile
from fieldtool.texts import use_language
from fieldtool.upkeep import changing

FORMATS = (
    ("geopackage", "gpkg"),
    ("csv", "csv"),
    ("csv-excel-de", "csv"),
    ("geojson", "geojson"),
    ("shapefile", "shapes"),
    ("xlsx", "xlsx"),
)
CENTIMETRE_KM = 1e-5


@pytest.fixture(autouse=True)
def german() -> None:
    use_language("de")


@pytest.fixture
def profiles(tmp_path: Path) -> Iterator[tuple[Profile, Profile]]:
    with (
        open_profile(tmp_path / "one", write=True) as one,
        open_profile(tmp_path / "other", write=True) as other,
    ):
        yield one, other


def light(number: str | None, geometry: dict[str, Json] | None, **values: Json) -> Asset:
    return Asset(
        id=AssetId(new_id()),
        asset_class="street_light",
        number=number,
        name="Größe",
        geometry=geometry,
        attributes=values,
    )


POINT: dict[str, Json] = {"type": "Point", "coordinates": [7.465301234, 51.513612345]}
SAMPLES = (
    light("007", POINT, lantern_height=7.5, lamp="led", in_service_since="2019-04-01", circuit="=1+1"),
    light(
        " 8 ", POINT, straße="Märkische Straße", liste=["a", {"b": 1}], leer="", zahl=12, ja=True, nichts=None
    ),
    light(
        None, POINT, lantern_height="hoch", lamp="Kerze", remark="Zeile 1\nZeile 2", id="x", **{"class": 3}
    ),
    light("11", POINT, lamp="\x01\x02\x03\x04\x05\x06\x07\x08", remark="\x1b[0mrot\x7f"),
    light(
        "10", POINT, lantern_height=100000000.44921875, weit=-0.1234567890123456, siebzehn=1.3287781476974487
    ),
    light("'9", None, power=50, lantern_height_source="-7", bruch=0.1, groß=2**60, text="TRUE"),
)


def record(profile: Profile, *assets: Asset) -> None:
    with operation(profile.store, profile.actor, "test") as recorder:
        for one in assets:
            recorder.create(one)


def taken_over(profile: Profile, path: Path, layer: str | None = None) -> tuple[int, ...]:
    """How many were imported, updated, unchanged; of a Shapefile all kinds of geometry."""
    files = [*sorted(path.glob("*.shp")), *path.glob("*_ohne_ort.dbf")] if path.is_dir() else [path]
    found = [file_taken_over(profile, one, layer) for one in files]
    return tuple(map(sum, zip(*found, strict=True)))


def file_taken_over(profile: Profile, path: Path, layer: str | None) -> tuple[int, int, int]:
    prepared = prepare(Wish(path=path, layer=layer))
    steps = compare(prepared, profile.store)
    write(profile.store, profile.actor, prepared, steps)
    report = make_report(prepared, steps, dry_run=False)
    assert report.rejected == ()
    return report.imported, report.updated, report.unchanged


def assert_same(found: Asset, wanted: Asset) -> None:
    assert (found.id, found.asset_class, found.number, found.name, found.parent_id) == (
        wanted.id,
        wanted.asset_class,
        wanted.number,
        wanted.name,
        wanted.parent_id,
    )
    assert found.attributes == wanted.attributes
    assert (found.geometry is None) == (wanted.geometry is None)
    if found.geometry is not None and wanted.geometry is not None:
        assert found.geometry["type"] == wanted.geometry["type"]
        assert distance_km(first_place(found.geometry), first_place(wanted.geometry)) < CENTIMETRE_KM


@pytest.mark.parametrize(("name", "suffix"), FORMATS)
def test_everything_comes_back(
    profiles: tuple[Profile, Profile], tmp_path: Path, name: str, suffix: str
) -> None:
    one, other = profiles
    record(one, *SAMPLES)
    path = tmp_path / f"bestand.{suffix}"
    export(one.store, ExportWish(target=path, format=name))
    assert taken_over(other, path) == (len(SAMPLES), 0, 0)
    for wanted in SAMPLES:
        assert_same(other.store.get(Asset, wanted.id), wanted)
    assert taken_over(other, path) == (0, 0, len(SAMPLES))


@pytest.mark.parametrize(("name", "suffix"), FORMATS)
def test_what_was_changed_in_the_file_is_an_update(
    profiles: tuple[Profile, Profile], tmp_path: Path, name: str, suffix: str
) -> None:
    one, other = profiles
    record(one, SAMPLES[0])
    path = tmp_path / f"bestand.{suffix}"
    export(one.store, ExportWish(target=path, format=name))
    taken_over(other, path)
    changing.change(one, one.store.get(Asset, SAMPLES[0].id), {"name": "anders"})
    export(one.store, ExportWish(target=path, format=name, force=True))
    assert taken_over(other, path) == (0, 1, 0)
    assert other.store.get(Asset, SAMPLES[0].id).name == "anders"


def test_classes_and_parents(profiles: tuple[Profile, Profile], tmp_path: Path) -> None:
    one, other = profiles
    hub = Asset(id=AssetId(new_id()), asset_class="mobility_hub", number="H", geometry=POINT)
    stop = Asset(id=AssetId(new_id()), asset_class="stop", number="S", geometry=POINT, parent_id=hub.id)
    record(one, hub, stop)
    path = tmp_path / "bestand.csv"
    export(one.store, ExportWish(target=path))
    with pytest.raises(SeveralLayers) as caught:
        prepare(Wish(path=path))
    assert caught.value.layers == ("mobility_hub", "stop")
    assert taken_over(other, path, "stop") == (1, 0, 0)
    assert other.store.get(Asset, stop.id).parent_id is None
    assert taken_over(other, path, "mobility_hub") == (1, 0, 0)
    assert taken_over(other, path, "stop") == (0, 1, 0)
    assert_same(other.store.get(Asset, stop.id), stop)


VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**60), 2**60),
    st.floats(-1e9, 1e9),
    st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=8),
    st.lists(st.integers(0, 9), max_size=2),
)
KEYS = st.sampled_from(
    ["lantern_height", "lamp", "power", "circuit", "in_service_since", "frei", "Straße", "id"]
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(KEYS, VALUES, max_size=5), st.sampled_from(FORMATS))
def test_whatever_the_values_are(
    profiles: tuple[Profile, Profile],
    tmp_path: Path,
    values: dict[str, Json],
    chosen: tuple[str, str],
) -> None:
    one, other = profiles
    wanted = light("L", POINT, **values)
    record(one, wanted)
    path = tmp_path / f"eine.{chosen[1]}"
    box = (7.0, 51.0, 8.0, 52.0)
    export(one.store, ExportWish(target=path, format=chosen[0], bbox=box, force=True))
    taken_over(other, path)
    assert other.store.get(Asset, wanted.id).attributes == wanted.attributes
    for profile in profiles:
        with operation(profile.store, profile.actor, "test") as recorder:
            for asset in profile.store.assets():
                recorder.delete(asset)


LONG = "Ätzend lang: " + "Straße " * 60


@pytest.fixture
def shapes(profiles: tuple[Profile, Profile], tmp_path: Path) -> tuple[Asset, Path]:
    wanted = light("L", POINT, remark=LONG, beschreibung=LONG, weit=0.1 + 0.2, circuit="k")
    record(profiles[0], wanted)
    path = tmp_path / "bestand"
    export(profiles[0].store, ExportWish(target=path, format="shapefile"))
    return wanted, path


def test_what_is_too_long_for_dbase_comes_back(
    profiles: tuple[Profile, Profile], shapes: tuple[Asset, Path]
) -> None:
    wanted, path = shapes
    taken_over(profiles[1], path)
    assert_same(profiles[1].store.get(Asset, wanted.id), wanted)


def test_a_cell_that_was_changed_in_dbase_counts(
    profiles: tuple[Profile, Profile], shapes: tuple[Asset, Path]
) -> None:
    wanted, path = shapes
    table = path / "street_light_point.dbf"
    table.write_bytes(table.read_bytes().replace("Ätzend".encode(), b"Zuviel:", 1))
    taken_over(profiles[1], path)
    found = profiles[1].store.get(Asset, wanted.id).attributes
    changed = [key for key in found if found[key] != wanted.attributes[key]]
    assert len(changed) == 1
    assert str(found[changed[0]]).startswith("Zuviel: lang: Straße")


def test_without_its_companions_a_shapefile_is_a_list_like_any_other(
    profiles: tuple[Profile, Profile], shapes: tuple[Asset, Path]
) -> None:
    _wanted, path = shapes
    (path / "fields.csv").write_text("feld;bedeutung\nid;irgendwas\n", encoding="utf-8")
    assert taken_over(profiles[1], path) == (1, 0, 0)
    (found,) = profiles[1].store.assets()
    assert found.geometry is not None
    assert str(found.attributes["remark"]).startswith("Ätzend lang")


def test_a_damaged_companion_loses_only_what_it_said(
    profiles: tuple[Profile, Profile], shapes: tuple[Asset, Path]
) -> None:
    wanted, path = shapes
    (path / "exact.csv").write_text("id,exact\n" + f"{wanted.id},{{kaputt\n", encoding="utf-8")
    assert taken_over(profiles[1], path) == (1, 0, 0)
    found = profiles[1].store.get(Asset, wanted.id)
    assert found.attributes["circuit"] == "k"
    assert LONG.startswith(str(found.attributes["remark"]))
