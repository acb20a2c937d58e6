"""Answers of octets, whole or a range of them (RFC 9110 §14), opened as they are sent."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import chain

from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase

from stationer.portal.site.refusals import answer

RANGE = re.compile(r"bytes=(?:(\d{1,15})-(\d{0,15})|-(\d{1,15}))")


class Unsatisfiable(ValueError):
    """The range begins behind the end."""


def asked(request: HttpRequest, length: int, tag: str) -> tuple[int, int] | None:
    """From and up to where; None for all of it, also where the range is one that is not given (several, other units)
    or of another state of the octets (`If-Range`). Raises Unsatisfiable."""
    found = RANGE.fullmatch(request.headers.get("Range", "").strip())
    if not found or request.headers.get("If-Range", tag) != tag:
        return None
    first, last, behind = found.groups()
    if behind is not None:
        if not int(behind) or not length:
            raise Unsatisfiable
        return max(0, length - int(behind)), length
    start, stop = int(first), int(last) + 1 if last else length
    if stop <= start and last:
        return None  # RFC 9110 §14.1.1: such a range is none
    if start >= length:
        raise Unsatisfiable
    return start, min(stop, length)


def given(
    request: HttpRequest, length: int, tag: str, octets: Callable[[int, int], Iterator[bytes]], kind: str
) -> HttpResponseBase:
    """The answer: 200, 206 or 416. The first octets are opened before anything is answered, so that what cannot be read
    is a refusal; raises what `octets` raise."""
    try:
        some = asked(request, length, tag)
    except Unsatisfiable:
        response = answer("range", f"There are {length:,} octets; this range begins behind them.")
        response["Content-Range"] = f"bytes */{length}"
        return response
    start, stop = some or (0, length)
    pieces = octets(start, stop)
    first = next(pieces, b"")
    made = StreamingHttpResponse(chain((first,), pieces), status=206 if some else 200, content_type=kind)
    made["Content-Length"] = str(stop - start)
    made["Accept-Ranges"], made["ETag"] = "bytes", tag
    made["X-Content-Type-Options"] = "nosniff"
    if some:
        made["Content-Range"] = f"bytes {start}-{stop - 1}/{length}"
    return made


def attached(response: HttpResponseBase, name: str) -> HttpResponseBase:
    """To be saved, never shown, under this name (RFC 6266, RFC 8187)."""
    from django.utils.http import content_disposition_header

    response["Content-Disposition"] = content_disposition_header(True, name or "part") or "attachment"
    return response
