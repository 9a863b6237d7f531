"""Where an asset is: typed in degrees or as ETRS89/UTM 32, chosen on the map, or where the person stands."""

from __future__ import annotations

import math
from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from drivers.reading import Fix
from fieldtool.jsontypes import Json
from fieldtool.numbers import typed_number
from fieldtool.profile import Profile
from fieldtool.texts import _, decimal
from ui.errors import ErrorPanel
from ui.screen import Desk
from ui.widgets.controls import button, field, line, row, text
from ui.widgets.flow import flow
from ui.widgets.own_position import OwnPosition, accuracy_text


class PlaceCard(QWidget):
    """`map_wanted` where it is to be chosen on the map: `take` says what was chosen. `measured` carries how a
    position was come by, for the history."""

    map_wanted = Signal()
    measured = Signal(str)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.lat = line(_("Latitude in degrees"), placeholder="51,513600")
        self.lon = line(_("Longitude in degrees"), placeholder="7,465300")
        self.utm = line(_("or ETRS89/UTM 32: east, north"), placeholder="393530,25 5708123,40")
        self.use_utm = button(_("Convert"), self._convert, name=_("Convert east and north to degrees"))
        self.on_map = button(
            _("Choose on the map …"), self.map_wanted.emit, name=_("Choose the place on the map")
        )
        self.own = OwnPosition(desk)
        self.own.found.connect(self._stand)
        self.problem = ErrorPanel()
        self.shape = text(_("The place is a line or an area; it stays as it is."), "muted")
        self._point = QWidget()
        point = QVBoxLayout(self._point)
        point.setContentsMargins(0, 0, 0, 0)
        for part in (
            row(field(_("Latitude in degrees"), self.lat), field(_("Longitude in degrees"), self.lon)),
            flow(field(_("or ETRS89/UTM 32: east, north"), self.utm), self.use_utm, self.on_map),
            self.problem,
            self.own,
        ):
            point.addWidget(part)
        self.utm.setMinimumWidth(26 * self.utm.fontMetrics().averageCharWidth())
        self.utm.returnPressed.connect(self._convert)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._point)
        layout.addWidget(self.shape)

    def show_geometry(self, geometry: Mapping[str, Json] | None) -> None:
        is_point = geometry is None or geometry["type"] == "Point"
        self._point.setVisible(is_point)
        self.shape.setVisible(not is_point)
        self.own.forget()
        self.problem.clear()
        self.utm.clear()
        figures = geometry["coordinates"] if geometry is not None and is_point else None
        lon, lat = (figures[0], figures[1]) if isinstance(figures, list) else ("", "")
        for entry, figure in ((self.lon, lon), (self.lat, lat)):
            entry.setText(decimal(figure) if isinstance(figure, int | float) else "")

    def place(self) -> tuple[float, float] | None:
        """Lon and lat as they are typed; None where they are no position."""
        lon, lat = typed_number(self.lon.text()), typed_number(self.lat.text())
        if lon is None or lat is None or abs(lon) > 180 or abs(lat) > 90:
            return None
        return lon, lat

    def take(self, lon: float, lat: float) -> None:
        self.problem.clear()
        self.lon.setText(decimal(lon))
        self.lat.setText(decimal(lat))

    def _stand(self, fix: Fix) -> None:
        self.take(round(fix.lon, 8), round(fix.lat, 8))
        self.measured.emit(_("place by GNSS, {accuracy}").format(accuracy=accuracy_text(fix)))

    def _convert(self) -> None:
        """Off the window's thread: the library for it is heavy."""
        figures = [typed_number(word) for word in self.utm.text().replace(";", " ").split()]
        if len(figures) != 2 or None in figures:
            self._refuse()
            return
        east, north = (float(one) for one in figures if one is not None)
        self.use_utm.setEnabled(False)
        self.desk.background.ask(
            self, lambda _profile: _degrees(_profile, east, north), self._converted, lane="ports"
        )

    def _converted(self, place: tuple[float, float] | None) -> None:
        self.use_utm.setEnabled(True)
        if place is None:
            self._refuse()
            return
        self.take(*place)
        self.utm.clear()

    def _refuse(self) -> None:
        advice = _("Enter east and north in metres with a blank between them, as 393530,25 5708123,40.")
        self.problem.tell_text(_("This is not a position."), advice)
        self.utm.setFocus()


def _degrees(_profile: Profile, east: float, north: float) -> tuple[float, float] | None:
    """None where they are no metres of the zone."""
    from fieldtool.crs import from_utm32

    if not (100_000 <= east <= 900_000 and 0 <= north <= 10_000_000):
        return None
    lon, lat = from_utm32(east, north)
    return (round(lon, 8), round(lat, 8)) if math.isfinite(lon) and math.isfinite(lat) else None
