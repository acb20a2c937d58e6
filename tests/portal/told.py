"""What an edge would tell of a furnished company: mails with their open evening, reports, clicks of their links."""

from __future__ import annotations

import uuid
from datetime import datetime

from stationer import links
from stationer.pick import unpack
from stationer.portal.content.pictures import blobs
from stationer.portal.people.owned import new_id
from stationer.portal.people.scope import pen_scope
from stationer.portal.publishing.models import Publication
from stationer.wire import base32, ids
from stationer.wire.uplink import Addressed, AddressedCopy, Clicked, Offer, Reported

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
BROWSED = {
    "accept-language": "en-GB,en;q=0.9",
    "sec-fetch-mode": "navigate",
    "sec-fetch-dest": "document",
    "sec-fetch-site": "none",
}


def ms(at: datetime) -> int:
    return int(at.timestamp() * 1000)


class Sent:
    """A mail of the company, as edges tell of it: `addressed`, `reported`, `clicked`."""

    def __init__(
        self, company, at: datetime, to=("jane@example.com",), *, campaign=None, copies=None
    ) -> None:
        self.pen, self.at = company.pen.outside_id, at
        self.pick = new_id()
        self.sender = company.bob.member.outside_id
        self.campaign = ids.outside("campaign", company.campaign.pk)
        self.message = ids.outside("message", company.message.pk)
        showing = showing_of(company)
        self.mark, self.content = showing.mark, base32.decode(showing.content)[:6]
        offers = (Offer(self.mark, self.campaign, self.message, self.content),)
        self.copies = copies or (AddressedCopy(len(to), tuple(to), False, offers),)

    @property
    def name(self) -> str:
        return ids.outside("pick", self.pick)

    def addressed(self, held=()) -> Addressed:
        return Addressed(self.pen, self.name, ms(self.at), self.sender, self.copies, tuple(held))

    def reported(self, outcome="used", used=None, copy=0) -> Reported:
        marks = (self.mark,) if used is None else tuple(used)
        return Reported(
            self.pen, self.name, copy, ms(self.at) + 900, outcome, marks if outcome == "used" else ()
        )

    def token(self, number=0, copy=0) -> bytes:
        return mail_token(self.pen, self.pick, copy, self.content, number)

    def clicked(self, at: datetime, number=0, copy=0, **said) -> Clicked:
        return clicked(self.pen, self.token(number, copy), at, **said)


def mail_token(pen: str, pick: uuid.UUID, copy: int, content: bytes, number: int) -> bytes:
    """The bytes of contract/links.md §2; the tag is whatever: the edge has looked at it."""
    return b"\x01" + links.name_of(pen) + pick.bytes + bytes([copy]) + content + bytes([number]) + b"t" * 10


def clicked(pen: str, token: bytes, at: datetime, **said) -> Clicked:
    """A click with a browser, from an address that nobody knows."""
    usual = {"method": "GET", "address": "81.2.69.142", "agent": FIREFOX, "hints": BROWSED}
    return Clicked(pen, token, ms(at), **{**usual, **said})


def showing_of(company):
    """The open evening's message as it was published."""
    with pen_scope(company.pen):
        row = Publication.objects.latest("serial")
    compiled = unpack(blobs().get(row.blob), kind="snapshot", public_key=None).payload
    wanted = ids.outside("message", company.message.pk)
    return next(one for offer in compiled.campaigns for one in offer.messages if one.id == wanted)
