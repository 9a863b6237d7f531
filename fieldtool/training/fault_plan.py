"""The fault plan: when the platform misbehaves, and how. Form: resources/schemas/fault-plan.json.

{"rules": [{"match": {…}, WHEN, "fault": NAME, …}]}

match  "method": "POST" or "POST|PATCH", "GRPC" for a call of the network server; "path": a glob over the path
       without its query ("/ngsi-ld/*", "/open311/*", "/api.DeviceService/Create"); "type": an entity type in
       the query, the body or the id. All optional; of NGSI-LD and gRPC only requests with the right token.
WHEN   "nth": n: the n-th matching request, once. "every": n: each n-th. "probability": p with "seed": s.
       Without one of them: every matching request. "times": n: at most n times.
       Every rule counts its matching requests from when the plan was set; the first rule that is due acts.

fault                work done?   what the client gets
drop_before          no           the connection closed without an answer
drop_after           yes          the same
drop_half            half         the same, in the middle of a batch; else as drop_before
status + "status"    no           that status, as the interface words it; "retry_after": s as header;
                                  a gRPC code by its name ("UNAVAILABLE");
                     "work": true: yes, as behind a gateway that lost patience
gateway_401, _403    no           a gateway's refusal, which is not in the broker's form
html                 no           a page instead of JSON, with 200 or "status"; "work": true: yes
slow + "seconds"     yes          the answer, but the work begins only after s
hold + "seconds"     yes          the answer, but s after the work is done; the event "held" says when
cut + "bytes"        yes          the head and n bytes of the body; without a body n bytes of the head
repeat               twice        the answer to the second time, as behind a proxy that asked again
"""

from __future__ import annotations

import json
import random
import threading
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from fieldtool.schemas import violation
from fieldtool.system_reasons import system_reason
from fieldtool.texts import _
from fieldtool.training.content import parsed, unpacked
from fieldtool.training.errors import FaultPlanInvalid
from fieldtool.training.wire import Asked, Refused

SCHEMA = "fault-plan"
GRPC = "GRPC"
GRPC_FAULTS = ("drop_before", "drop_after", "status", "slow", "hold", "repeat")


@dataclass
class Rule:
    document: dict[str, Any]
    chance: random.Random = field(init=False)
    matched: int = 0
    fired: int = 0

    def __post_init__(self) -> None:
        self.chance = random.Random(self.document.get("seed"))

    @property
    def fault(self) -> str:
        return str(self.document["fault"])

    def number(self, name: str, default: float = 0) -> float:
        return float(self.document.get(name, default))

    def matches(self, asked: Asked) -> bool:
        match = self.document.get("match", {})
        if asked.method == GRPC and not self._for_grpc():
            return False
        if "method" in match and asked.method not in match["method"].split("|"):
            return False
        if asked.method != GRPC and isinstance(self.document.get("status"), str):
            return False
        if not fnmatchcase(asked.path, match.get("path", "*")):
            return False
        return "type" not in match or match["type"] in entity_types(asked)

    def _for_grpc(self) -> bool:
        """Statuses of gRPC are names, those of HTTP numbers; a page or half a body there is in HTTP only."""
        return self.fault in GRPC_FAULTS and isinstance(self.document.get("status", ""), str)

    def due(self) -> bool:
        """Of a matching request; counts it."""
        self.matched += 1
        if self.fired >= self.document.get("times", self.fired + 1):
            return False
        if "nth" in self.document:
            return self.matched == int(self.document["nth"])
        if "every" in self.document:
            return self.matched % int(self.document["every"]) == 0
        if "probability" in self.document:
            return self.chance.random() < self.number("probability")
        return True


class FaultPlan:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._rules: list[Rule] = []

    def set(self, document: Any, file: str) -> None:
        """Starts counting anew. Raises FaultPlanInvalid, and then keeps the old plan."""
        wrong = violation(document, SCHEMA)
        if wrong is not None:
            raise FaultPlanInvalid(file, wrong.key, wrong.reason)
        rules = [Rule(rule) for rule in document["rules"]]
        with self._lock:
            self._rules = rules

    def due(self, asked: Asked) -> Rule | None:
        with self._lock:
            due = None
            for rule in self._rules:
                if rule.matches(asked) and rule.due() and due is None:
                    rule.fired += 1
                    due = rule
            return due

    def state(self) -> dict[str, Any]:
        with self._lock:
            return {
                "rules": [
                    {**rule.document, "matched": rule.matched, "fired": rule.fired} for rule in self._rules
                ]
            }


def load(path: Path) -> Any:
    """Raises FaultPlanInvalid."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise FaultPlanInvalid(str(path), "$", system_reason(error)) from error
    except ValueError as error:
        raise FaultPlanInvalid(str(path), "$", _("this is not JSON")) from error


def entity_types(asked: Asked) -> set[str]:
    """Those a request names: in its query, its body, or its id where that is urn:ngsi-ld:TYPE:…"""
    found = set(dict(parse_qsl(asked.query)).get("type", "").split(","))
    try:
        body = parsed(unpacked(asked)) if asked.body else None
    except Refused:
        body = None
    for item in body if isinstance(body, list) else [body]:
        if isinstance(item, dict):
            kinds = item.get("type", [])
            found |= {str(kind) for kind in (kinds if isinstance(kinds, list) else [kinds])}
        found |= _type_in_id(item.get("id") if isinstance(item, dict) else item)
    for segment in asked.segments:
        found |= _type_in_id(segment)
    return found - {""}


def _type_in_id(identifier: object) -> set[str]:
    parts = str(identifier).split(":")
    return {parts[2]} if parts[:2] == ["urn", "ngsi-ld"] and len(parts) > 3 else set()
