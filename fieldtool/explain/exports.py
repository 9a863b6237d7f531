"""Errors of exports."""

from __future__ import annotations

from drivers.errors import ExpectedError
from fieldtool.explain import Explanation
from fieldtool.exports import errors
from fieldtool.texts import N_

EXPLANATIONS: dict[type[ExpectedError], Explanation] = {
    errors.ExportFormatUnknown: Explanation(
        "export_format_unknown",
        N_("{path} says nothing of a format that can be written."),
        N_("Name one with --format. Known: {known}."),
    ),
    errors.ExportFormatUnavailable: Explanation(
        "export_format_unavailable",
        N_("A format of exports cannot be used: {module} ({cause})"),
        N_("Install Fieldtool again; if that does not help, report it."),
    ),
    errors.NothingToExport: Explanation(
        "nothing_to_export",
        N_("There are no assets to export."),
        N_("Choose another class or another area."),
    ),
    errors.TargetExists: Explanation(
        "export_target_exists",
        N_("{path} is there already; it was not replaced."),
        N_("Choose another name, or repeat it with --force."),
    ),
    errors.TargetForeign: Explanation(
        "target_foreign",
        N_("{path} is a folder with other things in it; it is never replaced."),
        N_("Choose another folder."),
    ),
    errors.TargetOpen: Explanation(
        "target_open",
        N_("{path} is open in another program."),
        N_("Close it there and try again."),
    ),
    errors.TargetNotWritten: Explanation(
        "target_not_written",
        N_("{path} cannot be written: {reason}"),
        N_("Choose a folder that you may write to."),
    ),
    errors.ExportCrsUnknown: Explanation(
        "export_crs_unknown",
        N_("The coordinate system {crs} is not known."),
        N_("Name it by its EPSG code, as EPSG:25832."),
    ),
    errors.ExportCrsFixed: Explanation(
        "export_crs_fixed",
        N_("The format {format} knows no other coordinate system than {crs}."),
        N_("Leave --crs out, or choose another format."),
    ),
    errors.CellTooLong: Explanation(
        "cell_too_long",
        N_("{column}: a cell holds {limit} characters, this text has {characters}."),
        N_("Choose GeoPackage or CSV, or shorten the text."),
    ),
    errors.TooManyRows: Explanation(
        "too_many_rows",
        N_("{name}: a sheet holds {limit} rows, these are {rows}."),
        N_("Export a part by --bbox, or choose GeoPackage or CSV."),
    ),
}
