"""Each screen with demo data as SCREEN-THEME-WIDTHxHEIGHT[-ZOOM].png; fails on clipped or English texts.

python3 installer/dev.py pictures OUT [--sizes 1280x800,1920x1200] [--zooms 100,150]
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from fieldtool.demo import play
from fieldtool.ids import TicketId, new_id
from fieldtool.profile import Profile
from fieldtool.texts import use_language
from fieldtool.ticket import Ticket
from fieldtool.ticketing import changing
from installer import checking
from ui import themes
from ui.application import application, speak
from ui.background import Background, Place
from ui.practice import Practice, Ready, new_passphrase
from ui.preferences import Preferences, ThemeName
from ui.screen import Desk
from ui.window import Window

PATIENCE_MS = 60_000
MAP_TICKS = 25


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="pictures")
    parser.add_argument("out", type=Path)
    parser.add_argument("--sizes", default="1280x800,1920x1200")
    parser.add_argument("--zooms", default="100,150")
    parser.add_argument("--themes", default=",".join(themes.THEMES))
    parser.add_argument("--screens", default="")
    options = parser.parse_args(arguments)
    options.out.mkdir(parents=True, exist_ok=True)
    use_language("de")
    app = application(["pictures"])
    speak(app)
    failures: list[str] = []
    with ExitStack() as stack, tempfile.TemporaryDirectory(prefix="fieldtool-pictures-") as folder:
        background = Background(Place(Path(folder) / "profile", new_passphrase(), "Mia Muster"))
        stack.callback(background.close)
        practice = Practice()
        stack.callback(practice.close)
        desk = prepared(app, background, practice)
        window = Window(desk)
        window.show()
        for name, theme, size, zoom in combinations(options, window):
            width, height = size
            desk.preferences = replace(desk.preferences, theme=theme, zoom=zoom)
            window.look()
            window.setFixedSize(width, height)
            for label, show in SHOWN.get(name, {"": _nothing}).items():
                window.turn_to(name)
                window.press(name)
                settle(app, background)
                show(window)
                settle(app, background)
                suffix = f"-{zoom}" if zoom != 100 else ""
                path = options.out / f"{name}{label}-{theme}-{width}x{height}{suffix}.png"
                window.grab().save(str(path))
                failures += [f"{path.name}: {what}" for what in problems(window)]
        window.close()
    for failure in failures:
        print(failure)
    print(f"{len(list(options.out.glob('*.png')))} pictures, {len(failures)} problems")
    return 1 if failures else 0


def combinations(
    options: argparse.Namespace, window: Window
) -> Iterator[tuple[str, ThemeName, tuple[int, int], int]]:
    wanted = [name for name in options.screens.split(",") if name] or list(window.buttons)
    for zoom in options.zooms.split(","):
        for size in options.sizes.split(","):
            width, height = size.split("x")
            for theme in themes.THEMES:
                if theme in options.themes.split(","):
                    for name in wanted:
                        yield name, theme, (int(width), int(height)), int(zoom)


def problems(root: QWidget) -> Iterator[str]:
    yield from (f"clipped: {what}" for what in checking.clipped(root))
    yield from (f"not German: {what}" for what in checking.english(root))
    yield from (f"outside: {what}" for what in checking.outside(root))


def prepared(app: QApplication, background: Background, practice: Practice) -> Desk:
    """The day of the demonstration, with one commissioning done and some tickets more."""
    ready: list[Ready] = []
    background.run(background, practice.begin, lane="network", done=ready.append)
    settle(app, background)
    actors: list[object] = []

    def work(profile: Profile) -> object:
        play.work_offline(profile, ready[0].site, ready[0].table, ready[0].ticket, lambda _name, _event: None)
        for title, category, priority in TICKETS:
            ticket = Ticket(id=TicketId(new_id()), category=category, title=title, priority=priority)
            changing.create(profile, replace(ticket, geometry=ready[0].ticket.geometry))
        return profile.actor

    background.ask(background, work, actors.append)
    settle(app, background)
    desk = Desk(background, Preferences(welcomed=True, gnss_port=ready[0].table.gnss_port), actors[0])  # type: ignore[arg-type]
    desk.extra_ports = ready[0].ports
    return desk


TICKETS = (
    ("Stammschutz beschädigt", "mounting", 2),
    ("Batterie des Bodenfeuchtesensors tauschen", "battery", 3),
    ("Pegel meldet seit drei Tagen denselben Wert und muss vor dem Wochenende geprüft werden", "other", 1),
)


def settle(app: QApplication, background: Background) -> None:
    """Until no job runs and everything is laid out."""
    loop = QEventLoop()
    timer = QTimer()
    timer.setInterval(20)
    quiet = [0]

    def look() -> None:
        quiet[0] = quiet[0] + 1 if background.running == 0 else 0
        if quiet[0] > 4:
            loop.quit()

    timer.timeout.connect(look)
    timer.start()
    QTimer.singleShot(PATIENCE_MS, loop, lambda: app.exit(3))
    loop.exec()
    app.processEvents()


Show = Callable[[Window], None]


def _open_first(table_of: str) -> Show:
    def show(window: Window) -> None:
        from ui.widgets.table import Table

        view = window.view(table_of)
        tables = [table for table in view.findChildren(Table) if table.isVisible() and table.rows.rows]
        if tables:
            tables[0].opened.emit(tables[0].rows.rows[0].id)

    return show


def _open_first_asset(window: Window) -> None:
    view = window.view("assets")
    view.open_asset(view.list.table.rows.row(0).id)  # type: ignore[attr-defined]


def _nothing(_window: Window) -> None:
    return


def _map(window: Window) -> None:
    """Its page is another process's: it is there when it says so, and painted a little later."""
    view = window.view("map").map  # type: ignore[attr-defined]
    loop, timer, seen = QEventLoop(), QTimer(), [0]

    def look() -> None:
        seen[0] += view.painted
        if seen[0] > MAP_TICKS:
            loop.quit()

    timer.timeout.connect(look)
    timer.start(20)
    QTimer.singleShot(PATIENCE_MS, loop, loop.quit)
    loop.exec()


def _assistant(page: int) -> Show:
    def show(window: Window) -> None:
        window.turn_to("devices", {"new": "1"})
        assistant = window.view("devices").assistant  # type: ignore[attr-defined]
        assistant.turn_to(page)

    return show


def _edit_shown(window: Window) -> None:
    window.view("assets").detail.edit.click()  # type: ignore[attr-defined]


def _page(opened: str) -> Show:
    def show(window: Window) -> None:
        getattr(window.view("assets"), opened)()

    return show


LIST = """Leuchtennummer;Straße;Lichtpunkthöhe;Leuchtmittel;In Betrieb seit;Rechtswert;Hochwert;Anlage
L-0047;Märkische Straße 12;8,5;LED;01.04.2019;393486,95;5708103,10;Hörde
L-0048;Märkische Straße 14;8,5;LED;01.04.2019;393520,10;5708111,40;Hörde
L-0049;Prüßweg 3;6;Natriumdampf;bis April 2019;393555,75;5708120,00;Hörde
L-0050;Am Ostpark;65;LED;12.11.2020;5708131,20;393602,30;Schwerte
L-0051;Ruhrstraße 1;5 m;Kerze;;393649,00;;Schwerte
"""


def _list_page(opened: int | None) -> Show:
    """A list with faults, looked at; `opened` is the section behind the report."""

    def show(window: Window) -> None:
        page = window.view("assets").importing  # type: ignore[attr-defined]
        window.view("assets").open_import()  # type: ignore[attr-defined]
        if page.report is None:
            path = Path(tempfile.mkdtemp(prefix="fieldtool-pictures-")) / "Leuchten_Hörde.csv"
            path.write_text(LIST, encoding="utf-8")
            page.read(path)
            settle(QApplication.instance(), window.desk.background)  # type: ignore[arg-type]
        openers = [one for one in page.findChildren(QPushButton) if one.isCheckable()]
        for number, opener in enumerate(openers):
            opener.setChecked(number == opened)

    return show


def _leave(window: Window) -> None:
    window.view("devices").assistant.close_assistant()  # type: ignore[attr-defined]


SHOWN: dict[str, dict[str, Show]] = {
    "devices": {
        "": _nothing,
        "_assistant1": _assistant(0),
        "_assistant2": _assistant(1),
        "_assistant3": _assistant(2),
        "_assistant4": _assistant(3),
        "_overview": _leave,
    },
    "map": {"": _map},
    "tickets": {"": _nothing, "_detail": _open_first("tickets")},
    "assets": {
        "": _nothing,
        "_detail": _open_first_asset,
        "_form": _edit_shown,
        "_bulk": _page("open_bulk"),
        "_quality": _page("open_quality"),
        "_classes": _page("open_classes"),
        "_undo": _page("open_undo"),
        "_import": _page("open_import"),
        "_import_read": _list_page(None),
        "_import_columns": _list_page(0),
        "_import_rows": _list_page(1),
        "_import_cleaning": _list_page(2),
        "_import_area": _list_page(3),
    },
}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
