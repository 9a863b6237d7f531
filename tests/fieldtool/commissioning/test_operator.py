"""Whose device it becomes: the plan says so, or the thing that the plan is about."""

from __future__ import annotations

from pathlib import Path

import pytest

from drivers.secret import Secret
from fieldtool.asset import Asset
from fieldtool.catalogue import device_profile
from fieldtool.commissioning.plan import make_plan
from fieldtool.geometry import point
from fieldtool.ids import AssetId, new_id
from fieldtool.journal import operation
from fieldtool.operators import OperatorsMixed
from fieldtool.profile import Profile
from fieldtool.schemas import violation
from tests.fieldtool.commissioning.bench import DEV_EUI, KIND, LAT, LON, PASSWORD, Bench, bench
from tests.fieldtool.making import device, sql
from tests.fieldtool.replaying import problems


def mast(profile: Profile, operator: str | None, number: str = "4711") -> Asset:
    with operation(profile.store, profile.actor, "asset.create", operator=operator) as recorder:
        return recorder.create(
            Asset(id=AssetId(new_id()), asset_class="sensor_mast", number=number, geometry=point(LON, LAT))
        )


def operators(made: Bench) -> set[str | None]:
    with made.profile() as profile:
        assert problems(profile) == []
        return {row[0] for row in sql(profile, "SELECT operator FROM operations WHERE kind LIKE 'comm%'")}


def test_the_plan_says_whose_and_finds_the_mast_of_that_city(tmp_path: Path) -> None:
    wanted = {"class": "sensor_mast", "number": "4711"}
    with bench(tmp_path) as made:
        with made.profile() as profile:
            mast(profile, "dortmund")
            here = mast(profile, "schwerte")
        record = made.commission(operator="Schwerte", asset=wanted)
        assert record.state == "finished"
        assert record.plan["operator"] == "schwerte"
        with made.profile() as profile:
            (mounted,) = profile.store.devices(dev_eui=DEV_EUI)
            assert mounted.asset_id == here.id
        assert operators(made) == {"schwerte"}


def test_the_asset_says_whose_where_the_plan_does_not(tmp_path: Path) -> None:
    with bench(tmp_path) as made:
        with made.profile() as profile:
            mast(profile, "schwerte")
        made.commission(asset={"class": "sensor_mast", "number": "4711"}, join={"skip": "kein Gateway"})
        assert operators(made) == {"schwerte"}


def test_the_others_device_is_left_alone(tmp_path: Path) -> None:
    with bench(tmp_path) as made:
        with made.profile() as profile:
            with operation(profile.store, profile.actor, "made", operator="dortmund") as recorder:
                recorder.create(device(DEV_EUI, join_eui="a840410000000101"))
            mast(profile, "schwerte")
        before = made.memory() if (tmp_path / "memory.json").exists() else None
        with pytest.raises(OperatorsMixed):
            made.commission(operator="schwerte", asset={"class": "sensor_mast", "number": "4711"})
        assert operators(made) == set()
        assert (made.memory() if (tmp_path / "memory.json").exists() else None) == before


def test_a_plan_without_an_operator_keeps_what_it_kept(tmp_path: Path) -> None:
    made = Bench(tmp_path, "", Secret(PASSWORD), KIND)
    plan = make_plan(made.plan(), device_profile(KIND), folder=tmp_path)
    assert "operator" not in plan.kept()
    assert violation(made.plan(operator="schwerte"), "plan") is None
    assert violation(made.plan(operator=" "), "plan") is not None
