from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.fieldtool.training.process import Running, running


@pytest.fixture(scope="package")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """One process for all tests that need nothing special of it; each uses ids of its own."""
    with running(tmp_path_factory.mktemp("platform"), "--tenant", "north", "--tenant", "south") as started:
        yield started


@pytest.fixture
def platform(shared: Running) -> Iterator[Running]:
    while not shared.events.empty():
        shared.events.get_nowait()
    yield shared
    shared.faults()
