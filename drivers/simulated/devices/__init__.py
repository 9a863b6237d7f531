"""Simulated devices, found by their place: each module exports one DEVICE."""
