"""Errors of printed documents."""

from __future__ import annotations

from drivers.errors import ExpectedError
from fieldtool import documents
from fieldtool.explain import Explanation
from fieldtool.texts import N_

EXPLANATIONS: dict[type[ExpectedError], Explanation] = {
    documents.DocumentNotWritten: Explanation(
        "document_not_written",
        N_("The document cannot be written: {path} ({reason})."),
        N_("Name another file, or close the program that has it open; everything done is saved."),
    ),
}
