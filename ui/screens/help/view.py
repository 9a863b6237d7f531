"""The handbook: topics and a search on the left, the text on the right."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from fieldtool.help import Topic
from fieldtool.texts import _
from ui.background import Job
from ui.screen import Desk, View
from ui.screens.help import content
from ui.screens.help.content import Handbook
from ui.screens.help.reader import Reader
from ui.screens.help.trail import Trail
from ui.widgets.controls import button, field, line, text
from ui.widgets.page import Page
from ui.widgets.table import Row, Table

REST_MS = 250


class HelpView(View):
    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.topics: dict[str, Topic] = {}
        self.trail = Trail()
        self._wanted = ""
        self._job: Job[tuple[Topic, ...]] | None = None
        self.page = Page(_("Help"))
        self.back = button(_("Back"), lambda: self._move(-1), name=_("Back to the topic before"))
        self.forward = button(_("Forward"), lambda: self._move(1), name=_("Forward to the next topic"))
        for part in (self.back, self.forward):
            self.page.commands.addWidget(part)
        self.search = line(_("Search the help"), placeholder=_("A word"))
        self.search.setClearButtonEnabled(True)
        self.list = Table(_("Topics"), [_("Topic")])
        self.list.opened.connect(self.turn_to)
        self.list.setWordWrap(True)
        self.list.horizontalHeader().sectionResized.connect(self.list.resizeRowsToContents)
        self.nothing = text(_("No topic has this word. Try another one, or fewer letters."), "muted")
        self.nothing.hide()
        self.reader = Reader()
        self.reader.topic_wanted.connect(self._follow)
        self.outside = text(kind="warning", selectable=True)
        self.outside.hide()
        self.about = text(kind="muted", selectable=True)
        middle = self._middle()
        self.page.fill(middle, self.about)
        filled = self.page.layout()
        if isinstance(filled, QVBoxLayout):
            filled.setStretchFactor(middle, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.page)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(self._search)
        self.search.textChanged.connect(lambda _text: self._rest.start())
        self.search.returnPressed.connect(self._search)
        self._tell_trail()

    def _middle(self) -> QWidget:
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(field(_("&Search"), self.search))
        column.addWidget(self.nothing)
        column.addWidget(self.list, 1)
        right = QWidget()
        texts = QVBoxLayout(right)
        texts.setContentsMargins(0, 0, 0, 0)
        texts.addWidget(self.outside)
        texts.addWidget(self.reader, 1)
        whole = QWidget()
        both = QHBoxLayout(whole)
        both.setContentsMargins(0, 0, 0, 0)
        both.setSpacing(16)
        both.addWidget(left, 1)
        both.addWidget(right, 2)
        return whole

    def shown(self, where: Mapping[str, str]) -> None:
        self._wanted = where.get("topic", "")
        if self.topics:
            self._turn_to_wanted()
        else:
            self.desk.background.ask(self, content.read, self._tell, self.page.problem.tell)

    def turn_to(self, slug: str) -> None:
        self.trail = self.trail.to(slug)
        self._read()

    def _move(self, steps: int) -> None:
        self.trail = self.trail.moved(steps)
        self._read()

    def _tell(self, found: Handbook) -> None:
        self.page.problem.clear()
        self.topics = {topic.slug: topic for topic in found.topics}
        self.about.setText(found.about)
        self.about.setAccessibleName(found.about)
        self._list(found.topics)
        self._turn_to_wanted()

    def _turn_to_wanted(self) -> None:
        wanted = self._wanted if self._wanted in self.topics else self.trail.current
        if wanted or self.topics:
            self.turn_to(wanted or next(iter(self.topics)))

    def _search(self) -> None:
        self._rest.stop()
        words = self.search.text()
        if self._job is not None:
            self._job.cancel()
        self._job = self.desk.background.ask(
            self, lambda _profile: content.find(words), self._list, self.page.problem.tell
        )

    def _list(self, found: tuple[Topic, ...]) -> None:
        self.list.show_rows([Row(topic.slug, (topic.title,)) for topic in found])
        self.list.resizeRowsToContents()
        self.list.choose(self.trail.current)
        self.list.setVisible(bool(found))
        self.nothing.setVisible(not found)

    def _follow(self, address: str) -> None:
        slug = address.removesuffix(".md")
        if slug in self.topics:
            self.turn_to(slug)
            return
        said = _("This is not in the handbook and is not opened: {address}").format(address=address)
        self.outside.setText(said)
        self.outside.show()

    def _read(self) -> None:
        topic = self.topics[self.trail.current]
        self.outside.hide()
        self.reader.read(topic)
        self.list.choose(topic.slug)
        self._tell_trail()

    def _tell_trail(self) -> None:
        self.back.setEnabled(self.trail.has_before)
        self.forward.setEnabled(self.trail.has_after)
