"""From what a person entered to a plan, and from a record back to what was entered."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from fieldtool.catalogue import device_profile
from fieldtool.commissioning.draft import Draft, draft_of, next_step, plan_of, type_of
from fieldtool.commissioning.record import STEPS, Commissioning
from fieldtool.commissioning.telling import step_lines, step_title
from fieldtool.ids import CommissioningId, new_id
from fieldtool.labels import Label, read_label

KIND = device_profile("dragino-lse01")
LABEL = read_label("DevEUI=A84041000181C061;JoinEUI=A840410000000101")
WHOLE = Draft(
    device_type=KIND.id,
    port="/dev/ttyUSB0",
    label=LABEL,
    site_template="street-tree",
    asset_id="0192",
    ticket_id="0193",
    position="hand",
    place=(7.4653, 51.5136),
    join_skip="das Gateway läuft noch nicht",
    accept_readings="Sonde steht in Luft",
    accept_distance="Mast steht versetzt",
)


def record(draft: Draft) -> Commissioning:
    plan = plan_of(draft, KIND).kept()
    label = {"format": "key_value", "dev_eui": LABEL.dev_eui, "join_eui": LABEL.join_eui, "serial": None}
    return Commissioning(
        id=CommissioningId(new_id()),
        profile=KIND.id,
        dev_eui=str(LABEL.dev_eui),
        started_at=datetime.now(UTC),
        label=label,
        plan=plan,
    )


@pytest.mark.parametrize(
    "draft",
    [
        WHOLE,
        replace(WHOLE, position="gnss", gnss_port="/dev/ttyACM0", place=None),
        replace(WHOLE, position="asset", place=None, join_skip="", accept_readings="", accept_distance=""),
    ],
)
def test_a_record_gives_back_what_its_plan_was_made_of(draft: Draft) -> None:
    again = draft_of(record(draft), port=draft.port)
    assert replace(again, site_template=draft.site_template, label=draft.label) == draft
    assert again.label is not None
    assert (again.label.dev_eui, again.label.join_eui) == (LABEL.dev_eui, LABEL.join_eui)


def test_when_it_is_ready() -> None:
    assert (WHOLE.device_ready, WHOLE.label_ready, WHOLE.site_ready) == (True, True, True)
    assert not replace(WHOLE, port="").device_ready
    assert not replace(WHOLE, label=Label(format="asset")).label_ready
    assert not replace(WHOLE, asset_id="").site_ready
    assert not replace(WHOLE, place=None).site_ready
    assert not replace(WHOLE, key_source="file").site_ready
    assert replace(WHOLE, key_source="file", key_file=Path("keys.csv")).site_ready


def test_a_plan_that_lacks_something_is_a_bug() -> None:
    with pytest.raises(ValueError, match="asset"):
        plan_of(replace(WHOLE, position="gnss", gnss_port="", accept_distance="x"), KIND)


def test_the_type_that_a_label_names() -> None:
    assert type_of(Label(format="tr005", profile_id="ffffffff")) is None
    named = [
        name for name in (type_of(Label(format="tr005", profile_id=one)) for one in profile_ids()) if name
    ]
    assert len(named) == len(profile_ids())


def profile_ids() -> tuple[str, ...]:
    return KIND.lorawan.profile_ids if KIND.lorawan is not None else ()


def test_the_step_to_go_on_with() -> None:
    begun = replace(record(WHOLE), steps={"identify": {"state": "done"}, "connect": {"state": "failed"}})
    assert next_step(begun) == "connect"
    assert next_step(record(WHOLE)) == "identify"
    assert next_step(replace(begun, steps={name: {"state": "done"} for name in STEPS})) == "finish"


def test_every_step_has_a_title_and_tells_what_it_found() -> None:
    entries = {
        "identify": {"label": {"dev_eui": "a8", "join_eui": "b1", "secrets": ["app_key"]}},
        "connect": {"port": "/dev/ttyUSB0"},
        "compare": {"dev_eui": "a8", "firmware": "1.2.0"},
        "plan": {"app_key": "generate", "to_write": ["interval"], "lost": []},
        "write": {"written": ["interval", "app_key"], "unchanged": []},
        "read_back": {"settings": {"interval": "1800"}, "app_key": "equal"},
        "join": {"rssi_dbm": -121.0, "snr_db": -12.5, "weak": True},
        "readings": {"readings": [{"quantity": KIND.quantities[0].quantity.name, "value": 23.5}]},
        "place": {"lon": 7.4653, "lat": 51.5136, "accuracy_m": 2.51},
        "mount": {"number": "D-1", "distance_m": 3.0},
    }
    done = {name: {"state": "done", **found} for name, found in entries.items()}
    whole = replace(record(WHOLE), steps=done)
    told = {name: " | ".join(step_lines(whole, name, KIND)) for name in STEPS}
    assert all(step_title(name) for name in STEPS)
    assert "Das Etikett enthält einen Schlüssel" in told["identify"]
    assert told["plan"].startswith("Schlüssel: neu erzeugt, im Tresor aufbewahrt | Zu schreiben: ")
    assert told["read_back"].endswith("1800 s | Der Schlüssel ist der aus dem Tresor.")
    assert told["join"].startswith("Signalstärke -121 dBm | Signal-Rausch-Abstand -12,5 dB | ")
    assert "23,5" in told["readings"]
    assert told["place"] == "51,513600° N, 7,465300° E ± 2,5 m"
    assert told["mount"] == "Montiert an D-1 | 3,0 m davon entfernt"
    assert told["finish"] == ""
