"""Which tool the map has in hand, and what it has measured."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from fieldtool.texts import _
from ui.screen import Desk
from ui.screens.map import content
from ui.screens.map.content import Tool
from ui.widgets.controls import button, choice, field, text
from ui.widgets.flow import flow
from ui.widgets.map_view import MapView

MEASURING: tuple[Tool, ...] = ("distance", "area")
LEAST: dict[Tool, int] = {"polygon": 3, "distance": 2, "area": 3}
"""So many corners make something to finish."""


class DrawingCard(QWidget):
    used = Signal(str)

    def __init__(self, desk: Desk, map_view: MapView) -> None:
        super().__init__()
        self.desk, self.map = desk, map_view
        self.tool: Tool = "look"
        options = [(name, _(title)) for name, title in content.TOOLS.items()]
        self.tools = choice(_("Tool"), options, "look")
        self.tools.activated.connect(lambda _index: self.use(self.tools.currentData()))
        self.hint = text(kind="muted")
        self.result = text(kind="strong", selectable=True)
        self.finish = button(_("Finish"), lambda: map_view.tell("finish"), name=_("Finish the drawing"))
        self.back = button(_("Undo"), lambda: map_view.tell("back"), name=_("Take the last corner back"))
        self.fresh = button(_("Begin anew"), lambda: self.use(self.tool), name=_("Begin the drawing anew"))
        self.buttons = flow(self.finish, self.back, self.fresh)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for part in (field(_("Tool"), self.tools), self.hint, self.result, self.buttons):
            layout.addWidget(part)
        map_view.drawn.connect(self._drawn)
        self.use("look")

    def use(self, tool: Tool) -> None:
        self.tool = tool
        self.tools.setCurrentIndex(self.tools.findData(tool))
        self.hint.setText(_(content.HINTS[tool]))
        self.result.hide()
        self.buttons.setVisible(tool != "look")
        self._allow(0, done=False)
        self.map.tell("tool", kind=tool)
        self.used.emit(tool)

    def _allow(self, corners: int, *, done: bool) -> None:
        least = LEAST.get(self.tool)
        self.finish.setVisible(least is not None)
        self.finish.setEnabled(least is not None and corners >= least and not done)
        self.back.setEnabled(corners > 0 and not done)
        self.fresh.setEnabled(corners > 0)

    def _drawn(self, drawn: dict[str, object]) -> None:
        tool, found = self.tool, drawn["corners"]
        if drawn["kind"] != tool or not isinstance(found, list):
            return
        corners = [(float(lon), float(lat)) for lon, lat in found]
        self._allow(len(corners), done=bool(drawn["done"]))
        if tool not in MEASURING:
            return
        if len(corners) < LEAST[tool]:
            self.result.hide()
            return
        self.desk.background.ask(
            self, lambda _profile: content.measured(tool, corners), self._say, lane="ports"
        )

    def _say(self, words: str) -> None:
        if self.tool in MEASURING:
            self.result.setText(words)
            self.result.setAccessibleName(words)
            self.result.show()
