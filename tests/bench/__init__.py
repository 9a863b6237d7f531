"""Figures as ratios against a bare baseline, taken in the same run; never part of the tests."""
