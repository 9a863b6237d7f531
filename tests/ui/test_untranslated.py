"""In a made-up language every text of ours wears brackets: what stands without them was never translated."""

from __future__ import annotations

import re

import pytest
from PySide6.QtWidgets import QApplication, QComboBox
from pytestqt.qtbot import QtBot

from fieldtool import texts
from fieldtool.asset_classes import asset_class, class_ids
from fieldtool.catalogue import device_profile, device_types
from fieldtool.commissioning.plan import site_template_titles
from fieldtool.demo.site import TREES
from fieldtool.ticketing.categories import categories
from installer import checking
from tests.ui.bench import practised
from tests.ui.conftest import idle
from ui.screen import Desk
from ui.window import Window

LANGUAGE_NEUTRAL = re.compile(
    r"""[\W\d_]*                                   # figures and signs
    | DevEUI.* | JoinEUI.* | AppKey | LoRaWAN.* | ProfileID.*
    | (https?:)?//.* | /dev/.* | .*[/\\].*          # addresses and paths
    | [0-9a-f-]{8,}.*                              # identifiers
    | EPSG:\d+ | URL | Deutsch | English | COM\d+.*
    """,
    re.VERBOSE | re.IGNORECASE,
)
NAMES = ("Mia Muster", "MM", "uebungs", "Dragino", "LSE01", "LDDS75", "Fieldtool")
"""What people, devices and programs are called."""


def from_data_files() -> set[str]:
    """Titles that come in German and English themselves, and what the practice's list holds."""
    profiles = [device_profile(name) for name in device_types()]
    attributes = [one for name in class_ids() for one in asset_class(name).attributes]
    choices = [label for one in attributes for label in (one.choices or {}).values()]
    return {
        *(asset_class(name).title() for name in class_ids()),
        *(one.title() for one in categories()),
        *(title for _name, title in site_template_titles()),
        *(attribute.title() for attribute in attributes),
        *(label["de"] for label in choices),
        *(text for one in profiles for text in (*one.notes, *one.unverified)),
        *re.findall(r'": "(.+?)"', TREES.read_text(encoding="utf-8")),
    }


class Bracketed(dict[str, str]):
    def get(self, text: str, _other: object = None) -> str:  # type: ignore[override]
        return f"⟦{text}⟧"


@pytest.fixture
def bracketed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(texts, "german", Bracketed)


@pytest.mark.usefixtures("bracketed")
def test_every_text_of_every_screen_comes_from_the_catalogue(desk: Desk, qtbot: QtBot) -> None:
    with practised(desk, qtbot):
        window = Window(desk)
        qtbot.addWidget(window)
        window.show()
        found: dict[str, list[str]] = {}
        for name in (name for name in window.buttons if name != "help"):
            window.turn_to(name)
            idle(desk, qtbot)
            QApplication.processEvents()
            found[name] = plain(window)
        window.turn_to("devices", {"new": "1"})
        assistant = window.view("devices").assistant  # type: ignore[attr-defined]
        for number in range(len(assistant.pages)):
            assistant.turn_to(number)
            idle(desk, qtbot)
            found[f"assistant {number}"] = plain(window)
        window.turn_to("tickets", {"new": "1"})
        idle(desk, qtbot)
        found["new ticket"] = plain(window)
        assistant.close_assistant()
        idle(desk, qtbot)
        window.close()
    assert {name: words for name, words in found.items() if words} == {}


def plain(window: Window) -> list[str]:
    shown = [words for _widget, words in checking.texts(window)]
    shown += [box.itemText(number) for box in window.findChildren(QComboBox) for number in range(box.count())]
    data = from_data_files()
    return sorted({words for words in shown if not translated(words, data)})


def translated(words: str, data: set[str]) -> bool:
    if "⟦" in words or LANGUAGE_NEUTRAL.fullmatch(words) or any(name in words for name in NAMES):
        return True
    rest = words
    for known in sorted(data, key=len, reverse=True):
        rest = rest.replace(known, "")
    return LANGUAGE_NEUTRAL.fullmatch(rest) is not None
