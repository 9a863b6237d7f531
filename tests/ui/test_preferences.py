"""How the window looks is kept, and nothing in that file can keep it from opening."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ui.preferences import FILE, Preferences, read_preferences, write_preferences


def test_they_come_back(tmp_path: Path) -> None:
    wanted = Preferences(theme="sun", glove=True, zoom=150, gnss_port="/dev/ttyACM0", welcomed=True)
    write_preferences(tmp_path / "new", wanted)
    assert read_preferences(tmp_path / "new") == wanted


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{",
        '{"theme": "pink"}',
        '{"zoom": 1000}',
        '{"zoom": "150"}',
        '{"glove": 1}',
        '{"later": true}',
    ],
)
def test_what_cannot_be_used_is_as_at_first(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE).write_text(text, encoding="utf-8")
    assert read_preferences(tmp_path) == Preferences()


def test_the_usable_part_of_a_damaged_file_stays(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text(json.dumps({"theme": "dark", "zoom": 33}), encoding="utf-8")
    assert read_preferences(tmp_path) == Preferences(theme="dark")


def test_zooming_goes_by_steps_and_stops_at_the_ends() -> None:
    found = [Preferences().zoomed(steps).zoom for steps in (1, -1, 99, -99)]
    assert found == [110, 90, 200, 75]
    assert Preferences(zoom=200).zoomed(0).zoom == 100
