"""One call: the token, the fault that is due, the work in one transaction, the answer, the events.

In events a call has the method "GRPC", its path ("/api.DeviceService/Create"), and as status the number of
its gRPC code: 0 is OK.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import grpc

from fieldtool.training import tokens
from fieldtool.training.chirpstack import store
from fieldtool.training.chirpstack.lines import Lines
from fieldtool.training.chirpstack.wire import Refusal
from fieldtool.training.database import Closed, Work
from fieldtool.training.fault_plan import GRPC, Rule
from fieldtool.training.platform import Platform
from fieldtool.training.wire import Asked

Function = Callable[[Work, Any], Any]
# With keys a device can join, and the one of the demonstration does so at once.
JOINS_AFTER = ("/api.DeviceService/CreateKeys", "/api.DeviceService/UpdateKeys")


@dataclass(frozen=True)
class Outcome:
    """`message` is of a call that went well; `details` is of one that did not."""

    code: grpc.StatusCode
    message: Any = None
    details: str = ""

    @property
    def number(self) -> int:
        return int(self.code.value[0])


@dataclass(frozen=True)
class Method:
    """`work` None: ChirpStack offers it, this platform does not."""

    platform: Platform
    lines: Lines
    path: str
    work: Function | None

    def __call__(self, request: Any, context: Any) -> Any:
        headers = {name: value for name, value in context.invocation_metadata() if isinstance(value, str)}
        number = self.platform.events.next_number()
        asked = Asked(number, GRPC, self.path, (), "", headers, b"")
        self.platform.events.tell("request", asked)
        try:
            rule = None if self._stranger(asked) else self.platform.faults.due(asked)
        except Closed:
            rule = None
        call = Call(self, asked, request, context, rule)
        return FAULTS[rule.fault](call) if rule else call.answered(call.done())

    def _stranger(self, asked: Asked) -> bool:
        return tokens.refusal(self.platform.database, asked.headers) is not None

    def outcome(self, asked: Asked, request: Any) -> Outcome:
        try:
            if self._stranger(asked):
                return Outcome(grpc.StatusCode.UNAUTHENTICATED, details="invalid token")
            if self.work is None:
                details = "this training platform does not offer it"
                return Outcome(grpc.StatusCode.UNIMPLEMENTED, details=details)
            with self.platform.database.transaction() as work:
                message = self.work(work, request)
                if self.path in JOINS_AFTER:
                    store.join(work, request.device_keys.dev_eui.lower())
        except Refusal as refusal:
            return Outcome(refusal.code, details=refusal.details)
        except sqlite3.Error as error:
            return Outcome(grpc.StatusCode.INTERNAL, details=str(error))
        except Closed:
            return Outcome(grpc.StatusCode.UNAVAILABLE, details="the platform is going down")
        return Outcome(grpc.StatusCode.OK, message)


@dataclass(frozen=True)
class Call:
    method: Method
    asked: Asked
    request: Any
    context: Any
    rule: Rule | None

    @property
    def fault(self) -> str | None:
        return None if self.rule is None else self.rule.fault

    def done(self) -> Outcome:
        return self.method.outcome(self.asked, self.request)

    def tell(self, event: Any, status: int | None) -> None:
        self.method.platform.events.tell(event, self.asked, status, self.fault)

    def wait(self, rule: Rule) -> None:
        self.method.platform.stopping.wait(rule.number("seconds"))

    def answered(self, outcome: Outcome) -> Any:
        if not self.context.is_active():
            self.tell("gone", outcome.number)
            self.context.abort(grpc.StatusCode.CANCELLED, "the client went away")
        self.tell("done", outcome.number)
        if outcome.code is not grpc.StatusCode.OK:
            self.context.abort(outcome.code, outcome.details)
        return outcome.message

    def dropped(self, status: int | None = None) -> Any:
        """Told first: the client may act on the closed line."""
        self.tell("dropped", status)
        self.method.lines.cut(self.context.peer())
        self.context.abort(grpc.StatusCode.CANCELLED, "the line is cut")


def drop_before(call: Call) -> Any:
    return call.dropped()


def drop_after(call: Call) -> Any:
    return call.dropped(call.done().number)


def status(call: Call) -> Any:
    document = call.rule.document if call.rule else {}
    if document.get("work"):
        call.done()
    code = grpc.StatusCode[str(document["status"])]
    return call.answered(Outcome(code, details="made by the fault plan"))


def slow(call: Call) -> Any:
    if call.rule:
        call.wait(call.rule)
    return call.answered(call.done())


def hold(call: Call) -> Any:
    outcome = call.done()
    call.tell("held", outcome.number)
    if call.rule:
        call.wait(call.rule)
    return call.answered(outcome)


def repeat(call: Call) -> Any:
    call.done()
    return call.answered(call.done())


FAULTS: dict[str, Callable[[Call], Any]] = {
    fault.__name__: fault for fault in (drop_before, drop_after, status, slow, hold, repeat)
}
