"""One place, chosen on the map: by a click, or by the cross in the middle."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from fieldtool import base_maps
from fieldtool.base_maps import Maps
from fieldtool.profile import Profile
from fieldtool.store import map_rows
from fieldtool.store.places import Box
from fieldtool.texts import _, decimal
from ui.errors import ErrorPanel
from ui.screen import Desk
from ui.widgets.controls import button, text
from ui.widgets.flow import flow
from ui.widgets.map_view import MapView

HERE = (7.5, 51.44, 11)
"""Between the two cities, where there is nothing else to turn to."""
CLOSE = 18
DIGITS = 7
"""Of a degree: about a centimetre."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What is below the points, and where all of them are."""

    maps: Maps
    extent: Box | None


def ground(profile: Profile) -> Ground:
    return Ground(base_maps.read_maps(profile.directory), map_rows.extent(profile.store.connection))


class PlacePicker(QWidget):
    """`picked` carries lon and lat in degrees, `left` that nothing was chosen. The web view is made when it
    is wanted for the first time."""

    picked = Signal(float, float)
    left = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.map = MapView(desk)
        self.problem = ErrorPanel()
        self.where = text(kind="strong", selectable=True)
        self.take = button(_("Take this place"), self._take, kind="primary")
        self.cancel = button(_("Cancel"), self.left.emit, name=_("Close the map, the place stays"))
        self._middle: tuple[float, float] | None = None
        self._marked: tuple[float, float] | None = None
        self._wanted: tuple[float, float] | None = None
        self._begun = False
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 16, 16, 8)
        layout.setSpacing(12)
        layout.addWidget(text(_("Choose the place"), "title"))
        layout.addWidget(
            text(_("Click the place; or move the map with the arrow keys until the cross is on it."), "muted")
        )
        layout.addWidget(self.problem)
        layout.addWidget(self.map, 1)
        layout.addWidget(self.where)
        layout.addWidget(flow(self.take, self.cancel))
        self.map.moved.connect(self._moved)
        self.map.drawn.connect(self._drawn)
        self.map.failed.connect(self.problem.tell)
        self.map.ready.connect(self._ready)
        self._tell()

    def begin(self, place: tuple[float, float] | None) -> None:
        """At the place that is known, else where the map was left."""
        self._marked, self._wanted = None, place
        self.problem.clear()
        if not self._begun:
            self._begun = True
            self.desk.background.ask(self, ground, self._open, self.problem.tell)
        else:
            self.map.tell("refresh")
            self._ready()
        self._tell()
        self.take.setFocus()

    def _open(self, found: Ground) -> None:
        lon, lat, zoom = found.maps.place or HERE
        self.map.ready.connect(lambda: self.map.show_base(found.maps.base()))
        self.map.open(lon, lat, round(zoom))
        if found.maps.place is None and found.extent is not None and self._wanted is None:
            self.map.fit(found.extent)

    def _ready(self) -> None:
        self.map.tell("tool", kind="place")
        if self._wanted is not None:
            self.map.go(*self._wanted, CLOSE)

    def _moved(self, place: Mapping[str, float]) -> None:
        """Where somebody moves the map on, it is the cross that counts again."""
        middle = (place["lon"], place["lat"])
        if middle != self._middle:
            self._middle, self._marked = middle, None
            self._tell()

    def _drawn(self, drawn: Mapping[str, object]) -> None:
        corners = cast("list[list[float]]", drawn["corners"])
        if drawn["kind"] == "place" and corners:
            lon, lat = corners[-1]
            self._marked = (lon, lat)
            self._tell()

    @property
    def place(self) -> tuple[float, float] | None:
        return self._marked or self._middle

    def _tell(self) -> None:
        place = self.place
        self.take.setEnabled(place is not None)
        if place is not None and self.cancel.hasFocus():
            self.take.setFocus()
        if place is None:
            self.where.setText("")
            return
        lon, lat = place
        title = _("At the cross") if self._marked is None else _("Clicked")
        self.where.setText(f"{title}: {decimal(lat, 6)}° N, {decimal(lon, 6)}° E")
        self.where.setAccessibleName(self.where.text())

    def _take(self) -> None:
        if self.place is not None:
            lon, lat = self.place
            self.picked.emit(round(lon, DIGITS), round(lat, DIGITS))
