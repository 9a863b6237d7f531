"""Dragino: `serial;DevEUI;JoinEUI;AppKey`."""

from __future__ import annotations

from fieldtool.labels import parts
from fieldtool.labels.label import Label, LabelFormat
from fieldtool.labels.parts import is_hex, without_separators

NAME = "dragino"


def read(text: str) -> Label | None:
    fields = text.removesuffix(";").split(";")
    if len(fields) != 4:
        return None
    dev_eui, join_eui, app_key = map(without_separators, fields[1:])
    if not (is_hex(dev_eui, 16) or is_hex(join_eui, 16) or is_hex(app_key, 32)):
        return None
    return Label(
        NAME,
        dev_eui=parts.dev_eui(NAME, dev_eui),
        join_eui=parts.join_eui(NAME, join_eui),
        serial=parts.plain_text(NAME, "serial", fields[0]),
        app_key=parts.app_key(NAME, app_key),
    )


FORMAT = LabelFormat(name=NAME, example="serial;DevEUI;JoinEUI;AppKey", order=50, read=read)
