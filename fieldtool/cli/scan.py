"""`fieldtool scan`: what a label says. Needs no profile."""

from __future__ import annotations

import argparse
import codecs
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from fieldtool.command import Command, Invocation
from fieldtool.jsontypes import Json
from fieldtool.texts import N_, _

if TYPE_CHECKING:
    from fieldtool.labels import Label

LONGEST = 64 * 1024
"""Octets taken from standard input; no code holds more."""


def arguments(parser: argparse.ArgumentParser) -> None:
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("code", nargs="?", metavar="CODE", help=_("the scanned text; - reads standard input"))
    source.add_argument("--image", type=Path, metavar="FILE", help=_("a picture of the label"))


def run(options: argparse.Namespace, invocation: Invocation) -> int:
    from fieldtool.labels import read_label

    if options.image is not None:
        label = label_in_image(options.image, invocation)
    else:
        label = read_label(standard_input() if options.code == "-" else options.code)
    invocation.document(document_of(label))
    for line in lines(label):
        invocation.say(line)
    return 0


def standard_input() -> str:
    """One line from a terminal, where a scanner types a code and Enter; else everything. Pipes of Windows
    write UTF-16 with a byte order mark."""
    stream = sys.stdin.buffer
    data = stream.readline(LONGEST) if sys.stdin.isatty() else stream.read(LONGEST)
    wide = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    return data.decode("utf-16" if wide else "utf-8", "replace")


def label_in_image(path: Path, invocation: Invocation) -> Label:
    from fieldtool.labels.photo import read_photo

    photo = read_photo(path)
    for text in photo.others:
        invocation.progress(_("Also in the picture, but no label: {text}").format(text=text))
    return photo.label


def document_of(label: Label) -> dict[str, Json]:
    secrets: list[Json] = [*label.secret_names()]
    return {
        "format": label.format,
        "dev_eui": label.dev_eui,
        "join_eui": label.join_eui,
        "profile_id": label.profile_id,
        "serial": label.serial,
        "asset_id": label.asset_id,
        "secrets": secrets,
    }


def lines(label: Label) -> Iterator[str]:
    for title, value in (
        (_("Format"), label.format),
        ("DevEUI", label.dev_eui),
        ("JoinEUI", label.join_eui),
        ("ProfileID", label.profile_id),
        (_("Serial number"), label.serial),
        (_("Asset"), label.asset_id),
        (_("Secrets (not shown)"), ", ".join(label.secret_names())),
    ):
        if value:
            yield f"{title}: {value}"


COMMAND = Command(summary=N_("read a device's or an asset's label"), arguments=arguments, run=run)
