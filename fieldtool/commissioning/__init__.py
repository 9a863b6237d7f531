"""The commissioning workflow: a resumable sequence from the label to the finished sensor."""
