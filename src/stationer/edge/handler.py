"""One request in, one answer out: `handle(method, path, token, body)`. No socket, no file.

What is answered is said in contract/http.md §1–3. Every answer that is not a success is a refusal from
`wire.errors`. Unknown and forbidden look the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

import msgspec

from stationer.compose import fill
from stationer.edge.holder import Holder
from stationer.edge.memories import Memories, remembers
from stationer.edge.pens import CACHED, JSON, Headers, Pen
from stationer.edge.recording import Recorder, wanted
from stationer.edge.reports import MOST_REPORTS, UNWRITABLE, read_reports, records, told_up
from stationer.edge.uplinking import NO_UPLINK, Uplink
from stationer.pick import Picked, RollIndex, Snapshot, asked, picked, told, usual_answer
from stationer.wire.errors import refusal
from stationer.wire.pick import Question


class Response(NamedTuple):
    """Status, headers (not to be changed) and body. `route` is for metrics: the kind of address, never the address."""

    status: int
    headers: Headers
    body: bytes
    route: str


class Limits(NamedTuple):
    """Bytes of a body, recipients of a mail."""

    max_body: int = 1_048_576
    max_recipients: int = 1_000


BLOCK: Headers = [
    ("Content-Type", "application/json"),
    ("Cache-Control", "private, max-age=31536000, immutable"),
]
PICTURES = "/v1/pictures/"
PLAIN: Headers = [("Content-Type", "text/plain; charset=utf-8"), ("Cache-Control", "no-store")]
BLOCKS = "/v1/blocks/"

UNSURE = (
    "A list of devices is missing or damaged here, and this one may be on it. Try again in a few seconds."
)

_DIGEST = re.compile(r"[a-z2-7]{24}")
_NAME = re.compile(r"[a-z2-7]{24}\.[a-z2-7]{24}")
_STRING = re.compile(rb'"(?:[^"\\]|\\.)*"')
_decode = msgspec.json.Decoder(Question).decode
_encode = msgspec.json.Encoder().encode
_TAKES = {"/v1/pick": "POST", "/v1/sent": "POST", "/livez": "GET", "/readyz": "GET", "/metrics": "GET"}


def refused(code: str, route: str, message: str = "", headers: Headers | None = None) -> Response:
    """A refusal from the registry."""
    status, body = refusal(code, message)
    return Response(status, [*JSON, *(headers or [])], _encode(body), route)


class Handler:
    """Answers from what `holder` has in force at this moment."""

    def __init__(
        self,
        holder: Holder,
        new_id: Callable[[], str],
        now: Callable[[], int],
        metrics: Callable[[], str],
        limits: Limits = Limits(),  # noqa: B008 (immutable)
        *,
        memories: Memories,
        recorder: Recorder | None = None,
        up: Uplink = NO_UPLINK,
    ) -> None:
        """`new_id` gives a fresh pick id, `now` Unix ms, `metrics` the Prometheus text; `recorder` keeps records for
        replay, if anybody does; `up` is told what the portal is to know."""
        self._holder, self._new_id, self._now, self._metrics = holder, new_id, now, metrics
        self.limits, self._memories, self.recorder, self.up = limits, memories, recorder, up

    def handle(self, method: str, path: str, token: str, body: bytes) -> Response:
        """The answer. `token` is the bearer token or empty; `body` may be cut after the limit."""
        if path == "/v1/pick" and method == "POST":
            return self._pick(token, body)
        if path == "/v1/sent" and method == "POST":
            return self._sent(token, body)
        if path.startswith(BLOCKS):
            return (
                self._block(token, path[len(BLOCKS) :]) if method == "GET" else _not_allowed("GET", "block")
            )
        if path.startswith(PICTURES):
            digest = path[len(PICTURES) :]
            return self._picture(token, digest) if method == "GET" else _not_allowed("GET", "picture")
        takes = _TAKES.get(path)
        if takes is None:
            return refused("not-found", "other")
        if method != takes:
            return _not_allowed(takes, path.rpartition("/")[2])
        return self._health(path)

    def _stranger(self, token: str, route: str) -> Response:
        """Whoever has no token, or one that is surely nobody's, may not ask; any other one has to wait."""
        if token and not self._holder.sure and self._holder.known(token) is None:
            return refused("not-ready", route, UNSURE, [("Retry-After", "5")])
        return refused("unauthorised", route, headers=[("WWW-Authenticate", "Bearer")])

    def _pen(self, token: str) -> Pen | None:
        known = self._holder.known(token)
        return known[0] if known is not None and "pick" in known[1].scopes else None

    def _pick(self, token: str, body: bytes) -> Response:
        pen = self._pen(token)
        if pen is None:
            return self._stranger(token, "pick")
        if len(body) > self.limits.max_body:
            return refused("too-large", "pick", f"A request may have {self.limits.max_body} bytes.")
        try:
            question = _decode(body)
        except (msgspec.DecodeError, RecursionError, UnicodeError) as fault:
            return refused("malformed", "pick", _malformed(_reason(fault)))
        if (
            body.count(b":") > 3 and _STRING.sub(b"", body).count(b":") > 3
        ):  # a fourth key can only be one again
            return refused("malformed", "pick", _malformed("a key is given twice"))
        if len(question.to) + len(question.cc) > self.limits.max_recipients:
            return refused("too-large", "pick", f"A mail may have {self.limits.max_recipients} recipients.")
        state = pen.now
        if state.snapshot is None or state.roll is None:
            return refused("not-ready", "pick")
        now = self._now()
        encoded = self._answered(pen, state.snapshot, state.roll, question, now)
        if self.recorder is not None and wanted(state):
            self.recorder.keep(pen, state, question, now)
        return Response(200, state.headers, encoded, "pick")

    def _answered(self, pen: Pen, snapshot: Snapshot, roll: RollIndex, question: Question, now: int) -> bytes:
        """The answer; the portal is told of it behind it (contract/uplink.md §2), where that is wanted and can be."""
        up, pick_id = self.up, self._new_id()
        tracked = up.keeps and snapshot.compiled.management.tracking != "off"
        usual = usual_answer(snapshot, roll, question, now=now, pick_id=pick_id, tracked=tracked)
        written = question.to + question.cc
        if usual is not None:
            if tracked:
                copies = ((written, True, usual.shown.offers),)
                up.addressed(told(snapshot, pick_id, now, usual.sender, copies, usual.shown.held))
            return usual.encoded
        found = self._remembering(pen, snapshot, roll, question, now, pick_id, tracked)
        if tracked and found.sender:
            both = zip(found.answer.copies, found.offers, strict=True)
            several = [([written[n] for n in copy.to], copy.rest, offers) for copy, offers in both]
            up.addressed(told(snapshot, pick_id, now, found.sender, several, found.held))
        return _encode(found.answer)

    def _remembering(
        self,
        pen: Pen,
        snapshot: Snapshot,
        roll: RollIndex,
        question: Question,
        now: int,
        pick_id: str,
        tracked: bool,
    ) -> Picked:
        """A pick by what the recipients were sent; it is written down behind the answer (contract/memory.md §4)."""
        if not snapshot.remembering:
            return picked(snapshot, roll, question, now=now, pick_id=pick_id, tracked=tracked)
        recorder = self._memories.of(pen)
        memory = recorder.memory.count
        found = picked(snapshot, roll, question, now=now, pick_id=pick_id, memory=memory, tracked=tracked)
        record = asked(snapshot, roll, question, found.answer, now)
        if record is not None:
            recorder.asked(record)
            self.up.remembered(pen.id, record)
        return found

    def _sent(self, token: str, body: bytes) -> Response:
        pen = self._pen(token)
        if pen is None:
            return self._stranger(token, "sent")
        if len(body) > self.limits.max_body:
            return refused("too-large", "sent", f"A request may have {self.limits.max_body} bytes.")
        try:
            reports = read_reports(body)
        except (msgspec.DecodeError, RecursionError, UnicodeError) as fault:
            return refused("malformed", "sent", _malformed(_reason(fault), "memory.md §3"))
        if len(reports) > MOST_REPORTS:
            return refused("too-large", "sent", f"One request may have {MOST_REPORTS} reports.")
        # also where nothing in force remembers: another worker may have a newer snapshot already
        if self._memories.of(pen).sent(sent := records(reports, now := self._now())):
            for record in sent if remembers(pen) else ():
                self.up.remembered(pen.id, record)
            snapshot = pen.now.snapshot
            tracked = snapshot is None or snapshot.compiled.management.tracking != "off"
            for one in told_up(pen.id, reports, now) if self.up.keeps and tracked else ():
                self.up.reported(one)
            return Response(202, JSON, b'{"taken":%d}' % len(reports), "sent")
        return refused("not-ready", "sent", UNWRITABLE, [("Retry-After", "60")])

    def _block(self, token: str, name: str) -> Response:
        pen = self._pen(token)
        if pen is None:
            return self._stranger(token, "block")
        state = pen.now
        if (ready := state.encoded.get(name)) is not None:
            return Response(200, BLOCK, ready, "block")
        found = pen.find(name) if _NAME.fullmatch(name) else None
        if found is None:
            return refused("not-found", "block")
        encoded = _encode(fill(*found, name=name))
        if len(state.encoded) >= CACHED:
            state.encoded.clear()
        state.encoded[name] = encoded
        return Response(200, BLOCK, encoded, "block")

    def _picture(self, token: str, digest: str) -> Response:
        pen = self._pen(token)
        if pen is None:
            return self._stranger(token, "picture")
        found = pen.picture(digest) if _DIGEST.fullmatch(digest) else None
        if found is None:
            return refused("not-found", "picture")
        return Response(200, [("Content-Type", found.type), BLOCK[1]], found.data, "picture")

    def _health(self, path: str) -> Response:
        if path == "/livez":
            return Response(200, PLAIN, b"ok\n", "livez")
        if path == "/metrics":
            headers = [("Content-Type", "text/plain; version=0.0.4; charset=utf-8")]
            return Response(200, headers, self._metrics().encode(), "metrics")
        holder = self._holder
        if not holder.ready():
            return refused("not-ready", "readyz")
        report = {
            "ready": True,
            "refused": len(holder.refused),
            "folder": "unreadable" if holder.blind else "readable",
        }
        return Response(200, JSON, _encode(report), "readyz")


def _reason(fault: Exception) -> str:
    """What is wrong with the request, in msgspec's words, which name keys and types but never a value."""
    if isinstance(fault, msgspec.DecodeError):
        return str(fault).removesuffix(".")
    return "it is nested too deeply" if isinstance(fault, RecursionError) else "it is not UTF-8"


def _malformed(reason: str, page: str = "http.md §1") -> str:
    return f"The request is not of the expected form: {reason}. Compare it with contract/{page}."


def _not_allowed(takes: str, route: str) -> Response:
    return refused("method-not-allowed", route, headers=[("Allow", takes)])
