"""Rows are opened by one click or a key; a narrow table leaves out what can be spared, never what matters."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QAbstractItemModel, Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ui.widgets.table import Row, Table

COLUMNS = ["Priorität", "Titel", "Kategorie", "Stand"]
ROWS = [
    Row(str(number), ("3 normal", f"Bank lose {number}", "Befestigung oder Vandalismus", "offen"))
    for number in range(9)
]


@pytest.fixture
def table(looks: QApplication, qtbot: QtBot) -> Table:
    del looks
    made = Table("Tickets", COLUMNS, wide=1, spare=(2, 0))
    qtbot.addWidget(made)
    made.resize(900, 400)
    made.show_rows(ROWS)
    made.show()
    return made


def hidden(table: Table) -> list[str]:
    return [name for column, name in enumerate(COLUMNS) if table.isColumnHidden(column)]


def test_the_model_keeps_qts_rules(table: Table) -> None:
    model: QAbstractItemModel = table.rows
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    table.rows.append([Row("x", ("1", "2", "3", "4"))])
    assert tester.model() is model
    assert model.rowCount() == len(ROWS) + 1


def test_one_click_or_a_key_opens(table: Table, qtbot: QtBot) -> None:
    opened: list[str] = []
    table.opened.connect(opened.append)
    place = table.visualRect(table.rows.index(2, 1)).center()
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    QTest.keyClick(table, Qt.Key.Key_Down)
    QTest.keyClick(table, Qt.Key.Key_Return)
    assert opened == ["2", "3"]


def test_the_chosen_row_stays_chosen(table: Table) -> None:
    table.choose("4")
    table.show_rows(ROWS[3:])
    assert table.chosen() == "4"
    table.show_rows(ROWS[:2])
    assert table.chosen() is None


def test_what_can_be_spared_is_left_out_where_it_is_narrow(table: Table) -> None:
    assert hidden(table) == []
    table.resize(420, 400)
    assert hidden(table) == ["Kategorie"]
    table.resize(300, 400)
    assert hidden(table) == ["Priorität", "Kategorie"]
    table.resize(900, 400)
    assert hidden(table) == []
