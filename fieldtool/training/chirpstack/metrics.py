"""GetLinkMetrics: one uplink of a fixed strength at the moment of joining, nothing before."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import grpc
from chirpstack_api.api import device_pb2
from chirpstack_api.common import common_pb2

from fieldtool.training.chirpstack import store
from fieldtool.training.chirpstack.wire import Refusal, eui, stamp
from fieldtool.training.database import Work

RSSI_DBM = -97.0
SNR_DB = 7.5
FORMS = {
    common_pb2.Aggregation.MINUTE: "%Y-%m-%dT%H:%M:00Z",
    common_pb2.Aggregation.HOUR: "%Y-%m-%dT%H:00:00Z",
    common_pb2.Aggregation.DAY: "%Y-%m-%dT00:00:00Z",
    common_pb2.Aggregation.MONTH: "%Y-%m-01T00:00:00Z",
}
STEPS = {
    common_pb2.Aggregation.MINUTE: timedelta(minutes=1),
    common_pb2.Aggregation.HOUR: timedelta(hours=1),
    common_pb2.Aggregation.DAY: timedelta(days=1),
    common_pb2.Aggregation.MONTH: timedelta(days=1),
}
MAX_STEPS = 10_000


def get_link_metrics(work: Work, request: Any) -> device_pb2.GetDeviceLinkMetricsResponse:
    for name in ("start", "end"):
        if not request.HasField(name):
            raise Refusal(grpc.StatusCode.INTERNAL, f"{name} is None")
    joined = store.session(work, eui(request.dev_eui))
    times = buckets(request)
    seen = None if joined is None else bucket(datetime.fromisoformat(joined.joined_at), request.aggregation)

    def metric(title: str, label: str, value: float, kind: Any) -> common_pb2.Metric:
        data = [value if time == seen else 0.0 for time in times]
        return common_pb2.Metric(
            name=title,
            timestamps=[stamp(time) for time in times],
            datasets=[common_pb2.MetricDataset(label=label, data=data)],
            kind=kind,
        )

    absolute = common_pb2.MetricKind.ABSOLUTE
    return device_pb2.GetDeviceLinkMetricsResponse(
        rx_packets=metric("Received", "rx_count", 1.0, absolute),
        gw_rssi=metric("RSSI", "rssi", RSSI_DBM, absolute),
        gw_snr=metric("SNR", "snr", SNR_DB, absolute),
    )


def buckets(request: Any) -> list[str]:
    """Beginnings of the hours (or what is asked for) from start to end, in UTC."""
    time, end = (moment.ToDatetime(tzinfo=UTC) for moment in (request.start, request.end))
    step = STEPS[request.aggregation]
    if (end - time) / step > MAX_STEPS:
        raise Refusal(grpc.StatusCode.INVALID_ARGUMENT, "too long a time for this aggregation")
    found: dict[str, None] = {}
    while time <= end:
        found[bucket(time, request.aggregation)] = None
        time += step
    if request.start.ToDatetime() <= request.end.ToDatetime():
        found[bucket(end, request.aggregation)] = None
    return list(found)


def bucket(time: datetime, aggregation: Any) -> str:
    return time.astimezone(UTC).strftime(FORMS[aggregation])
