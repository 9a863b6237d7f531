"""Against a real database: one operation each, nothing overwritten, everything can be taken back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from fieldtool.asset import Asset
from fieldtool.entities import to_fields
from fieldtool.ids import AssetId, new_id
from fieldtool.journal import Role, StaleVersion, operation
from fieldtool.jsontypes import Json
from fieldtool.policy import NotAllowed
from fieldtool.profile import Profile, open_profile
from fieldtool.ticket import Ticket
from fieldtool.ticketing import changing as ticketing
from fieldtool.upkeep import bulk, changing, restoring, undoing
from fieldtool.upkeep.bulk import Selection
from fieldtool.upkeep.errors import (
    AssetInUse,
    AttributeUnknown,
    GeometryUnfit,
    NothingToUndo,
    NumberTaken,
    OperationUnknown,
    ParentOfOtherKind,
    ParentUnfit,
    ValuesInvalid,
)

HERE = {"type": "Point", "coordinates": [7.46, 51.51]}
THERE = {"type": "Point", "coordinates": [7.47, 51.52]}


@pytest.fixture
def profile(tmp_path: Path) -> Iterator[Profile]:
    with open_profile(tmp_path / "profile", write=True) as opened:
        yield as_role(opened, "bestand")


def as_role(profile: Profile, role: Role) -> Profile:
    return replace(profile, actor=replace(profile.actor, role=role))


def light(profile: Profile, number: str = "L-1", **attributes: object) -> Asset:
    asset = Asset(
        id=AssetId(new_id()),
        asset_class="street_light",
        number=number,
        geometry=HERE,
        attributes={"power": 50, "lamp": "sodium", **attributes},  # type: ignore[dict-item]
    )
    return changing.create(profile, asset)


def values(asset: Asset, **changed: Json) -> dict[str, Json]:
    return changing.with_values(asset, changed)


def now(profile: Profile, asset: Asset) -> Asset:
    return profile.store.get(Asset, asset.id)


def operations(profile: Profile, asset: Asset) -> list[str]:
    return [entry.operation.id for entry in profile.store.history(asset.id)]


def kinds(profile: Profile, asset: Asset) -> list[str]:
    return [entry.operation.kind for entry in profile.store.history(asset.id)]


def test_a_change_is_one_operation_with_who_and_why(profile: Profile) -> None:
    asset = light(profile)
    changed = changing.change(profile, asset, {"name": "Am Ostpark"}, "Begehung")
    assert changed == now(profile, asset)
    (_made, entry) = profile.store.history(asset.id)
    assert (entry.operation.kind, entry.operation.reason) == ("asset.edit", "Begehung")
    assert (entry.change.before, entry.change.after) == ({"name": None}, {"name": "Am Ostpark"})
    assert (entry.actor.id, entry.operation.role) == (profile.actor.id, "bestand")


def test_nothing_different_is_no_operation(profile: Profile) -> None:
    asset = light(profile)
    assert changing.change(profile, asset, {"number": "L-1", "geometry": HERE}) == asset
    assert kinds(profile, asset) == ["asset.create"]


def test_what_has_moved_on_is_not_overwritten(profile: Profile) -> None:
    asset = light(profile)
    changing.change(profile, asset, {"name": "eine"})
    with pytest.raises(StaleVersion):
        changing.change(profile, asset, {"name": "andere"})
    assert now(profile, asset).name == "eine"


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"attributes": {"power": "viel"}}, ValuesInvalid),
        ({"attributes": {"lamp": "candle"}}, ValuesInvalid),
        ({"number": "L-2"}, NumberTaken),
        ({"geometry": {"type": "LineString", "coordinates": [[7, 51], [8, 52]]}}, GeometryUnfit),
    ],
)
def test_what_cannot_be_saved(profile: Profile, changes: dict[str, object], error: type[Exception]) -> None:
    asset = light(profile)
    light(profile, "L-2")
    with pytest.raises(error):
        changing.change(profile, asset, changes)
    assert now(profile, asset) == asset


def test_what_a_list_brought_along_is_no_reason_to_refuse_something_else(profile: Profile) -> None:
    asset = light(profile, power_source="viel", power=99_999)
    assert changing.change(profile, asset, {"name": "geht"}).name == "geht"
    assert now(profile, asset).attributes == {"power": 99_999, "lamp": "sodium", "power_source": "viel"}


def test_an_implausible_value_is_saved(profile: Profile) -> None:
    asset = light(profile)
    changed = changing.change(profile, asset, {"attributes": changing.with_values(asset, {"power": 9e6})})
    assert changed.attributes["power"] == 9e6


def test_a_value_is_taken_away(profile: Profile) -> None:
    asset = light(profile)
    changing.change(profile, asset, {"attributes": changing.with_values(asset, {"lamp": None})})
    assert now(profile, asset).attributes == {"power": 50}


def part_of(asset_class: str, above: Asset | None = None) -> Asset:
    return Asset(
        id=AssetId(new_id()),
        asset_class=asset_class,
        geometry=HERE,
        parent_id=None if above is None else above.id,
    )


def test_nothing_is_part_of_itself(profile: Profile) -> None:
    station = changing.create(profile, part_of("station"))
    hub = changing.create(profile, part_of("mobility_hub", station))
    stop = changing.create(profile, part_of("stop", hub))
    assert [one.id for one in profile.store.parts(hub.id)] == [stop.id]
    with operation(profile.store, profile.actor, "test") as recorder:
        recorder.update(station, parent_id=stop.id)
    with pytest.raises(ParentUnfit):
        changing.change(profile, now(profile, stop), {"parent_id": station.id})
    with pytest.raises(AssetInUse):
        changing.delete(profile, hub)


def test_a_part_of_what_it_is_no_part_of(profile: Profile) -> None:
    asset = light(profile)
    with pytest.raises(ParentOfOtherKind) as caught:
        changing.change(profile, light(profile, "L-2"), {"parent_id": asset.id})
    assert "Lichtmast" in caught.value.fitting


def test_what_others_belong_to_is_not_deleted(profile: Profile) -> None:
    asset = light(profile)
    ticket = Ticket(id=new_id(), category="other", title="Mast schief", asset_id=asset.id)
    ticketing.create(profile, ticket)
    with pytest.raises(AssetInUse) as caught:
        changing.delete(profile, asset)
    assert "1 Ticket" in caught.value.users
    assert now(profile, asset) == asset


def test_rights(profile: Profile) -> None:
    asset = light(profile)
    pupil = as_role(profile, "schule")
    for attempt in (
        lambda: changing.create(pupil, replace(asset, id=AssetId(new_id()))),
        lambda: changing.change(pupil, asset, {"name": "x"}),
        lambda: changing.delete(as_role(profile, "technik"), asset),
        lambda: restoring.restore(pupil, asset.id, operations(profile, asset)[0]),
        lambda: undoing.undo(pupil, operations(profile, asset)[0]),
        lambda: bulk.apply(as_role(profile, "technik"), bulk.Preview({}, 0, ()), "street_light", {}),
    ):
        with pytest.raises(NotAllowed):
            attempt()
    assert kinds(profile, asset) == ["asset.create"]


def test_any_earlier_state_comes_back(profile: Profile) -> None:
    asset = light(profile)
    second = changing.change(
        profile,
        asset,
        {"name": "zwei", "attributes": changing.with_values(asset, {"power": 35, "lamp": None})},
    )
    third = changing.change(profile, second, {"number": "L-9", "geometry": THERE})
    states = operations(profile, asset)
    for operation_id, wanted in zip(states, (asset, second, third), strict=True):
        if to_fields(now(profile, asset)) != to_fields(wanted):
            restoring.restore(profile, asset.id, operation_id, "doch so")
        assert to_fields(now(profile, asset)) == to_fields(wanted)
    assert kinds(profile, asset)[3:] == ["asset.restore"] * 3
    with pytest.raises(NothingToUndo):
        restoring.restore(profile, asset.id, states[2])
    with pytest.raises(OperationUnknown):
        restoring.restore(profile, asset.id, new_id())


def test_a_deleted_asset_comes_back_under_its_id(profile: Profile) -> None:
    asset = light(profile)
    first = operations(profile, asset)[0]
    changing.delete(profile, asset, "Irrtum")
    assert profile.store.find(Asset, asset.id) is None
    with pytest.raises(NothingToUndo):
        restoring.restore(profile, asset.id, operations(profile, asset)[1])
    restoring.restore(profile, asset.id, first)
    assert to_fields(now(profile, asset)) == to_fields(asset)
    changing.delete(profile, now(profile, asset))
    undoing.undo(profile, operations(profile, asset)[-1])
    assert to_fields(now(profile, asset)) == to_fields(asset)


def test_a_restored_number_that_has_gone_to_another_is_refused(profile: Profile) -> None:
    asset = light(profile)
    changing.change(profile, asset, {"number": "L-2"})
    light(profile, "L-1")
    with pytest.raises(NumberTaken):
        restoring.restore(profile, asset.id, operations(profile, asset)[0])


def test_undoing_leaves_what_somebody_changed_since(profile: Profile) -> None:
    asset = light(profile)
    changed = changing.change(
        profile,
        asset,
        {"name": "neu", "attributes": changing.with_values(asset, {"power": 35, "lamp": "led"})},
    )
    wrong = operations(profile, asset)[-1]
    changing.change(profile, changed, {"attributes": changing.with_values(changed, {"lamp": "gas"})})
    done = undoing.undo(profile, wrong)
    assert done.changed == 1
    ((_title, kept),) = done.kept
    assert kept == ("lamp",)
    assert now(profile, asset).attributes == {"power": 50, "lamp": "gas"}
    assert now(profile, asset).name is None
    with pytest.raises(OperationUnknown):
        undoing.undo(profile, new_id())


def test_undoing_twice_does_nothing(profile: Profile) -> None:
    asset = light(profile)
    changing.change(profile, asset, {"name": "neu"})
    wrong = operations(profile, asset)[-1]
    undoing.undo(profile, wrong)
    with pytest.raises(NothingToUndo):
        undoing.undo(profile, wrong)
    assert kinds(profile, asset) == ["asset.create", "asset.edit", "asset.undo"]


def test_many_at_once_are_shown_first_and_can_be_taken_back(profile: Profile) -> None:
    old = [light(profile, f"L-{index}") for index in range(5)]
    led = light(profile, "L-9", lamp="led")
    selection = Selection(asset_class="street_light", where={"lamp": "sodium"})
    seen = bulk.preview(profile.store, selection, {"lamp": "led", "power": 18})
    assert set(seen.versions) == {asset.id for asset in old}
    assert (seen.unchanged, len(seen.examples)) == (0, 5)
    assert "LED" in seen.examples[0].after
    assert "Natriumdampf" in seen.examples[0].before
    assert bulk.apply(profile, seen, "street_light", {"lamp": "led", "power": 18}, "Umrüstung").changed == 5
    assert {now(profile, asset).attributes["lamp"] for asset in old} == {"led"}
    assert now(profile, led) == led
    undone = undoing.undo(profile, operations(profile, old[0])[-1])
    assert (undone.changed, undone.kept) == (5, ())
    assert [to_fields(now(profile, asset)) for asset in old] == [to_fields(asset) for asset in old]


def test_what_moved_on_since_the_preview_stops_all_of_it(profile: Profile) -> None:
    lights = [light(profile, f"L-{index}") for index in range(3)]
    seen = bulk.preview(profile.store, Selection(asset_class="street_light"), {"lamp": "led"})
    changing.change(profile, lights[1], {"name": "anders"})
    with pytest.raises(StaleVersion):
        bulk.apply(profile, seen, "street_light", {"lamp": "led"})
    assert {now(profile, asset).attributes["lamp"] for asset in lights} == {"sodium"}


def test_many_at_once_with_values_that_do_not_fit(profile: Profile) -> None:
    selection = Selection(asset_class="street_light")
    with pytest.raises(AttributeUnknown):
        bulk.preview(profile.store, selection, {"colour": "red"})
    with pytest.raises(ValuesInvalid):
        bulk.preview(profile.store, selection, {"power": "viel"})
