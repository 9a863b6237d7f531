"""The gate must be able to fail: each test breaks a copy of the tree in one way."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parents[2]
LINT_IMPORTS = Path(sys.executable).with_name("lint-imports")


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    ignored = shutil.ignore_patterns("__pycache__")
    for name in ("fieldtool", "ui", "drivers", "resources", "installer"):
        shutil.copytree(TOP / name, tmp_path / name, ignore=ignored)
    shutil.copy(TOP / "pyproject.toml", tmp_path)
    return tmp_path


def check(tree: Path, *command: str) -> subprocess.CompletedProcess[str]:
    environ = {**os.environ, "PYTHONPATH": str(tree)}
    return subprocess.run(
        command, cwd=tree, env=environ, capture_output=True, text=True, check=False, timeout=120
    )


def imports(tree: Path) -> subprocess.CompletedProcess[str]:
    return check(tree, str(LINT_IMPORTS), "--no-cache")


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("fieldtool/asset.py", "import PySide6"),
        ("fieldtool/asset.py", "import ui.app"),
        ("drivers/reading.py", "import fieldtool.texts"),
        ("fieldtool/journal.py", "import sqlite3"),
        ("fieldtool/sync/__init__.py", "import requests"),
        ("fieldtool/vault.py", "import threading"),
        ("drivers/families/dragino.py", "import drivers.families.nmea0183"),
        ("drivers/simulated/__init__.py", "import drivers.framing"),
        ("fieldtool/training/__init__.py", "import fieldtool.connectors"),
    ],
)
def test_a_wrong_import_makes_the_gate_fail(tree: Path, module: str, line: str) -> None:
    with (tree / module).open("a", encoding="utf-8") as stream:
        stream.write(f"\n{line}\n")
    answer = imports(tree)
    assert answer.returncode != 0
    assert "BROKEN" in answer.stdout


def test_the_tree_as_it_is_keeps_the_import_contracts(tree: Path) -> None:
    answer = imports(tree)
    assert answer.returncode == 0, answer.stdout


@pytest.mark.parametrize("place", ["drivers/families", "fieldtool/connectors", "fieldtool/imports/formats"])
def test_a_module_that_does_not_import_makes_the_gate_fail(tree: Path, place: str) -> None:
    (tree / place / "faulty.py").write_text("import a_module_that_does_not_exist\n", encoding="utf-8")
    answer = check(tree, sys.executable, "-m", "installer.load_all")
    assert answer.returncode == 1
    assert "faulty" in answer.stderr
    assert "a_module_that_does_not_exist" in answer.stderr


def test_every_module_of_the_tree_loads(tree: Path) -> None:
    answer = check(tree, sys.executable, "-m", "installer.load_all")
    assert answer.returncode == 0, answer.stderr
