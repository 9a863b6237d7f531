"""Against a real database: one operation, all or nothing, nothing twice, nobody's edit overwritten."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from fieldtool.asset import Asset
from fieldtool.entities import fields_of
from fieldtool.imports.matching import Step
from fieldtool.imports.prepare import Wish, prepare
from fieldtool.imports.report import ImportReport, make_report
from fieldtool.imports.write import compare, write
from fieldtool.journal import StaleVersion, operation
from fieldtool.profile import Profile, open_profile
from tests.fieldtool.imports.lists import LIGHTS, real


@pytest.fixture
def profile(tmp_path: Path) -> Iterator[Profile]:
    with open_profile(tmp_path / "profile", write=True) as opened:
        yield opened


def take_over(profile: Profile, path: Path) -> ImportReport:
    prepared = prepare(Wish(path=path))
    steps = compare(prepared, profile.store)
    write(profile.store, profile.actor, prepared, steps)
    return make_report(prepared, steps, dry_run=False)


def counts(report: ImportReport) -> tuple[int, int, int, int]:
    return report.imported, report.updated, report.unchanged, report.ignored


def lights(tmp_path: Path, text: str = LIGHTS) -> Path:
    path = tmp_path / "leuchten.csv"
    path.write_text(text, encoding="utf-8")
    return path


def light(profile: Profile, number: str) -> Asset:
    (found,) = profile.store.asset_by_number("street_light", number)
    return found


def operations(profile: Profile) -> int:
    value = profile.store.connection.value("SELECT count(*) FROM operations")
    assert isinstance(value, int)
    return value


def test_an_import_is_one_operation_with_a_change_per_record(profile: Profile, tmp_path: Path) -> None:
    take_over(profile, lights(tmp_path))
    entries = [entry for asset in profile.store.assets() for entry in profile.store.history(asset.id)]
    assert [entry.operation.kind for entry in entries] == ["asset.import"] * 3
    assert {entry.operation.reason for entry in entries} == {"leuchten.csv"}
    assert len({entry.operation.id for entry in entries}) == operations(profile) == 1
    assert sorted(entry.change.position for entry in entries) == [0, 1, 2]
    stored = light(profile, "0047")
    assert (stored.attributes["lantern_height"], stored.attributes["lamp"]) == (8.5, "led")
    assert stored.geometry is not None


def test_the_same_list_again_touches_nothing(profile: Profile, tmp_path: Path) -> None:
    take_over(profile, lights(tmp_path))
    before = list(profile.store.assets())
    report = take_over(profile, lights(tmp_path))
    assert counts(report) == (0, 0, 3, 0)
    assert list(profile.store.assets()) == before
    assert operations(profile) == 1


def test_a_newer_list_updates_what_it_changes(profile: Profile, tmp_path: Path) -> None:
    take_over(profile, lights(tmp_path))
    newer = LIGHTS.replace("6;Natriumdampf", "6;LED") + "0050;393590,00;5708130,00;6;LED;Prüßweg\n"
    assert counts(take_over(profile, lights(tmp_path, newer))) == (1, 1, 2, 0)
    last = list(profile.store.history(light(profile, "0049").id))[-1]
    assert last.change.action == "update"
    assert last.change.after is not None
    assert set(last.change.after) == {"attributes"}
    assert light(profile, "0048").version == 1


def test_a_record_edited_since_is_flagged_and_kept(profile: Profile, tmp_path: Path) -> None:
    take_over(profile, lights(tmp_path))
    found = light(profile, "0049")
    with operation(profile.store, profile.actor, "asset.edit") as recorder:
        edited = recorder.update(found, attributes={**found.attributes, "lamp": "gas"})
    report = take_over(profile, lights(tmp_path))
    assert counts(report) == (0, 0, 2, 1)
    assert [(flag.row, flag.value) for flag in report.flagged] == [(4, "0049")]
    assert light(profile, "0049") == edited


def test_an_edited_record_the_list_agrees_with_is_unchanged(profile: Profile, tmp_path: Path) -> None:
    take_over(profile, lights(tmp_path))
    found = light(profile, "0049")
    with operation(profile.store, profile.actor, "asset.edit") as recorder:
        recorder.update(found, attributes={**found.attributes, "remarks": "Tür klemmt"})
    assert counts(take_over(profile, lights(tmp_path))) == (0, 0, 3, 0)


def test_numbers_of_two_classes_do_not_meet(profile: Profile, tmp_path: Path) -> None:
    take_over(profile, lights(tmp_path))
    masts = tmp_path / "sensormasten.csv"
    masts.write_text("Mastnummer;Lon;Lat\n0047;7,465;51,514\n", encoding="utf-8")
    assert counts(take_over(profile, masts)) == (1, 0, 0, 0)


def test_an_import_that_fails_half_way_leaves_nothing(profile: Profile, tmp_path: Path) -> None:
    prepared = prepare(Wish(path=lights(tmp_path)))
    steps = compare(prepared, profile.store)
    write(profile.store, profile.actor, prepared, steps[:1])
    stored = light(profile, "0047")
    broken = [*steps[1:], Step(steps[0].record, "updated", stored, {"number": "1"})]
    with operation(profile.store, profile.actor, "asset.edit") as recorder:
        recorder.update(stored, name="meanwhile")
    with pytest.raises(StaleVersion):
        write(profile.store, profile.actor, prepared, broken)
    assert [asset.number for asset in profile.store.assets()] == ["0047"]
    assert operations(profile) == 2


def test_every_field_of_a_record_reaches_the_database(profile: Profile, tmp_path: Path) -> None:
    path = tmp_path / "liste.csv"
    path.write_text("Nr;Name;Lon;Lat;Farbe\n007;Bank;7,465;51,514;rot\n", encoding="utf-8")
    take_over(profile, path)
    (stored,) = profile.store.assets()
    filled = {field.name: getattr(stored, field.name) for field in fields_of(Asset)}
    assert filled == {
        "asset_class": "other",
        "number": "007",
        "name": "Bank",
        "geometry": {"type": "Point", "coordinates": [7.465, 51.514]},
        "attributes": {"farbe": "rot"},
        "parent_id": None,
    }


@pytest.mark.parametrize(
    "name",
    [
        "moers_papierkoerbe.csv",
        "bochum_playgrounds.csv",
        "bochum_sports_facilities.csv",
        "bochum_tree_planting_felling_register.csv",
        "flensburg_baumfaellungen_2023.csv",
        "dortmund_parkapi_parkhaeuser.geojson",
        "shnetz_ttn_gateways_sample.geojson",
    ],
)
def test_a_real_list_imported_twice_is_imported_once(profile: Profile, name: str) -> None:
    first, second = take_over(profile, real(name)), take_over(profile, real(name))
    assert (second.imported, second.updated) == (0, 0)
    assert (second.unchanged, second.merged) == (first.imported, first.merged)
    assert first.rows == second.rows
    assert profile.store.count(Asset) == first.imported
    classes = Counter(asset.asset_class for asset in profile.store.assets())
    assert classes == {first.prepared.kind.id: first.imported}
