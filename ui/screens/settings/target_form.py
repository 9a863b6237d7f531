"""Setting up a platform: what every kind needs, and what only this kind needs."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QFrame, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from drivers.errors import ExpectedError
from drivers.secret import Secret
from fieldtool.connectors.errors import (
    ConnectorError,
    OptionInvalid,
    OptionMissing,
    TargetUnauthorized,
)
from fieldtool.delivery import Target
from fieldtool.sync import targets
from fieldtool.texts import _
from ui.background import changes
from ui.errors import ErrorPanel
from ui.screen import Desk
from ui.screens.settings import content
from ui.screens.settings.kinds import KINDS, FieldProblem, Option, read_options
from ui.screens.settings.telling import tell_problem
from ui.screens.settings.token_field import TokenField
from ui.widgets.controls import button, choice, emptied, field, line, restyle, text
from ui.widgets.flow import flow

PAIR_LINES = 3


class TargetForm(QFrame):
    """`saved` tells the name, `closed` that nothing is wanted any more. A failed check keeps nobody from
    saving: a platform can be set up without a network."""

    saved = Signal(str)
    closed = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.setProperty("kind", "card")
        self.name = line(_("Name of the platform"))
        self.kind = choice(_("Kind"), [(name, _(kind.title)) for name, kind in KINDS.items()])
        self.kind.currentIndexChanged.connect(self._show_kind)
        self.url = line(_("Address"))
        self.tenant = line(_("Tenant"))
        self.token = TokenField("")
        self.operator = line(_("Operator"))
        self.options: dict[str, QWidget] = {}
        self._wrong: QWidget | None = None
        self._tenant_place = _Place()
        self._option_place = _Place()
        self.problem = ErrorPanel()
        self.result = text(kind="good", selectable=True)
        self.result.hide()
        self.check_button = button(_("Check the connection"), self.check)
        self.save_button = button(_("Save"), self.save, kind="primary", name=_("Save the platform"))
        self.cancel_button = button(_("Cancel"), self._close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 12)
        layout.setSpacing(12)
        for part in (
            text(_("Set up a platform"), "heading"),
            hinted(_("Name"), self.name, _("Any name that tells people which one it is.")),
            field(_("Kind"), self.kind),
            field(_("Address"), self.url),
            self._tenant_place,
            self.token,
            hinted(
                _("Operator"),
                self.operator,
                _("With an operator it gets only what belongs to that one; empty: everything."),
            ),
            self._option_place,
            self.problem,
            self.result,
            flow(self.save_button, self.check_button, self.cancel_button),
        ):
            layout.addWidget(part)
        for entry in (self.name, self.url, self.tenant, self.operator):
            entry.textEdited.connect(self.result.hide)
        self._show_kind()

    def begin(self) -> None:
        self.name.setFocus()

    def check(self) -> None:
        wanted = self._wanted()
        if wanted is None:
            return
        target, token = wanted
        self._busy(busy=True)
        self.cancel_button.setEnabled(True)  # a platform may take its time to be silent
        self._say(_("Asking {url} …").format(url=target.url), "muted")
        self.desk.background.run(
            self,
            lambda _profile, _job: content.check_new(target, token),
            lane="network",
            done=lambda _nothing: self._say(content.check_text(target.name, target.type), "good"),
            failed=self._failed,
            ended=lambda: self._busy(busy=False, back_to=self.check_button),
        )

    def save(self) -> None:
        wanted = self._wanted()
        if wanted is None or not self.save_button.isEnabled():
            return
        target, token = wanted
        self._busy(busy=True)
        self.desk.background.run(
            self,
            lambda profile, _job: targets.add(profile, target, token),
            done=lambda _nothing: self._saved(target.name),
            failed=self._failed,
            ended=lambda: self._busy(busy=False, back_to=self.save_button),
            touches=changes("target", "sync"),
        )

    def _wanted(self) -> tuple[Target, Secret | None] | None:
        """None where something is missing, which is told."""
        self.problem.clear()
        self.result.hide()
        self._wrong = None
        token = self.token.secret()
        for entry, missing in (
            (self.name, _("Give the platform a name.")),
            (self.url, _("Enter the address of the platform.")),
        ):
            if not entry.text().strip():
                self._point_at(entry, missing)
                return None
        kind = str(self.kind.currentData())
        try:
            options = read_options(kind, {name: _typed(part) for name, part in self.options.items()})
            target = content.target_of(
                self.name.text(), kind, self.url.text(), self.tenant.text(), self.operator.text(), options
            )
        except FieldProblem as problem:
            self._point_at(self.options[problem.field], problem.advice)
            return None
        except ConnectorError as error:
            self.problem.tell(error)
            self.url.setFocus()
            return None
        return target, token

    def _point_at(self, entry: QWidget, missing: str) -> None:
        self.problem.tell_text(missing)
        entry.setFocus()

    def _saved(self, name: str) -> None:
        self.token.forget()
        self.saved.emit(name)

    def _failed(self, error: ExpectedError) -> None:
        self.result.hide()
        self._wrong = self._field_of(error)
        if isinstance(error, OptionMissing) and self._wrong is not None:
            self.problem.tell_text(_("Fill in: {field}").format(field=self._wrong.accessibleName()))
        else:
            tell_problem(self.problem, error, saved=False)

    def _field_of(self, error: ExpectedError) -> QWidget | None:
        """What has to be filled in or corrected, where it is one field."""
        if isinstance(error, TargetUnauthorized):
            return self.token.entry
        if isinstance(error, OptionMissing | OptionInvalid):
            return self.tenant if error.name == "tenant" else self.options.get(error.name)
        return None

    def _close(self) -> None:
        self.token.forget()
        self.closed.emit()

    def _busy(self, *, busy: bool, back_to: QWidget | None = None) -> None:
        for made in (self.check_button, self.save_button, self.cancel_button):
            made.setEnabled(not busy)
        if back_to is not None and self.isVisible():
            (self._wrong or back_to).setFocus()

    def _say(self, words: str, kind: str) -> None:
        self.result.setText(words)
        self.result.setAccessibleName(words)
        restyle(self.result, kind)
        self.result.show()

    def _show_kind(self) -> None:
        """What was typed into the common fields stays."""
        kind = KINDS[str(self.kind.currentData())]
        self.result.hide()
        self.problem.clear()
        self.url.setPlaceholderText(kind.address)
        typed = self.tenant.text()
        self.tenant = line(_(kind.tenant), typed)
        self._tenant_place.fill([hinted(_(kind.tenant), self.tenant, _(kind.tenant_hint))])
        self.token.tell_hint(_(kind.token_hint))
        self.options = {option.name: _control(option) for option in kind.options}
        self._option_place.fill(
            [hinted(_(option.title), self.options[option.name], _(option.hint)) for option in kind.options]
        )


class _Place(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(12)

    def fill(self, parts: list[QWidget]) -> None:
        emptied(self._column)
        for part in parts:
            self._column.addWidget(part)


def hinted(name: str, control: QWidget, hint: str) -> QWidget:
    """The field, and below it what belongs into it."""
    control.setAccessibleDescription(hint)
    whole = field(name, control)
    layout = whole.layout()
    if layout is not None:
        layout.addWidget(text(hint, "muted"))
    return whole


def _control(option: Option) -> QWidget:
    title = _(option.title)
    if option.kind == "choice":
        return choice(title, [(value, _(words)) for value, words in option.choices])
    if option.kind == "pairs":
        made = QPlainTextEdit()
        made.setAccessibleName(title)
        made.setTabChangesFocus(True)
        made.setFixedHeight(made.fontMetrics().lineSpacing() * (PAIR_LINES + 1))
        return made
    return line(title)


def _typed(control: QWidget) -> str:
    if isinstance(control, QComboBox):
        return str(control.currentData())
    if isinstance(control, QPlainTextEdit):
        return control.toPlainText()
    return control.text() if isinstance(control, QLineEdit) else ""
