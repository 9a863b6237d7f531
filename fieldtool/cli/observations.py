"""`fieldtool observations`: what was measured."""

from __future__ import annotations

import argparse
from collections.abc import Mapping

from fieldtool.arguments import at_least_one
from fieldtool.command import Command, Invocation
from fieldtool.entities import time_text
from fieldtool.jsontypes import Json
from fieldtool.observation import Datastream, Observation
from fieldtool.operation import DeliveryState
from fieldtool.texts import N_, _, decimal, local_time
from fieldtool.units import printed


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--device", metavar="ID", help=_("only of this device (id or DevEUI)"))
    parser.add_argument("--datastream", metavar="ID", help=_("only of this series"))
    parser.add_argument("--limit", type=at_least_one, metavar="N", help=_("at most so many"))


def run(options: argparse.Namespace, invocation: Invocation) -> int:
    from fieldtool.profile import open_invocation_profile

    streams: dict[str, Datastream] = {}
    with open_invocation_profile(invocation, write=False) as profile:
        store = profile.store
        named = next(store.devices(dev_eui=options.device, limit=1), None) if options.device else None
        for observation in store.observations(
            device_id=named.id if named is not None else options.device,
            datastream_id=options.datastream,
            limit=options.limit,
        ):
            stream = streams.get(observation.datastream_id)
            if stream is None:
                stream = store.get(Datastream, observation.datastream_id)
                streams[stream.id] = stream
            sync = store.sync_states(observation.id)
            invocation.row(row(observation, stream, sync), text(observation, stream))
    if not streams:
        invocation.say(_("Nothing found."))
    return 0


def row(observation: Observation, stream: Datastream, sync: Mapping[str, DeliveryState]) -> dict[str, Json]:
    return {
        "id": observation.id,
        "device_id": stream.device_id,
        "datastream_id": stream.id,
        "observed_property": stream.observed_property,
        "unit": stream.unit,
        "phenomenon_time": time_text(observation.phenomenon_time),
        "result": observation.result,
        "quality": observation.quality,
        "raw": observation.raw,
        "sync": dict(sync),
    }


def text(observation: Observation, stream: Datastream) -> str:
    at, value = local_time(observation.phenomenon_time), decimal(observation.result)
    mark = "" if observation.quality == "plausible" else "  " + _("implausible")
    return f"{at}  {stream.observed_property}  {value} {printed(stream.unit)}{mark}"


COMMAND = Command(N_("list the observations of the profile"), arguments, run)
