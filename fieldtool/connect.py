"""A device on a port, for as long as it is needed; the port is released whatever happens."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from drivers.errors import FamilyUnavailable
from drivers.family import ConfigurableDevice, Family, Trace, load_family
from drivers.secret import Secret
from drivers.transport.serial import open_serial
from fieldtool.catalogue import DeviceProfile
from fieldtool.errors import CoreError
from fieldtool.system_reasons import system_reason


@dataclass(eq=False)
class PasswordFileUnreadable(CoreError):
    path: str
    reason: str


def device_password(file: Path | None) -> Secret | None:
    """From the file, else from FIELDTOOL_DEVICE_PASSWORD. Raises PasswordFileUnreadable."""
    if file is None:
        text = os.environ.get("FIELDTOOL_DEVICE_PASSWORD")
        return Secret(text) if text else None
    try:
        return Secret(file.read_text(encoding="utf-8").strip())
    except (OSError, UnicodeDecodeError) as error:
        raise PasswordFileUnreadable(str(file), system_reason(error)) from None


@contextmanager
def connected(port: str, kind: DeviceProfile | Family, trace: Trace) -> Iterator[ConfigurableDevice]:
    """Raises FamilyUnavailable, PortMissing, PortBusy, PortForbidden."""
    if isinstance(kind, DeviceProfile):
        family, serial = load_family(kind.family), kind.serial
    else:
        family, serial = kind, None
    if family.configure is None:
        raise FamilyUnavailable(family.name, "no console")
    with closing(open_serial(port, serial or family.serial)) as pipe:
        yield family.configure(pipe, trace)
