"""Files of a secure message: how they are listed, and how one is fetched, by ranges (RFC 9110 §14)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import chain

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from stationer import show
from stationer.portal.vault.enclosing import Part
from stationer.portal.vault.indexing import Entry

_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)
#: Media types that a browser is told, so that a telephone opens them by the right program; all others are octets.
_TOLD = re.compile(
    r"(?:image/(?:png|jpeg|gif|webp)|application/pdf|text/(?:plain|csv|calendar)|audio/\w+|video/\w+)"
)


@dataclass(frozen=True)
class Listed:
    """A file as the page shows it: its path, its name made safe, what kind it is in words, its octets; whether it can
    do something to a computer, and whether its name hides that."""

    path: str
    name: str
    kind: str
    picture: bool
    length: int
    risky: bool
    disguised: bool


def kinds() -> dict[str, str]:
    """What people call each kind of `show.KINDS`."""
    return {
        "picture": _("Picture"), "drawing": _("Drawing"), "pdf": _("PDF"), "text": _("Text document"),
        "sheet": _("Spreadsheet"), "slides": _("Slides"), "macros": _("Document with macros"), "sound": _("Sound"),
        "film": _("Film"), "archive": _("Archive"), "image": _("Disk image"), "page": _("Web page"), "mail": _("Mail"),
        "calendar": _("Appointment"), "card": _("Contact"), "program": _("Program"),
    }  # fmt: skip


def listed(entry: Entry) -> Listed:
    """How a part is listed."""
    file = show.file_name(entry.name, entry.type, entry.path)
    kind = kinds().get(file.kind, _("File"))
    return Listed(
        entry.path, file.name, kind, file.kind == "picture", entry.length, file.risky, file.disguised
    )


def fetched(request: HttpRequest, part: Part) -> HttpResponseBase:
    """The part as a download: all of it, or the range that is asked for; 416 for a range that is none. Raises
    VaultError, OSError: its first octets cannot be read."""
    entry, content, at = part
    name = show.file_name(entry.name, entry.type, entry.path).name
    asked = _RANGE.fullmatch(request.headers.get("Range", ""))
    span = _span(asked, entry.length) if asked else (0, entry.length)
    if span is None:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{entry.length}"})
    start, stop = span
    answer: HttpResponseBase
    if request.method == "HEAD":
        answer = HttpResponse(status=206 if asked else 200)
    else:
        octets = content.part(at, start, stop)
        first = next(octets, b"")  # opened before anything is answered: what cannot be read is a refusal
        answer = StreamingHttpResponse(chain((first,), octets), status=206 if asked else 200)
    if asked:
        answer["Content-Range"] = f"bytes {start}-{stop - 1}/{entry.length}"
    answer["Content-Type"] = entry.type if _TOLD.fullmatch(entry.type) else "application/octet-stream"
    answer["Content-Length"], answer["Accept-Ranges"] = str(stop - start), "bytes"
    answer["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'; frame-ancestors 'none'"
    answer["X-Content-Type-Options"], answer["Cross-Origin-Resource-Policy"] = "nosniff", "same-origin"
    return answer


def _span(asked: re.Match[str], length: int) -> tuple[int, int] | None:
    """First octet, and the one behind the last (RFC 9110 §14.1.2); None for a range that holds nothing."""
    first, last = asked[1], asked[2]
    if not first:
        return (max(0, length - int(last)), length) if last and int(last) and length else None
    stop = min(length, int(last) + 1) if last else length
    return (int(first), stop) if int(first) < stop else None
