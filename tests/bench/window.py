"""How fast the window opens and how long it is ever held up, against a bare PySide6 window in the same run.

python -m tests.bench.window [--runs N]

Start: from the beginning of the interpreter to the first painted, usable window, each run in a process of its
own, bare and ours in turn. Hold-ups: the longest pause of the event loop while every screen is turned to.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

GOAL_START = 1.5
GOAL_PAUSE_MS = 50.0

BARE = """
import sys, time
from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QLabel, QMainWindow
class Seen(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint:
            QTimer.singleShot(0, told)
        return False
def told():
    print(time.time(), flush=True)
    app.quit()
app = QApplication([])
window = QMainWindow()
label = QLabel("Fieldtool")
window.setCentralWidget(label)
seen = Seen()
label.installEventFilter(seen)
window.resize(1280, 800)
window.show()
app.exec()
"""

OURS = """
import sys, time
from fieldtool.global_options import window_wanted
from PySide6.QtCore import QTimer
from ui.application import application
from ui.session import Session
wish = window_wanted([])
app = application(["fieldtool"])
session = Session(app, wish)
session.begin()
painted = []
def look():
    window = session.window
    if window is None or not window.isVisible() or not window.seen:
        return
    if not painted:
        painted.append(time.time())
    if window.current and session.background.running == 0:
        print(painted[0], time.time(), flush=True)
        app.quit()
timer = QTimer()
timer.timeout.connect(look)
timer.start(0)
app.exec()
session.close()
"""


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="tests.bench.window")
    parser.add_argument("--runs", type=int, default=7)
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="fieldtool-bench-") as folder:
        profile = Path(folder) / "profile"
        made_ready(profile)
        seconds(OURS, FIELDTOOL_PROFILE=str(profile))  # remembers who works here, as every start does
        runs = [
            (seconds(BARE)[0], *seconds(OURS, FIELDTOOL_PROFILE=str(profile))) for _run in range(options.runs)
        ]
        pauses = paused(profile)
    bare, painted, filled = (statistics.median(series) for series in zip(*runs, strict=True))
    longest, where = max((pause, where) for where, pause in pauses.items())
    print(f"{'start, median of':18} {options.runs:<13} {'s':>8} {'ratio':>7} {'goal':>7}")
    print(f"{'bare window, painted':32} {bare:8.2f}")
    print(f"{'ours, painted, can be used':32} {painted:8.2f} {painted / bare:7.2f} {GOAL_START:7}")
    print(f"{'ours, first screen with its data':32} {filled:8.2f} {filled / bare:7.2f}")
    print(f"\n{'longest call of the main thread':32} {'ms':>8}")
    for name, pause in sorted(pauses.items(), key=lambda item: -item[1]):
        print(f"{name:32} {pause:8.1f}")
    print(f"longest {longest:.1f} ms ({where}), goal {GOAL_PAUSE_MS:.0f} ms")
    ratios = {"start_ratio": round(painted / bare, 2), "filled_ratio": round(filled / bare, 2)}
    document = {**ratios, "longest_ms": round(longest, 1)}
    print(json.dumps(document))
    return 0


def made_ready(profile: Path) -> None:
    from fieldtool.profile import open_profile
    from ui.preferences import Preferences, write_preferences

    with open_profile(profile, write=True, actor="Mia Muster"):
        pass
    write_preferences(profile, Preferences(welcomed=True))


def seconds(program: str, **more: str) -> list[float]:
    environment = {"QT_QPA_PLATFORM": "offscreen", **os.environ, **more}
    began = time.time()
    ended = subprocess.run(
        [sys.executable, "-c", program],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        check=True,
    )
    return [float(told) - began for told in ended.stdout.split()]


def paused(profile: Path) -> dict[str, float]:
    """By screen, ms. A call of the main thread shows as a pause between two turns of its loop."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtCore import QEventLoop, QTimer

    from drivers.secret import Secret
    from fieldtool.demo import play
    from fieldtool.operation import Actor
    from ui import themes
    from ui.application import application
    from ui.background import Background, Place
    from ui.preferences import Preferences
    from ui.screen import Desk
    from ui.window import Window

    app = application(["bench"])
    themes.apply(app, Preferences())
    background = Background(Place(profile, Secret("bench")))
    actors: list[Actor] = []

    def prepare(opened: object) -> Actor:
        play.take_trees_along(opened)  # type: ignore[arg-type]
        return opened.actor  # type: ignore[attr-defined, no-any-return]

    def turn(milliseconds: int) -> float:
        """The longest pause within that time."""
        loop, last, longest = QEventLoop(), time.perf_counter(), 0.0

        def tick() -> None:
            nonlocal last, longest
            now = time.perf_counter()
            longest, last = max(longest, now - last), now

        timer = QTimer()
        timer.timeout.connect(tick)
        timer.start(0)
        QTimer.singleShot(milliseconds, loop.quit)
        loop.exec()
        timer.stop()
        return longest * 1000

    background.ask(background, prepare, actors.append)
    while not actors:
        turn(50)
    window = Window(Desk(background, Preferences(welcomed=True), actors[0]))
    window.show()
    turn(500)
    window.load_ahead()
    while background.running:
        turn(50)
    found: dict[str, float] = {}
    for name in window.buttons:
        for visit in ("first", "again"):
            QTimer.singleShot(20, lambda name=name: window.turn_to(name))
            found[f"{name}, {visit}"] = turn(500)
    window.close()
    background.close()
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
