"""The catalogue and the code say the same: nothing untranslated, nothing left over."""

from __future__ import annotations

import ast
import string
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import polib

from fieldtool.texts import RESOURCES, german

TOP = Path(__file__).resolve().parents[2]
MARKS = ("_", "N_")
CATALOGUE = polib.pofile(str(RESOURCES / "translations" / "de.po"), encoding="utf-8")


def calls() -> Iterator[tuple[str, ast.expr]]:
    """Every text that is marked for translation, with its place."""
    for folder in ("fieldtool", "ui"):
        for path in sorted((TOP / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MARKS:
                    yield f"{path.relative_to(TOP)}:{node.lineno}", node.args[0]


def literals() -> dict[str, str]:
    """By text, the first place where it stands."""
    found: dict[str, str] = {}
    for place, argument in calls():
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
            found.setdefault(argument.value, place)
    return found


def places(text: str) -> set[str]:
    return {name for _text, name, _format, _conversion in string.Formatter().parse(text) if name is not None}


def test_no_text_is_put_together_before_it_is_translated() -> None:
    wrong = [place for place, argument in calls() if isinstance(argument, ast.JoinedStr | ast.BinOp)]
    assert not wrong


def test_every_text_has_a_german_translation() -> None:
    german = {entry.msgid: entry.msgstr for entry in CATALOGUE}
    missing = {text: place for text, place in literals().items() if not german.get(text, "").strip()}
    assert not missing


def test_no_translation_is_left_over() -> None:
    used = literals()
    assert not [entry.msgid for entry in CATALOGUE if entry.msgid not in used]


def test_no_text_is_translated_twice() -> None:
    counted = Counter(entry.msgid for entry in CATALOGUE)
    assert not [text for text, times in counted.items() if times > 1]


def test_the_program_reads_what_the_library_reads() -> None:
    assert german() == {entry.msgid: entry.msgstr for entry in CATALOGUE if entry.msgstr}


def test_placeholders_agree() -> None:
    wrong = [entry.msgid for entry in CATALOGUE if places(entry.msgid) != places(entry.msgstr)]
    assert not wrong


def test_translations_keep_the_white_space_at_the_edges() -> None:
    def edges(text: str) -> tuple[bool, bool]:
        return text != text.lstrip(), text != text.rstrip()

    assert not [entry.msgid for entry in CATALOGUE if edges(entry.msgid) != edges(entry.msgstr)]
