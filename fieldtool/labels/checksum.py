"""CRC-16/MODBUS, as TR005 uses it."""

from __future__ import annotations

POLYNOMIAL = 0xA001
"""0x8005 reflected."""


def crc16(data: bytes) -> int:
    crc = 0xFFFF
    for octet in data:
        crc ^= octet
        for _bit in range(8):
            crc = crc >> 1 ^ POLYNOMIAL if crc & 1 else crc >> 1
    return crc


def checksum(text: str) -> str:
    """Four upper-case hex digits."""
    return f"{crc16(text.encode()):04X}"
