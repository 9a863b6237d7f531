"""One module per file format, exporting FORMAT (exports.target.ExportFormat). Found by discovery."""
