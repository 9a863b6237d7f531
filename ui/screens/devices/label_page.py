"""The device's label: by camera, scanner, image or typed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtGui import QImage

from fieldtool.commissioning.draft import Draft, type_of
from fieldtool.labels import Label
from fieldtool.texts import _
from ui.screen import Desk
from ui.screens.devices.content import type_title
from ui.screens.devices.pages import Step
from ui.widgets.controls import card, text
from ui.widgets.facts import Facts
from ui.widgets.label_input import LabelInput


class LabelPage(Step):
    def __init__(self, desk: Desk) -> None:
        super().__init__(
            desk,
            _("Label of the device"),
            _("The label says which device it is. It is compared with the cable before anything is written."),
        )
        self.label: Label | None = None
        self.entry = LabelInput(decode=self._decode)
        self.entry.label_read.connect(self._read)
        self.facts = Facts()
        self.nothing = text(_("No label yet."), "muted")
        self.other_type = text(kind="warning")
        self.other_type.hide()
        self.page.body.addWidget(self.entry)
        self.page.body.addWidget(
            card(text(_("What the label says"), "heading"), self.nothing, self.facts, self.other_type)
        )
        self.facts.hide()

    def turned_to(self, draft: Draft) -> None:
        if draft.label is not None and draft.label is not self.label:
            self._show(draft.label)
        self._compare_type(draft)

    def amended(self, draft: Draft) -> Draft:
        return replace(draft, label=self.label)

    def missing(self) -> str:
        if self.label is None:
            return _("Scan, paste or type the label.")
        return "" if self.label.dev_eui else _("This label names no DevEUI: scan the device's own one.")

    def stop(self) -> None:
        self.entry.stop()

    def _read(self, label: Label) -> None:
        self._show(label)
        self.changed.emit()

    def _show(self, label: Label) -> None:
        self.label = label
        secret = _("on the label, not shown") if label.app_key is not None else "–"
        found = [
            ("DevEUI", label.dev_eui or "–"),
            ("JoinEUI", label.join_eui or "–"),
            ("ProfileID (TR005)", label.profile_id or "–"),
            (_("Serial number"), label.serial or "–"),
            ("AppKey", secret),
        ]
        self.facts.tell(found)
        self.facts.show()
        self.nothing.hide()

    def _compare_type(self, draft: Draft) -> None:
        known = type_of(self.label) if self.label is not None else None
        differs = known is not None and known != draft.device_type
        self.other_type.setVisible(differs)
        if differs and known is not None:
            said = _("By its label this is a {type}, not what was chosen before.")
            self.other_type.setText(said.format(type=type_title(known)))

    def _decode(self, image: QImage, done: Callable[[Sequence[str]], None]) -> None:
        from ui.screens.devices.decoding import codes_in, pixels

        picture = pixels(image)
        self.desk.background.run(self, lambda _profile, _job: codes_in(picture), lane="ports", done=done)
