"""PDFs are opened and read. The web view prints what was designed; without it, the words are all there."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest
from pypdf import PdfReader
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from fieldtool import documents
from fieldtool.pdf import Pdf
from ui import printing
from ui.printing import by_text, print_html

A4 = (595, 842)
ROWS = 120
PAGE = documents.page(
    "Prüfbericht Übung",
    [
        documents.listing(
            ("Größe", "Straße"), [(f"{row}", f"Weißenburger Straße {row}") for row in range(ROWS)]
        )
    ],
)


def printed(html: str, qtbot: QtBot) -> Pdf:
    found: list[Pdf] = []
    owner = QObject()
    print_html(html, found.append, owner)
    qtbot.waitUntil(lambda: bool(found), timeout=30_000)
    owner.deleteLater()
    qtbot.wait(50)
    return found[0]


def check(pdf: Pdf) -> None:
    reader = PdfReader(io.BytesIO(pdf.data))
    pages = [page.extract_text() for page in reader.pages]
    assert len(pages) > 2
    assert all("Größe" in page for page in pages), "the head of the table is repeated"
    words = "".join("".join(pages).split())
    missing = [row for row in range(ROWS) if f"WeißenburgerStraße{row}" not in words]
    assert missing == []
    size = reader.pages[0].mediabox
    assert (round(float(size.width)), round(float(size.height))) == A4


@pytest.mark.usefixtures("looks")
def test_by_the_web_view(qtbot: QtBot) -> None:
    pdf = printed(PAGE, qtbot)
    assert pdf.engine == "web"
    check(pdf)


def test_by_qts_own_layout(looks: QApplication) -> None:
    del looks
    pdf = by_text(PAGE)
    assert pdf.engine == "text"
    check(pdf)
    assert PdfReader(io.BytesIO(pdf.data)).metadata.title == "Prüfbericht Übung"  # type: ignore[union-attr]


@pytest.mark.usefixtures("looks")
def test_as_root_without_leave_the_web_view_is_not_even_tried(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would end the program."""
    monkeypatch.delenv("QTWEBENGINE_DISABLE_SANDBOX", raising=False)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert printed(PAGE, qtbot).engine == "text"


@pytest.mark.usefixtures("looks")
def test_where_the_web_view_is_missing(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "PySide6.QtWebEngineCore", None)
    monkeypatch.delattr("PySide6.QtWebEngineCore", raising=False)
    assert not printing.web_view_usable()
    assert printed(PAGE, qtbot).engine == "text"


@pytest.mark.usefixtures("looks")
def test_a_page_reaches_nothing_outside(qtbot: QtBot, tmp_path: Path) -> None:
    from PySide6.QtCore import QUrl
    from PySide6.QtWebEngineCore import QWebEnginePage, QWebEngineProfile

    from ui.offline import Offline
    from ui.web import register_scheme

    register_scheme()
    secret = tmp_path / "secret.png"
    secret.write_bytes(b"x")
    profile = QWebEngineProfile()
    offline = Offline()
    profile.setUrlRequestInterceptor(offline)
    page = QWebEnginePage(profile)
    outside = [f"file://{secret}", "http://127.0.0.1:9/x.png", "https://example.invalid/x.css"]
    body = "".join(f'<img src="{url}">' for url in outside)
    with qtbot.waitSignal(page.loadFinished, timeout=30_000):
        page.setHtml(f"<!doctype html><title>x</title>{body}", QUrl("about:blank"))
    assert offline.refused >= 2
    page.deleteLater()
    with qtbot.waitSignal(page.destroyed, timeout=5_000):
        pass
    profile.deleteLater()
    qtbot.wait(10)


def test_the_command_line_prints_without_a_screen(tmp_path: Path) -> None:
    hidden = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    environment = {name: value for name, value in os.environ.items() if name not in hidden}
    out = tmp_path / "quittung.pdf"
    program = "from ui.app import main; raise SystemExit(main())"
    profile = ["--profile", str(tmp_path / "profile")]
    for arguments in (["person", "--name", "Mia Müller"], ["report", "day", "--pdf", "--out", str(out)]):
        subprocess.run([sys.executable, "-c", program, *profile, *arguments], env=environment, check=True)
    words = PdfReader(out).pages[0].extract_text()
    assert "Tagesquittung" in words
    assert "Mia Müller" in words


def test_without_the_window_one_line_says_so(tmp_path: Path) -> None:
    profile = ["--profile", str(tmp_path / "profile")]
    subprocess.run([sys.executable, "-m", "fieldtool", *profile, "person", "--name", "Mia"], check=True)
    ended = subprocess.run(
        [sys.executable, "-m", "fieldtool", *profile, "report", "day", "--pdf"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 1
    assert "--pdf" in ended.stderr
    assert "Traceback" not in ended.stderr
