"""Opening the window, and what people are told where that is not possible."""

from __future__ import annotations

import sys

from drivers.errors import ExpectedError
from fieldtool.display import require_display
from fieldtool.global_options import WindowWish
from ui.application import application


def open_window(wish: WindowWish) -> int:
    try:
        require_display()
        app = application(sys.argv[:1])
        from ui.session import Session

        session = Session(app, wish)
        if not session.begin():
            return 0
    except ExpectedError as error:
        from fieldtool.cli import tell_failure

        return tell_failure(error, wish.invocation)
    try:
        return app.exec()
    finally:
        session.close()
