"""From the search field straight to the record; and words that are forgiven."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from fieldtool.ids import new_id
from tests.ui.screens.assets.conftest import Office
from tests.ui.usable import assert_usable


def typed(office: Office, words: str, *, enter: bool = True) -> None:
    search = office.view.list.search
    search.setFocus()
    search.selectAll()
    QTest.keyClicks(search, words)
    if enter:
        QTest.keyClick(search, Qt.Key.Key_Return)
    office.qtbot.wait(300)  # the pause after which what is typed is searched
    office.settle()


@pytest.mark.parametrize("form", ["L-3", "FT:ASSET:{id}", "urn:ngsi-ld:Streetlight:{id}"])
def test_a_code_opens_its_record(office: Office, form: str) -> None:
    light = office.lights[2]
    typed(office, form.format(id=light.id))
    assert office.view.stack.currentWidget() is office.view.detail
    assert "L-3" in office.view.detail.page.title.text()


def test_what_a_code_is_where_nothing_has_it(office: Office) -> None:
    helped = office.view.list.help
    typed(office, f"FT:ASSET:{new_id()}")
    assert "nicht in diesem Profil" in helped.said.text()
    typed(office, "70B3D57ED0000099")
    assert "70b3d57ed0000099" in helped.said.text()
    assert office.view.stack.currentWidget() is office.view.list
    assert_usable(office.view)


def test_a_key_does_not_stay_on_the_screen(office: Office) -> None:
    key = "8f3c1e5b7a9d2046f1e2d3c4b5a69788"
    typed(office, key)
    assert key not in office.view.list.search.text()


def test_a_slip_is_forgiven_on_demand(office: Office) -> None:
    office.done(lambda profile: profile.store.fold_texts() or True)
    helped = office.view.list.help
    typed(office, "sodimu")
    assert helped.similar.isVisible()
    office.click(helped.similar)
    office.qtbot.wait(300)
    office.settle()
    assert office.view.list.search.text() == "sodium"
    assert "„sodium“" in helped.said.text()
    assert not helped.similar.isVisible()
    typed(office, "xyzxyz")
    office.click(helped.similar)
    assert "Auch Ähnliches" in helped.said.text()
    assert_usable(office.view)
