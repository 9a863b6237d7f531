"""Browan and Gemtek: `URN:LWDP:<JoinEUI>:<DevEUI>[:<product>[:<token>]]`."""

from __future__ import annotations

from fieldtool.labels import parts
from fieldtool.labels.errors import MalformedLabel
from fieldtool.labels.label import Label, LabelFormat

NAME = "lwdp"
PREFIX = "URN:LWDP:"


def read(text: str) -> Label | None:
    if text[: len(PREFIX)].upper() != PREFIX:
        return None
    fields = text[len(PREFIX) :].split(":")
    if len(fields) < 2:
        raise MalformedLabel(NAME, "dev_eui", None)
    if len(fields) > 4:
        raise MalformedLabel(NAME, "extension", None)
    product, token = (*fields[2:], "", "")[:2]
    return Label(
        NAME,
        dev_eui=parts.dev_eui(NAME, fields[1]),
        join_eui=parts.join_eui(NAME, fields[0]),
        proprietary=parts.plain_text(NAME, "product", product),
        owner_token=parts.token(NAME, token),
    )


FORMAT = LabelFormat(name=NAME, example="URN:LWDP:…", order=20, read=read)
