"""The one QApplication: what Qt needs before it, and the language it speaks."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, Qt, QTranslator
from PySide6.QtWidgets import QApplication

from fieldtool.texts import current_language


def application(arguments: Sequence[str]) -> QApplication:
    # A web view that is made later shares its graphics context with the window.
    QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_ShareOpenGLContexts)
    app = QApplication(list(arguments))
    app.setApplicationName("Fieldtool")
    app.setApplicationDisplayName("Fieldtool")
    app.setDesktopFileName("fieldtool")
    return app


def speak(app: QApplication) -> None:
    """Qt's own texts and numbers in the language of the window."""
    for old in app.findChildren(QTranslator):
        app.removeTranslator(old)
        old.deleteLater()
    german = current_language() == "de"
    QLocale.setDefault(
        QLocale(QLocale.Language.German, QLocale.Country.Germany)
        if german
        else QLocale(QLocale.Language.English, QLocale.Country.UnitedKingdom)
    )
    if german:
        translator = QTranslator(app)
        folder = Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath))
        if translator.load("qtbase_de", str(folder)):
            app.installTranslator(translator)
