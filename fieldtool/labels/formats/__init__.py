"""One module per label format, exporting FORMAT (labels.label.LabelFormat). Found by discovery."""
