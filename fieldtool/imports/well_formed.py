"""Whether XML is whole, before anything is taken from it."""

from __future__ import annotations

from pathlib import Path
from xml.parsers import expat

from fieldtool.imports.errors import FileDamaged


def check_xml(path: Path) -> None:
    """GDAL takes what it finds in broken XML and says nothing of the rest. Nothing the file refers to is
    fetched. Raises FileDamaged."""
    with path.open("rb") as file:
        try:
            expat.ParserCreate().ParseFile(file)
        except (
            expat.ExpatError,
            LookupError,
            ValueError,
        ) as error:  # The last two: an encoding unknown here.
            raise FileDamaged(str(path), str(error)) from error
