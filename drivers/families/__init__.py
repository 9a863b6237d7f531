"""One module per device family, exporting FAMILY (drivers.family.Family). Found by discovery."""
