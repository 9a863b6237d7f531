"""What a network server tells of a device besides: whether it has joined, and how well it is heard."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from chirpstack_api.api import device_pb2
from chirpstack_api.common import common_pb2
from google.protobuf.timestamp_pb2 import Timestamp

from fieldtool.connectors.chirpstack.channel import CallRefused, Channel, NotThere
from fieldtool.connectors.errors import TargetNotFound
from fieldtool.jsontypes import Json

LOOKED_BACK = timedelta(days=1)


def facts_of(channel: Channel, devices: Any, dev_eui: str, there: Any) -> dict[str, Json]:
    """Never a session key. What the server does not tell is left out."""
    found: dict[str, Json] = {}
    if there.HasField("last_seen_at"):
        found["last_seen_at"] = there.last_seen_at.ToJsonString()
    activation = _asked(
        channel, devices.GetActivation, device_pb2.GetDeviceActivationRequest(dev_eui=dev_eui)
    )
    if activation is not None:
        found["activated"] = bool(activation.HasField("device_activation"))
        if found["activated"]:
            found["dev_addr"] = activation.device_activation.dev_addr
            found["f_cnt_up"] = activation.device_activation.f_cnt_up
    metrics = _asked(channel, devices.GetLinkMetrics, _last_day(dev_eui))
    return found if metrics is None else {**found, **_link(metrics)}


def _asked(channel: Channel, method: Any, request: Any) -> Any:
    """None where the server has nothing to say; that does not stop anybody's work."""
    try:
        return channel.ask(method, request)
    except (NotThere, CallRefused, TargetNotFound):
        return None


def _last_day(dev_eui: str) -> Any:
    now = datetime.now(UTC)
    start, end = Timestamp(), Timestamp()
    start.FromDatetime(now - LOOKED_BACK)
    end.FromDatetime(now)
    return device_pb2.GetDeviceLinkMetricsRequest(
        dev_eui=dev_eui, start=start, end=end, aggregation=common_pb2.Aggregation.DAY
    )


def _link(metrics: Any) -> dict[str, Json]:
    """Strength of the last day on which anything was heard."""
    packets = _values(metrics.rx_packets)
    found: dict[str, Json] = {"packets": int(sum(packets))}
    heard = [index for index, count in enumerate(packets) if count > 0]
    for name, metric in (("rssi_dbm", metrics.gw_rssi), ("snr_db", metrics.gw_snr)):
        values = _values(metric)
        if heard and heard[-1] < len(values):
            found[name] = round(values[heard[-1]], 1)
    return found


def _values(metric: Any) -> list[float]:
    return [float(value) for dataset in metric.datasets[:1] for value in dataset.data]
