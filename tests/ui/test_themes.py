"""Contrast is reckoned by WCAG 2.1, for every pair of colours that meets in the style sheet."""

from __future__ import annotations

import re

import pytest
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from ui import themes
from ui.preferences import Preferences
from ui.themes import LINE_PAIRS, TEXT_PAIRS, THEMES, Theme, contrast, sizes
from ui.widgets.controls import button, line

TEXT = {"light": 4.5, "dark": 4.5, "sun": 7.0}
LINE = 3.0


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("name", THEMES)
def test_every_text_can_be_read(name: str) -> None:
    theme = THEMES[name]  # type: ignore[index]
    weak = [
        (text, ground, round(contrast(getattr(theme, text), getattr(theme, ground)), 2))
        for text, ground in TEXT_PAIRS
        if contrast(getattr(theme, text), getattr(theme, ground)) < TEXT[name]
    ]
    assert weak == []


@pytest.mark.parametrize("name", THEMES)
def test_every_edge_and_focus_can_be_seen(name: str) -> None:
    theme = THEMES[name]  # type: ignore[index]
    weak = [pair for pair in LINE_PAIRS if contrast(getattr(theme, pair[0]), getattr(theme, pair[1])) < LINE]
    assert weak == []


def test_the_pairs_name_every_colour_that_the_style_sheet_writes_texts_in() -> None:
    sheet = themes.STYLE.read_text(encoding="utf-8")
    written = set(re.findall(r"(?<![-\w])(?:placeholder-text-)?color: @(\w+)@", sheet)) - {"text"}
    assert written <= {text for text, _ground in TEXT_PAIRS}
    grounds = set(re.findall(r"background(?:-color)?: @(\w+)@", sheet)) - {"line"}
    assert grounds <= {ground for _text, ground in TEXT_PAIRS}


@pytest.mark.parametrize("name", THEMES)
def test_the_style_sheet_leaves_no_place_open(name: str) -> None:
    theme = THEMES[name]  # type: ignore[index]
    assert "@" not in themes.style_sheet(theme, sizes(Preferences()), {"arrow": "a.svg", "check": "c.svg"})
    assert isinstance(theme, Theme)


@pytest.mark.parametrize(("glove", "zoom", "wanted"), [(False, 100, 48), (True, 100, 64), (False, 75, 48)])
def test_targets_keep_their_size(
    looks: QApplication,
    qtbot: QtBot,
    *,
    glove: bool,
    zoom: int,
    wanted: int,
) -> None:
    themes.apply(looks, Preferences(glove=glove, zoom=zoom))
    for made in (button("Ja"), line("Name")):
        qtbot.addWidget(made)
        made.show()
        assert made.height() >= wanted
        if isinstance(made, QPushButton):
            assert made.width() >= wanted


def test_texts_grow_with_the_zoom(looks: QApplication) -> None:
    before = looks.font().pointSizeF()
    themes.apply(looks, Preferences(zoom=200))
    assert looks.font().pointSizeF() == pytest.approx(2 * before)
    assert looks.palette().color(QPalette.ColorRole.WindowText).name() == THEMES["light"].text
