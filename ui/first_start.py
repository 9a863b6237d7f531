"""The assistant of the first start: who works here, how it shall look, which platforms; or just a trial."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from drivers.errors import ExpectedError
from fieldtool.operation import Actor
from fieldtool.person import STAFF, set_person
from fieldtool.profile import Profile
from fieldtool.roles import ROLES
from fieldtool.texts import N_, _
from ui import themes
from ui.background import changes
from ui.errors import ErrorPanel
from ui.preferences import Preferences
from ui.screen import Desk
from ui.widgets.controls import button, card, choice, field, line, row, text
from ui.widgets.paging import as_high_as_needed, page_by_keys

THEME_TITLES = {"light": N_("light"), "dark": N_("dark"), "sun": N_("Sonne: black on white, for outdoors")}
ROLE_TASKS = {
    "technik": N_("Technicians: commission and inspect sensors, close tickets"),
    "bestand": N_("Inventory: keep the records of the infrastructure, plan tickets"),
}


class FirstStart(QWidget):
    """`finished_with` carries how the window shall look; who works here is in the profile by then."""

    finished_with = Signal(Preferences)
    practised = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.setWindowTitle("Fieldtool")
        self.preferences = desk.preferences
        self.stack = QStackedWidget()
        self.problem = ErrorPanel()
        self.progress = text(kind="muted")
        self.back = button(_("Back"), self.go_back)
        self.next = button(_("Next"), self.go_on, kind="primary")
        self.where = text(kind="muted")
        self._pages = (self._welcome(), self._person(), self._look(), self._platforms())
        for page in self._pages:
            self.stack.addWidget(page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(32, 24, 32, 16)
        layout.setSpacing(12)
        layout.addWidget(self.where)
        layout.addWidget(self.stack, 1)
        layout.addWidget(self.problem)
        layout.addWidget(self.progress)
        layout.addWidget(row(self.back, None, self.next))
        self.resize(960, 720)
        self.turn_to(0)

    def _welcome(self) -> QWidget:
        self.set_up = button(_("Set up Fieldtool"), self.go_on, kind="primary")
        self.try_out = button(_("Just try it out"), self._practise)
        return _page(
            text(_("Welcome to Fieldtool"), "title"),
            text(
                _(
                    "Fieldtool goes along to where the sensors are. It works without a network, keeps "
                    "everything you do on this machine, and brings it to the platforms of the city when you "
                    "are connected."
                )
            ),
            card(
                text(_("For your work"), "heading"),
                text(_("A few questions: who you are, how it shall look, which platforms there are.")),
                row(self.set_up, None),
            ),
            card(
                text(_("To try it out"), "heading"),
                text(
                    _(
                        "With a simulated sensor, a simulated GNSS receiver and a training platform on this "
                        "machine. Nothing of it reaches a city, and all of it is gone at the end."
                    )
                ),
                row(self.try_out, None),
            ),
        )

    def _person(self) -> QWidget:
        actor = self.desk.actor
        self.name = line(_("First and last name"), actor.name)
        self.sign = line(_("Sign, two or three letters"), actor.sign)
        self.role = choice(_("Role"), [(role, _(ROLES[role])) for role in STAFF], actor.role)
        self.task = text(kind="muted")
        self.role.currentIndexChanged.connect(self._tell_task)
        self._tell_task()
        return _page(
            text(_("Who works here?"), "title"),
            text(_("Your name stands behind what you do, in the history of each record.")),
            card(
                field(_("First and last name"), self.name),
                field(_("Sign, two or three letters"), self.sign),
                field(_("Role"), self.role),
                self.task,
            ),
        )

    def _look(self) -> QWidget:
        shown = [(name, _(title)) for name, title in THEME_TITLES.items()]
        self.theme = choice(_("Colours"), shown, self.preferences.theme)
        self.glove = QCheckBox(_("Glove mode: larger buttons"))
        self.glove.setChecked(self.preferences.glove)
        self.glove.setAccessibleName(self.glove.text())
        self.gnss = line(
            _("Port of the GNSS receiver"), self.preferences.gnss_port, placeholder="/dev/ttyACM0, COM4"
        )
        self.theme.currentIndexChanged.connect(self._relook)
        self.glove.toggled.connect(self._relook)
        return _page(
            text(_("How shall it look?"), "title"),
            card(
                field(_("Colours"), self.theme),
                self.glove,
                field(_("Port of the GNSS receiver"), self.gnss),
                text(_("Leave it empty if you have none; positions can be entered by hand."), "muted"),
            ),
        )

    def _platforms(self) -> QWidget:
        from ui.screens.settings.targets import TargetsSection

        self.targets = TargetsSection(self.desk)
        return _page(
            text(_("Which platforms are there?"), "title"),
            text(_("You can do this later as well: until then everything stays here and waits.")),
            self.targets,
        )

    def turn_to(self, number: int) -> None:
        self.stack.setCurrentIndex(number)
        self.problem.clear()
        self.where.setText(
            _("Step {number} of {count}").format(number=number + 1, count=len(self._pages)) if number else ""
        )
        self.back.setVisible(number > 0)
        self.next.setVisible(number > 0)
        last = number == len(self._pages) - 1
        self.next.setText(_("To work") if last else _("Next"))
        self.next.setAccessibleName(self.next.text())
        first = (self.set_up, self.name, self.theme, self.next)[number]
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def go_on(self) -> None:
        number = self.stack.currentIndex()
        if number == 1:
            self._save_person()
        elif number == len(self._pages) - 1:
            self.finished_with.emit(self._preferred())
        else:
            self.turn_to(number + 1)

    def go_back(self) -> None:
        self.turn_to(self.stack.currentIndex() - 1)

    def tell_progress(self, words: object) -> None:
        self.progress.setText(str(words))

    def tell_problem(self, error: ExpectedError) -> None:
        self.problem.tell(error)
        self.try_out.setEnabled(True)

    def _save_person(self) -> None:
        name, sign, role = self.name.text(), self.sign.text(), self.role.currentData()
        self.next.setEnabled(False)

        def save(profile: Profile) -> Actor:
            return set_person(profile, name=name, initials=sign, role=role)

        self.desk.background.run(
            self,
            lambda profile, _job: save(profile),
            done=lambda _actor: self.turn_to(2),
            failed=self.problem.tell,
            ended=lambda: self.next.setEnabled(True),
            touches=changes("person"),
        )

    def _tell_task(self) -> None:
        self.task.setText(_(ROLE_TASKS[self.role.currentData()]))

    def _preferred(self) -> Preferences:
        return replace(
            self.preferences,
            theme=self.theme.currentData(),
            glove=self.glove.isChecked(),
            gnss_port=self.gnss.text().strip(),
        )

    def _relook(self) -> None:
        """At once, so that one sees what one chooses."""
        from PySide6.QtWidgets import QApplication

        app = QApplication.instance()
        if isinstance(app, QApplication):
            themes.apply(app, self._preferred())

    def _practise(self) -> None:
        self.try_out.setEnabled(False)
        self.practised.emit()


def _page(*parts: QWidget) -> QWidget:
    inside = QWidget()
    column = QVBoxLayout(inside)
    column.setContentsMargins(0, 0, 8, 0)
    column.setSpacing(12)
    for part in parts:
        column.addWidget(part)
    column.addStretch(1)
    area = QScrollArea()
    area.setWidget(inside)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    as_high_as_needed(area)
    outside = QWidget()
    page_by_keys(outside, area)
    whole = QHBoxLayout(outside)
    whole.setContentsMargins(0, 0, 0, 0)
    whole.addWidget(area)
    return outside
