"""Taking over lists as they are: file → rows → records → one operation, every row accounted for.

formats/ one module per format, found by discovery, exporting FORMAT; everything else here knows no format.
"""
