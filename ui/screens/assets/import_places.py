"""Where a list lies: each possible coordinate system with a drawing, and the area that the things lie in."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QPushButton, QVBoxLayout, QWidget

from fieldtool.imports.crs_readings import CITIES, CrsReading, reading_text
from fieldtool.imports.doubts import Box
from fieldtool.texts import _
from ui.widgets.controls import button, card, emptied, field, line, text
from ui.widgets.flow import FlowLayout, flow
from ui.widgets.sketch import Sketch

MOST = 4
LARGEST = (-180.0, -90.0, 180.0, 90.0)


class ReadingsCard(QFrame):
    """`chosen` is the code of the system that the person takes for the right one."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("kind", "card")
        self.buttons: list[QPushButton] = []
        inside = QWidget()
        self._flow = FlowLayout(inside)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 12)
        layout.addWidget(text(_("Where the list would lie"), "heading"))
        layout.addWidget(inside)

    def tell(self, readings: Sequence[CrsReading], area: Box | None) -> None:
        emptied(self._flow)
        self.buttons = []
        for one in readings[:MOST]:
            take = button(_("It is {crs}").format(crs=one.crs), partial(self.chosen.emit, one.crs))
            self.buttons.append(take)
            words = reading_text(one)
            self._flow.addWidget(card(Sketch(words, one.places, CITIES, area or ()), text(words), take))


class AreaCard(QFrame):
    """`wanted` is the area in degrees, None for none; `boundary` asks for a file that has it."""

    wanted = Signal(object)
    boundary = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("kind", "card")
        self.west, self.south, self.east, self.north = self.lines = (
            line(_("West (longitude)"), placeholder="7,30"),
            line(_("South (latitude)"), placeholder="51,41"),
            line(_("East (longitude)"), placeholder="7,64"),
            line(_("North (latitude)"), placeholder="51,60"),
        )
        self.wrong = text(
            _("Four figures in degrees are wanted, west before east and south before north."), "bad"
        )
        self.wrong.hide()
        self.put = button(_("Set the area"), self._put)
        self.place = line(_("Municipality"), placeholder="Dortmund")
        self.load = button(
            _("From a file …"), self.boundary.emit, name=_("Take the area from a file with boundaries")
        )
        self.forget = button(_("No area"), lambda: self.wanted.emit(None), name=_("Forget the area"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 12)
        for part in (
            text(_("Area of your things"), "heading"),
            text(_("What lies outside is flagged in the report, never left out for it."), "muted"),
            flow(*(field(one.accessibleName(), one) for one in self.lines)),
            self.wrong,
            flow(self.put, self.forget),
            text(
                _("Or from a file with boundaries, by a name in it; without a name all that it holds:"),
                "muted",
            ),
            flow(field(_("Municipality"), self.place), self.load),
        ):
            layout.addWidget(part)

    def tell(self, area: Box | None) -> None:
        for one, figure in zip(self.lines, area or ("",) * 4, strict=True):
            one.setText(f"{figure:g}".replace(".", ",") if isinstance(figure, float) else "")
        self.wrong.hide()
        self.forget.setEnabled(area is not None)

    def _put(self) -> None:
        try:
            west, south, east, north = (float(one.text().replace(",", ".")) for one in self.lines)
        except ValueError:
            self.wrong.show()
            return
        fits = LARGEST[0] <= west < east <= LARGEST[2] and LARGEST[1] <= south < north <= LARGEST[3]
        self.wrong.setVisible(not fits)
        if fits:
            self.wanted.emit((west, south, east, north))
