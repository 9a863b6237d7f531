"""A practice: a disposable profile with a training platform and simulated devices beside it."""

from __future__ import annotations

import secrets
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout

from drivers.secret import Secret
from fieldtool import outbox
from fieldtool.demo import play
from fieldtool.demo.bench import Bench, bench
from fieldtool.demo.platform import platform
from fieldtool.demo.site import Site, invented_site
from fieldtool.profile import Profile
from fieldtool.texts import _
from fieldtool.ticket import Ticket
from ui.background import Job, changes
from ui.screen import Port
from ui.widgets.controls import button, text


def new_passphrase() -> Secret:
    return Secret(secrets.token_urlsafe(24))


TOUCHED = changes("asset", "ticket", "target", "sync")
"""By the beginning of a practice."""


@dataclass(frozen=True)
class Ready:
    site: Site
    table: Bench
    ticket: Ticket

    @property
    def ports(self) -> tuple[Port, ...]:
        return (
            Port(self.table.probe_port, _("{port} – practice sensor").format(port=self.table.probe_port)),
            Port(
                self.table.gnss_port, _("{port} – practice GNSS receiver").format(port=self.table.gnss_port)
            ),
        )


class Practice:
    """`begin` runs on a lane; `close` anywhere: it ends the programs beside."""

    def __init__(self) -> None:
        self._running = ExitStack()

    def begin(self, profile: Profile, job: Job[Ready]) -> Ready:
        """Raises ExpectedError."""
        site = invented_site()
        folder = Path(self._running.enter_context(tempfile.TemporaryDirectory(prefix="fieldtool-demo-")))
        job.tell(_("The office imports its list of trees."))
        play.take_trees_along(profile)
        job.tell(_("The training platform is started."))
        data = profile.directory / "training"
        there = self._running.enter_context(platform(data, outbox.targets(profile.store)))
        job.tell(_("The office reports a ticket, and it is taken along."))
        play.report_ticket(folder, there, site)
        ticket = play.morning(profile, there)
        job.tell(_("The simulated devices are switched on."))
        table = self._running.enter_context(bench(folder, site))
        return Ready(site, table, ticket)

    def close(self) -> None:
        self._running.close()


class PracticeBar(QFrame):
    """What lies on the table: the label and the password of the practice sensor."""

    def __init__(self, ready: Ready) -> None:
        super().__init__()
        self.setProperty("kind", "card")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 4, 16, 4)
        layout.setSpacing(8)
        said = _("Practice: nothing of this reaches a city, and all of it is gone at the end.")
        layout.addWidget(text(said, "warning"), 1)
        for title, value in (
            (_("Copy the label of the sensor"), ready.site.label),
            (_("Copy its password"), ready.site.password.reveal()),
        ):
            layout.addWidget(button(title, partial(QApplication.clipboard().setText, value)))
