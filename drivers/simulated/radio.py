"""The lines a Dragino node prints about its radio, at any time and in between of everything else.

Wording and order: the LDDS75 capture named in dialects.py; line ends where a source shows them
(JOINED "\\n\\r" in SN50v3 main.c, the counter's in dragino's PPRINTF calls), elsewhere "\\r\\n" (unverified).
Frequencies: the EU868 channels and the receive window 2 of LoRaWAN Regional Parameters.
"""

from __future__ import annotations

import random

CHANNELS_MHZ = ("868.100", "868.300", "868.500")
SECOND_WINDOW_MHZ = "869.525"


def join_begins(attempts: int) -> bytes:
    return f"\r\nJoinRequest NbTrials= {attempts}\r\n".encode()


def sent(channel: str, counter: int, data_rate: int) -> bytes:
    return (
        f"\r\n***** UpLinkCounter= {counter} *****\n\r"
        f"TX on freq {channel} MHz at DR {data_rate}\r\ntxDone\r\n"
    ).encode()


def nothing_heard(channel: str) -> bytes:
    return (
        f"RX on freq {channel} MHz at DR 0\r\nrxTimeOut\r\n"
        f"RX on freq {SECOND_WINDOW_MHZ} MHz at DR 0\r\nrxTimeOut\r\n"
    ).encode()


def join_accepted(channel: str, rssi: int) -> bytes:
    return (
        f"RX on freq {channel} MHz at DR 0\r\nrxDone\r\nRssi= {rssi}\r\nJOINED\n\r"
        "\r\nJoin Accept:\r\nRx1DrOffset:0\r\nRx2Datarate:0\r\n"
        "ReceiveDelay1:1000 ms\r\nReceiveDelay2:2000 ms\r\n"
    ).encode()


def uplink(channel: str, counter: int) -> bytes:
    return sent(channel, counter, 5) + nothing_heard(channel)


def channel(chance: random.Random) -> str:
    return chance.choice(CHANNELS_MHZ)
