"""What a device family offers, and what it is given. One module in families/ exports one FAMILY."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from drivers import discovery, families
from drivers.errors import FamilyUnavailable
from drivers.reading import DeviceIdentity, Fix, RadioLink, Reading
from drivers.secret import Secret
from drivers.transport.pipe import Pipe, SerialSettings

Trace = Callable[[Literal[">", "<"], str], None]
"""Takes every line of the exchange, secrets already masked: ">" sent, "<" received."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """How one setting is read and written. `write` holds `{value}`; None means read-only.

    kind "hex" is compared without blanks and case and has `octets` bytes; "integer" is multiplied by
    `factor` on the wire (interval in s, device in ms: 1000); "text" goes as it is.
    """

    name: str
    kind: Literal["hex", "integer", "text"]
    read: str | None
    write: str | None
    octets: int | None = None
    factor: int = 1
    secret: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """One measured quantity: `pattern` is a regular expression with one group around the number,
    applied to each line of the device's answer; `factor` turns the device's figure into `unit` (UCUM).
    `other_forms` are further patterns with their factors, for firmwares that print it differently."""

    name: str
    unit: str
    pattern: str
    factor: float = 1.0
    other_forms: tuple[tuple[str, float], ...] = ()


class ConfigurableDevice(Protocol):
    """An open device on a console. Every call blocks; call it from one thread. Raises DeviceError."""

    def unlock(self, password: Secret) -> None: ...
    def identity(self) -> DeviceIdentity: ...
    def read_setting(self, setting: Setting) -> str | Secret:
        """hex as lower-case digits, an integer divided by its factor; a Secret where `setting.secret`."""
        ...

    def write_setting(self, setting: Setting, value: str | Secret) -> None:
        """Sends and waits for the device's own confirmation; reading back is the caller's duty."""
        ...

    def measure(self, quantities: Sequence[Quantity]) -> list[Reading]: ...
    def join(self, seconds: float) -> None:
        """Starts a join and waits until the device says it is joined. Raises JoinFailed."""
        ...

    def joined(self) -> bool: ...
    def link(self) -> RadioLink: ...
    def factory_reset(self) -> None: ...
    def restart(self) -> None: ...
    def close(self) -> None: ...


class PositionSource(Protocol):
    """An open GNSS receiver."""

    def fixes(self, seconds: float) -> Iterator[Fix]:
        """Valid fixes as they come, ending after `seconds`. Raises NoFix when there was none, PortLost."""
        ...

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    name: str
    title: str
    serial: SerialSettings
    configure: Callable[[Pipe, Trace], ConfigurableDevice] | None = None
    locate: Callable[[Pipe, Trace], PositionSource] | None = None


def family_names() -> list[str]:
    return discovery.names(families)


def load_family(name: str) -> Family:
    """Raises FamilyUnavailable for an unknown name and for a module that does not load."""
    try:
        return discovery.load(families, name, "FAMILY", Family)
    except KeyError as error:
        raise FamilyUnavailable(name, "unknown") from error
    except discovery.ModuleBroken as error:
        raise FamilyUnavailable(name, error.cause) from error
