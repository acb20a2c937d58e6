"""`/api/v1/secure-messages`: sent in pieces, found, read range by range, ended (contract/vault.md §3, §4)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from ninja import Path, Query, Router, Status

from stationer.portal.access.programs import KeyOrDevice, after
from stationer.portal.site.sizes import BESIDE, most_octets
from stationer.portal.vault import announcing, enclosing, ending, events, keeping, opening, ranges, shapes
from stationer.portal.vault.asking import Asker, found_by
from stationer.portal.vault.models import PIECE, SecureMessage
from stationer.wire import ids

router = Router(tags=["secure"], auth=KeyOrDevice("send-sealed"))
#: Octets that are read of a request at a time.
CHUNK = 1 << 20
State = SecureMessage.State
Number = Annotated[int, Path(ge=0, le=99_999)]
OCTETS = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
OF_OCTETS = {"responses": {200: {"description": "The octets", "content": OCTETS}}}


@router.post("/secure-messages", response={201: shapes.SecureMessageShown}, by_alias=True)
@most_octets(5_000_000)
def send_secure_message(request: HttpRequest, asked: shapes.NewSecureMessage) -> Status[dict[str, Any]]:
    """Begin a secure message. Its octets follow in pieces of 16 MiB, in any order; then it is completed."""
    asker = Asker(request)
    member = asker.author(asked.author)
    row = keeping.begin(
        author=asked.author,
        recipients=asked.recipients,
        size=asked.size,
        sha256=asked.sha256,
        options=keeping.Options(asked.options.level, asked.options.language),
        member=member,
        device=asker.device.pk,
    )
    return Status(201, shapes.shown(row, asker))


@router.put(
    "/secure-messages/{secure_id}/pieces/{number}",
    response=shapes.PiecesHere,
    openapi_extra={"requestBody": {"required": True, "content": OCTETS}},
)
@most_octets(PIECE + BESIDE)
def put_piece(request: HttpRequest, secure_id: str, number: Number) -> dict[str, Any]:
    """The octets of a piece, all of 16 MiB but the last; again as often as needed."""
    row = Asker(request).message(secure_id, own=True)
    return {"received": keeping.take(row, number, _octets(request))}


def _octets(request: HttpRequest) -> Iterator[bytes]:
    while chunk := request.read(CHUNK):
        yield chunk


@router.post(
    "/secure-messages/{secure_id}/complete",
    response={200: shapes.SecureMessageShown, 202: shapes.SecureMessageShown},
    by_alias=True,
)
def complete_secure_message(request: HttpRequest, secure_id: str) -> Status[dict[str, Any]]:
    """All pieces are there: it is checked, at once where it is of one piece, and `ready` or `refused` then. 202: it is
    still being checked. Again, the answer is the same."""
    asker = Asker(request)
    row = keeping.complete(asker.message(secure_id, own=True))
    return Status(202 if row.state == State.CHECKING else 200, shapes.shown(row, asker))


@router.get("/secure-messages", response=shapes.SecureMessages, by_alias=True)
def list_secure_messages(request: HttpRequest, asked: Annotated[shapes.Wanted, Query()]) -> dict[str, Any]:
    """Those that whoever asks may read or wrote, the newest first."""
    asker = Asker(request)
    rows = found_by(asker.sees(), asker, asked.q, asked.person, asked.box)
    if asked.cursor:
        rows = rows.filter(pk__lt=after("secure", asked.cursor))
    some = list(rows.defer("recipients", "head", "wrapped").order_by("-pk")[: asked.limit + 1])
    following = ids.outside("secure", some[asked.limit - 1].pk) if len(some) > asked.limit else None
    return {"items": shapes.rows_shown(some[: asked.limit], asker), "next": following}


@router.get("/secure-messages/{secure_id}", response=shapes.SecureMessageShown, by_alias=True)
def get_secure_message(request: HttpRequest, secure_id: str) -> dict[str, Any]:
    """One, by its id or its locator."""
    asker = Asker(request)
    return shapes.shown(asker.message(secure_id), asker)


@router.get("/secure-messages/{secure_id}/notification", openapi_extra=OF_OCTETS)
def get_notification(request: HttpRequest, secure_id: str) -> HttpResponseBase:
    """The mail that travels in its place (message/rfc822): the same octets every time."""
    row = Asker(request).ready(secure_id)
    return HttpResponse(announcing.notification(row), content_type="message/rfc822")


@router.get("/secure-messages/{secure_id}/content", openapi_extra=OF_OCTETS)
def get_content(request: HttpRequest, secure_id: str) -> HttpResponseBase:
    """The mail, octet for octet (message/rfc822), whole or a range (RFC 9110 §14)."""
    asker = Asker(request)
    row = asker.readable(secure_id)
    said = opening.content(row)
    made = ranges.given(request, said.length, f'"{row.sha256}"', said.range, "message/rfc822")
    _note(asker, row, made, "mail")
    return ranges.attached(made, f"{row.locator}.eml")


@router.get("/secure-messages/{secure_id}/parts/{path}", openapi_extra=OF_OCTETS)
def get_part(request: HttpRequest, secure_id: str, path: str) -> HttpResponseBase:
    """A part of it, decoded, whole or a range; to be saved, never shown in a browser."""
    asker = Asker(request)
    row = asker.readable(secure_id)
    entry, said, at = enclosing.part_of(row, path)
    made = ranges.given(
        request,
        entry.length,
        f'"{row.sha256}-{path}"',
        lambda start, stop: said.part(at, start, stop),
        "application/octet-stream",
    )
    _note(asker, row, made, path)
    return ranges.attached(made, entry.name)


def _note(asker: Asker, row: SecureMessage, made: HttpResponseBase, what: str) -> None:
    """That it was fetched, once: not of each range that follows the first."""
    begins = made.status_code == 200 or made.headers.get("Content-Range", "").startswith("bytes 0-")
    if begins:
        evidence = {"by": "agent" if asker.is_agent else "key", "what": what}
        evidence |= asker.doing(row)
        events.note(row, "fetched", asker.name_for(row), evidence)


@router.delete("/secure-messages/{secure_id}", response={204: None})
def end_secure_message(request: HttpRequest, secure_id: str) -> Status[None]:
    """By its author: nobody reads it any more, for good."""
    asker = Asker(request)
    row = asker.message(secure_id, own=True)
    ending.end(row, "author", asker.name_for(row))
    return Status(204, None)
