"""Carrying out one fault of the plan on one request."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

from fieldtool.training import content, maps, tokens
from fieldtool.training.fault_plan import Rule
from fieldtool.training.platform import Platform
from fieldtool.training.wire import ERRORS, Answer, Asked, Kind, Refused, json_answer

PAGE = b"<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head><body>upstream</body></html>"


class Wire(Protocol):
    def send(self, answer: Answer) -> None: ...

    def send_part(self, answer: Answer, body_bytes: int) -> None:
        """And closes the connection."""

    def drop(self) -> None: ...


@dataclass(frozen=True)
class Case:
    platform: Platform
    asked: Asked
    rule: Rule
    wire: Wire
    work: Callable[[Asked], Answer]

    def answered(self, answer: Answer) -> None:
        self.wire.send(answer)
        self.platform.events.tell("done", self.asked, answer.status, self.rule.fault)

    def dropped(self, status: int | None = None) -> None:
        """`status` is what would have been answered. Told first: the client may act on the closed line."""
        self.platform.events.tell("dropped", self.asked, status, self.rule.fault)
        self.wire.drop()

    def wait(self) -> None:
        self.platform.stopping.wait(self.rule.number("seconds"))


def carry_out(case: Case) -> None:
    FAULTS[case.rule.fault](case)


def drop_before(case: Case) -> None:
    case.dropped()


def drop_after(case: Case) -> None:
    case.dropped(case.work(case.asked).status)


def drop_half(case: Case) -> None:
    half = first_half(case.asked)
    if half is not None:
        case.work(half)
    case.dropped()


def first_half(asked: Asked) -> Asked | None:
    """The same batch with the first half of its entities; None where there is no such half."""
    try:
        items = content.parsed(content.unpacked(asked)) if "entityOperations" in asked.segments else []
    except Refused:
        return None
    if not isinstance(items, list) or len(items) < 2:
        return None
    headers = {name: value for name, value in asked.headers.items() if name != "content-encoding"}
    return replace(asked, headers=headers, body=json.dumps(items[: len(items) // 2]).encode())


def status(case: Case) -> None:
    wanted = int(case.rule.number("status"))
    if case.rule.document.get("work"):
        case.work(case.asked)
    after = case.rule.document.get("retry_after")
    headers = {} if after is None else {"Retry-After": str(after)}
    if case.asked.segments[:1] == ("open311",):
        case.answered(
            json_answer(wanted, [{"code": wanted, "description": "made by the fault plan"}], headers)
        )
        return
    if case.asked.segments[:1] == ("opendatasoft",):
        refusal = {"error_code": "TrainingFault", "message": "made by the fault plan"}
        case.answered(json_answer(wanted, refusal, headers))
        return
    if case.asked.segments[:1] == ("maps",):
        given = maps.refused(wanted, "made by the fault plan")
        case.answered(replace(given, headers={**given.headers, **headers}))
        return
    if case.asked.segments[:1] == ("ckan",):
        error = {"__type": "Training Fault", "message": "made by the fault plan"}
        case.answered(json_answer(wanted, {"success": False, "error": error}, headers))
        return
    kind = next((kind for kind in Kind if kind.status == wanted), None)
    document = {
        "type": ERRORS + kind.term if kind else "about:blank",
        "title": kind.title if kind else "training fault",
        "detail": "made by the fault plan",
        "status": wanted,
    }
    case.answered(json_answer(wanted, document, headers))


def gateway_401(case: Case) -> None:
    case.answered(tokens.gateway_401())


def gateway_403(case: Case) -> None:
    case.answered(tokens.gateway_403())


def html(case: Case) -> None:
    if case.rule.document.get("work"):
        case.work(case.asked)
    wanted = int(case.rule.number("status", 200))
    case.answered(Answer(wanted, PAGE, {"Content-Type": "text/html; charset=utf-8"}))


def slow(case: Case) -> None:
    case.wait()
    case.answered(case.work(case.asked))


def hold(case: Case) -> None:
    answer = case.work(case.asked)
    case.platform.events.tell("held", case.asked, answer.status, case.rule.fault)
    case.wait()
    case.answered(answer)


def cut(case: Case) -> None:
    answer = case.work(case.asked)
    case.platform.events.tell("dropped", case.asked, answer.status, case.rule.fault)
    case.wire.send_part(answer, int(case.rule.number("bytes")))


def repeat(case: Case) -> None:
    case.work(case.asked)
    case.answered(case.work(case.asked))


FAULTS: dict[str, Callable[[Case], None]] = {
    fault.__name__: fault
    for fault in (
        *(drop_before, drop_after, drop_half, status, gateway_401, gateway_403, html),
        *(slow, hold, cut, repeat),
    )
}
