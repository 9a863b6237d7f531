"""What infrastructure staff do with the records of assets: make, change, delete, restore, many at once."""
