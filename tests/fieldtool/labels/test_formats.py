from __future__ import annotations

import json
from typing import Any

import pytest

from drivers.secret import Secret
from fieldtool.labels import Label, MalformedLabel, UnknownLabel, read_label
from fieldtool.labels.reading import label_formats
from fieldtool.schemas import schema
from tests.fieldtool.labels.samples import (
    APP_KEY,
    ASSET_ID,
    DEV_EUI,
    DRAGINO,
    JOIN_EUI,
    JSON,
    KEY_VALUE,
    LWDP,
    SEEED,
    SPACED_EUI,
)

KEY = Secret(APP_KEY)
PAIRS = " ".join(APP_KEY[index : index + 2] for index in range(0, 32, 2)).upper()


def malformed(text: str) -> tuple[str, str, str | None]:
    with pytest.raises(MalformedLabel) as caught:
        read_label(text)
    return caught.value.format, caught.value.part, caught.value.value


def test_the_order_is_well_defined() -> None:
    formats = label_formats()
    assert [one.name for one in formats] == [
        "tr005",
        "lwdp",
        "asset",
        "json",
        "dragino",
        "seeed",
        "key_value",
        "eui",
    ]
    assert len({one.order for one in formats}) == len(formats)
    assert schema("scan")["properties"]["format"]["enum"] == [one.name for one in formats]


@pytest.mark.parametrize(
    ("text", "label"),
    [
        (
            LWDP,
            Label(
                "lwdp",
                dev_eui="58a0cb1200e0face",
                join_eui="58a0cb0000210000",
                proprietary="tbms100915",
                owner_token=Secret("4D4483B1"),
            ),
        ),
        (
            "urn:lwdp:647fda8010000000:647fda00000073c6:SMTBBUS915",
            Label("lwdp", "647fda00000073c6", "647fda8010000000", proprietary="SMTBBUS915"),
        ),
        (DRAGINO, Label("dragino", DEV_EUI, JOIN_EUI, serial="DS026349738", app_key=KEY)),
        (DRAGINO.lower() + ";", Label("dragino", DEV_EUI, JOIN_EUI, serial="ds026349738", app_key=KEY)),
        (
            f" ;{SPACED_EUI}; {JOIN_EUI} ;{PAIRS}",
            Label("dragino", DEV_EUI, JOIN_EUI, app_key=KEY),
        ),
        (
            SEEED,
            Label(
                "seeed",
                "2cf7f1c04490010d",
                "8fa012c179cf2bd9",
                serial="114992868224900030",
                proprietary="1000468",
            ),
        ),
        (SEEED[:34], Label("seeed", "2cf7f1c04490010d", "8fa012c179cf2bd9")),
        (JSON, Label("json", DEV_EUI, JOIN_EUI, serial="SN-7", app_key=KEY)),
        (KEY_VALUE, Label("key_value", DEV_EUI, JOIN_EUI, serial="SN-7", app_key=KEY)),
        (f"FT:ASSET:{ASSET_ID}", Label("asset", asset_id=ASSET_ID)),
        (f"ft:asset:{ASSET_ID}".upper(), Label("asset", asset_id=ASSET_ID)),
        (f"urn:ngsi-ld:Tree:{ASSET_ID}", Label("asset", asset_id=ASSET_ID)),
        (f"URN:NGSI-LD:Streetlight:{ASSET_ID}", Label("asset", asset_id=ASSET_ID)),
        (DEV_EUI.upper(), Label("eui", DEV_EUI)),
        (SPACED_EUI, Label("eui", DEV_EUI)),
        (SPACED_EUI.replace(" ", "-"), Label("eui", DEV_EUI)),
        (SPACED_EUI.replace(" ", ":"), Label("eui", DEV_EUI)),
        (f"{DEV_EUI}:{JOIN_EUI}", Label("eui", DEV_EUI, JOIN_EUI)),
    ],
)
def test_labels_met_in_practice(text: str, label: Label) -> None:
    assert read_label(text) == label


@pytest.mark.parametrize(
    ("dev_eui", "join_eui", "app_key", "serial"),
    [
        ("dev_eui", "join_eui", "app_key", "serial"),
        ("DevEUI", "JoinEUI", "AppKey", "Serial"),
        ("devEui", "appEui", "appKey", "serialNumber"),
        ("DEVEUI", "APPEUI", "APPKEY", "SN"),
        ("Device EUI", "App EUI", "App Key", "S/N"),
        ("dev-eui", "app_eui", "app-key", "Serial No."),
    ],
)
def test_names_in_any_spelling(dev_eui: str, join_eui: str, app_key: str, serial: str) -> None:
    values = {dev_eui: SPACED_EUI, join_eui: JOIN_EUI.upper(), app_key: PAIRS, serial: "A-17"}
    wanted = (DEV_EUI, JOIN_EUI, KEY, "A-17")
    forms = {
        "json": json.dumps({"vendor": "x", **values, "range": [1, {"dev_eui": 5}]}),
        "lines": "\r\n".join(f"{name} = {value}" for name, value in values.items()),
        "colons": "\n".join(f"{name}: {value}" for name, value in values.items()),
        "row": ",".join(f"{name}:{value}" for name, value in values.items()),
        "blanks": " ".join(f"{name}={value}" for name, value in values.items()),
        "others": f"Model: LSE01 {dev_eui}: {SPACED_EUI} Region: EU868 {join_eui}: {JOIN_EUI} "
        f"Freq: 868 {app_key}: {PAIRS} Rev: 2\n{serial}: A-17",
    }
    for form, text in forms.items():
        label = read_label(text)
        assert (label.dev_eui, label.join_eui, label.app_key, label.serial) == wanted, form


def test_a_web_address_that_names_the_parts() -> None:
    text = f"https://example.org/d?model=LSE01&dev_eui={DEV_EUI}&app_key={APP_KEY}&v=1"
    assert read_label(text) == Label("key_value", DEV_EUI, app_key=KEY)


def test_a_number_as_serial_in_json() -> None:
    assert read_label(json.dumps({"devEUI": DEV_EUI, "sn": 4711, "appEui": None})).serial == "4711"


def test_a_profile_id_counts_only_where_it_is_one_of_tr005() -> None:
    assert read_label(f"DevEUI={DEV_EUI};ProfileID=AABB1122").profile_id == "aabb1122"
    assert read_label(f"DevEUI={DEV_EUI};ProfileID=42").profile_id is None


@pytest.mark.parametrize(
    ("document", "part", "value"),
    [
        ({"dev_eui": 1234567890123456}, "dev_eui", "1234567890123456"),
        ({"dev_eui": "a840"}, "dev_eui", "a840"),
        ({"dev_eui": "0" * 16}, "dev_eui", "0" * 16),
        ({"app_key": APP_KEY}, "dev_eui", None),
        ({"dev_eui": DEV_EUI, "app_key": APP_KEY[:31]}, "app_key", None),
        ({"dev_eui": DEV_EUI, "app_key": [APP_KEY]}, "app_key", None),
        ({"dev_eui": DEV_EUI, "DevEUI": JOIN_EUI}, "dev_eui", JOIN_EUI),
        ({"dev_eui": DEV_EUI, "app_key": APP_KEY, "AppKey": APP_KEY[::-1]}, "app_key", None),
        ({"dev_eui": DEV_EUI, "serial": "\u001b]0;x"}, "serial", "�]0;x"),
        ({"dev_eui": DEV_EUI, "serial": "\ud800"}, "serial", "�"),
        ({"dev_eui": DEV_EUI, "owner_token": "a\nb"}, "owner_token", None),
    ],
)
def test_a_faulty_json_label(document: dict[str, Any], part: str, value: str | None) -> None:
    assert malformed(json.dumps(document)) == ("json", part, value)


def test_the_same_name_twice_in_json() -> None:
    twice = f'{{"dev_eui": "{DEV_EUI}", "dev_eui": "{JOIN_EUI}"}}'
    assert malformed(twice) == ("json", "dev_eui", JOIN_EUI)


@pytest.mark.parametrize("cut", range(2, len(JSON) - 1, 7))
def test_half_a_json_label_never_passes(cut: int) -> None:
    assert malformed(JSON[:cut]) == ("json", "json", None)


def test_json_too_deep_to_read() -> None:
    assert malformed('{"a":' * 1600) == ("json", "json", None)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (DRAGINO.replace("A84041", "G84041", 1), ("dragino", "dev_eui", "G84041000181B2C3")),
        (DRAGINO[:-1], ("dragino", "app_key", None)),
        (DRAGINO.replace(JOIN_EUI.upper(), JOIN_EUI[1:]), ("dragino", "join_eui", JOIN_EUI[1:])),
        (SEEED.replace(SEEED[:16], "0" * 16), ("seeed", "dev_eui", "0" * 16)),
        ("URN:LWDP:58A0CB0000210000", ("lwdp", "dev_eui", None)),
        ("URN:LWDP:58A0CB0000210000:E8E1E1XXXXXXXXXX:TBOL", ("lwdp", "dev_eui", "E8E1E1XXXXXXXXXX")),
        (LWDP + ":1", ("lwdp", "extension", None)),
        (f"DevEUI={DEV_EUI[1:]}", ("key_value", "dev_eui", DEV_EUI[1:])),
        (f"AppKey={APP_KEY}", ("key_value", "dev_eui", None)),
        (f"DevEUI={DEV_EUI}\nAppKey=geheim", ("key_value", "app_key", None)),
        (f"DevEUI={DEV_EUI}\nJoinEUI=1122334455667788\nAppEUI=1", ("key_value", "join_eui", "1")),
        ("f" * 16, ("eui", "dev_eui", "f" * 16)),
        ("00-00-00-00-00-00-00-00", ("eui", "dev_eui", "0" * 16)),
        ("FT:ASSET:4711", ("asset", "asset_id", "4711")),
        ("FT:ASSET:", ("asset", "asset_id", None)),
        ("urn:ngsi-ld:Tree:lemon:7", ("asset", "asset_id", "lemon:7")),
        (f"urn:ngsi-ld:Device:{ASSET_ID}", ("asset", "type", "Device")),
    ],
)
def test_what_is_wrong_is_named(text: str, told: tuple[str, str, str | None]) -> None:
    assert malformed(text) == told


@pytest.mark.parametrize(
    "text",
    [
        "hello world",
        "https://example.org/produkt/4711",
        "4006381333931",
        "1234567890123456",
        "a;b;c;d",
        "[1, 2]",
        '{"v": 27, "n": "x"}',
        "SN=6126A1234567",
        "SW:D0:1122334455667788:AABBCCDDEEFF0011:AABB1122",
        f"{DEV_EUI}{JOIN_EUI}",
        f"{DEV_EUI}{JOIN_EUI}:1:7",
        DEV_EUI + "0",
        "x" * 100_000,
    ],
)
def test_anything_else_is_unknown_and_says_what_works(text: str) -> None:
    with pytest.raises(UnknownLabel) as caught:
        read_label(text)
    assert caught.value.formats[0] == "LW:D0:…"
    assert len(caught.value.formats) == len(label_formats())
    assert len(caught.value.text) <= 48
    assert caught.value.text[:8] in text or "•" in caught.value.text


def test_every_flipped_digit_changes_the_value_or_is_refused() -> None:
    for text in (LWDP[: LWDP.index("tbms") - 1], f"DevEUI={DEV_EUI}", f"x;{DEV_EUI};{JOIN_EUI};{APP_KEY}"):
        whole = read_label(text)
        for place, letter in enumerate(text):
            if letter in "0123456789abcdefABCDEF" and place > 8:
                wrong = "0" if letter != "0" else "1"
                assert read_label(text[:place] + wrong + text[place + 1 :]) != whole
