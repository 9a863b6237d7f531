"""How fast the map is there and how fast it is moved, against a bare canvas page with the same points in the
same run.

python -m tests.bench.map [--points 50000,200000] [--frames N]

Ready: from asking for the page to its first frame with all points; for the whole from the screen's first
wish, with folium and the web engine loaded on the way. Frame: the time between two frames while the map is
moved a little in each. The bare page draws each point of the view as a square of its colour, every frame.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

GOAL_FRAME, GOAL_READY_S = 1.25, 1.0
WIDTH, HEIGHT = 1000, 700
PLACE = (7.5, 51.48, 12)
SLOW_FRAMES = 32
CLASSES = ("street_light", "bin", "tree", "parking_bay", "other")

BARE = """<!doctype html><title>bare</title><body style="margin:0"><canvas></canvas><script>
const canvas = document.querySelector("canvas"), pen = canvas.getContext("2d");
canvas.width = innerWidth; canvas.height = innerHeight;
const colours = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00"];
let x, y, code, count = 0;
window.load = async () => {
  const buffer = await (await fetch("points?box=-180,-90,180,90&zoom=12&by=class")).arrayBuffer();
  count = new Uint32Array(buffer, 0, 1)[0];
  const lon = new Float64Array(buffer, 16, count), lat = new Float64Array(buffer, 16 + 8 * count, count);
  code = new Uint8Array(buffer, 16 + 20 * count, count);
  x = new Float64Array(count); y = new Float64Array(count);
  const scale = 256 * 2 ** ZOOM;
  for (let k = 0; k < count; k++) {
    const sine = Math.sin(lat[k] * Math.PI / 180);
    x[k] = (lon[k] / 360 + 0.5) * scale;
    y[k] = (0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)) * scale;
  }
  const sine = Math.sin(LAT * Math.PI / 180);
  window.left = (LON / 360 + 0.5) * scale - innerWidth / 2;
  window.up = (0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)) * scale - innerHeight / 2;
  draw();
};
const draw = () => {
  pen.clearRect(0, 0, canvas.width, canvas.height);
  for (let k = 0; k < count; k++) {
    const px = x[k] - window.left, py = y[k] - window.up;
    if (px < -3 || py < -3 || px > canvas.width + 3 || py > canvas.height + 3) continue;
    pen.fillStyle = colours[code[k] % 5];
    pen.fillRect(px - 3, py - 3, 6, 6);
  }
};
window.move = (dx, dy) => { window.left += dx; window.up += dy; draw(); };
</script>"""

FRAMES = """
window.measured = null;
(async () => {
  const frame = () => new Promise((done) => requestAnimationFrame(done)), times = [];
  await frame();
  let last = await frame();
  for (let n = 0; n < COUNT; n++) {
    const way = Math.floor(n / 30) % 2 ? -1 : 1;
    MOVE;
    const now = await frame();
    times.push(now - last);
    last = now;
  }
  window.measured = times;
})();
"""
OURS_MOVE = "fieldtool.page.map.panBy([12 * way, 5 * way], { animate: false })"
BARE_MOVE = "window.move(12 * way, 5 * way)"


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="tests.bench.map")
    parser.add_argument("--points", default="50000,200000")
    parser.add_argument("--frames", type=int, default=90)
    parser.add_argument("--one", type=Path)
    options = parser.parse_args(arguments)
    if options.one is not None:
        print(json.dumps(measured(options.one, options.frames)))
        return 0
    document: dict[str, dict[str, float]] = {}
    for count in (int(number) for number in options.points.split(",")):
        with tempfile.TemporaryDirectory(prefix="fieldtool-bench-") as folder:
            profile = Path(folder) / "profile"
            filled(profile, count)
            document[str(count)] = in_a_process_of_its_own(profile, options.frames)
    told(document)
    print(json.dumps(document))
    return 0


def told(document: dict[str, dict[str, float]]) -> None:
    print(f"{'':38}" + "".join(f"{count:>10}" for count in document) + f"{'goal':>8}")
    rows = (
        ("bare page: frame, ms", "bare_ms", 1, None),
        ("map: frame, ms", "map_ms", 1, None),
        ("map, every point drawn: frame, ms", "single_ms", 1, None),
        ("map / bare", "ratio", 2, GOAL_FRAME),
        ("map, every point drawn / bare", "single_ratio", 2, None),
        ("bare page: ready, s", "bare_ready_s", 2, None),
        ("map: page ready, s", "ready_s", 2, GOAL_READY_S),
        ("map: from the first wish, s", "opened_s", 2, None),
        ("map: answer of the database, s", "answer_s", 3, None),
    )
    for title, name, digits, goal in rows:
        cells = "".join(f"{found[name]:10.{digits}f}" for found in document.values())
        print(f"{title:38}{cells}{'' if goal is None else f'{goal:8}'}")


def filled(profile: Path, count: int) -> None:
    from fieldtool.ids import new_id
    from fieldtool.profile import open_profile
    from fieldtool.store import places
    from fieldtool.store.box_tree import Boxes

    chance = random.Random(4711)
    with open_profile(profile, write=True, actor="Mia Muster") as opened:
        connection = opened.store.connection
        rows, boxes = [], Boxes()
        for seq in range(1, count + 1):
            lon, lat = 7.33 + chance.random() * 0.34, 51.40 + chance.random() * 0.16
            attributes = {f"attribute{n}": f"value {n}" for n in range(11)} | {"planting_year": 1980}
            geometry = {"type": "Point", "coordinates": [lon, lat]}
            kind = chance.choice(CLASSES)
            rows.append((seq, new_id(), kind, str(seq), json.dumps(geometry), json.dumps(attributes)))
            boxes.add(seq, (lon, lat, lon, lat))
        with opened.store.transaction():
            connection.executemany(
                "INSERT INTO assets (seq, id, asset_class, number, geometry, attributes, version)"
                " VALUES (?, ?, ?, ?, ?, ?, 1)",
                rows,
            )
            places.add_many(connection, boxes)
            connection.execute("INSERT OR REPLACE INTO counts VALUES ('asset', '', ?)", (count,))


def in_a_process_of_its_own(profile: Path, frames: int) -> dict[str, float]:
    environment = {
        "QT_QPA_PLATFORM": "offscreen",
        "QTWEBENGINE_CHROMIUM_FLAGS": "--disable-gpu",
        "QT_QUICK_BACKEND": "software",
        **os.environ,
    }
    if os.geteuid() == 0:
        environment["QTWEBENGINE_DISABLE_SANDBOX"] = "1"
    ended = subprocess.run(
        [sys.executable, "-m", "tests.bench.map", "--one", str(profile), "--frames", str(frames)],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        check=True,
    )
    found: dict[str, float] = json.loads(ended.stdout)
    return found


def measured(profile: Path, frames: int) -> dict[str, float]:
    from drivers.secret import Secret
    from fieldtool.map_page import File
    from fieldtool.map_points import Window, answer
    from fieldtool.operation import Actor
    from ui import themes
    from ui.application import application
    from ui.background import Background, Place
    from ui.preferences import Preferences
    from ui.screen import Desk
    from ui.widgets.map_view import MapView

    app = application(["bench"])
    themes.apply(app, Preferences())
    background = Background(Place(profile, Secret("bench")))
    desk = Desk(background, Preferences(), Actor("1", "Mia Muster", "MM", "bestand"))
    view = MapView(desk)
    view.resize(WIDTH, HEIGHT)
    view.show()
    answers: list[float] = []

    def ask(opened: Any) -> float:
        began = time.perf_counter()
        answer(opened.store, Window((-180, -90, 180, 90), 12, "class", 2026))
        return time.perf_counter() - began

    background.ask(background, ask, answers.append)
    until(lambda: bool(answers))
    shown: list[float] = []
    view.shown.connect(lambda _told: shown.append(time.perf_counter()))
    began = time.perf_counter()
    view.open(*PLACE)
    until(lambda: bool(shown))
    opened_s = shown[0] - began
    page = view.view.page()  # type: ignore[union-attr]
    ready, bare_ready = [], []
    bare = BARE.replace("ZOOM", str(PLACE[2])).replace("LON", str(PLACE[0])).replace("LAT", str(PLACE[1]))
    view.scheme._files["bare"] = File("text/html", bare.encode())  # type: ignore[union-attr]
    map_ms, single_ms, bare_ms = [], [], []
    for _run in range(3):
        began, before = time.perf_counter(), len(shown)
        load(page, "fieldtool://map/")
        until(lambda before=before: len(shown) > before)
        ready.append(shown[-1] - began)
        map_ms += frame_times(page, OURS_MOVE, frames)
        run(page, "fieldtool.CROWD = Infinity")
        single_ms += frame_times(page, OURS_MOVE, SLOW_FRAMES)
        began = time.perf_counter()
        load(page, "fieldtool://map/bare")
        until(lambda: value(page, "typeof window.load") == "function")
        run(page, "window.loaded = false; window.load().then(() => { window.loaded = true })")
        until(lambda: value(page, "window.loaded") is True)
        bare_ready.append(time.perf_counter() - began)
        bare_ms += frame_times(page, BARE_MOVE, frames)
    view.end()
    background.close()
    bare_frame = statistics.mean(bare_ms)
    return {
        "bare_ms": round(bare_frame, 1),
        "map_ms": round(statistics.mean(map_ms), 1),
        "single_ms": round(statistics.mean(single_ms), 1),
        "ratio": round(statistics.mean(map_ms) / bare_frame, 2),
        "single_ratio": round(statistics.mean(single_ms) / bare_frame, 2),
        "bare_ready_s": round(statistics.median(bare_ready), 2),
        "ready_s": round(statistics.median(ready), 2),
        "opened_s": round(opened_s, 2),
        "answer_s": round(answers[0], 3),
    }


def load(page: Any, address: str) -> None:
    from PySide6.QtCore import QUrl

    done: list[bool] = []
    slot = done.append
    page.loadFinished.connect(slot)
    page.setUrl(QUrl(address))
    until(lambda: bool(done))
    page.loadFinished.disconnect(slot)


def frame_times(page: Any, move: str, frames: int) -> list[float]:
    run(page, FRAMES.replace("COUNT", str(frames)).replace("MOVE", move))
    until(lambda: value(page, "window.measured !== null") is True)
    times: list[float] = json.loads(value(page, "JSON.stringify(window.measured)"))
    return times


def run(page: Any, script: str) -> None:
    value(page, f"{{ {script} }} 0")


def value(page: Any, expression: str) -> Any:
    found: list[Any] = []
    page.runJavaScript(expression, 0, found.append)
    until(lambda: bool(found))
    return found[0]


def until(done: Callable[[], bool]) -> None:
    """The application's own loop runs meanwhile."""
    from PySide6.QtCore import QEventLoop, QTimer

    loop, timer = QEventLoop(), QTimer()
    timer.timeout.connect(lambda: None)
    timer.start(5)
    while not done():
        loop.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
