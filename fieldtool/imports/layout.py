"""The shape of a table: delimiter of a text, header row below a preamble, blank and totals rows."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Protocol

from fieldtool.imports.words import clean

DELIMITERS = (";", ",", "\t", "|")
SAMPLE_ROWS = 100
HEADER_WITHIN = 40
FIELD_LIMIT = 1_000_000
PLAIN_NUMBER = re.compile(r"[-+]?[\d.,]*\d[\d.,]*")
TOTALS_WORD = re.compile(r"(gesamt|summe|insgesamt|total|sum|anzahl)\b", re.IGNORECASE)
DBF_TAIL = re.compile(r",[CNDFLM],\d+(,\d+)?$")

Cells = list[str]


class Lines(Protocol):
    """A `csv.reader`."""

    line_num: int

    def __iter__(self) -> Iterator[Cells]: ...

    def __next__(self) -> Cells: ...


def records(text: str, delimiter: str) -> Lines:
    """Raises csv.Error, for a field longer than FIELD_LIMIT among others."""
    csv.field_size_limit(FIELD_LIMIT)
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)


def guess_delimiter(text: str) -> str:
    """The one that cuts most rows of the sample into the same number of cells, the more the better."""
    sample = text[:200_000]

    def fitness(delimiter: str) -> tuple[float, int]:
        try:
            widths = [len(row) for row in islice(records(sample, delimiter), SAMPLE_ROWS) if row]
        except csv.Error:
            return 0.0, 0
        common = Counter(width for width in widths if width > 1).most_common(1)
        return (common[0][1] / len(widths), common[0][0]) if common else (0.0, 0)

    best = max(DELIMITERS, key=lambda delimiter: (round(fitness(delimiter)[0], 1), fitness(delimiter)[1]))
    return best if fitness(best)[1] else ","


def find_header(rows: Sequence[Cells]) -> int | None:
    """The index of the header, None where the table has none: the first of the fullest rows of words above
    the first row of figures. A preamble and a row of group titles are emptier than the header."""
    filled = [sum(1 for cell in row if cell.strip()) for row in rows[:SAMPLE_ROWS]]
    usual = Counter(count for count in filled if count).most_common(1)
    if not usual:
        return None
    common = usual[0][0]
    filled = [min(count, common) for count in filled]
    titles: list[int] = []
    for index, row in enumerate(rows[:HEADER_WITHIN]):
        if _reads_like_titles(row):
            titles.append(index)
        elif filled[index] >= 0.9 * common:
            break
    full = max((filled[index] for index in titles), default=0)
    if full < 0.6 * common:
        return None
    return next(index for index in titles if filled[index] >= 0.9 * full)


def _reads_like_titles(row: Cells) -> bool:
    """Few figures, few repetitions."""
    names = [cell.strip() for cell in row if cell.strip()]
    figures = sum(1 for name in names if PLAIN_NUMBER.fullmatch(name))
    return bool(names) and figures <= 0.3 * len(names) and len(set(names)) > len(names) / 2


def column_names(header: Cells | None, width: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """One name per column, and those that had to be told apart from an earlier one of the same name."""
    cells = header or []
    names: list[str] = []
    renamed: list[str] = []
    for index in range(width):
        name = clean_name(cells[index]) if index < len(cells) else ""
        name = name or f"column_{index + 1}"
        if name in names:
            count = 2
            while f"{name} ({count})" in names:
                count += 1
            name = f"{name} ({count})"
            renamed.append(name)
        names.append(name)
    return tuple(names), tuple(renamed)


def clean_name(name: str) -> str:
    """Without byte order marks, line breaks and the field types that DBF exports append."""
    return DBF_TAIL.sub("", " ".join(clean(name).split()))


def is_totals(cells: Cells, usual: int) -> bool:
    """A last row that sums up: a word for it in its first cell, or one lonely figure."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    if not filled or usual < 3 or len(filled) > usual / 2:
        return False
    return bool(TOTALS_WORD.match(filled[0])) or (
        len(filled) == 1 and PLAIN_NUMBER.fullmatch(filled[0]) is not None
    )
