"""Whether a mail to the trial's mailbox is answered, and why not: contract/trial.md §6. Values in, values out."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import getaddresses

from django.core.exceptions import ValidationError

from stationer.portal.people.valid import normal_address
from stationer.portal.trial.letters import MARK
from stationer.portal.trial.results import ABOUT, Unclear, results_in, server_of

MOST_BYTES = 1_000_000
#: Who writes from here is a program (RFC 2142, RFC 5321 §4.5.1, and usage).
PROGRAMS = re.compile(
    r"(mailer-?daemon|postmaster|(do-?)?no-?t?-?reply|bounces?|abuse|daemon|root|listserv|majordomo)([+=-].*)?"
)
#: Fields that only programs and lists write.
BY_PROGRAMS = (
    MARK, "X-Auto-Response-Suppress", "X-Autoreply", "X-Autorespond", "X-Loop", "Feedback-ID", "List-Id",
    "List-Unsubscribe", "List-Post", "List-Help", "List-Subscribe", "List-Owner", "List-Archive",
)  # fmt: skip
PRECEDENCE = ("bulk", "junk", "list", "auto_reply")


@dataclass(frozen=True)
class Box:
    """The mailbox that was written to, whose results are believed, addresses that are the house's own, and how many
    servers of the house hand a mail on, each with a Received above the results."""

    address: str
    authserv_id: str
    ours: Collection[str] = ()
    handed_on: int = 0


@dataclass(frozen=True)
class Verdict:
    """The address that is answered; or, without one, why not."""

    sender: str = ""
    why: str = ""


def judge(mail: bytes, box: Box) -> Verdict:
    """Whom to answer. Never raises."""
    if len(mail) > MOST_BYTES:
        return Verdict(why="too-large")
    try:
        read = message_from_bytes(mail, policy=policy.compat32)
        sender = _sender(read, box)
        why = _program(read) or _elsewhere(read, box) or _unproven(read, box, sender.rpartition("@")[2])
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return Verdict(why="unreadable")
    if not sender:
        return Verdict(why="sender")
    return Verdict(why=why) if why else Verdict(sender)


def _fields(read: object, name: str) -> list[str]:
    """Every field of that name, unfolded."""
    found = read.get_all(name, [])  # type: ignore[attr-defined]
    return [" ".join(str(value).split()) for value in found]


def _one(values: list[str]) -> str:
    """The one address that these fields name, in its normal form; empty for none, several or a wrong one."""
    found = [address for _name, address in getaddresses(values)]
    if len(values) != 1 or len(found) != 1 or not found[0].isascii():
        return ""
    try:
        return normal_address(found[0])
    except ValidationError:
        return ""


def _sender(read: object, box: Box) -> str:
    """Who wrote, where the envelope says the same and it is a person that is not us; else nothing."""
    sender = _one(_fields(read, "From"))
    same = sender and sender == _one(_fields(read, "Return-Path"))
    known = {one.lower() for one in (box.address, *box.ours)}
    person = not PROGRAMS.fullmatch(sender.rpartition("@")[0])
    return sender if same and person and sender not in known else ""


def _program(read: object) -> str:
    """Whether a program or a list wrote it."""
    said = [one.partition(";")[0].strip().lower() for one in _fields(read, "Auto-Submitted")]
    if any(one != "no" for one in said):
        return "auto-submitted"
    if any(one.lower() in PRECEDENCE for one in _fields(read, "Precedence")):
        return "precedence"
    named = next((name for name in BY_PROGRAMS if _fields(read, name)), "")
    if named:
        return named.lower()
    kind = str(read.get_content_type())  # type: ignore[attr-defined]
    return "report" if kind in ("multipart/report", "message/delivery-status") else ""


def _elsewhere(read: object, box: Box) -> str:
    named = {address.lower() for _name, address in getaddresses([*_fields(read, "To"), *_fields(read, "Cc")])}
    return "" if box.address.lower() in named else "not-to-us"


def _unproven(read: object, box: Box, domain: str) -> str:
    """Why it is not proven that this domain sent it; empty when it is (RFC 8601 §2.2, RFC 7489 §3.1)."""
    try:
        told = [results_in(field) for field in _believed(read, box)]
    except Unclear:
        return "unclear"
    results = [one for field in told for one in field]
    about = [one for one in results if one.method == "spf" or (one.method in ABOUT and one.domain == domain)]
    if not about or any(one.result in ("fail", "permerror") for one in about):
        return "unproven"
    if any(sum(any(one.method == method for one in field) for field in told) > 1 for method in ABOUT):
        return "ambiguous"  # of two fields that tell of one method one may be another's
    dmarc = [one.result for one in results if one.method == "dmarc"]
    dkim = [one.result for one in about if one.method == "dkim"]
    if dmarc:
        return "" if dmarc == ["pass"] and any(one.method == "dmarc" for one in about) else "unproven"
    return "" if dkim and set(dkim) == {"pass"} else "unproven"


def _believed(read: object, box: Box) -> list[str]:
    """The Authentication-Results of the server that is believed: of its name and above the own server's Received.

    Whoever sends a mail writes all that stands below the Received that the first own server puts on top of it."""
    found: list[str] = []
    received = 0
    for name, value in read.items():  # type: ignore[attr-defined]
        if name.lower() == "received":
            received += 1
            if received > box.handed_on:
                return found
        elif name.lower() == "authentication-results":
            field = " ".join(str(value).split())
            if box.authserv_id and server_of(field) == box.authserv_id.lower():
                found.append(field)
    return []  # no server wrote where it got this from: nothing tells ours from theirs


def attached(mail: bytes) -> bool:
    """Whether it carries a file other than a picture. Never raises."""
    try:
        read = message_from_bytes(mail, policy=policy.default)
        assert isinstance(read, EmailMessage)
        return any(not _shown(part) for part in read.walk())
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return True


def _shown(part: EmailMessage) -> bool:
    kind, sub = part.get_content_maintype(), part.get_content_type()
    named = part.get_content_disposition() == "attachment"
    words = sub in ("text/plain", "text/html") and not named
    return kind == "multipart" or words or sub in ("image/png", "image/jpeg", "image/gif")
