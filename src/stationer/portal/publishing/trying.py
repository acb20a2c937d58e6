"""Try a mail: what a person's mail to somebody would carry at some moment, from drafts or from what is in force.

The pick is `pick`'s, the blocks are `compose`'s, and they are put into the mail by `stamp`: what is shown is what would
leave. Of drafts only what the pick chose is pressed, so a thousand campaigns cost no more than one.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage

import msgspec
from django.utils.translation import gettext as _

from stationer import compose, pick, stamp
from stationer.portal.content.models import Asset
from stationer.portal.content.pictures import blobs, octets, pictures
from stationer.portal.people.models import Member, Pen
from stationer.portal.publishing import reaching
from stationer.portal.publishing.changes import Drafts
from stationer.portal.publishing.models import Publication
from stationer.portal.publishing.sketching import source_of
from stationer.portal.publishing.specimen import Letter, written
from stationer.wire.content import Content
from stationer.wire.pick import Candidate, Choice, Question
from stationer.wire.words import SLOTS, Reason, Slot, Variant


@dataclass(frozen=True)
class Asked:
    """Who writes to whom, when (Unix ms), and how."""

    sender: Member
    to: tuple[str, ...]
    at: int
    variant: Variant


@dataclass(frozen=True)
class Copied:
    """One copy: who gets it, its mail as it would leave, and why it left as written where it did."""

    recipients: tuple[str, ...]
    blocks: tuple[stamp.Block, ...]
    mail: bytes
    untouched: Reason | None = None


@dataclass(frozen=True)
class Tried:
    """The copies, why each template and campaign is in them or not, and what could not be pressed."""

    copies: tuple[Copied, ...]
    explanation: pick.Explanation
    compiled: pick.Compiled
    problems: tuple[str, ...]


class Source:
    """Where contents come from: the sketch of drafts, or what is in force. `content` of drafts presses."""

    def __init__(self, compiled: pick.Compiled, drafted: bool, embedded: bool) -> None:
        self.compiled, self._drafted = compiled, drafted
        self._rows = list(Asset.objects.all()) if drafted else []
        self._pictures = pictures(self._rows, embedded=embedded)
        self.problems: list[str] = []

    def content(self, found: Content) -> Content:
        """The content that is meant; an empty one where the draft cannot be pressed."""
        if not self._drafted:
            return found
        source, tags = source_of(found)
        pressed = compose.press(
            source,
            kind=found.kind,
            slot=found.slot,
            pictures=self._pictures,
            tags=tags,
        )
        self.problems += [problem.sentence() for problem in pressed.problems]
        return pressed.content or Content(found.kind, found.slot, (), ())

    def octets(self, content: Content) -> Mapping[str, bytes]:
        """The bytes of the pictures that travel with it."""
        wanted = [one.digest for one in content.called]
        if self._drafted:
            return octets(self._rows, wanted)
        return {one: self.compiled.pictures[one].data for one in wanted if one in self.compiled.pictures}


def in_force(last: Publication) -> Source:
    """What was published. Raises OSError, pick.Damaged, LookupError."""
    payload = pick.unpack(blobs().get(last.blob), kind="snapshot", public_key=None).payload
    assert isinstance(payload, pick.Compiled)
    return Source(payload, False, payload.management.pictures == "embedded")


def of_drafts(pen: Pen, said: Drafts) -> Source:
    """What would be published now. Raises pick.DefinitionErrors."""
    from stationer.portal.publishing.sketching import sketched

    return Source(sketched(pen, said), True, pen.management().pictures == "embedded")


def tried(pen: Pen, asked: Asked, source: Source, letter: Letter | None = None) -> Tried:
    """The mail and its explanation. `letter` is the mail as it is written; an example without it."""
    snapshot = pick.load(source.compiled)
    who = reaching.people(pen)
    question = Question(asked.sender.address, list(asked.to), [])
    answer = pick.pick(snapshot, who, question, now=asked.at, pick_id="pk_try")
    told = pick.explain(snapshot, who, question, now=asked.at)
    letter = letter or Letter(asked.sender.name, asked.sender.address, asked.to, asked.variant)
    known = who.members.get(asked.sender.outside_id)
    attributes = known.attributes if known else {}  # nobody on the roll carries nothing
    copies = []
    for copy in answer.copies:
        chosen = chosen_of(getattr(copy, asked.variant))
        blocks = tuple(_block(snapshot, source, slot, one, attributes) for slot, one in chosen)
        mail, untouched = _stamped(written(letter), tuple(block for block in blocks if block is not None))
        people = tuple(asked.to[n] for n in copy.to if n < len(asked.to))
        copies.append(Copied(people, tuple(b for b in blocks if b is not None), mail, untouched))
    return Tried(tuple(copies), told, source.compiled, tuple(dict.fromkeys(source.problems)))


def chosen_of(choice: Choice) -> list[tuple[Slot, Candidate]]:
    """What a client puts in: every template, then the first message of each slot (contract/http.md §1)."""
    found: list[tuple[Slot, Candidate]] = []
    for slot in SLOTS:
        line: list[Candidate] = getattr(choice, slot)
        found += [(slot, one) for one in line if one.kind == "template"]
        found += [(slot, one) for one in line if one.kind == "message"][:1]
    return found


def _block(
    snapshot: pick.Snapshot, source: Source, slot: Slot, one: Candidate, attributes: Mapping[str, str]
) -> stamp.Block | None:
    """One block of the stamp, its pictures inside where they travel along."""
    named = snapshot.compiled.contents.get(one.block.partition(".")[0])
    if named is None:
        return None
    content = source.content(named)
    block = compose.fill(content, attributes, name=one.block)
    data = source.octets(content)
    html, text = compose.complete(block, embed=bool(data) and all(p.digest in data for p in block.pictures))
    if not (html.strip() or text.strip()):
        return None
    try:
        inside = tuple(stamp.Picture(p.name, p.type, data[p.digest]) for p in block.pictures if data)
        return stamp.Block(slot, html, text, one.mark, inside)
    except (ValueError, KeyError):  # a picture whose file is missing: linked, as a client would
        return stamp.Block(slot, *compose.complete(block), one.mark)


def _stamped(mail: bytes, blocks: tuple[stamp.Block, ...]) -> tuple[bytes, Reason | None]:
    if not blocks:
        return mail, None
    result = stamp.stamp(mail, stamp.Order("try", blocks))
    return (mail, result.reason) if isinstance(result, stamp.Untouched) else (result.bytes(), None)


def html_of(mail: bytes) -> str:
    """The HTML of a mail as a page, with the pictures that travel along in it."""
    parsed = message_from_bytes(mail, policy=policy.default)
    assert isinstance(parsed, EmailMessage)
    body = parsed.get_body(("html",))
    html = str(body.get_content()) if body is not None else ""
    for part in parsed.walk():
        name = str(part.get("Content-ID", "")).strip("<> ")
        if name and part.get_content_maintype() == "image":
            data = part.get_payload(decode=True)
            coded = base64.b64encode(data if isinstance(data, bytes) else b"").decode()
            html = html.replace(f"cid:{name}", f"data:{part.get_content_type()};base64,{coded}")
    return html


def text_of(mail: bytes) -> str:
    """The plain text of a mail."""
    parsed = message_from_bytes(mail, policy=policy.default)
    assert isinstance(parsed, EmailMessage)
    body = parsed.get_body(("plain",))
    return str(body.get_content()) if body is not None else ""


def reason_words(reason: Reason) -> str:
    """Why a mail would leave as it is written."""
    return _("This mail would leave as it is written ({reason}).").format(reason=reason)


def packed(copies: tuple[Copied, ...]) -> bytes:
    """The mails alone, to be kept for a moment."""
    return msgspec.msgpack.encode([copy.mail for copy in copies])
