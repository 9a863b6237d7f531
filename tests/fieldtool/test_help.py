"""The handbook is true of the program, and everything in it is found."""

from __future__ import annotations

import re

import pytest

from fieldtool.cli import command_names
from fieldtool.commissioning.report import STEP_TITLES
from fieldtool.help import find, topic, topics
from fieldtool.texts import german
from fieldtool.titles import DELIVERY_STATES


def test_every_topic_has_one_title_and_a_slug_of_its_own() -> None:
    slugs = [one.slug for one in topics()]
    assert len(set(slugs)) == len(slugs) > 10
    for one in topics():
        assert re.findall(r"^# .+", one.text, re.MULTILINE) == [f"# {one.title}"]
        assert "TODO" not in one.text


def test_every_link_leads_to_a_topic() -> None:
    links = {target for one in topics() for target in re.findall(r"\]\(([^)]+)\)", one.text)}
    assert links
    assert [target for target in links if topic(target) is None] == []


def text(slug: str) -> str:
    found = topic(slug)
    assert found is not None
    return found.text


def test_every_step_is_explained_by_its_name_in_the_window() -> None:
    missing = [
        german()[title]
        for title in STEP_TITLES.values()
        if f"| {german()[title]} |" not in text("inbetriebnahme")
    ]
    assert missing == []


def test_every_state_of_a_delivery_is_explained() -> None:
    missing = [
        german()[title]
        for title in DELIVERY_STATES.values()
        if f"| {german()[title]} |" not in text("abgleich")
    ]
    assert missing == []


def test_the_commands_are_those_that_there_are() -> None:
    rows = re.findall(r"^\| (`.+?) \|", text("befehle"), re.MULTILINE)
    named = {name for row in rows for name in re.findall(r"`([a-z-]+)`", row)}
    assert named == set(command_names())


@pytest.mark.parametrize("words", ["Schlüssel", "schluessel", "SCHLUSSEL", "Passphrase vergessen"])
def test_however_it_is_typed_it_is_found(words: str) -> None:
    assert "schluessel" in [one.slug for one in find(words)]


def test_titles_come_first_and_nothing_finds_all() -> None:
    assert find("Tickets")[0].slug == "tickets"
    assert find("  ") == topics()
    assert find("Xylophon") == ()
