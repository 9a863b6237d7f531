"""The same workflow with every device type and both generations of firmware."""

from __future__ import annotations

from pathlib import Path

import pytest

from fieldtool.catalogue import device_profile
from fieldtool.commissioning.record import STEPS
from tests.fieldtool.commissioning.bench import DEV_EUI, PASSWORD, bench


@pytest.mark.parametrize("kind", ["dragino-lse01", "dragino-ldds75"])
@pytest.mark.parametrize(("firmware", "password"), [("v3", PASSWORD), ("stm32", None)])
def test_from_the_label_to_the_finish(tmp_path: Path, kind: str, firmware: str, password: str | None) -> None:
    with bench(tmp_path, kind=kind, firmware=firmware) as made:
        record = made.commission(password=password, site_template="water-level")
        assert made.done() == list(STEPS)
        assert record.profile == kind
        with made.profile() as profile:
            (device,) = profile.store.devices(dev_eui=DEV_EUI, limit=2)
            streams = profile.store.datastreams(device.id)
            observations = list(profile.store.observations(limit=100))
        assert device.firmware is not None
        quantities = device_profile(kind).quantities
        assert {stream.unit for stream in streams} == {entry.quantity.unit for entry in quantities}
        assert len(observations) == 3 * len(quantities)
