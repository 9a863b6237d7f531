"""A file from where a client has it to its end (RFC 9110, 14): one range, only of what If-Range names."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace

from fieldtool.training.wire import Answer, Asked


def answer(asked: Asked, whole: Answer) -> Answer:
    if whole.status != 200:
        return whole
    body = whole.body
    tag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
    headers = {**whole.headers, "ETag": tag, "Accept-Ranges": "bytes"}
    wanted = re.fullmatch(r"bytes=(\d+)-", asked.headers.get("range", ""))
    if wanted is None or asked.headers.get("if-range", tag) != tag:
        return replace(whole, headers=headers)
    start = int(wanted[1])
    if start >= len(body):
        return Answer(416, b"", {**headers, "Content-Range": f"bytes */{len(body)}"})
    place = f"bytes {start}-{len(body) - 1}/{len(body)}"
    return Answer(206, body[start:], {**headers, "Content-Range": place})
