"""restore(received, content, pen): the original back in the notification's place (contract/notice.md §5).

What was added on the way stands on top as it was received; below it is the original, byte for byte.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from stationer.mime import Cut, joined, line_end, splice
from stationer.mime import read as read_mail
from stationer.mime.fields import Field, top_of, value_of
from stationer.notice.composing import TRAVELS, UNREADABLE, is_torn, travels
from stationer.notice.parties import parties
from stationer.notice.pen import Pen
from stationer.notice.plain import one_line, text_of_value, words_of
from stationer.notice.proof import RESTORED, NotProven, Proof, Unproven, read
from stationer.notice.tag import untagged
from stationer.notice.via import REPLACED, is_ours

#: Fields of the original that never stand in a mailbox.
LEFT_OUT = frozenset(
    {b"bcc", b"resent-bcc", b"stationer-seal", b"stationer-notification", b"stationer-restored"}
)
#: What the way may add of the fields that travel: who sent the mail on, and which list did.
ADDED = (b"resent-", b"list-")
#: Wishes for a receipt or about answers: the author's alone. None travels, so one in a notification is another's.
WISHES = frozenset(
    {
        b"disposition-notification-to", b"return-receipt-to", b"x-confirm-reading-to", b"mail-followup-to",
        b"mail-reply-to",
    }
)  # fmt: skip
#: What the notification's own body says of itself, and what is ours.
OURS = (b"content-", b"stationer-")


class Restored(NamedTuple):
    """The restored mail, what proved the notification, and the fields (lower case) that somebody changed or added."""

    mail: bytes
    proof: Proof
    changed: tuple[str, ...]


class NotRestored(NamedTuple):
    """The notification stays as it is."""

    reason: Unproven | Literal["other-content", "unparseable"]


def restore(received: bytes, content: bytes, pen: Pen) -> Restored | NotRestored:
    """Put `content` in the place of the notification `received`. The PEN's public half is enough. Never raises."""
    proof = read(received, pen)
    if isinstance(proof, NotProven):
        return NotRestored(proof.reason)
    original = read_mail(content)
    if original.problems & UNREADABLE:
        return NotRestored("unparseable")
    if parties(content) != proof.parties:
        return NotRestored("other-content")
    own = original.root.fields
    way = read_mail(received).root.fields
    end = line_end(content)
    mark = f"{RESTORED}: v=1; pen={pen.id};\n id={proof.id}\n".encode()
    mine = {field.name for field in own}
    added = [
        received[field.start : field.end]
        for field in way
        if is_of_the_way(field.name, mine) and not is_torn(received, field)
    ]
    top = b"".join(one if one.endswith(b"\n") else one + b"\n" for one in [*added, mark])
    cuts = [Cut(top_of(content), top_of(content), top.replace(b"\r\n", b"\n").replace(b"\n", end))]
    cuts += [Cut(field.start, field.end, b"") for field in own if field.name in LEFT_OUT]
    cuts += untagged(content, pen.shown_tag)
    changed = changes(received, way, content, own, pen, proof)
    return Restored(joined(splice(content, cuts)), proof, changed)


def is_of_the_way(name: bytes, mine: set[bytes]) -> bool:
    """Whether a field of the received notification may stand in the restored mail as added on the way; `mine`: the
    names that the author gave."""
    if name == b"mime-version" or name in WISHES or name.startswith(OURS):
        return False
    return not travels(name) or (name.startswith(ADDED) and name not in mine)


def changes(
    received: bytes, way: list[Field], content: bytes, own: list[Field], pen: Pen, proof: Proof
) -> tuple[str, ...]:
    """The fields of §1 that say something else than the author's or that the author never gave; and added wishes. What
    a PEN writes itself in what goes via it is no change."""
    plain = joined(splice(content, untagged(content, pen.shown_tag)))
    theirs = _words(received, way, TRAVELS | WISHES)
    mine = _words(plain, read_mail(plain).root.fields, TRAVELS)
    names = theirs.keys() | mine.keys()
    if proof.via:
        names -= {name.decode("ascii") for name in REPLACED}
        names |= {"sender"} & theirs.keys()
        names |= set() if is_ours(received, proof.parties) else {"reply-to"}
        mine = {name: said for name, said in mine.items() if name.encode("ascii") not in REPLACED}
    return tuple(sorted(name for name in names if theirs.get(name) != mine.get(name)))


def _words(mail: bytes, fields: list[Field], names: frozenset[bytes]) -> dict[str, list[str]]:
    """Of each field of these names what it says, decoded, without folding."""
    said: dict[str, list[str]] = {}
    for field in fields:
        if field.name in names:
            text = one_line(words_of(text_of_value(value_of(mail, field))))
            said.setdefault(field.name.decode("ascii"), []).append(text)
    return said
