"""Where a token is typed or pasted: it leaves as a Secret only, and the field is empty at once."""

from __future__ import annotations

from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from drivers.secret import Secret
from fieldtool.texts import _
from ui.widgets.controls import field, line, text


class TokenField(QWidget):
    def __init__(self, hint: str) -> None:
        super().__init__()
        self._secret: Secret | None = None
        self.entry = line(_("Access token"))
        self.entry.setEchoMode(QLineEdit.EchoMode.Password)
        self.entry.setAccessibleDescription(hint)
        self.entry.editingFinished.connect(self._take)
        self.hint = text(hint, "muted")
        self.taken = text(_("The token is taken over. Type another one to replace it."), "good")
        self.taken.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        for part in (field(_("Access token"), self.entry), self.taken, self.hint):
            layout.addWidget(part)

    def tell_hint(self, hint: str) -> None:
        self.hint.setText(hint)
        self.entry.setAccessibleDescription(hint)

    def secret(self) -> Secret | None:
        self._take()
        return self._secret

    def forget(self) -> None:
        self.entry.setText("")
        self._secret = None
        self.taken.hide()

    def _take(self) -> None:
        if self.entry.text().strip():
            self._secret = Secret(self.entry.text().strip())
            self.taken.show()
        self.entry.setText("")  # setText also forgets what could be undone
