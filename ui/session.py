"""From the opening of a profile to its closing: the assistant of the first start, the window, a practice."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication, QDialog, QVBoxLayout, QWidget

from drivers.errors import ExpectedError
from fieldtool.global_options import WindowWish
from fieldtool.operation import Actor
from fieldtool.profile_folder import HOLDER
from fieldtool.texts import _, use_language
from ui import themes
from ui.application import speak
from ui.background import Background, Changes, Place
from ui.errors import CrashReporter, ErrorPanel
from ui.preferences import Preferences, read_preferences
from ui.screen import Desk
from ui.widgets.controls import button, row, text
from ui.window import Window

if TYPE_CHECKING:
    from fieldtool.profile import Profile
    from ui.demo import Player
    from ui.first_start import FirstStart
    from ui.instance import Instance
    from ui.practice import Ready

AHEAD_MS = 400
"""After the window is there, before what is not looked at yet is loaded."""
PATIENCE_MS = 700
"""How long an opening profile may be silent."""


class Opening(QDialog):
    """Shown while a profile takes its time to open (it is brought to a newer form), and where it can't be."""

    def __init__(self) -> None:
        super().__init__()
        self.setWindowTitle("Fieldtool")
        self.problem = ErrorPanel()
        self.again = button(_("Try again"), kind="primary")
        self.again.hide()
        self.waiting = text(_("Your data are being opened …"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 24, 24, 24)
        layout.addWidget(self.waiting)
        layout.addWidget(self.problem)
        layout.addWidget(row(button(_("Quit"), self.reject), None, self.again))
        self.setMinimumWidth(560)

    def tell(self, error: ExpectedError) -> None:
        self.waiting.hide()
        self.problem.tell(error)
        self.again.show()
        self.again.setFocus()
        self.show()


class Session(QObject):
    """`raised` when a second start brought this one's window to the front."""

    raised = Signal()

    def __init__(self, app: QApplication, wish: WindowWish) -> None:
        super().__init__()
        self.app = app
        self.wish = wish
        self.window: QWidget | None = None
        self.opening: Opening | None = None
        self.background: Background | None = None
        self.directory = wish.invocation.profile_directory
        self._closing = ExitStack()
        self._instance: Instance | None = None
        self.preferences = Preferences()
        self.first: FirstStart | None = None
        self.player: Player | None = None
        self.ready: Ready | None = None
        self.crashes = CrashReporter(lambda: self.window)

    def begin(self) -> bool:
        """False where another window of this profile was raised instead."""
        if self.wish.demo and not self.wish.invocation.profile_named:
            import tempfile

            self.directory = Path(
                self._closing.enter_context(tempfile.TemporaryDirectory(prefix="fieldtool-demo-profile-"))
            )
        if lock_held(self.directory) and self._raised_other():
            return False
        self.crashes.install()
        self._prefer(read_preferences(self.directory))
        known = self.preferences.actor()
        if known is None or self.wish.demo:
            self._open()
        else:
            # The window is there at once, for who worked here last; the profile opens behind it.
            self.background = Background(self._place())
            self._make_window(known).painted.connect(self._open)
        return True

    def _place(self) -> Place:
        """Raises PassphraseUnreadable."""
        invocation = self.wish.invocation
        try:
            passphrase = invocation.passphrase()
        except (OSError, UnicodeDecodeError) as error:
            from fieldtool.vault import PassphraseUnreadable

            raise PassphraseUnreadable(str(invocation.passphrase_file)) from error
        if self.wish.demo:
            from ui.practice import new_passphrase

            passphrase = passphrase or new_passphrase()
        actor = invocation.actor or (_("Demonstration") if self.wish.demo else None)
        return Place(self.directory, passphrase, actor)

    def _prefer(self, preferences: Preferences) -> None:
        self.preferences = preferences
        use_language(preferences.language)
        speak(self.app)
        themes.apply(self.app, preferences)

    def _raised_other(self) -> bool:
        from ui.instance import raise_other

        return raise_other(self.directory)

    def _listen(self) -> None:
        from ui.instance import Instance

        if self._instance is None:
            self._instance = Instance(self.directory)
            self._instance.raised.connect(self._raise)

    def _open(self) -> None:
        self._listen()
        if self.background is None:
            self.background = Background(self._place())
        self.background.unopened.connect(self._not_opened)
        self.opening = Opening()
        self.opening.rejected.connect(self.app.quit)
        self.opening.again.clicked.connect(self._try)
        QTimer.singleShot(PATIENCE_MS, self.opening, self._still_opening)
        self._try()

    def _not_opened(self, error: ExpectedError) -> None:
        if self.opening is not None:
            self.opening.tell(error)

    def _try(self) -> None:
        if self.background is not None and self.opening is not None:
            self.background.ask(self, who, self._opened, self.opening.tell)

    def _still_opening(self) -> None:
        if self.opening is not None and self.window is None:
            self.opening.show()

    def _opened(self, actor: Actor) -> None:
        from fieldtool.vault import VaultLocked, WrongPassphrase

        for kind in (VaultLocked, WrongPassphrase):
            ErrorPanel.remedies[kind] = (_("Enter the passphrase …"), self.unlock)
        if isinstance(self.window, Window) and self.window.desk.actor == actor:
            self._begin_in(self.window)
        elif self.preferences.welcomed or self.wish.demo:
            self._show_window(actor)
        else:
            self._welcome(actor)
        if self.opening is not None:
            self.opening.blockSignals(True)
            self.opening.close()
            self.opening.deleteLater()
            self.opening = None

    def _show_window(self, actor: Actor) -> None:
        self._begin_in(self._make_window(actor))

    def _make_window(self, actor: Actor) -> Window:
        desk = self._desk(actor)
        made = Window(desk)
        made.rebuilt.connect(self._rebuild)
        if self.ready is not None:
            from ui.practice import PracticeBar

            desk.extra_ports = self.ready.ports
            made.put_on_top(PracticeBar(self.ready))
        self._exchange(made)
        return made

    def _begin_in(self, made: Window) -> None:
        """Unless the person has turned to a screen already."""
        made.remember(made.desk.actor)
        made.status.refresh()
        QTimer.singleShot(AHEAD_MS, made, made.load_ahead)
        if self.wish.demo and self.player is None:
            self._play(made, made.desk)
        elif not made.current:
            name = self.preferences.screen
            made.turn_to(name if name in made.buttons else next(iter(made.buttons)))

    def _desk(self, actor: Actor) -> Desk:
        if self.background is None:
            raise RuntimeError("no profile is open")
        desk = Desk(self.background, self.preferences, actor)
        desk.setParent(self)
        desk.preferences_changed.connect(self._kept)
        self.background.changed.connect(self._person_changed, Qt.ConnectionType.UniqueConnection)
        return desk

    def _kept(self, preferences: Preferences) -> None:
        self.preferences = preferences

    def _person_changed(self, changed: Changes) -> None:
        """Rights and navigation are another person's; during the first start they come with the window."""
        if "person" in changed.entities and isinstance(self.window, Window):
            self._rebuild()

    def unlock(self) -> None:
        from ui.unlock import UnlockDialog

        if self.background is not None:
            UnlockDialog(self.background, self.window).open()

    def _welcome(self, actor: Actor) -> None:
        from ui.first_start import FirstStart

        self.first = made = FirstStart(self._desk(actor))
        made.finished_with.connect(self._welcomed)
        made.practised.connect(self._practise)
        self._exchange(made)

    def _welcomed(self, preferences: Preferences) -> None:
        self._keep(replace(preferences, welcomed=True))
        self._rebuild()

    def _keep(self, preferences: Preferences) -> None:
        from ui.preferences import write_preferences

        write_preferences(self.directory, preferences)
        self._prefer(preferences)

    def _play(self, window: Window, desk: Desk) -> None:
        from ui.demo import Player

        self.player = Player(window, desk)
        self._closing.callback(self.player.close)
        self.player.prepared.connect(self._keep_ready)
        self.player.begin()

    def _keep_ready(self, ready: Ready) -> None:
        """For a window that is built anew, in another language."""
        self.ready = ready

    def _practise(self) -> None:
        """On a profile of its own that is gone at the end, with the training platform beside it."""
        import tempfile

        from ui.practice import new_passphrase

        if self.background is not None:
            self.background.close()
        folder = self._closing.enter_context(tempfile.TemporaryDirectory(prefix="fieldtool-practice-"))
        self.directory = Path(folder)
        self.background = Background(Place(self.directory, new_passphrase(), _("Practice")))
        self.background.ask(self, who, self._begin_practice)

    def _begin_practice(self, actor: Actor) -> None:
        from ui.practice import Practice

        desk = self._desk(actor)
        practice = Practice()
        self._closing.callback(practice.close)

        def ready(found: Ready) -> None:
            self.ready = found
            self.preferences = replace(self.preferences, gnss_port=found.table.gnss_port)
            self._show_window(actor)

        told = self.first.tell_progress if self.first is not None else None
        failed = self.first.tell_problem if self.first is not None else None
        desk.background.run(self, practice.begin, lane="network", done=ready, progress=told, failed=failed)

    def _rebuild(self) -> None:
        """After another language or another person: the same profile, a new window."""
        if isinstance(self.window, Window):
            self._prefer(replace(self.window.preferences, screen=self.window.current))
        if self.background is not None:
            self.background.reopen(self.background.place)
            self.background.ask(self, who, self._show_window)

    def _exchange(self, made: QWidget) -> None:
        before, self.window = self.window, made
        self.first = made if made is self.first else None
        made.show()
        if before is not None:
            before.blockSignals(True)
            before.close()
            before.deleteLater()

    def _raise(self) -> None:
        if self.window is not None:
            self.window.setWindowState(self.window.windowState())
            self.window.raise_()
            self.window.activateWindow()
        self.raised.emit()

    def close(self) -> None:
        if self.background is not None:
            self.background.close()
        if self._instance is not None:
            self._instance.close()
        self._closing.close()


def lock_held(directory: Path) -> bool:
    """Maybe: whoever holds the profile has left a note there. It is the lock itself that keeps data safe."""
    return (directory / HOLDER).exists()


def who(profile: Profile) -> Actor:
    return profile.actor
