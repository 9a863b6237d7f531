"""The map of all assets, and beside it what is done with it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import QByteArray, QEvent, Qt
from PySide6.QtGui import QHideEvent, QResizeEvent
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from drivers.errors import ExpectedError
from drivers.reading import Fix
from fieldtool.days import today
from fieldtool.documents import write_document
from fieldtool.texts import _, thousands
from fieldtool.titles import day
from ui.background import Changes, Job
from ui.errors import ErrorPanel
from ui.screen import Desk, View
from ui.screens.map import content
from ui.screens.map.base_card import BaseCard
from ui.screens.map.content import Based, Beginning, Chosen, Found
from ui.screens.map.drawing_card import DrawingCard
from ui.widgets.controls import button, card, choice, field, text
from ui.widgets.facts import Facts
from ui.widgets.flow import flow
from ui.widgets.map_view import MapView
from ui.widgets.paging import page_by_keys
from ui.widgets.table import Row, Table

SIDE_LETTERS = 42
ROWS_AT_ONCE = 5
HERE = (7.5, 51.44, 11)
"""Between the two cities, where there is nothing else to turn to."""
ASSET_ZOOM = 18


class MapScreen(View):
    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.map = MapView(desk)
        self.problem = ErrorPanel()
        self.drawing = DrawingCard(desk, self.map)
        self.base = BaseCard(desk)
        self.colours = choice(
            _("Colour by"), [(name, _(title)) for name, title in content.COLOURINGS.items()], "class"
        )
        self.colours.activated.connect(lambda _index: self.map.tell("colour", by=self.colours.currentData()))
        self.count = text(kind="muted")
        self.place = Facts()
        self.chosen_count = text(kind="strong")
        self.chosen = Table(_("Selected assets"), [_("Asset")])
        self.chosen.opened.connect(lambda found: desk.go("assets", id=found))
        self.locate = button(_("Own position"), self.find_position)
        self.stop = button(
            _("Stop"), self.stop_position, kind="quiet", name=_("Stop looking for the position")
        )
        self.position = text(kind="muted")
        self.print = button(_("Print …"), self.ask_print, name=_("Print this map sheet as PDF"))
        self.said = text(kind="good", selectable=True)
        for part in (self.stop, self.position, self.said, self.chosen):
            part.hide()
        self._begun = False
        self._anywhere = False
        self._shown_place: tuple[float, float, float] | None = None
        self._asked_place = False
        self._job: Job[Fix] | None = None
        self._sheet: Path | None = None
        self._build()
        self._hear()
        self._tell_chosen(0, ())

    def _build(self) -> None:
        title = text(_("Map"), "title")
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 12, 8, 12)
        column.setSpacing(12)
        for part in (
            title,
            self.problem,
            card(text(_("Selected"), "heading"), self.chosen_count, self.chosen),
            card(self.drawing),
            card(field(_("Colour by"), self.colours), self.count),
            card(
                text(_("Under the cross"), "heading"), self.place, flow(self.locate, self.stop), self.position
            ),
            card(self.base),
            card(flow(self.print), self.said),
        ):
            column.addWidget(part)
        column.addStretch(1)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setWidget(inside)
        page_by_keys(self, self.area)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 8, 0)
        layout.setSpacing(12)
        layout.addWidget(self.map, 1)
        layout.addWidget(self.area)

    def _hear(self) -> None:
        self.map.moved.connect(self._moved)
        self.map.moved.connect(self.base.area.see)
        self.map.selected.connect(self._selected)
        self.map.shown.connect(self._counted)
        self.map.printed.connect(self._printed)
        self.map.failed.connect(self.problem.tell)
        self.base.changed.connect(self._based)
        self.desk.background.changed.connect(self._changed)

    def shown(self, where: Mapping[str, str]) -> None:
        if not self._begun:
            self._begun = True
            self.desk.background.ask(self, content.begin, self._begin, self.problem.tell)
        else:
            self.map.tell("refresh")
        if "id" in where:
            asset = where["id"]
            self.desk.background.ask(
                self, lambda profile: content.find(profile, asset), self._found, self.problem.tell
            )
        elif "lon" in where:
            self.map.go(float(where["lon"]), float(where["lat"]), ASSET_ZOOM)

    def _begin(self, found: Beginning) -> None:
        lon, lat, zoom = found.maps.place or HERE
        self.map.open(lon, lat, round(zoom))
        self.base.show_maps(found.maps)
        self.map.ready.connect(lambda: self.map.show_base(self.base.maps.base()))
        self._anywhere = found.maps.place is None
        self._fit_to(found)

    def _fit_to(self, found: Beginning) -> None:
        """Where nobody has said yet what is to be seen, everything is."""
        if self._anywhere and found.extent is not None:
            self._anywhere = False
            self.map.fit(found.extent)

    def _found(self, found: Found | None) -> None:
        if found is None:
            self.problem.tell_text(_("This asset has no place yet."))
            return
        self.problem.clear()
        west, south, east, north = found.box
        if (west, south) == (east, north):
            self.map.go(west, south, ASSET_ZOOM)
        else:
            self.map.fit(found.box)
        self.map.select([found.seq])
        self._selected([found.seq])

    def _selected(self, seqs: list[int]) -> None:
        self.desk.background.ask(
            self,
            lambda profile: content.chosen(profile, seqs),
            lambda found: self._tell_chosen(len(seqs), found),
            self.problem.tell,
        )

    def _tell_chosen(self, count: int, found: tuple[Chosen, ...]) -> None:
        if not count:
            said = _("Nothing is selected.")
        elif count > content.MOST_CHOSEN:
            said = _("{count} selected, the first {shown} are listed").format(
                count=thousands(count), shown=thousands(content.MOST_CHOSEN)
            )
        else:
            said = _("{count} selected").format(count=thousands(count))
        self.chosen_count.setText(said)
        self.chosen.show_rows([Row(one.id, (one.title,)) for one in found])
        self.chosen.show_at_once(ROWS_AT_ONCE)
        self.chosen.setVisible(bool(found))

    def _counted(self, told: dict[str, int]) -> None:
        self.count.setText(_("{total} assets in all").format(total=thousands(told["total"])))
        if self._anywhere and told["total"]:
            self.desk.background.ask(self, content.begin, self._fit_to, self.problem.tell)

    def _moved(self, place: dict[str, float]) -> None:
        """One question at a time, the latest place then."""
        self._shown_place = (place["lon"], place["lat"], place["zoom"])
        if not self._asked_place:
            self._asked_place = True
            self._ask_place(self._shown_place)

    def _ask_place(self, place: tuple[float, float, float]) -> None:
        def told(facts: tuple[tuple[str, str], ...]) -> None:
            self.place.tell(facts)
            self._asked_place = False
            if self._shown_place is not None and self._shown_place != place:
                self._moved(dict(zip(("lon", "lat", "zoom"), self._shown_place, strict=True)))

        lon, lat, _zoom = place
        self.desk.background.ask(self, lambda _profile: content.place_facts(lon, lat), told, lane="ports")

    def _based(self, found: Based) -> None:
        self.map.show_base(found.maps.base())
        if found.extent is not None and self._shown_place is not None:
            west, south, east, north = found.extent
            lon, lat, _zoom = self._shown_place
            if not (west <= lon <= east and south <= lat <= north):
                self.map.fit(found.extent)

    def find_position(self) -> None:
        port = self.desk.preferences.gnss_port
        if not port:
            self.problem.tell_text(
                _("No GNSS receiver is chosen."),
                _("Choose its port in the settings."),
                (_("To the settings"), lambda: self.desk.go("settings")),
            )
            return
        self.problem.clear()
        self._say_position(_("Waiting for positions from {port} …").format(port=port))
        self._job = self.desk.background.run(
            self,
            lambda _profile, job: content.position(port, job.tell),
            lane="devices",
            done=self._at,
            progress=self._at,
            failed=self._lost,
            ended=self._position_ended,
        )
        self.locate.setEnabled(False)
        self.stop.show()

    def stop_position(self) -> None:
        if self._job is not None:
            self._job.cancel()
            self.position.hide()

    def _at(self, fix: Fix) -> None:
        self.map.tell("position", fix={"lon": fix.lon, "lat": fix.lat, "accuracy": fix.accuracy_m})
        self._say_position(content.position_text(fix))

    def _lost(self, error: ExpectedError) -> None:
        self.position.hide()
        self.problem.tell(error)

    def _position_ended(self) -> None:
        self._job = None
        self.locate.setEnabled(True)
        self.stop.hide()

    def _say_position(self, words: str) -> None:
        self.position.setText(words)
        self.position.show()

    def ask_print(self) -> None:
        name = str(Path.home() / f"{_('Map')}.pdf")
        dialog = QFileDialog(self, _("Print this map sheet as PDF"), name, "*.pdf")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("pdf")
        dialog.fileSelected.connect(lambda path: self.print_to(Path(path)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def print_to(self, path: Path) -> None:
        self._sheet = path
        self.print.setEnabled(False)
        self.said.hide()
        title = _("Map of the assets by {what}").format(what=self.colours.currentText())
        foot = _("Scale 1:{scale} · {day} · {person} · {source}").format(
            scale="{scale}", day=day(today()), person=self.desk.actor.name, source=self._source()
        )
        self.map.print_sheet(title, foot)

    def _source(self) -> str:
        base = self.base.maps.base()
        return _("no base map") if base is None else base.attribution or base.title

    def _printed(self, data: QByteArray) -> None:
        path, self._sheet = self._sheet, None
        self.print.setEnabled(True)
        if path is None:
            return
        if data.isEmpty():
            self.problem.tell_text(_("The map could not be printed."), _("Please try again."))
            return
        content_of = bytes(data.data())
        self.desk.background.ask(
            self, lambda _profile: write_document(path, content_of), self._saved, self.problem.tell
        )

    def _saved(self, path: Path) -> None:
        self.said.setText(_("Saved: {path}").format(path=path))
        self.said.show()

    def _changed(self, changed: Changes) -> None:
        if self.isVisible() and "asset" in changed.entities:
            self.map.tell("refresh")

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        super().resizeEvent(event)
        self._share()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._share()

    def _share(self) -> None:
        """What the texts need, and never more than half."""
        wanted = SIDE_LETTERS * self.fontMetrics().averageCharWidth()
        self.area.setFixedWidth(min(wanted, self.width() // 2))

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802
        super().hideEvent(event)
        self.stop_position()
        place = self._shown_place
        if place is not None:
            self.desk.background.ask(
                self,
                lambda profile: content.leave_at(profile, place),
                lambda _nothing: None,
                self.problem.tell,
            )
