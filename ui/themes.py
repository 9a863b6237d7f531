"""How the window looks: colours per theme, sizes by zoom and glove mode, one style sheet made of both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication

from fieldtool.texts import RESOURCES
from ui.preferences import Preferences, ThemeName

STYLE = RESOURCES / "themes" / "style.qss"
"""A Qt style sheet in which @name@ is a colour of the theme or a size."""
TOUCH_PX = 48
GLOVE_PX = 64
POINTS = 11.0
TOUCH = "fieldtool-touch"


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """Colours as #rrggbb. Texts stand on `window`, `surface` or their own background; `line` is the edge of
    what can be used."""

    window: str
    surface: str
    text: str
    muted: str
    line: str
    accent: str
    on_accent: str
    chosen: str
    good: str
    warning: str
    bad: str
    bad_surface: str
    focus: str
    line_px: int = 1


THEMES: dict[ThemeName, Theme] = {
    "light": Theme(
        window="#f3f5f4",
        surface="#ffffff",
        text="#16201c",
        muted="#4c5a54",
        line="#77857f",
        accent="#0b5d4e",
        on_accent="#ffffff",
        chosen="#d7ebe5",
        good="#0b6132",
        warning="#7a4b00",
        bad="#a5161d",
        bad_surface="#fdecec",
        focus="#0a4fd0",
    ),
    "dark": Theme(
        window="#14191a",
        surface="#1e2526",
        text="#eef3f1",
        muted="#b3c0bb",
        line="#7e8d87",
        accent="#6fd6bd",
        on_accent="#06251f",
        chosen="#24423b",
        good="#7fdc9f",
        warning="#f2c063",
        bad="#ff9a94",
        bad_surface="#3a2022",
        focus="#8fb8ff",
    ),
    "sun": Theme(
        window="#ffffff",
        surface="#ffffff",
        text="#000000",
        muted="#1c1c1c",
        line="#000000",
        accent="#000000",
        on_accent="#ffffff",
        chosen="#e4e4e4",
        good="#003d14",
        warning="#4a2c00",
        bad="#7d0008",
        bad_surface="#ffffff",
        focus="#00228a",
        line_px=3,
    ),
}
TEXT_PAIRS: tuple[tuple[str, str], ...] = (
    *(
        (text, ground)
        for text in ("text", "muted", "good", "warning", "bad")
        for ground in ("window", "surface")
    ),
    *((text, "bad_surface") for text in ("text", "bad")),
    *((text, "chosen") for text in ("text", "muted")),
    ("accent", "surface"),
    ("accent", "window"),
    ("on_accent", "accent"),
)
"""Which text colour stands on which background somewhere in the style sheet."""
LINE_PAIRS: tuple[tuple[str, str], ...] = (
    ("line", "surface"),
    ("line", "window"),
    ("focus", "surface"),
    ("focus", "window"),
    ("accent", "window"),
)


def contrast(one: str, other: str) -> float:
    """1 to 21, as WCAG 2.1 reckons it."""
    first, second = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (first + 0.05) / (second + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@dataclass(frozen=True, slots=True)
class Sizes:
    """In pixels, zoomed."""

    touch: int
    small: int
    gap: int
    points: float


def sizes(preferences: Preferences) -> Sizes:
    zoom = preferences.zoom / 100
    touch = GLOVE_PX if preferences.glove else TOUCH_PX
    # Zooming out makes texts smaller, never what has to be hit.
    return Sizes(max(touch, round(touch * min(zoom, 1.5))), round(4 * zoom), round(8 * zoom), POINTS * zoom)


def touch_px() -> int:
    """What the theme that is in use asks for."""
    app = QApplication.instance()
    found = None if app is None else app.property(TOUCH)
    return found if isinstance(found, int) else TOUCH_PX


def apply(app: QApplication, preferences: Preferences) -> None:
    """To all windows at once."""
    theme, sized = THEMES[preferences.theme], sizes(preferences)
    app.setStyle("Fusion")
    font = QFont(app.font())
    font.setPointSizeF(sized.points)
    app.setFont(font)
    app.setPalette(palette(theme))
    app.setProperty(TOUCH, sized.touch)
    drawings = {
        "arrow": (STYLE.parent / f"down-{preferences.theme}.svg").as_posix(),
        "check": (STYLE.parent / f"check-{preferences.theme}.svg").as_posix(),
    }
    app.setStyleSheet(style_sheet(theme, sized, drawings))


def palette(theme: Theme) -> QPalette:
    made = QPalette()
    role = QPalette.ColorRole
    for part, colour in (
        (role.Window, theme.window),
        (role.WindowText, theme.text),
        (role.Base, theme.surface),
        (role.AlternateBase, theme.window),
        (role.Text, theme.text),
        (role.PlaceholderText, theme.muted),
        (role.Button, theme.surface),
        (role.ButtonText, theme.text),
        (role.Highlight, theme.chosen),
        (role.HighlightedText, theme.text),
        (role.Link, theme.accent),
        (role.LinkVisited, theme.accent),
        (role.ToolTipBase, theme.surface),
        (role.ToolTipText, theme.text),
        (role.Light, theme.surface),
        (role.Mid, theme.line),
        (role.Dark, theme.line),
    ):
        made.setColor(part, QColor(colour))
    for part in (role.WindowText, role.Text, role.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, part, QColor(theme.muted))
    return made


def style_sheet(theme: Theme, sized: Sizes, drawings: Mapping[str, str]) -> str:
    values: dict[str, Any] = {
        **{name: getattr(theme, name) for name in Theme.__slots__},
        **drawings,
        "arrow_px": round(sized.points * 1.6),
        "touch": sized.touch,
        "inner": sized.touch - 2 * theme.line_px,
        "inner_focus": sized.touch - 2 * (theme.line_px + 2),
        "pad_focus": sized.gap * 2 - 2,
        "points": sized.points,
        "title": sized.points * 1.6,
        "heading": sized.points * 1.2,
        "pad": sized.gap * 2,
        "gap": sized.gap,
        "small": sized.small,
        "thick": theme.line_px + 2,
        "view": theme.line_px + 1,
        "bar": max(14, sized.gap * 2),
        "mark": round(sized.touch * 0.5),
    }
    sheet = STYLE.read_text(encoding="utf-8")
    for name, value in sorted(values.items(), key=lambda item: -len(item[0])):
        sheet = sheet.replace(f"@{name}@", str(value))
    return sheet
