"""An asset is entered or edited: a field per attribute of its class, checked while typing, saved as one entry
of its history."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QStackedLayout, QVBoxLayout, QWidget

from drivers.errors import ExpectedError
from fieldtool.asset import Asset
from fieldtool.asset_classes import AssetClass, asset_class, class_ids
from fieldtool.asset_facts import class_title, known_class
from fieldtool.geometry import point
from fieldtool.ids import AssetId, new_id
from fieldtool.jsontypes import Json
from fieldtool.naming import asset_text
from fieldtool.profile import Profile
from fieldtool.store.errors import StaleVersion
from fieldtool.texts import _, thousands
from fieldtool.upkeep import changing
from fieldtool.upkeep.quality import NUMBER, PLACE
from ui.background import changes
from ui.errors import ErrorPanel
from ui.screen import Desk
from ui.screens.assets.fields import AttributeField
from ui.screens.assets.place_card import PlaceCard
from ui.screens.assets.qualities import Step
from ui.widgets.controls import button, card, choice, emptied, field, line, row, text
from ui.widgets.flow import flow
from ui.widgets.page import Page
from ui.widgets.place_picker import PlacePicker

COLUMNS = 2
Problem = tuple[str, str, QWidget]
"""Why it cannot be saved, what to do, and the field that it is about."""


@dataclass(frozen=True, slots=True)
class Typed:
    fields: dict[str, Any]
    problem: Problem | None


@dataclass(frozen=True, slots=True)
class Walk:
    """From record to record; `at` is the one that is shown."""

    steps: tuple[Step, ...]
    at: int

    @property
    def step(self) -> Step:
        return self.steps[self.at]

    def next(self) -> Walk | None:
        return Walk(self.steps, self.at + 1) if self.at + 1 < len(self.steps) else None


class FormPage(QWidget):
    """`walked` where the last record of a work list is done."""

    left = Signal()
    saved = Signal(str)
    walked = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self._asset: Asset | None = None
        self._kind: AssetClass | None = None
        self.page = Page("")
        self.classes = choice(_("Class"), _classes())
        self.classes.currentIndexChanged.connect(lambda _index: self._turn_to_class())
        self._class_field = field(_("Class"), self.classes)
        self.number = line(_("Asset number"))
        self.name = line(_("Name"))
        self.place = PlaceCard(desk)
        self.lat, self.lon = self.place.lat, self.place.lon
        self.picker: PlacePicker | None = None
        self.attributes = QGridLayout()
        self.attributes.setHorizontalSpacing(8)
        self.attributes.setVerticalSpacing(12)
        self.others = text(kind="muted")
        self.reason = line(_("Reason"), placeholder=_("why, for the history; may stay empty"))
        self._reason_field = field(_("Reason"), self.reason)
        self.problem = ErrorPanel()
        self.save = button(_("Save"), self.carry_out, kind="primary")
        self.skip = button(_("Skip"), self._go_on, name=_("Go on without saving this one"))
        self.cancel = button(_("Cancel"), self._discard)
        self.walking = text(kind="strong")
        self.notes = text(kind="warning", selectable=True)
        self._walk_card = card(self.walking, self.notes)
        self._walk: Walk | None = None
        self.unsaved = text(_("What you had typed and not saved is there again."), "warning")
        self.unsaved.hide()
        inside = QWidget()
        inside.setLayout(self.attributes)
        self.attributes.setContentsMargins(0, 0, 0, 0)
        self.page.body.addWidget(self._walk_card)
        self.page.body.addWidget(self.unsaved)
        self.page.body.addWidget(
            card(
                self._class_field,
                row(field(_("Asset number"), self.number), field(_("Name"), self.name)),
                self.place,
            )
        )
        self.page.body.addWidget(card(text(_("Attributes"), "heading"), inside, self.others))
        self.page.body.addWidget(self._reason_field)
        # What is done with it is seen however long the form is.
        below = QWidget()
        under = QVBoxLayout(below)
        under.setContentsMargins(24, 0, 16, 8)
        under.addWidget(self.problem)
        under.addWidget(flow(self.save, self.skip, self.cancel))
        form = QWidget()
        whole = QVBoxLayout(form)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.page, 1)
        whole.addWidget(below)
        self._rooms = QStackedLayout(self)
        self._rooms.addWidget(form)
        self._means = ""
        self.place.map_wanted.connect(self._pick)
        self.place.measured.connect(self._measured)
        self._fields: list[AttributeField] = []
        self._words: dict[str, str] = {}
        self._drafts: dict[str, dict[str, str]] = {}
        self._tell_walk()

    @property
    def fields(self) -> dict[str, AttributeField]:
        return {one.attribute.key: one for one in self._fields}

    def enter(self, chosen: str = "") -> None:
        """A new one; what was typed before and not saved is still there."""
        self._walk = None
        self._tell_walk()
        if self._asset is not None or self._kind is None:
            self._keep_draft()
            self._fill(None, chosen)
        self.page.title.setText(_("Enter an asset"))
        self.classes.setFocus()

    def edit(self, asset: str) -> None:
        self._walk = None
        self._tell_walk()
        self._edit(asset)

    def walk(self, steps: tuple[Step, ...], start: int) -> None:
        """One after the other, from the step with this number on."""
        self._walk = Walk(steps, start)
        self._tell_walk()
        self._edit(self._walk.step.asset)

    @property
    def is_walking(self) -> bool:
        return self._walk is not None

    def _tell_walk(self) -> None:
        walk = self._walk
        self._walk_card.setVisible(walk is not None)
        self.skip.setVisible(walk is not None)
        self.save.setText(_("Save") if walk is None else _("Save and next"))
        self.save.setAccessibleName(self.save.text())
        self.cancel.setText(_("Cancel") if walk is None else _("Back to the work list"))
        self.cancel.setAccessibleName(self.cancel.text())
        if walk is not None:
            told = _("{number} of {total} to look at")
            self.walking.setText(told.format(number=thousands(walk.at + 1), total=thousands(len(walk.steps))))
            self.notes.setText("\n".join(note.words for note in walk.step.notes))
            self.notes.setAccessibleName(self.notes.text())

    def _go_on(self) -> None:
        """What was typed here and not saved is there again when somebody comes back."""
        self._keep_draft()
        walk = None if self._walk is None else self._walk.next()
        if walk is None:
            self._forget()
            self.walked.emit()
        else:
            self.walk(walk.steps, walk.at)

    def _forget(self) -> None:
        self._words = self._all_words()
        self._kind = None
        self._walk = None
        self._tell_walk()

    def _edit(self, asset: str) -> None:
        if self._asset is not None and self._asset.id == asset and self._is_edited():
            self.number.setFocus()
            return
        self._keep_draft()
        self.save.setEnabled(False)
        self.page.title.setText("")

        def read(profile: Profile) -> Asset:
            return profile.store.get(Asset, asset)

        self.desk.background.ask(self, read, self._show, self.page.problem.tell)

    def _show(self, asset: Asset) -> None:
        self.page.problem.clear()
        self._fill(asset, asset.asset_class)
        self.page.title.setText(_("Edit: {asset}").format(asset=asset_text(asset)))
        self._doubtful().setFocus()
        draft = self._drafts.pop(asset.id, None)
        if draft is not None:
            self._type_again(draft)
            self.unsaved.show()

    def _doubtful(self) -> QWidget:
        """Where the person has to look first."""
        keys = [] if self._walk is None else [note.key for note in self._walk.step.notes]
        own = {NUMBER: self.number, PLACE: self.lat}
        for key in keys:
            if key in own or key in self.fields:
                return own[key] if key in own else self.fields[key].control
        return self.number

    def _keep_draft(self) -> None:
        if self._asset is not None and self._is_edited():
            self._drafts[self._asset.id] = self._typed_words()

    def _discard(self) -> None:
        walking = self.is_walking
        self._forget()
        (self.walked if walking else self.left).emit()

    def _fill(self, asset: Asset | None, chosen: str) -> None:
        self._asset = asset
        self._class_field.setVisible(asset is None)
        self._reason_field.setVisible(asset is not None)
        self.number.setText((asset.number if asset else None) or "")
        self.name.setText((asset.name if asset else None) or "")
        self._show_place(asset)
        self._rooms.setCurrentIndex(0)
        self._means = ""
        self.reason.clear()
        self.problem.clear()
        self.unsaved.hide()
        self.save.setEnabled(True)
        if asset is None and chosen:
            self.classes.setCurrentIndex(max(self.classes.findData(chosen), 0))
        self._build(known_class(chosen or str(self.classes.currentData())))
        self._words = self._all_words()

    def _show_place(self, asset: Asset | None) -> None:
        self.place.show_geometry(None if asset is None else asset.geometry)

    def _pick(self) -> None:
        """The map takes the whole room; the web view is made when it is wanted."""
        if self.picker is None:
            self.picker = PlacePicker(self.desk)
            self.picker.picked.connect(self._picked)
            self.picker.left.connect(self._picked_nothing)
            self._rooms.addWidget(self.picker)
        self._rooms.setCurrentWidget(self.picker)
        self.picker.begin(self.place.place())

    def _picked(self, lon: float, lat: float) -> None:
        self.place.take(lon, lat)
        self._picked_nothing()

    def _picked_nothing(self) -> None:
        self._rooms.setCurrentIndex(0)
        self.place.on_map.setFocus()

    def _measured(self, words: str) -> None:
        """How the place was come by is told to the history, beside what the person says."""
        self._means = words

    def learn_classes(self) -> None:
        """There are others now, or they have other attributes; what is typed stays until it is left."""
        chosen = self.classes.currentData()
        self.classes.blockSignals(True)
        self.classes.clear()
        for name, title in _classes():
            self.classes.addItem(title, name)
        self.classes.setCurrentIndex(max(self.classes.findData(chosen), 0))
        self.classes.blockSignals(False)
        if not self._is_edited():
            self._kind = None

    def _turn_to_class(self) -> None:
        if self._asset is None:
            self._build(asset_class(str(self.classes.currentData())))

    def _build(self, kind: AssetClass | None) -> None:
        """What was typed for an attribute that the new class has too is kept."""
        before = {one.attribute.key: one.entry().value for one in self._fields} if self._asset is None else {}
        values = before if self._asset is None else dict(self._asset.attributes)
        emptied(self.attributes)
        self._kind = kind
        self._fields = [AttributeField(one) for one in kind.shown] if kind is not None else []
        for index, one in enumerate(self._fields):
            default = one.attribute.default if self._asset is None else None
            one.show_value(values.get(one.attribute.key, default))
            self.attributes.addWidget(one, *divmod(index, COLUMNS), Qt.AlignmentFlag.AlignTop)
        chain = [
            self.lat,
            self.lon,
            self.place.utm,
            self.place.use_utm,
            self.place.on_map,
            self.place.own.take,
            self.place.own.stop,
            *(one.control for one in self._fields),
            self.reason,
            self.save,
            self.skip,
            self.cancel,
        ]
        for first, second in pairwise(chain):
            QWidget.setTabOrder(first, second)
        own = {one.attribute.key for one in self._fields}
        others = [key for key in (self._asset.attributes if self._asset else {}) if key not in own]
        kept = _("Stay as they are: {keys}").format(keys=", ".join(others))
        self.others.setText(kept if others else "")
        self.others.setVisible(bool(others))

    def _all_words(self) -> dict[str, str]:
        plain = {"number": self.number, "name": self.name, "lat": self.lat, "lon": self.lon}
        words = {name: entry.text() for name, entry in plain.items()}
        return words | {f"attributes.{one.attribute.key}": one.words() for one in self._fields}

    def _typed_words(self) -> dict[str, str]:
        return {name: words for name, words in self._all_words().items() if words != self._words.get(name)}

    def _is_edited(self) -> bool:
        return self._all_words() != self._words

    def carry_out(self) -> None:
        found = self._typed()
        if found.problem is not None:
            message, advice, control = found.problem
            self.problem.tell_text(message, advice)
            control.setFocus()
            return
        self.problem.clear()
        self.save.setEnabled(False)
        asset, means = self._asset, self._means if "geometry" in found.fields else ""
        reason = "; ".join(words for words in (self.reason.text().strip(), means) if words)
        made = None if asset is not None else self._new(found.fields)

        def save(profile: Profile) -> Asset:
            if asset is not None:
                return changing.change(profile, asset, found.fields, reason)
            assert made is not None
            return changing.create(profile, made, reason=reason)

        self.desk.background.change(self, save, changes("asset"), self._done, self._failed)

    def _new(self, fields: dict[str, Any]) -> Asset:
        return Asset(id=AssetId(new_id()), asset_class=str(self.classes.currentData()), **fields)

    def _typed(self) -> Typed:
        """Only what somebody changed is said: what a list brought along stays as it is."""
        words, before = self._all_words(), self._words if self._asset is not None else {}
        changed = {name for name in words if words[name] != before.get(name)}
        fields: dict[str, Any] = {
            name: control.text().strip() or None
            for name, control in (("number", self.number), ("name", self.name))
            if name in changed
        }
        problem = self._add_place(fields) if changed & {"lat", "lon"} else None
        problem = problem or self._add_values(fields, changed)
        return Typed(fields, problem)

    def _add_place(self, fields: dict[str, Any]) -> Problem | None:
        place = self.place.place()
        if place is not None:
            fields["geometry"] = point(*place)
        elif self.lon.text().strip() or self.lat.text().strip():
            advice = _("Enter latitude and longitude, as 51,5136 and 7,4653.")
            return _("This is not a position."), advice, self.lat
        elif self._asset is not None:
            fields["geometry"] = None
        return None

    def _add_values(self, fields: dict[str, Any], changed: set[str]) -> Problem | None:
        values: dict[str, Json] = {}
        for one in self._fields:
            if f"attributes.{one.attribute.key}" not in changed:
                continue
            entry = one.entry()
            if entry.blocking:
                message = f"{one.attribute.title()}: {entry.problem}"
                return message, _("Correct this entry, or empty it."), one.control
            values[one.attribute.key] = entry.value
        if values:
            known = self._asset if self._asset is not None else self._new({})
            fields["attributes"] = changing.with_values(known, values)
        return None

    def _done(self, asset: Asset) -> None:
        self._words = self._all_words()
        if self._walk is not None:
            self._go_on()
            return
        self._fill(None, "")
        self._kind = None
        self.saved.emit(asset.id)

    def _failed(self, error: ExpectedError) -> None:
        self.save.setEnabled(True)
        asset = self._asset
        again = asset is not None and isinstance(error, StaleVersion)
        self.problem.tell(error, (_("Read it again"), self._read_again) if again else None)

    def _read_again(self) -> None:
        """As it is now; what was typed and differs from what was read stays typed."""
        asset = self._asset
        if asset is None:
            return
        typed = self._typed_words()

        def show(now: Asset) -> None:
            self._show(now)
            self._type_again(typed)

        self.desk.background.ask(
            self, lambda profile: profile.store.get(Asset, asset.id), show, self.problem.tell
        )

    def _type_again(self, typed: dict[str, str]) -> None:
        plain = {"number": self.number, "name": self.name, "lat": self.lat, "lon": self.lon}
        for name, words in typed.items():
            if name in plain:
                plain[name].setText(words)
            else:
                self.fields[name.removeprefix("attributes.")].type_words(words)


def _classes() -> list[tuple[str, str]]:
    return sorted(((name, class_title(name)) for name in class_ids()), key=lambda one: one[1].casefold())
