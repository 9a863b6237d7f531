"""Expected errors of the core: types with data. Their wording lives in fieldtool/explain.

ExpectedError (drivers.errors, so that one `except` takes both trees)
├── DeviceError …           see drivers/errors.py
└── CoreError
    each area (labels, store, vault, sync, imports …) defines its own below CoreError, beside its code
"""

from __future__ import annotations

from drivers.errors import ExpectedError

__all__ = ["CoreError", "ExpectedError"]


class CoreError(ExpectedError):
    pass
