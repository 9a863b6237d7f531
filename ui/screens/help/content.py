"""What the screen shows. No Qt: it runs in the threads of the lanes."""

from __future__ import annotations

from dataclasses import dataclass

from fieldtool import help as handbook
from fieldtool.help import Topic
from fieldtool.profile import Profile
from fieldtool.texts import _


@dataclass(frozen=True, slots=True)
class Handbook:
    topics: tuple[Topic, ...]
    about: str


def read(profile: Profile) -> Handbook:
    from fieldtool.diagnosis import own_version

    about = _("Fieldtool {version} · Licence EUPL-1.2 · Your data: {folder}").format(
        version=own_version(), folder=profile.directory
    )
    return Handbook(handbook.topics(), about)


def find(text: str) -> tuple[Topic, ...]:
    return handbook.find(text)
