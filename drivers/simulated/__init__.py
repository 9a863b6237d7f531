"""Devices from the other side of the wire: they speak bytes, on a pty, in a process of their own.

Written from specifications and published sources, sharing no code with drivers.families and drivers.framing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from drivers import discovery
from drivers.simulated import devices

if TYPE_CHECKING:
    from drivers.simulated.device import SimulatedType
    from drivers.simulated.script import Script


@dataclass(frozen=True, slots=True)
class Ready:
    """`port` is the pty, `link` the name asked for."""

    device_type: str
    port: str
    link: str | None
    dev_eui: str | None


def simulated_types() -> list[str]:
    return [name.replace("_", "-") for name in discovery.names(devices)]


def load_type(name: str) -> SimulatedType:
    """Raises UnknownDeviceType."""
    from drivers.simulated.device import SimulatedType
    from drivers.simulated.errors import UnknownDeviceType

    if name not in simulated_types():
        raise UnknownDeviceType(name, ", ".join(simulated_types()))
    return discovery.load(devices, name.replace("-", "_"), "DEVICE", SimulatedType)


def run(
    device_type: str,
    script: Script,
    port_link: Path | None,
    on_ready: Callable[[Ready], None],
    *,
    stop_when_readable: int | None = None,
    stop_at_end_of: int | None = None,
) -> None:
    """Runs the device in this thread until one of the two file descriptors says stop; the link is gone then.

    Raises UnknownDeviceType, PortLinkExists, PortLinkFailed, StateFileUnusable.
    """
    from drivers.simulated.pty_port import PtyPort
    from drivers.simulated.wire import Wire

    kind = load_type(device_type)
    port = PtyPort(port_link)
    try:
        wire = Wire(port)
        device = kind.start(wire, script)
        device.power_on()
        on_ready(Ready(device_type, port.name, str(port.link) if port.link else None, device.dev_eui))
        wire.run(device.received, stop_when_readable=stop_when_readable, stop_at_end_of=stop_at_end_of)
    finally:
        port.close()
