"""A topic's text, set in the theme's colours and font. Links lead to topics; nothing else is ever opened."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QUrl, Signal
from PySide6.QtGui import QTextBlockFormat, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QTextBrowser

from fieldtool.help import Topic
from fieldtool.texts import _

LINE_PERCENT = 130
MARGIN_PX = 12


class Reader(QTextBrowser):
    """`topic_wanted` carries what a link names."""

    topic_wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._topic: Topic | None = None
        self.setOpenLinks(False)
        self.setOpenExternalLinks(False)
        self.setUndoRedoEnabled(False)
        self.setAccessibleName(_("Help text"))
        self.document().setDocumentMargin(MARGIN_PX)
        self.anchorClicked.connect(self._follow)

    def read(self, topic: Topic) -> None:
        self._topic = topic
        self.setAccessibleName(_("Help text: {title}").format(title=topic.title))
        self._set_text()

    def loadResource(self, kind: int, name: QUrl | str) -> None:  # noqa: N802
        """A text is all there is: nothing is fetched from anywhere."""

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """The colour of links is fixed when a text is set."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.StyleChange, QEvent.Type.PaletteChange) and self._topic is not None:
            place = self.verticalScrollBar().value()
            self._set_text()
            self.verticalScrollBar().setValue(place)

    def addresses(self) -> list[str]:
        """Where the links lead, top down."""
        return [address for _start, _end, address in self._links()]

    def _set_text(self) -> None:
        if self._topic is None:
            return
        self.document().setMarkdown(self._topic.text)
        self._space_lines()
        self._underline_links()
        self.moveCursor(QTextCursor.MoveOperation.Start)

    def _space_lines(self) -> None:
        """Long lines of close-set text are hard to read; a table keeps its own."""
        whole = QTextCursor(self.document())
        whole.select(QTextCursor.SelectionType.Document)
        spacing = QTextBlockFormat()
        spacing.setLineHeight(LINE_PERCENT, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
        whole.mergeBlockFormat(spacing)

    def _underline_links(self) -> None:
        """A link is not told by its colour alone."""
        line = QTextCharFormat()
        line.setFontUnderline(True)
        for start, end, _address in self._links():
            cursor = QTextCursor(self.document())
            cursor.setPosition(start)
            cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
            cursor.mergeCharFormat(line)

    def _links(self) -> list[tuple[int, int, str]]:
        found = []
        block = self.document().begin()
        while block.isValid():
            parts = block.begin()
            while not parts.atEnd():
                part = parts.fragment()
                style = part.charFormat()
                if style.isAnchor():
                    found.append((part.position(), part.position() + part.length(), style.anchorHref()))
                parts += 1
            block = block.next()
        return found

    def _follow(self, address: QUrl) -> None:
        self.topic_wanted.emit(address.toString())
