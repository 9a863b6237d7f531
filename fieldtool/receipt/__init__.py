"""The receipt of the day: what was confirmed by which platform, what still waits and why."""
