"""The screens, found by their place: each package exports one SCREEN."""
