"""Assets as files for other programs, and for a second profile: survey → columns → batches → one format.

formats/ one module per format, found by discovery, exporting FORMAT; everything else here knows no format.
What an import has to know to restore everything is in columns.py (names and cells) and restoring.py.
"""
