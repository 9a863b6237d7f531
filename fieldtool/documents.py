"""What printed documents share: one HTML page without outside parts, for A4 and for screen readers."""

from __future__ import annotations

import errno
import html
import os
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from fieldtool.errors import CoreError
from fieldtool.store.errors import DiskFull
from fieldtool.system_reasons import system_reason
from fieldtool.texts import current_language

STYLE = """
body { font: 11pt/1.45 "DejaVu Sans", Arial, sans-serif; color: #111; background: #fff;
  font-variant-ligatures: none;
  max-width: 46rem; margin: 2rem auto; padding: 0 1rem }
h1 { font-size: 1.5rem; margin: 0 0 .25rem }
h2 { font-size: 1.1rem; margin: 1.6rem 0 .4rem; border-bottom: 2px solid #111; break-after: avoid }
h3 { font-size: 1rem; margin: 1rem 0 .3rem; break-after: avoid }
table { border-collapse: collapse; width: 100% }
th, td { text-align: left; vertical-align: top; padding: .25rem .5rem .25rem 0;
  border-bottom: 1px solid #bbb; overflow-wrap: break-word }
table.fixed { table-layout: fixed }
thead { display: table-header-group }
tr { break-inside: avoid }
td.number { text-align: right; font-variant-numeric: tabular-nums }
td.time { font-variant-numeric: tabular-nums }
td.code { font-size: .8em; overflow-wrap: anywhere }
.small { font-size: .85em }
.sum { font-size: 1.1rem; font-weight: bold }
.note { border-left: 4px solid #111; padding-left: .75rem }
ul.note { padding-left: 2rem }
@page { size: A4; margin: 16mm 15mm 18mm;
  @bottom-right { content: counter(page) " / " counter(pages); font: 8pt "DejaVu Sans", Arial, sans-serif } }
@media print { body { margin: 0; padding: 0; max-width: none; font-size: 10pt } }
"""


@dataclass(eq=False)
class DocumentNotWritten(CoreError):
    path: str
    reason: str


def page(title: str, parts: Iterable[str]) -> str:
    """`parts` are HTML, `title` is plain text."""
    return "\n".join(
        (
            f'<!doctype html><html lang="{current_language()}"><head><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{h(title)}</title><style>{STYLE}</style></head><body><main>",
            f"<h1>{h(title)}</h1>",
            *parts,
            "</main></body></html>\n",
        )
    )


def table(facts: Iterable[tuple[str, str]]) -> str:
    """Plain texts, each with what it is called before it."""
    rows = (f'<tr><th scope="row">{h(name)}</th><td>{h(value)}</td></tr>' for name, value in facts)
    return f"<table><tbody>{''.join(rows)}</tbody></table>"


def listing(
    heads: Sequence[str],
    rows: Iterable[Sequence[str]],
    classes: Sequence[str] = (),
    widths: Sequence[str] = (),
) -> str:
    """`heads` are plain texts, the cells of `rows` are HTML, `classes` are those of the columns. With
    `widths` (CSS lengths, one for each column) tables below each other line up."""
    named = [*classes, *[""] * (len(heads) - len(classes))]
    opening = [f'<td class="{name}">' if name else "<td>" for name in named]
    head = "".join(f'<th scope="col">{h(text)}</th>' for text in heads)
    body = (
        "<tr>" + "".join(f"{td}{cell}</td>" for td, cell in zip(opening, cells, strict=True)) + "</tr>"
        for cells in rows
    )
    columns = "".join(f'<col style="width: {width}">' for width in widths)
    opened = f'<table class="fixed"><colgroup>{columns}</colgroup>' if widths else "<table>"
    return f"{opened}<thead><tr>{head}</tr></thead><tbody>{''.join(body)}</tbody></table>"


def h(text: object) -> str:
    return html.escape(str(text))


def write_document(path: Path, content: str | bytes) -> Path:
    """Written beside and renamed, so that a reader never sees half a page. Raises DiskFull,
    DocumentNotWritten."""
    partial = path.with_name(f"{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with partial.open("wb") as stream:
            stream.write(content.encode() if isinstance(content, str) else content)
            stream.flush()
            os.fsync(stream.fileno())
        partial.replace(path)
    except OSError as error:
        with suppress(OSError):
            partial.unlink()
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFull(str(path)) from error
        raise DocumentNotWritten(str(path), system_reason(error)) from error
    return path
