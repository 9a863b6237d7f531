"""Errors of taking over lists."""

from __future__ import annotations

from drivers.errors import ExpectedError
from fieldtool.explain import Explanation
from fieldtool.imports import errors
from fieldtool.texts import N_

EXPLANATIONS: dict[type[ExpectedError], Explanation] = {
    errors.FileUnreadable: Explanation(
        "file_unreadable",
        N_("The file {path} cannot be read: {reason}"),
        N_("Check name and rights of the file."),
    ),
    errors.FileTooLarge: Explanation(
        "file_too_large",
        N_("The file {path} has {megabytes} MB; up to {limit} MB are taken over at once."),
        N_("Split the list, for example by district, and import the parts one after the other."),
    ),
    errors.FileEmpty: Explanation(
        "file_empty",
        N_("The file {path} holds no rows."),
        N_("Export the list anew from its program and check that it holds data."),
    ),
    errors.FormatUnknown: Explanation(
        "format_unknown",
        N_("{path} is in none of the formats that can be read: {known}"),
        N_("Save the list as CSV (in a spreadsheet: Save as, CSV UTF-8) or export it as GeoJSON."),
    ),
    errors.FormatUnavailable: Explanation(
        "format_unavailable",
        N_("A part of this program that reads lists does not load: {module} ({cause})"),
        N_("'fieldtool doctor' shows what is broken; install the program anew."),
    ),
    errors.FileDamaged: Explanation(
        "file_damaged",
        N_("{path} is damaged and cannot be read ({cause})."),
        N_("The file may have been cut off on its way: fetch or export it anew. Nothing was imported."),
    ),
    errors.UnpackedTooLarge: Explanation(
        "unpacked_too_large",
        N_("{path} holds more than {limit} MB once it is unpacked."),
        N_("Check where the file comes from. Split a list that is really so large and import the parts."),
    ),
    errors.WorkbookProtected: Explanation(
        "workbook_protected",
        N_("The workbook {path} is protected by a password."),
        N_("Open it in the spreadsheet program, save it without a password and import that file."),
    ),
    errors.ShapefileIncomplete: Explanation(
        "shapefile_incomplete",
        N_("A shapefile is several files of one name; beside {path} is missing: {missing}"),
        N_("Copy all the files of this name into one folder, or fetch the shapefile as a .zip."),
    ),
    errors.SeveralLayers: Explanation(
        "several_layers",
        N_("{path} holds several lists: {layers}"),
        N_("Name the one to take over with --layer NAME, and import them one after the other."),
    ),
    errors.LayerUnknown: Explanation(
        "layer_unknown",
        N_("{path} has no list {layer}; it holds: {layers}"),
        N_("Write the name as it stands in the file."),
    ),
    errors.TextUnreadable: Explanation(
        "text_unreadable",
        N_("{path} mixes two encodings; the first wrong character is in line {line}."),
        N_("Open the file in a text editor, correct this line and save it all as UTF-8."),
    ),
    errors.TableBroken: Explanation(
        "table_broken",
        N_("The table in {path} is broken at row {row}: {reason}"),
        N_(
            "Open the file in a spreadsheet, correct this row and save it as CSV UTF-8. Nothing was imported."
        ),
    ),
    errors.GeoJsonBroken: Explanation(
        "geojson_broken",
        N_("The GeoJSON in {path} is broken at line {line}: {reason}"),
        N_("The file may have been cut off on its way: fetch or export it anew. Nothing was imported."),
    ),
    errors.MappingInvalid: Explanation(
        "mapping_invalid",
        N_("The mapping {path} cannot be used: {key}: {reason}"),
        N_("Correct this place; 'fieldtool schema mapping' prints what a mapping may contain."),
    ),
    errors.CrsUnknown: Explanation(
        "crs_unknown",
        N_("There is no coordinate system {crs}."),
        N_("Write it as EPSG:25832 (ETRS89/UTM32), EPSG:31466 or 31467 (Gauß-Krüger), EPSG:4326 (WGS84)."),
    ),
    errors.CrsUnclear: Explanation(
        "crs_unclear",
        N_("It is not clear in which coordinate system {path} is. Possible: {candidates}"),
        N_("Ask whoever made the list and name it with --crs EPSG:…; --dry-run shows what would happen."),
    ),
    errors.BoundaryMissing: Explanation(
        "boundary_missing",
        N_("{path} holds no boundary called {name}."),
        N_("Write the name as it stands in the file, or leave it out for all that the file holds."),
    ),
}
