"""One platform in the settings: check it, give it a new token, remove it."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QVBoxLayout

from drivers.errors import ExpectedError
from fieldtool.texts import _, thousands
from ui.background import changes
from ui.errors import ErrorPanel
from ui.screen import Desk
from ui.screens.settings import content
from ui.screens.settings.content import TargetFacts
from ui.screens.settings.kinds import KINDS
from ui.screens.settings.telling import tell_problem
from ui.screens.settings.token_field import TokenField
from ui.widgets.controls import button, restyle, text
from ui.widgets.facts import Facts
from ui.widgets.flow import flow

TOUCHES = changes("target", "sync")


class TargetCard(QFrame):
    def __init__(self, desk: Desk, found: TargetFacts) -> None:
        super().__init__()
        self.desk = desk
        self.found = found
        name = found.name
        self.setProperty("kind", "card")
        self.setAccessibleName(_("Platform {name}").format(name=name))
        self.facts = Facts(found.facts)
        self.result = text(selectable=True)
        self.result.hide()
        self.problem = ErrorPanel()
        self.check_button = button(
            _("Check the connection"), self.check, name=_("Check the connection to {name}").format(name=name)
        )
        self.token_button = button(
            _("New access token …"), self._ask_token, name=_("New access token for {name}").format(name=name)
        )
        self.remove_button = button(
            _("Remove …"), self._ask_remove, kind="danger", name=_("Remove {name}").format(name=name)
        )
        self._token_part()
        self._remove_part()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 12)
        layout.setSpacing(8)
        for part in (
            text(name, "heading"),
            self.facts,
            self.result,
            self.problem,
            flow(self.check_button, self.token_button, self.remove_button),
            self.token_frame,
            self.remove_frame,
        ):
            layout.addWidget(part)

    def tell(self, found: TargetFacts) -> None:
        if found == self.found:
            return
        self.found = found
        self.facts.tell(found.facts)
        self.question.setText(_consequences(found))

    def _token_part(self) -> None:
        kind = KINDS.get(self.found.type)
        self.token = TokenField(_(kind.token_hint) if kind is not None else "")
        self.token_save = button(_("Save the token"), self.save_token, kind="primary")
        self.token.entry.returnPressed.connect(self.save_token)
        self.token_frame = QFrame()
        layout = QVBoxLayout(self.token_frame)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.token)
        layout.addWidget(flow(self.token_save, button(_("Cancel"), self._drop_token)))
        self.token_frame.hide()

    def _remove_part(self) -> None:
        asked = _("Really remove {name}?").format(name=self.found.name)
        self.question = text(_consequences(self.found), selectable=True)
        self.keep_button = button(_("Keep it"), self._keep)
        self.really_button = button(_("Yes, remove it"), self.remove, kind="danger")
        self.remove_frame = QFrame()
        self.remove_frame.setProperty("kind", "error")
        layout = QVBoxLayout(self.remove_frame)
        layout.setContentsMargins(16, 12, 16, 12)
        layout.addWidget(text(asked, "strong"))
        layout.addWidget(self.question)
        layout.addWidget(flow(self.keep_button, self.really_button))
        self.remove_frame.hide()

    def check(self) -> None:
        name = self.found.name
        self._begin()
        self._say(_("Asking {url} …").format(url=name), "muted")
        self.desk.background.run(
            self,
            lambda profile, _job: content.check_saved(profile, name),
            lane="network",
            done=lambda kind: self._say(content.check_text(name, kind), "good"),
            failed=self._failed,
            ended=self._end,
        )

    def save_token(self) -> None:
        token, name = self.token.secret(), self.found.name
        if token is None:
            self.problem.tell_text(_("Enter the new access token."))
            self.token.entry.setFocus()
            return
        self._begin()
        self.desk.background.run(
            self,
            lambda profile, _job: content.replace_token(profile, name, token),
            done=lambda _nothing: self._token_saved(),
            failed=self._failed,
            ended=self._end,
            touches=TOUCHES,
        )

    def remove(self) -> None:
        name = self.found.name
        self._begin()
        self.desk.background.run(
            self,
            lambda profile, _job: content.remove_target(profile, name),
            failed=self._failed,
            ended=self._end,
            touches=TOUCHES,
        )

    def _ask_token(self) -> None:
        self.remove_frame.hide()
        self.token_frame.show()
        self.token.entry.setFocus()

    def _drop_token(self) -> None:
        self.token.forget()
        self.token_frame.hide()
        self.token_button.setFocus()

    def _token_saved(self) -> None:
        self.token.forget()
        self.token_frame.hide()
        self._say(_("The new token is in the vault. Check the connection now."), "good")

    def _ask_remove(self) -> None:
        self.token_frame.hide()
        self.remove_frame.show()
        self.keep_button.setFocus()

    def _keep(self) -> None:
        self.remove_frame.hide()
        self.remove_button.setFocus()

    def _begin(self) -> None:
        self.problem.clear()
        self.result.hide()
        self._enable(enabled=False)

    def _end(self) -> None:
        self._enable(enabled=True)
        if self.isVisible():
            self.check_button.setFocus()

    def _enable(self, *, enabled: bool) -> None:
        for made in (
            self.check_button,
            self.token_button,
            self.remove_button,
            self.token_save,
            self.really_button,
        ):
            made.setEnabled(enabled)

    def _failed(self, error: ExpectedError) -> None:
        self.result.hide()
        tell_problem(self.problem, error, saved=True)

    def _say(self, words: str, kind: str) -> None:
        self.result.setText(words)
        self.result.setAccessibleName(words)
        restyle(self.result, kind)
        self.result.show()


def _consequences(found: TargetFacts) -> str:
    """What happens to what waits, and to what is confirmed."""
    waits = _("Nothing waits for it.")
    if found.pending:
        changes_ = (
            _("1 change")
            if found.pending == 1
            else _("{count} changes").format(count=thousands(found.pending))
        )
        told = _(
            "Not arrived there yet: {changes}. What has not arrived is not sent any more; it stays here, and "
            "goes out if you set the platform up again."
        )
        waits = told.format(changes=changes_)
    kept = _("What it has confirmed stays in the history and in the receipts; its token is deleted.")
    return f"{waits} {kept}"
