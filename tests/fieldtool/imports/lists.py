"""Lists of our own making, and the real ones of ../shared/data."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from fieldtool.imports.prepare import Prepared, Wish, prepare
from fieldtool.imports.report import document, make_report
from fieldtool.imports.write import compare

TOP = Path(__file__).resolve().parents[3]
REAL = TOP.parent / "shared" / "data" / "assets"

LIGHTS = """Mastnummer;Rechtswert;Hochwert;Lichtpunkthöhe;Leuchtmittel;Straße
0047;393486,95;5708103,10;8,5;LED;Märkische Straße
0048;393520,10;5708111,40;8,5;LED;Märkische Straße
0049;393555,75;5708120,00;6;Natriumdampf;Prüßweg
"""


def real(name: str) -> Path:
    path = REAL / name
    if not path.exists():
        pytest.skip(f"{path} is absent")
    return path


def prepared(path: Path, **wish: Any) -> Prepared:
    return prepare(Wish(path=path, **wish))


def dry_run(path: Path, **wish: Any) -> dict[str, Any]:
    found = prepared(path, **wish)
    steps = compare(found, None)
    return document(make_report(found, steps, dry_run=True))


def outcomes(report: dict[str, Any]) -> int:
    counts = ("imported", "updated", "unchanged", "merged", "ignored")
    return sum(report[name] for name in counts) + len(report["rejected"])
