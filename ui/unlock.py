"""Asking for the passphrase of the vault."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtWidgets import QDialog, QLineEdit, QVBoxLayout, QWidget

from drivers.errors import ExpectedError
from drivers.secret import Secret
from fieldtool.profile import Profile
from fieldtool.texts import _
from ui.background import NOTHING, Background
from ui.errors import ErrorPanel
from ui.widgets.controls import button, field, row, text


def is_new(profile: Profile) -> bool:
    return profile.vault.is_new


def open_vault(profile: Profile) -> None:
    """Raises WrongPassphrase, VaultLocked."""
    profile.vault.open()


class UnlockDialog(QDialog):
    """Accepted once the passphrase opened the vault; the fields are emptied at once. A new vault's is
    asked for twice."""

    def __init__(self, background: Background, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._background = background
        self._before = background.place
        self.setWindowTitle(_("Open the vault"))
        self.entry = QLineEdit()
        self.entry.setEchoMode(QLineEdit.EchoMode.Password)
        self.entry.returnPressed.connect(self.unlock)
        self.again = QLineEdit()
        self.again.setEchoMode(QLineEdit.EchoMode.Password)
        self.again.returnPressed.connect(self.unlock)
        self._again = field(_("The same once more"), self.again)
        self._again.hide()
        self.problem = ErrorPanel()
        self.open_button = button(_("Open"), self.unlock, kind="primary")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 16, 24, 16)
        layout.addWidget(text(_("Open the vault"), "title"))
        layout.addWidget(
            text(_("Keys of devices and logins are kept encrypted. Enter the passphrase of this profile."))
        )
        layout.addWidget(field(_("Passphrase"), self.entry))
        layout.addWidget(self._again)
        layout.addWidget(self.problem)
        layout.addWidget(row(button(_("Cancel"), self.reject), None, self.open_button))
        self.setMinimumWidth(520)
        background.ask(self, is_new, self._again.setVisible)

    def unlock(self) -> None:
        typed = self.entry.text()
        if not typed:
            return
        if self._again.isVisible() and self.again.text() != typed:
            self.problem.tell_text(_("The two entries differ."), _("Enter the same passphrase twice."))
            return
        self.open_button.setEnabled(False)
        self._background.reopen(replace(self._before, passphrase=Secret(typed)))
        self._background.change(self, open_vault, NOTHING, self._opened, self._failed)

    def _opened(self, _nothing_more: None) -> None:
        self.entry.clear()
        self.again.clear()
        self.accept()

    def _failed(self, error: ExpectedError) -> None:
        self.open_button.setEnabled(True)
        self._background.reopen(self._before)
        self.problem.tell(error)
        self.entry.selectAll()
        self.entry.setFocus()
