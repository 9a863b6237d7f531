"""The fault run: kills the application everywhere, drops the platform's answers, and compares both sides.

python3 installer/dev.py faults [--short] [--seed N] [--runs N] [--kills N]
"""
