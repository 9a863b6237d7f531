"""Data that comes as one YAML file (YAML 1.2), checked against its schema."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fieldtool.errors import CoreError
from fieldtool.schemas import violation
from fieldtool.system_reasons import system_reason
from fieldtool.texts import _


@dataclass(eq=False)
class BrokenData(CoreError):
    """`key` is the place in the file ("categories.2.label"), "$" for all of it."""

    file: str
    key: str
    reason: str


def read_data(path: Path, schema: str) -> dict[str, Any]:
    """Raises BrokenData."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    try:
        document = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BrokenData(str(path), "$", system_reason(error)) from error
    except (YAMLError, ValueError) as error:
        mark = error.problem_mark if isinstance(error, MarkedYAMLError) else None
        place = "$" if mark is None else _("line {number}").format(number=mark.line + 1)
        raise BrokenData(str(path), place, _("this is not YAML")) from error
    broken = violation(document, schema)
    if broken is not None:
        raise BrokenData(str(path), broken.key, broken.reason)
    found: dict[str, Any] = document
    return found
