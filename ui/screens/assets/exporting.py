"""The list that is shown, as a file for other programs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from drivers.errors import ExpectedError
from fieldtool.asset_query import AssetQuery
from fieldtool.exports.run import Exported, Wish, export
from fieldtool.profile import Profile
from fieldtool.texts import N_, _
from ui.background import Job
from ui.screen import Desk

FORMATS: tuple[tuple[str, str, str], ...] = (
    ("geopackage", N_("GeoPackage, for GIS programs"), "gpkg"),
    ("xlsx", N_("Excel workbook"), "xlsx"),
    ("csv-excel-de", N_("CSV for a German Excel"), "csv"),
    ("csv", N_("CSV for other programs"), "csv"),
    ("geojson", "GeoJSON", "geojson"),
    ("shapefile", N_("Shapefiles, as a folder"), ""),
)


class Exporter(QObject):
    """`saved` carries an Exported, `failed` an ExpectedError. One at a time."""

    saved = Signal(object)
    failed = Signal(object)

    def __init__(self, desk: Desk, owner: QWidget) -> None:
        super().__init__(owner)
        self._desk, self._owner = desk, owner
        self.busy = False

    def ask(
        self, asset_class: str, *, query: AssetQuery | None = None, seqs: Sequence[int] | None = None
    ) -> None:
        """`seqs` are those that are selected, else all of `query`, else all of the class."""
        dialog = QFileDialog(self._owner, _("Export assets"), str(Path.home() / _("assets")))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        filters = {f"{_(title)} (*.{suffix or '*'})": name for name, title, suffix in FORMATS}
        suffixes = {name: suffix for name, _title, suffix in FORMATS}
        dialog.setNameFilters(list(filters))
        dialog.setDefaultSuffix(FORMATS[0][2])
        dialog.filterSelected.connect(lambda words: dialog.setDefaultSuffix(suffixes[filters[words]]))
        dialog.fileSelected.connect(
            lambda path: self.save(Path(path), filters[dialog.selectedNameFilter()], asset_class, query, seqs)
        )
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def save(
        self,
        path: Path,
        name: str,
        asset_class: str,
        query: AssetQuery | None = None,
        seqs: Sequence[int] | None = None,
    ) -> None:
        """The dialog has asked before it gives a file that is there already."""
        if self.busy:
            return
        self.busy = True
        wish = Wish(
            target=path,
            format=name,
            asset_class=asset_class or None,
            query=None if seqs is not None else query,
            seqs=seqs,
            force=True,
        )

        def write(profile: Profile, _job: Job[Exported]) -> Exported:
            return export(profile.store, wish)

        self._desk.background.run(self, write, lane="network", done=self._saved, failed=self._give_up)

    def _saved(self, done: Exported) -> None:
        self.busy = False
        self.saved.emit(done)

    def _give_up(self, error: ExpectedError) -> None:
        self.busy = False
        self.failed.emit(error)
