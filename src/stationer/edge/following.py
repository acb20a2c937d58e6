"""`GET /c/{token}`: where a link leads, or a page in plain words (contract/links.md §4). No portal, no database.

Nobody is sent anywhere but where a content that was published, or a link that a sender made, says. The click is told to
the uplink before the answer.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import NamedTuple

from stationer import links
from stationer.edge.handler import Response, refused
from stationer.edge.holder import Holder
from stationer.edge.kind_page import HEADERS, Language, Reason, language_of, page
from stationer.edge.pens import Pen
from stationer.edge.uplinking import Uplink
from stationer.edge.visitors import Visitor
from stationer.links import DECOY, MailToken, SenderToken
from stationer.wire.uplink import Clicked

PATH = "/c/"

_LED = [
    ("Referrer-Policy", "no-referrer"),
    ("Cache-Control", "no-store"),
    ("X-Robots-Tag", "noindex"),
]
_location = lru_cache(maxsize=4_096)(links.location)
_vote_of = lru_cache(maxsize=4_096)(links.vote_of)


class Found(NamedTuple):
    """What a token leads to: a web address, or the page that says why not; and whose it is (right: its tag is)."""

    target: str
    reason: Reason
    pen: Pen | None = None
    right: bool = False


class Follower:
    """Follows tokens by what `holder` has in force. `now` gives Unix ms; `told` is told why one was not led on."""

    def __init__(
        self, holder: Holder, now: Callable[[], int], up: Uplink, told: Callable[[str], None] = lambda _: None
    ) -> None:
        self._holder, self._now, self.up, self._told = holder, now, up, told
        self._named: dict[bytes, list[Pen]] = {}
        self._knows = 0

    def follow(self, method: str, text: str, asking: Callable[[], Visitor]) -> Response:
        """The answer to a request for the token that is written so. `asking` reads the request for who asks, which is
        done where it is told or where a page wants their language."""
        if method not in ("GET", "HEAD"):
            return refused("method-not-allowed", "click", headers=[("Allow", "GET, HEAD")])
        now = self._now()
        found = self._found(text, now)
        target, pen = found.target, found.pen
        noted = found.right and pen is not None and self.up.keeps and _tracks(pen)
        if noted and pen is not None:
            visitor = asking()
            seen = (now, method, visitor.address, visitor.agent, visitor.hints)
            target, visit = _handed(target, pen, now, visitor.hints)
            self.up.clicked(Clicked(pen.id, links.raw_of(text), *seen, visit))
        if _vote_of(found.target) and isinstance(links.read(text), MailToken):
            target, found = _voted(found, text, noted)
        if target:
            return Response(302, [("Location", target), *_LED], b"", "click")
        self._told(found.reason)
        language = language_of(asking().hints.get("accept-language", ""))
        body = b"" if method == "HEAD" else _page(found.reason, _name(found.pen), language)
        status = 404 if found.reason in ("unknown", "ended", "waiting") else 200
        return Response(status, [*HEADERS, ("Content-Language", language)], body, "click")

    def _found(self, text: str, now: int) -> Found:
        token = links.read(text)
        if token is None:
            return Found("", _without_token(text))
        named = self._pens(token.pen)
        for pen in named:
            if pen.now.snapshot is not None and links.proven(token, pen.now.snapshot.signer):
                return _leading(token, pen, now)
        reason: Reason = "waiting" if any(pen.now.snapshot is None for pen in named) else "unknown"
        return Found("", reason, named[0] if named else None)

    def _pens(self, name: bytes) -> list[Pen]:
        """The PENs that a token may mean; those that are known only grow in number."""
        pens = self._holder.pens
        if len(pens) != self._knows:
            self._knows, self._named = len(pens), _by_name(list(pens.values()))
        return self._named.get(name, [])


def _by_name(pens: Iterable[Pen]) -> dict[bytes, list[Pen]]:
    found: dict[bytes, list[Pen]] = {}
    for pen in pens:
        found.setdefault(links.name_of(pen.id), []).append(pen)
    return found


def _leading(token: MailToken | SenderToken, pen: Pen, now: int) -> Found:
    """What a right token leads to."""
    if isinstance(token, SenderToken):
        target = pen.told.links.get(token.id, "") if pen.told is not None else ""
    elif token.link == DECOY:
        return Found("", "decoy", pen, True)
    else:
        lead = pen.now.leads.get(token.content)
        target = lead.target(token.link, now) if lead is not None else ""
    return Found(_location(target) if target else "", "ended", pen, True)


def _without_token(text: str) -> Reason:
    """What `/c/decoy` and `/c/vote/…` lead to, as they stand in a mail whose links have no tokens."""
    if text == links.decoy_of(""):
        return "decoy"
    return "uncounted" if text.startswith("vote/") else "unknown"


def _voted(found: Found, text: str, noted: bool) -> tuple[str, Found]:
    """Where somebody is sent who answered a survey: the portal's page, which knows the vote by the same token; or a
    page of the edge, where the portal's is not known (contract/surveys.md §2). `noted`: the click was told."""
    snapshot = found.pen.now.snapshot if found.pen is not None else None
    base = snapshot.compiled.votes if snapshot is not None else ""
    return (base + text if base else ""), found._replace(target="", reason="voted" if noted else "uncounted")


def _handed(target: str, pen: Pen, now: int, hints: dict[str, str]) -> tuple[str, bytes]:
    """Where the reader is sent, and what the portal is told of it: the PEN's own web site learns of the click, unless
    the browser asks that it be not (contract/visits.md §1)."""
    sites, snapshot = pen.told.visits if pen.told is not None else (), pen.now.snapshot
    if not sites or snapshot is None or "1" in (hints.get("dnt"), hints.get("sec-gpc")):
        return target, b""
    if _vote_of(target) or not links.is_at(target, sites):
        return target, b""
    token = links.sign_visit(snapshot.signer, now // 1000, os.urandom(links.NONCE))
    return links.handed(target, links.write_visit(token)), token.visit


def _tracks(pen: Pen) -> bool:
    snapshot = pen.now.snapshot
    return snapshot is not None and snapshot.compiled.management.tracking != "off"


def _name(pen: Pen | None) -> str:
    return pen.now.snapshot.compiled.name if pen is not None and pen.now.snapshot is not None else ""


@lru_cache(maxsize=64)
def _page(reason: Reason, name: str, language: Language) -> bytes:
    return page(reason, name, language)
