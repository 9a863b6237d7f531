"""The one label among the codes of an image."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from fieldtool.labels.errors import LabelError, SeveralDevices, UnknownLabel
from fieldtool.labels.image import read_codes
from fieldtool.labels.label import Label
from fieldtool.labels.masking import masked
from fieldtool.labels.reading import label_formats, read_label


@dataclass(frozen=True, slots=True)
class Photo:
    """`others` are the codes that are no labels, fit to be shown."""

    label: Label
    others: tuple[str, ...]


def read_photo(path: Path) -> Photo:
    """Boxes carry several codes: the label, an article number, the DevEUI once more.

    Several labels of one device count as one, the more telling format winning. Raises ImageUnreadable,
    NoCodeFound, SeveralDevices and, where no code is a label, the error of the one that comes nearest.
    """
    labels: list[Label] = []
    others: list[str] = []
    errors: list[LabelError] = []
    for code in read_codes(path):
        try:
            labels.append(read_label(code))
        except LabelError as error:
            errors.append(error)
            others.append(masked(code))
    if not labels:
        raise min(errors, key=lambda error: isinstance(error, UnknownLabel))
    found = tuple(dict.fromkeys(label.dev_eui or label.asset_id or "" for label in labels))
    if len(found) > 1:
        raise SeveralDevices(str(path), found)
    order = [one.name for one in label_formats()]
    return Photo(min(labels, key=lambda label: order.index(label.format)), tuple(others))
