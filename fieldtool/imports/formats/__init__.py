"""One module per file format, exporting FORMAT (imports.source.ImportFormat). Found by discovery."""
