"""Labels with their sources. Keys are made up."""

from __future__ import annotations

TR005 = "LW:D0:1122334455667788:AABBCCDDEEFF0011:AABB1122:OAABBCCDDEEFF:SYYWWNNNNNN:PFOOBAR:CAF2C"
"""facts/devices.md, the example of LoRa Alliance TR005 with all extensions."""

TR005_PLAIN = "LW:D0:70B3D57ED0000010:0018B20000000101:000AF8BE"
LWDP = "URN:LWDP:58A0CB0000210000:58A0CB1200E0FACE:tbms100915:4D4483B1"

DEV_EUI = "a84041000181b2c3"
JOIN_EUI = "a840410000000107"
APP_KEY = "0f1e2d3c4b5a69788796a5b4c3d2e1ff"
SPACED_EUI = "A8 40 41 00 01 81 B2 C3"

DRAGINO = f"DS026349738;{DEV_EUI};{JOIN_EUI};{APP_KEY}".upper()
JSON = f'{{"dev_eui": "{DEV_EUI}", "join_eui": "{JOIN_EUI}", "app_key": "{APP_KEY}", "serial": "SN-7"}}'
KEY_VALUE = f"DevEUI={DEV_EUI}\r\nAppEUI={JOIN_EUI}\r\nAppKey={APP_KEY}\r\nSN=SN-7"
SEEED = "2CF7F1C04490010D8FA012C179CF2BD9:0:1000468:114992868224900030"

ASSET_ID = "01930f6e-9c4e-7b43-8d6a-0242ac120002"


def spellings(key: str) -> set[str]:
    """How a key could show up by mistake, and the halves of it."""
    pairs = [key[index : index + 2] for index in range(0, len(key), 2)]
    lower = {
        key,
        key[: len(key) // 2],
        key[len(key) // 2 :],
        ":".join(pairs),
        " ".join(pairs),
        "-".join(pairs),
    }
    return lower | {text.upper() for text in lower}
