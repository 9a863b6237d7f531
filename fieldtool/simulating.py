"""The script of a simulated device: read, checked against its schema, turned into what the device is told."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from drivers.simulated.script import Script, parse
from fieldtool.errors import CoreError
from fieldtool.schemas import violation
from fieldtool.system_reasons import system_reason
from fieldtool.texts import _

SCHEMA = "simulate-script"


@dataclass(eq=False)
class ScriptInvalid(CoreError):
    """`key` is the place in the file, "$" for all of it."""

    file: str
    key: str
    reason: str


def load_script(path: Path | None) -> Script:
    """Without a path, a script that asks for nothing special. Raises ScriptInvalid."""
    if path is None:
        return parse({}, Path())
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ScriptInvalid(str(path), "$", system_reason(error)) from error
    except ValueError as error:
        raise ScriptInvalid(str(path), "$", _("this is not JSON")) from error
    wrong = violation(document, SCHEMA)
    if wrong is not None:
        raise ScriptInvalid(str(path), wrong.key, wrong.reason)
    script = parse(document, path.absolute().parent)
    replay = script.gnss.replay
    if replay is not None and not replay.is_file():
        raise ScriptInvalid(str(path), "gnss.replay", _("there is no such file"))
    return script
