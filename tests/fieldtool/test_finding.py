"""From a code straight to the record."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from fieldtool.asset import Asset
from fieldtool.finding import find
from fieldtool.ids import new_id
from fieldtool.labels.errors import EmptyLabel, WrongChecksum
from fieldtool.profile import Profile
from tests.fieldtool.making import asset, device, profile, record

DEV_EUI = "a84041f1e2d3c4b5"


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Profile]:
    with profile(tmp_path / "profile") as made:
        yield made


@pytest.fixture
def mast(opened: Profile) -> Asset:
    made = asset("007", asset_class="street_light")
    record(
        opened, made, asset("007"), asset("7"), device(DEV_EUI, asset_id=made.id), device("70b3d57ed0000001")
    )
    return made


@pytest.mark.parametrize(
    "form",
    ["{id}", "FT:ASSET:{id}", "urn:ngsi-ld:Streetlight:{id}", "]Q1https://stadt.example/a/{id}?q=1\r\n"],
)
def test_an_id_however_it_is_written(opened: Profile, mast: Asset, form: str) -> None:
    found = find(opened.store, form.format(id=mast.id.upper() if "ngsi" not in form else mast.id))
    assert (found.read_as, [one.id for one in found.assets]) == ("id", [mast.id])


def test_a_number_is_exactly_that_number_in_every_class(opened: Profile, mast: Asset) -> None:
    found = find(opened.store, " 007\n")
    assert found.read_as == "number"
    assert {one.asset_class for one in found.assets} == {"street_light", "tree"}
    assert mast.id in [one.id for one in found.assets]


def test_the_label_of_a_device_leads_to_where_it_is_mounted(opened: Profile, mast: Asset) -> None:
    found = find(opened.store, DEV_EUI.upper())
    assert (found.read_as, [one.id for one in found.assets]) == ("device", [mast.id])
    lonely = find(opened.store, "70B3D57ED0000001")
    assert lonely.device is not None
    assert lonely.assets == ()
    unknown = find(opened.store, "70B3D57ED0000099")
    assert (unknown.read_as, unknown.text, unknown.device) == ("device", "70b3d57ed0000099", None)


@pytest.mark.usefixtures("mast")
def test_an_id_of_nothing_and_a_text(opened: Profile) -> None:
    gone = new_id()
    assert find(opened.store, f"FT:ASSET:{gone}").read_as == "id"
    assert find(opened.store, f"FT:ASSET:{gone}").assets == ()
    assert find(opened.store, "Mast am Hafen").read_as == "text"
    assert find(opened.store, "0070").read_as == "text"


def test_a_key_is_not_told_again(opened: Profile) -> None:
    key = "8f3c1e5b7a9d2046f1e2d3c4b5a69788"
    assert key not in find(opened.store, f"irgendwas {key}").text


def test_a_label_that_does_not_hold_says_so(opened: Profile) -> None:
    with pytest.raises(EmptyLabel):
        find(opened.store, " \n")
    with pytest.raises(WrongChecksum):
        find(opened.store, "LW:D0:1122334455667788:AABBCCDDEEFF0011:AABB1122:CFFFF")
