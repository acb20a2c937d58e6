"""The edge as a plain WSGI callable (PEP 3333): reads the request, asks the handler, counts, answers."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from http import HTTPStatus
from time import perf_counter
from typing import Any

from stationer.edge.following import PATH, Follower
from stationer.edge.handler import Handler, refused
from stationer.edge.holder import Holder
from stationer.edge.recording import Recorder
from stationer.edge.visitors import Visitors
from stationer.watch.log import Voice
from stationer.watch.metrics import Registry

StartResponse = Callable[[str, list[tuple[str, str]]], object]
STATUS = {status.value: f"{status.value} {status.phrase}" for status in HTTPStatus}

voice = Voice("edge")


class Application:
    """`Application(handler, follower, registry)` is what a WSGI server calls. Requests for links, which anybody makes,
    are the follower's; of these alone it is noted who asks, as `visitors` reads it."""

    def __init__(
        self, handler: Handler, follower: Follower, registry: Registry, visitors: Visitors | None = None
    ) -> None:
        self.handler, self.follower = handler, follower
        self._follow, self._visitor = follower.follow, (visitors or Visitors()).of
        self._handle = handler.handle
        self._most = handler.limits.max_body + 1
        what = "Requests, and their time in the handler."
        self._seconds = registry.histogram("stationer_edge_request_seconds", what, ["route", "status"])

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        """One request."""
        began = perf_counter()
        try:
            method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
            if path.startswith(PATH):
                found = self._follow(method, path[len(PATH) :], partial(self._visitor, environ))
            else:
                body = environ["wsgi.input"].read(self._most) if method == "POST" else b""
                said = environ.get("HTTP_AUTHORIZATION", "")
                token = said[7:].strip() if said.startswith("Bearer ") else _bearer(said)
                found = self._handle(method, path, token, body)
            status, headers, answer, route = found
        except Exception:
            # the registry's own words: what went wrong stands in the log, not in the answer
            voice.fault("fault")
            status, headers, answer, route = refused("fault", "fault")
        line = STATUS[status]
        self._seconds.observe(perf_counter() - began, route, line[:3])
        start_response(line, headers.copy())  # PEP 3333 lets a server change the list
        return [answer]


def _bearer(said: str) -> str:
    """The token of an Authorization header (RFC 6750 §2.1; the scheme in any case, RFC 9110 §11.1), or nothing."""
    scheme, _, token = said.partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def watch_holder(holder: Holder, registry: Registry) -> None:
    """Gauges about what is in force. No PEN is named: whoever reads metrics is not one of them (law 5)."""
    pens = registry.gauge("stationer_edge_pens", "PENs that can be answered for.")
    devices = registry.gauge("stationer_edge_devices", "Devices that may ask.")
    refused_now = registry.gauge("stationer_edge_files_refused", "Files in the folder that are refused now.")
    blind = registry.gauge(
        "stationer_edge_folder_unreadable", "1 while the folder or the key cannot be read."
    )
    taken = registry.counter("stationer_edge_files_taken_total", "Files that came into force.")
    refusals = registry.counter("stationer_edge_files_refused_total", "Files that were refused.")

    def bring_up_to_date() -> None:
        held = list(holder.pens.values())
        pens.set(sum(pen.now.snapshot is not None and pen.now.roll is not None for pen in held))
        devices.set(len(holder.tokens))
        refused_now.set(len(holder.refused))
        blind.set(bool(holder.blind))
        taken.add(holder.taken - taken.value())
        refusals.add(holder.refusals - refusals.value())

    registry.before.append(bring_up_to_date)


def watch_recorder(recorder: Recorder, registry: Registry) -> None:
    """What was lost of the records for replay."""
    dropped = registry.counter(
        "stationer_edge_records_dropped_total", "Records for replay that were not kept."
    )
    registry.before.append(lambda: dropped.add(recorder.dropped - dropped.value()))
