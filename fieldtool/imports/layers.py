"""Which of several layers is meant."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from fieldtool.imports.errors import LayerUnknown, SeveralLayers


def chosen_layer(path: Path, layers: Sequence[str], named: str | None) -> str:
    """The named one, else the only one. Raises LayerUnknown, SeveralLayers."""
    if named is not None:
        if named not in layers:
            raise LayerUnknown(str(path), named, tuple(layers))
        return named
    if len(layers) > 1:
        raise SeveralLayers(str(path), tuple(layers))
    return layers[0]
