"""Bringing the outbox to the platforms, one after the other."""
