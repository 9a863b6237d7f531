"""A simulated device without the application around it: KIND SCRIPT [LINK], until standard input ends."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path

from drivers import simulated
from drivers.simulated.script import parse


def announce(told: simulated.Ready) -> None:
    sys.stdout.write(json.dumps(asdict(told)) + "\n")
    sys.stdout.flush()


def main(kind: str, script: str, link: str | None = None) -> None:
    document = json.loads(Path(script).read_text(encoding="utf-8"))
    simulated.run(
        kind,
        parse(document, Path(script).parent),
        Path(link) if link is not None else None,
        announce,
        stop_at_end_of=sys.stdin.fileno(),
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
