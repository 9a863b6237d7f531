"""Set up, test and demonstrate Fieldtool from a clone. Needs only the Python standard library.

python3 installer/dev.py setup      system packages, .venv, locked dependencies
python3 installer/dev.py test       the gate, then every test (further arguments go to pytest)
python3 installer/dev.py gate       format, lint, types and import contracts only
python3 installer/dev.py demo       the main job with simulated devices (arguments go to the demo)
python3 installer/dev.py faults     the fault run; --short for the seeded form of CI
python3 installer/dev.py pictures OUT    every screen with demo data as PNG
python3 installer/dev.py bench      how fast the window opens and answers
python3 installer/dev.py lock       resolve pyproject.toml into requirements.lock
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Sequence
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent
ENV = TOP / ".venv"
LOCK = TOP / "requirements.lock"
STAMP = ENV / "fieldtool-setup"
BIN = ENV / ("Scripts" if os.name == "nt" else "bin")

# Debian 12, measured in a clean root file system: what a venv, offscreen Qt, camera and web view need.
DEBIAN_PACKAGES = (
    "python3-venv",
    "libegl1",
    "libgl1",
    "libxkbcommon0",
    "libdbus-1-3",
    "libfontconfig1",
    "libglib2.0-0",
    "fonts-dejavu-core",
    "libpulse0",
    "libnss3",
    "libasound2",
    "libxcomposite1",
    "libxdamage1",
    "libxrandr2",
    "libxtst6",
    "libxkbfile1",
    "libxcb-dri3-0",
    "libgbm1",
)


def main(arguments: Sequence[str]) -> int:
    commands = {
        "setup": setup,
        "test": test,
        "gate": gate,
        "demo": demo,
        "faults": faults,
        "lock": lock,
        "pictures": pictures,
        "bench": bench,
    }
    if not arguments or arguments[0] not in commands:
        print(__doc__)
        return 0 if arguments[:1] in (["-h"], ["--help"]) else 2
    if arguments[0] != "setup":
        set_up()
    return commands[arguments[0]](list(arguments[1:]))


def setup(_rest: list[str]) -> int:
    set_up()
    print(f"ready: {BIN / 'fieldtool'}")
    return 0


def test(rest: list[str]) -> int:
    return gate([]) or run([python(), "-m", "pytest", *rest], QT_QPA_PLATFORM="offscreen")


def gate(_rest: list[str]) -> int:
    for command in (
        [python(), "-m", "ruff", "format", "--check", "--quiet", "."],
        [python(), "-m", "ruff", "check", "--quiet", "."],
        [python(), "-m", "mypy"],
        [str(BIN / "lint-imports"), "--no-cache"],
        [python(), "-m", "installer.load_all"],
    ):
        status = run(command)
        if status:
            print(f"gate: failed at {' '.join(command[1:])}", file=sys.stderr)
            return status
    return 0


def demo(rest: list[str]) -> int:
    return run([str(BIN / "fieldtool"), "demo", "--headless", *rest])


def faults(rest: list[str]) -> int:
    return run([python(), "-m", "tests.faults", *rest])


def pictures(rest: list[str]) -> int:
    return run([python(), "-m", "installer.pictures", *rest], QT_QPA_PLATFORM="offscreen")


def bench(rest: list[str]) -> int:
    return run([python(), "-m", "tests.bench.window", *rest])


def lock(_rest: list[str]) -> int:
    return run(
        [
            *(python(), "-m", "uv", "pip", "compile", "pyproject.toml", "--group", "dev", "--universal"),
            *("--python-version", "3.11", "--generate-hashes", "--no-annotate", "--no-header"),
            *("--no-emit-index-url", "--output-file", LOCK.name),
        ]
    )


def set_up() -> None:
    """System packages first: the venv module itself is one of them on Debian."""
    wanted = fingerprint()
    if STAMP.exists() and STAMP.read_text(encoding="utf-8") == wanted:
        return
    install_system_packages()
    if not (BIN / "python").exists() and not (BIN / "python.exe").exists():
        shutil.rmtree(ENV, ignore_errors=True)
        venv.create(ENV, with_pip=True)
    must([python(), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", locked("uv")])
    must([python(), "-m", "uv", "pip", "sync", "--quiet", "--require-hashes", LOCK.name])
    must([python(), "-m", "uv", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation", "-e", "."])
    STAMP.write_text(wanted, encoding="utf-8")


def fingerprint() -> str:
    digest = hashlib.sha256()
    for path in (LOCK, TOP / "pyproject.toml", Path(__file__)):
        digest.update(path.read_bytes())
    digest.update(sys.version.encode() + str(TOP).encode())
    return digest.hexdigest()


def locked(name: str) -> str:
    for line in LOCK.read_text(encoding="utf-8").splitlines():
        if line.startswith(f"{name}=="):
            return line.split()[0]
    raise SystemExit(f"{LOCK.name} does not pin {name}: run 'lock' on a machine that is set up")


def install_system_packages() -> None:
    if shutil.which("dpkg-query") is None:
        return
    missing = [name for name in DEBIAN_PACKAGES if not installed(name)]
    if not missing:
        return
    command = ["apt-get", "install", "--yes", "--no-install-recommends", *missing]
    if os.geteuid() != 0:
        raise SystemExit(f"system packages are missing; run once: sudo {' '.join(command)}")
    print("installing system packages:", *missing, flush=True)
    must(["apt-get", "update", "-qq"], DEBIAN_FRONTEND="noninteractive")
    must([*command, "-qq", "-o", "Dpkg::Use-Pty=0"], DEBIAN_FRONTEND="noninteractive")


def installed(package: str) -> bool:
    query = ["dpkg-query", "--show", "--showformat=${Status}", package]
    answer = subprocess.run(query, capture_output=True, text=True, check=False)
    return answer.stdout == "install ok installed"


def python() -> str:
    return str(BIN / "python")


def run(command: Sequence[str], **environment: str) -> int:
    environ = {**os.environ, "UV_SYSTEM_CERTS": "1", **environment}
    environ.pop("VIRTUAL_ENV", None)
    return subprocess.run(command, cwd=TOP, env=environ, check=False).returncode


def must(command: Sequence[str], **environment: str) -> None:
    status = run(command, **environment)
    if status:
        raise SystemExit(f"set-up failed ({status}): {' '.join(command)}")


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
