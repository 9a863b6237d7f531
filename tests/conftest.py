from __future__ import annotations

from collections.abc import Iterator

import pytest

from fieldtool.texts import use_language


@pytest.fixture(autouse=True)
def german_before_every_test() -> Iterator[None]:
    """The language is the process's; a test that speaks another one must not speak for the next."""
    use_language("de")
    yield
    use_language("de")
