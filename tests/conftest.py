from __future__ import annotations

from collections.abc import Iterator

import pytest

from fieldtool.texts import use_language
from tests.fieldtool.training.process import Running, running


@pytest.fixture(autouse=True)
def german_before_every_test() -> Iterator[None]:
    """The language is the process's; a test that speaks another one must not speak for the next."""
    use_language("de")
    yield
    use_language("de")


@pytest.fixture(scope="module")
def shared_platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(tmp_path_factory.mktemp("platform")) as started:
        yield started


@pytest.fixture
def platform(shared_platform: Running) -> Iterator[Running]:
    """The training platform, the same for all tests of a module, without faults at the beginning of each."""
    yield shared_platform
    shared_platform.faults()
