"""What is in the infrastructure database: searched while typing, sorted, filtered, grouped; of any length."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QSignalBlocker, QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from drivers.errors import ExpectedError
from fieldtool.asset_facts import class_title
from fieldtool.asset_query import AssetQuery, Condition
from fieldtool.exports.run import Exported
from fieldtool.policy import rights
from fieldtool.profile import Profile
from fieldtool.store.asset_order import Position, Seqs, empty_seqs
from fieldtool.texts import _, thousands
from ui.background import Job
from ui.screen import Desk
from ui.screens.assets import listing
from ui.screens.assets.exporting import Exporter
from ui.screens.assets.kept import Look, keep_look
from ui.screens.assets.listing import ColumnChoice, Found, GroupLine, Question
from ui.screens.assets.panels import ColumnsPanel, FilterPanel, GroupPanel, Panel
from ui.screens.assets.search_help import SearchHelp
from ui.widgets.big_table import PAGE, BigTable
from ui.widgets.controls import button, card, choice, emptied, field, line, row, text
from ui.widgets.flow import flow
from ui.widgets.page import Page
from ui.widgets.table import Row

REST_MS = 250


class ListPage(QWidget):
    """`chosen_changed` when other rows are selected, or another list is shown."""

    opened = Signal(str)
    import_wanted = Signal()
    new_wanted = Signal(str)
    chosen_changed = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self._job: Job[Found] | None = None
        self._found: Found | None = None
        self._seqs: Seqs = empty_seqs()
        self._rest: Position | None = None
        self._growing: Job[tuple[Seqs, Position | None]] | None = None
        self._coming: Job[dict[int, tuple[Row, ...]]] | None = None
        self._waiting: list[int] = []
        self._conditions: tuple[Condition, ...] = ()
        self._choices: tuple[ColumnChoice, ...] = ()
        self._offered: str | None = None
        self._look: Look | None = None
        self.page = Page(_("Assets"))
        self._make_commands()
        self._make_tools()
        self.chips = flow()
        self.filtering, self.choosing, self.grouping = FilterPanel(), ColumnsPanel(), GroupPanel()
        self.table = BigTable(_("Assets"))
        self.counted = text(kind="muted")
        self.nothing = text(_("Nothing fits. Try fewer letters, all classes, or take a filter off."), "muted")
        self.empty = card(
            text(_("There are no assets here yet."), "strong"),
            text(
                _("Take over the list that your office keeps (Excel, CSV, GIS): trees, street lights, bins …")
            ),
            row(button(_("Take over the first list …"), self.import_wanted.emit, kind="primary"), None),
        )
        panels: tuple[Panel, ...] = (self.filtering, self.choosing, self.grouping)
        self._panels = panels
        self.page.fill(
            *(self.said, self._filters, self.help, self._tools, self.chips, *panels),
            *(self.empty, self.nothing, self.table, self.counted),
        )
        for part in (self._filters, self._tools, self.chips, *panels, self.empty, self.nothing, self.table):
            part.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.page)
        self._connect()

    def _make_commands(self) -> None:
        self.take_list = button(_("Take over a list …"), self.import_wanted.emit)
        self.new = button(_("Enter an asset …"), self._enter)
        self.exporter = Exporter(self.desk, self)
        self.exporter.saved.connect(self._exported)
        self.exporter.failed.connect(self.page.problem.tell)
        self.export = button(_("Export …"), self._ask_to_export)
        self.said = text(kind="good", selectable=True)
        self.said.hide()
        for command in (self.take_list, self.new, self.export):
            self.page.commands.addWidget(command)
        if "asset.create" not in rights(self.desk.actor.role):
            self.new.hide()

    def _make_tools(self) -> None:
        self.search = line(_("Search assets"), placeholder=_("Number, name or attribute"))
        self.search.setClearButtonEnabled(True)
        self.classes = choice(_("Class"), [("", _("All classes"))])
        self.sorting = choice(_("Sort by"), [("", _("as they came"))])
        self.way = button(_("Ascending"), self._turn, name=_("Order of the list"))
        self._filters = row(
            field(_("&Search"), self.search),
            field(_("&Class"), self.classes),
            field(_("Sort &by"), self.sorting),
        )
        self.help = SearchHelp(self.desk, self.search)
        self.filter = button(_("Filter …"), lambda: self._open_panel(self.filtering))
        self.columns = button(_("Columns …"), lambda: self._open_panel(self.choosing))
        self.group = button(_("Group …"), lambda: self._open_panel(self.grouping))
        self.select = button(_("Select rows"), self._select)
        self._tools = flow(self.way, self.filter, self.columns, self.group, self.select)

    def _connect(self) -> None:
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(REST_MS)
        self._pause.timeout.connect(self.refresh)
        self.search.textChanged.connect(lambda _text: self._pause.start())
        self.search.returnPressed.connect(self.refresh)
        self.classes.currentIndexChanged.connect(lambda _index: self._other_class())
        self.sorting.currentIndexChanged.connect(lambda _index: self._sort(self.sorting.currentData() or ""))
        self.table.opened.connect(self.opened)
        self.help.opened.connect(self.opened)
        self.help.failed.connect(self.page.problem.tell)
        self.table.sort_wanted.connect(self._sort_by_header)
        self.table.wanted.connect(self._fetch)
        self.table.selected.connect(self._tell_selection)
        self.filtering.added.connect(self._add)
        self.grouping.added.connect(self._add)
        self.grouping.asked.connect(self._count_groups)
        self.choosing.chosen.connect(self._show_columns)
        for panel in self._panels:
            panel.left.connect(lambda: self._open_panel(None))

    # What is asked

    @property
    def question(self) -> Question:
        return Question(
            self.search.text().strip(), self.classes.currentData() or "", self._conditions, self._look
        )

    @property
    def query(self) -> AssetQuery | None:
        """Of the list that is shown; None before the first."""
        return None if self._found is None else self._found.query

    def chosen_seqs(self) -> Seqs | None:
        """The keys of the rows that are selected; None where all of the list are meant."""
        stretches = self.table.selected_rows()
        if not stretches:
            return None
        chosen = empty_seqs()
        for first, last in stretches:
            chosen.extend(self._seqs[first : last + 1])
        return chosen

    def selected_ids(self) -> Callable[[Profile], tuple[str, ...]]:
        """For the thread of the database: the ids of the selected rows, else of the whole list."""
        seqs, query = self.chosen_seqs(), self.query

        def ids(profile: Profile) -> tuple[str, ...]:
            if seqs is None and query is None:
                return ()
            return listing.ids_of(
                profile, seqs if seqs is not None else profile.store.asset_seqs(query or AssetQuery())
            )

        return ids

    def refresh(self) -> None:
        """Asked again; an answer that is still under way is outdated."""
        self._pause.stop()
        if self._job is not None:
            self._job.cancel()
        question = self.question
        self._job = self.desk.background.ask(
            self, lambda profile: listing.find(profile, question), self._show, self._failed
        )

    def take_focus(self) -> None:
        """Back to the row that was opened, else to the search."""
        (self.table if self.table.currentIndex().isValid() else self.search).setFocus()

    def _failed(self, error: ExpectedError) -> None:
        self.page.problem.tell(error)

    def _other_class(self) -> None:
        """Conditions on what every class has stay."""
        self._look = None
        self._conditions = tuple(one for one in self._conditions if not one.column.startswith("."))
        self.refresh()

    def _sort_by_header(self, column: int) -> None:
        if self._found is not None:
            wanted = self._found.shown[column]
            sortable = any(one.column == wanted and one.sortable for one in self._choices)
            if sortable and wanted == self._found.look.sort:
                self._turn()
            elif sortable:
                self._sort(wanted)

    def _sort(self, column: str) -> None:
        if self._found is not None:
            self._change_look(replace(self._found.look, sort=column, descending=False))

    def _turn(self) -> None:
        if self._found is not None:
            self._change_look(replace(self._found.look, descending=not self._found.look.descending))

    def _show_columns(self, columns: tuple[str, ...]) -> None:
        if self._found is not None:
            self._change_look(replace(self._found.look, columns=columns))

    def _change_look(self, look: Look) -> None:
        self._look = look
        person, asset_class = self.desk.actor.id, self.classes.currentData() or ""

        def keep(profile: Profile) -> None:
            keep_look(profile.directory, person, asset_class, look)

        self.desk.background.ask(self, keep, lambda _kept: None, self._failed)
        self.refresh()

    def _add(self, condition: Condition) -> None:
        if condition not in self._conditions:
            self._conditions = (*self._conditions, condition)
        if self.grouping.isVisible():
            self._open_panel(None)
        self.refresh()

    def _take_off(self, condition: Condition) -> None:
        self._conditions = tuple(one for one in self._conditions if one != condition)
        self.filter.setFocus()
        self.refresh()

    # What is shown

    def _show(self, found: Found) -> None:
        before = self._found
        same = before is not None and (found.query, found.shown) == (before.query, before.shown)
        self.page.problem.clear()
        self._drop_pages()
        self._found, self._look = found, found.look
        self._seqs, self._rest = found.seqs, found.rest
        sort = found.shown.index(found.look.sort) if found.look.sort in found.shown else None
        by = None if sort is None else (sort, found.look.descending)
        self.table.begin(found.titles, found.count, found.rows, keep=same, by=by)
        self._tell_classes(found)
        self._tell_sorting(found)
        self._tell_chips(found)
        self.choosing.offer(self._choices, found.shown)
        if self._offered != found.question.asset_class:
            self._ask_choices(found.question.asset_class)
        elif self.grouping.isVisible():
            self.grouping.ask()
        self._tell_parts()
        self._tell_selection()
        self._grow()

    def _ask_choices(self, asset_class: str) -> None:
        """After the rows: what can be chosen takes all classes to be read, when it is asked first."""

        def offer(choices: tuple[ColumnChoice, ...]) -> None:
            if self._found is None or self._found.question.asset_class != asset_class:
                return
            self._choices, self._offered = choices, asset_class
            self._tell_sorting(self._found)
            self.filtering.offer(asset_class, choices)
            self.choosing.offer(choices, self._found.shown)
            self.grouping.offer(choices)
            if self.grouping.isVisible():
                self.grouping.ask()

        self.desk.background.ask(self, lambda _profile: listing.choices(asset_class), offer, self._failed)

    def _grow(self) -> None:
        """The keys of all rows, a part at a time, so that others come in between."""
        if self._rest is None or self._found is None:
            return
        query, after = self._found.query, self._rest
        self._growing = self.desk.background.ask(
            self, lambda profile: listing.more_seqs(profile, query, after), self._grown, self._failed
        )

    def _grown(self, part: tuple[Seqs, Position | None]) -> None:
        more, self._rest = part
        self._seqs.extend(more)
        if self._waiting:
            self._fetch(self._waiting)
        self._grow()

    def _drop_pages(self) -> None:
        if self._coming is not None:
            self._coming.cancel()
        if self._growing is not None:
            self._growing.cancel()
        self._coming, self._waiting = None, []

    def _fetch(self, pages: list[int]) -> None:
        """What is not wanted any more has been scrolled past."""
        if self._found is None:
            return
        self._waiting = list(pages)
        if self._coming is not None and not self._coming.over:
            self._coming.cancel()
        count, shown = self._found.count, self._found.shown
        wanted = {one: self._seqs[one * PAGE : (one + 1) * PAGE] for one in pages}
        wanted = {
            one: seqs
            for one, seqs in wanted.items()
            if len(seqs) == min(PAGE, count - one * PAGE) or (self._rest is None and seqs)
        }
        if not wanted:
            return

        def ask(profile: Profile) -> dict[int, tuple[Row, ...]]:
            return {one: listing.page(profile, seqs, shown) for one, seqs in wanted.items()}

        def filled(found: dict[int, tuple[Row, ...]]) -> None:
            self._waiting = [one for one in self._waiting if one not in found]
            for one, rows in found.items():
                self.table.fill(one, rows)

        self._coming = self.desk.background.ask(self, ask, filled, self._failed)

    def _tell_parts(self) -> None:
        found = self._found
        if found is None:
            return
        some, panel = bool(found.count), self.grouping.isVisible()
        self.empty.setVisible(not found.stored)
        for part in (self._filters, self._tools, self.export, self.counted):
            part.setVisible(bool(found.stored))
        self.chips.setVisible(bool(found.chips))
        self.nothing.setVisible(bool(found.stored) and not some and not panel)
        self.table.setVisible(some and not panel)
        self.select.setEnabled(some)
        self.help.offer(nothing=bool(found.stored) and not some)

    def _tell_selection(self) -> None:
        if self._found is None:
            return
        chosen = sum(last - first + 1 for first, last in self.table.selected_rows())
        counted = listing.count_text(self._found)
        if self.table.selecting:
            counted += " · " + _("{count} selected").format(count=thousands(chosen))
        self.counted.setText(counted)
        self.chosen_changed.emit()

    def _tell_sorting(self, found: Found) -> None:
        with QSignalBlocker(self.sorting):
            self.sorting.clear()
            self.sorting.addItem(_("as they came"), "")
            for one in self._choices:
                if one.sortable:
                    self.sorting.addItem(one.title, one.column)
            self.sorting.setCurrentIndex(max(self.sorting.findData(found.look.sort), 0))
        self.way.setText(_("Descending") if found.look.descending else _("Ascending"))
        self.way.setAccessibleDescription(self.way.text())

    def _tell_chips(self, found: Found) -> None:
        layout = emptied(self.chips.layout())  # type: ignore[arg-type]
        for condition, words in zip(found.question.conditions, found.chips, strict=True):
            name = _("Take off: {filter}").format(filter=words)
            chip = button(f"{words}  ✕", lambda one=condition: self._take_off(one), name=name)  # type: ignore[misc]
            layout.addWidget(chip)

    def _tell_classes(self, found: Found) -> None:
        chosen = self.classes.currentData() or ""
        options = [("", _("All classes"), found.stored)]
        options += [(one.id, one.title, one.count) for one in found.classes]
        if chosen not in [name for name, _title, _count in options]:
            options.append((chosen, class_title(chosen), 0))
        with QSignalBlocker(self.classes):
            self.classes.clear()
            for name, title, count in options:
                self.classes.addItem(f"{title} ({thousands(count)})", name)
            self.classes.setCurrentIndex(self.classes.findData(chosen))

    # What is done

    def _open_panel(self, wanted: Panel | None) -> None:
        """The same again closes it."""
        for panel in self._panels:
            panel.setVisible(panel is wanted and not panel.isVisible())
        if self.grouping.isVisible():
            self.grouping.ask()
        self._tell_parts()

    def _count_groups(self, column: str) -> None:
        if self._found is None:
            return
        query = self._found.query

        def count(profile: Profile) -> tuple[GroupLine, ...]:
            return listing.groups(profile, query, column)

        self.desk.background.ask(self, count, self.grouping.tell, self._failed)

    def _select(self) -> None:
        self.table.select_many(not self.table.selecting)
        words = _("Select no rows") if self.table.selecting else _("Select rows")
        self.select.setText(words)
        self.select.setAccessibleName(words)
        self.table.setFocus()

    def _ask_to_export(self) -> None:
        self.said.hide()
        self.page.problem.clear()
        found, seqs = self._found, self.chosen_seqs()
        query = found.query if found is not None and found.query.narrowed else None
        self.exporter.ask(self.classes.currentData() or "", query=query, seqs=seqs)

    def _exported(self, done: Exported) -> None:
        told = _("{path}: {count} assets, {crs}")
        self.said.setText(told.format(path=done.path, count=thousands(done.assets), crs=done.crs))
        self.said.setVisible(True)

    def _enter(self) -> None:
        self.new_wanted.emit(self.classes.currentData() or "")
