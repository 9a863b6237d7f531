"""What a window of the map shows, as bytes that the page reads without parsing.

Little-endian: four Uint32 (how many, 1 where they are heaps, how many assets there are in all, bytes of the
tail), then all Float64 lon, all Float64 lat, all Uint32 seq (of a heap: its count), all Uint8 code; then the
tail as JSON: what the codes mean, lines and areas, and for which box and zoom the answer holds.
"""

from __future__ import annotations

import json
import math
import struct
import sys
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import islice

from fieldtool.asset import Asset
from fieldtool.asset_classes import asset_class, class_ids
from fieldtool.asset_facts import class_title
from fieldtool.store import Store, map_rows
from fieldtool.store.map_rows import EVERYWHERE, Colouring
from fieldtool.store.places import Box
from fieldtool.texts import N_, _, current_language

MOST_POINTS = 250_000
"""More than these are told as heaps."""
MOST_SHAPES = 2_000
HEAP_PX = 64
SHAPES = ("circle", "square", "triangle", "diamond", "plus", "star", "drop", "hexagon")
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#f0e442", "#6b4fa0")
"""Okabe and Ito's, told apart without seeing red or green, and a violet."""
UNKNOWN = ("#8c8c8c", "ring")
AGES = ((10, N_("younger than 10 years")), (25, N_("10 to 24 years")), (50, N_("25 to 49 years")))
OLDER = N_("50 years and older")
AGE_COLOURS = ("#fde725", "#35b779", "#31688e", "#440154")
MOST_CODES = 24


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the legend; a point's code is its place in the list."""

    title: str
    colour: str
    shape: str
    count: int


@dataclass(frozen=True, slots=True)
class Window:
    """`year` is the present one."""

    box: Box
    zoom: float
    by: Colouring
    year: int


def answer(store: Store, window: Window) -> bytes:
    """Of a small profile everything at once: the page then asks no more."""
    stored = store.count(Asset)
    box = EVERYWHERE if stored <= MOST_POINTS else window.box
    expected = stored if stored <= MOST_POINTS else map_rows.count(store.connection, box)
    if expected > MOST_POINTS:
        return _heaps(store, window, stored)
    rows = map_rows.points(store.connection, box, window.by, expected)
    seqs, lons, lats, values, wide = zip(*rows, strict=True) if rows else ((), (), (), (), ())
    legend, codes = _coded(values, window)
    code_of = {seq: codes[index] for index, seq in enumerate(seqs) if wide[index]} if any(wide) else {}
    tail = {
        "legend": [asdict(one) for one in legend],
        "shapes": _shapes(store, code_of),
        "more_shapes": len(code_of) > MOST_SHAPES,
        "box": box,
    }
    return packed(lons, lats, seqs, codes, total=stored, tail=tail)


def packed(
    lons: Iterable[float],
    lats: Iterable[float],
    numbers: Sequence[int],
    codes: bytes,
    *,
    total: int,
    tail: Mapping[str, object],
    heaps: bool = False,
) -> bytes:
    told = json.dumps(tail, ensure_ascii=False, separators=(",", ":")).encode()
    head = struct.pack("<4I", len(numbers), heaps, total, len(told))
    places, order = array("d", lons), array("I", numbers)
    places.extend(lats)
    if sys.byteorder == "big":
        places.byteswap()
        order.byteswap()
    return b"".join((head, places.tobytes(), order.tobytes(), codes, told))


def _heaps(store: Store, window: Window, stored: int) -> bytes:
    _west, south, _east, north = window.box
    lon_step = 360 / (256 * 2**window.zoom) * HEAP_PX
    lat_step = lon_step * max(math.cos(math.radians((south + north) / 2)), 0.05)
    rows = map_rows.heaps(store.connection, window.box, lon_step, lat_step)
    counts, lons, lats = zip(*rows, strict=True) if rows else ((), (), ())
    tail = {"legend": [], "shapes": [], "more_shapes": False, "box": window.box, "zoom": window.zoom}
    return packed(lons, lats, counts, bytes(len(counts)), total=stored, tail=tail, heaps=True)


def _shapes(store: Store, code_of: Mapping[int, int]) -> list[dict[str, object]]:
    shown = list(islice(code_of, MOST_SHAPES))
    rows = map_rows.geometries(store.connection, shown) if shown else []
    return [{"code": code_of[seq], "geometry": json.loads(geometry)} for seq, geometry in rows]


def _coded(values: Sequence[object], window: Window) -> tuple[tuple[Entry, ...], bytes]:
    """Per point the code of its value, and what the codes mean."""
    if window.by == "age":
        return _by_age(values, window.year)
    title: Callable[[str], str] = class_title
    if window.by == "condition":
        title = condition_titles().__getitem__
    return _by_value(values, title)


def _by_value(values: Sequence[object], title: Callable[[str], str]) -> tuple[tuple[Entry, ...], bytes]:
    counted = Counter(values)
    known = [str(value) for value, _count in counted.most_common() if value is not None]
    shown = sorted(known[:MOST_CODES], key=title)
    code_of: dict[object, int] = {name: number for number, name in enumerate(shown)}
    rest = len(shown)
    codes = bytes([code_of.get(value if value is None else str(value), rest) for value in values])
    legend = [
        Entry(title(name), *_look(number), sum(n for value, n in counted.items() if str(value) == name))
        for number, name in enumerate(shown)
    ]
    left = codes.count(rest)
    if left:
        legend.append(Entry(_("unknown or other"), *UNKNOWN, left))
    return tuple(legend), codes


def _look(number: int) -> tuple[str, str]:
    """Colour and shape: together different for 24."""
    turn = number // len(SHAPES)
    return COLOURS[(number + 3 * turn) % len(COLOURS)], SHAPES[number % len(SHAPES)]


class _Titles(dict[str, str]):
    def __missing__(self, value: str) -> str:
        return value


def condition_titles() -> dict[str, str]:
    """What the classes call the values of their condition; others are shown as they are."""
    titles = _Titles()
    for name in class_ids():
        for key in map_rows.CONDITION_KEYS:
            attribute = asset_class(name).attribute(key)
            if attribute is not None:
                for value, label in (attribute.choices or {}).items():
                    titles.setdefault(value, label[current_language()])
    return titles


def _by_age(values: Sequence[object], year: int) -> tuple[tuple[Entry, ...], bytes]:
    unknown = len(AGES) + 1
    codes = bytes([_age_code(value, year, unknown) for value in values])
    titles = [_(text) for _limit, text in AGES] + [_(OLDER)]
    legend = [
        Entry(title, AGE_COLOURS[number], SHAPES[number], codes.count(number))
        for number, title in enumerate(titles)
    ]
    legend.append(Entry(_("unknown"), *UNKNOWN, codes.count(unknown)))
    return tuple(legend), codes


def _age_code(value: object, year: int, unknown: int) -> int:
    """Of a year or a date."""
    begun = str(value)[:4]
    if not (begun.isascii() and begun.isdecimal() and len(begun) == 4):
        return unknown
    age = year - int(begun)
    return next((number for number, (limit, _text) in enumerate(AGES) if age < limit), len(AGES))
