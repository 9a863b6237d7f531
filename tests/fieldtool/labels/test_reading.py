from __future__ import annotations

import pickle
import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from fieldtool.explain import explain
from fieldtool.labels import EmptyLabel, Label, LabelError, read_label
from fieldtool.labels.errors import OtherKeyboard
from fieldtool.labels.keyboard import as_us_keyboard
from fieldtool.labels.masking import masked, may_hold_secret
from tests.fieldtool.labels.samples import (
    APP_KEY,
    DEV_EUI,
    DRAGINO,
    JSON,
    KEY_VALUE,
    LWDP,
    SEEED,
    TR005,
    spellings,
)

LABELS = (TR005, LWDP, DRAGINO, JSON, KEY_VALUE, SEEED, DEV_EUI)


@pytest.mark.parametrize("text", ["", " ", "\r\n", "\ufeff", "\0\0", "]Q1", "]Q1\r\n", "\x02\x03"])
def test_nothing_scanned(text: str) -> None:
    with pytest.raises(EmptyLabel):
        read_label(text)


@pytest.mark.parametrize("label", LABELS)
@pytest.mark.parametrize(
    "around", ["{}\r\n", "\ufeff{}", "{}\0", "]Q1{}", "]d2{}\n", "\x02]Q3{}\x03", " {}\t", "{}\x1d\x04"]
)
def test_what_scanners_send_around_a_code(label: str, around: str) -> None:
    assert read_label(around.replace("{}", label)) == read_label(label)


def test_bytes_that_are_no_utf_8_can_be_shown() -> None:
    broken = b"caf\xe9".decode("utf-8", "surrogateescape")
    assert read_label(f"DevEUI={DEV_EUI}\nSN={broken}").serial == "caf?"


WORDS = st.sampled_from(
    [
        "LW:D0:",
        "URN:LWDP:",
        "{",
        '"dev_eui":',
        "DevEUI=",
        "AppKey:",
        ";",
        ":",
        ":C",
        "urn:ngsi-ld:",
        "FT:ASSET:",
    ]
)
HEX = st.text("0123456789abcdefABCDEF", max_size=33)
TEXTS = st.one_of(st.text(), st.lists(st.one_of(WORDS, HEX, st.text(max_size=5))).map("".join))


@settings(deadline=None)
@given(text=TEXTS)
@example(text="LW:D0:1:2:3:ß")
@example(text="İ" * 20)
@example(text="{}")
@example(text='{"dev_eui": NaN}')
@example(text='{"a": ' + "9" * 5000 + "}")
def test_arbitrary_text_gives_a_label_or_a_named_error(text: str) -> None:
    try:
        label = read_label(text)
    except LabelError as error:
        told = explain(error)
        assert told.message
        assert told.advice
        assert "\n" not in f"{told.message}{told.advice}"
    else:
        assert label.dev_eui or label.asset_id


@settings(deadline=None)
@given(
    text=st.sampled_from(LABELS), place=st.integers(0, 400), extra=st.text(max_size=3), cut=st.integers(0, 3)
)
def test_a_damaged_label_never_shows_its_key(text: str, place: int, extra: str, cut: int) -> None:
    place %= len(text)
    try:
        read_label(text[:place] + extra + text[place + cut :])
    except LabelError as error:
        told = explain(error)
        shown = f"{error!r} {error} {told.message} {told.advice}".lower()
        assert APP_KEY[:20] not in shown
        assert APP_KEY[12:] not in shown


@pytest.mark.parametrize("text", [DRAGINO, JSON, KEY_VALUE, TR005, LWDP])
def test_a_label_never_shows_its_secrets(text: str) -> None:
    label = read_label(text)
    secrets = [secret.reveal() for secret in (label.app_key, label.owner_token) if secret is not None]
    assert secrets
    for secret in secrets:
        for shown in (repr(label), str(label), f"{label}"):
            assert not [spelling for spelling in spellings(secret) if spelling in shown]
    with pytest.raises(TypeError):
        pickle.dumps(label)


def test_the_makers_own_part_is_not_shown() -> None:
    label = Label("tr005", DEV_EUI, proprietary=APP_KEY)
    assert APP_KEY not in repr(label)


@pytest.mark.parametrize("key", sorted(spellings(APP_KEY) - {APP_KEY[:16], APP_KEY[16:]}, key=len))
def test_keys_are_masked_in_every_spelling(key: str) -> None:
    for text in (key, f"x {key} y", f"abc;{key}"):
        if len(key) > 16:
            assert key not in masked(text)
            assert "•••" in masked(text)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("hello", "hello"),
        (DEV_EUI, DEV_EUI),
        ("A8 40 41 00 01 81 B2 C3", "A8 40 41 00 01 81 B2 C3"),
        (f"key {APP_KEY[:12]}", "key •••"),
        (", ".join(f"0x{APP_KEY[index : index + 2]}" for index in range(0, 32, 2)), "0x•••"),
        ("WIFI:S:Rathaus;T:WPA;P:geheim;;", "WIFI:•••"),
        ("otpauth://totp/a?secret=GEHEIM", "otpauth:•••"),
        ("a\x1b[31m\nb", "a�[31m�b"),
        ("x" * 60, "x" * 47 + "…"),
    ],
)
def test_what_of_a_foreign_code_is_shown(text: str, shown: str) -> None:
    assert masked(text) == shown


ON_US = {  # a key's two characters, by xkeyboard-config "us" and "de", in the order of the keys
    "`": "^", "-": "ß", "=": "´", "[": "ü", "]": "+", ";": "ö", "'": "ä", "\\": "#", "/": "-", "y": "z",
    "z": "y", ",": ",", ".": ".", "~": "°", "!": "!", "@": '"', "#": "§", "$": "$", "%": "%", "^": "&",
    "&": "/", "*": "(", "(": ")", ")": "=", "_": "?", "+": "`", "{": "Ü", "}": "*", ":": "Ö", '"': "Ä",
    "|": "'", "<": ";", ">": ":", "?": "_", "Y": "Z", "Z": "Y",
}  # fmt: skip


def on_a_german_keyboard(text: str) -> str:
    """A dead key goes onto the next letter, where there is such a letter."""
    typed = "".join(ON_US.get(letter, letter) for letter in text)
    for dead, mark in (("´", "\u0301"), ("`", "\u0300"), ("^", "\u0302")):
        for letter in "aeiouAEIOU":
            typed = typed.replace(dead + letter, unicodedata.normalize("NFC", letter + mark))
    return typed


def test_every_key_of_another_keyboard() -> None:
    assert as_us_keyboard("".join(ON_US.values())) == "".join(ON_US)


@pytest.mark.parametrize("label", [TR005, LWDP, DRAGINO, JSON, KEY_VALUE, SEEED])
def test_a_scanner_set_to_a_us_keyboard_is_named(label: str) -> None:
    typed = on_a_german_keyboard(label)
    assert typed != label
    with pytest.raises(OtherKeyboard) as caught:
        read_label(typed)
    assert APP_KEY.lower() not in explain(caught.value).message.lower()
    assert read_label(as_us_keyboard(typed)) == read_label(label)


@pytest.mark.parametrize(
    ("text", "covered"),
    [
        (DEV_EUI, False),
        (f"DevEUI: {DEV_EUI}", False),
        ("LW:D0:", False),
        (f"{DEV_EUI}:{DEV_EUI}", True),
        (f"DevEUI={DEV_EUI};AppKey", True),
        ("WIFI:S:Rathaus;P:geheim", True),
        (APP_KEY, True),
        (APP_KEY[:17], True),
    ],
)
def test_what_may_hold_a_secret_while_it_is_typed(text: str, *, covered: bool) -> None:
    assert may_hold_secret(text) is covered
