"""The laws about the bodies: inserted, place, exact, shown, charset, flowed, signature, related, word.

A check answers None when its law does not ask anything of this mail, "" when it holds, else what happened.
"""

from __future__ import annotations

from stationer.conformance import flowed as rfc3676
from stationer.conformance import pairing, shown
from stationer.conformance.insertion import Insertion, shared
from stationer.conformance.trip import Trip
from stationer.mime.charset import codec
from stationer.mime.parts import Part


def inserted(trip: Trip) -> str | None:
    """The block stands once in each body."""
    for insertion in trip.insertions:
        if insertion.count == 0:
            elsewhere = " (it came as a part of its own)" if trip.pairs.added else ""
            return f"the block is not in {insertion.name}{elsewhere}"
        if insertion.count != 1:
            return f"the block is {insertion.count} times in {insertion.name}"
    return ""


def place(trip: Trip) -> str | None:
    """The block stands where the truth allows."""
    for insertion in trip.standing:
        if not insertion.is_placed():
            return f"in {insertion.name} the block stands {insertion.where()}"
    return ""


def exact(trip: Trip) -> str | None:
    """Nothing but one insertion; other parts and what lies between parts the same bytes."""
    for insertion in trip.insertions:
        if insertion.new is None:
            return f"{insertion.name} is gone"
        if not insertion.is_exact:
            front = insertion.common[0]
            was, became = insertion.before[front : front + 30], insertion.after[front : front + 30]
            return f"{insertion.name} was changed besides the insertion: {was!r} became {became!r}"
    for old, new in trip.others:
        if new is None or pairing.raw(old) != pairing.raw(new):
            return f"the part {old.path} ({old.type}) {'is gone' if new is None else 'was changed'}"
    if not trip.pairs.images and pairing.between(trip.written) != pairing.between(trip.answer):
        return "delimiters, preamble or epilogue were changed"
    return ""


def as_shown(trip: Trip) -> str | None:
    """The same for a reader: words, links, images; content, type, name and disposition of the rest."""
    for insertion in trip.insertions:
        if lost := insertion.lost():
            return f"in {insertion.name} {lost}"
    for old, new in trip.others:
        if new is None or pairing.seen(old) != pairing.seen(new):
            return f"the part {old.path} ({old.type}) {'is gone' if new is None else 'shows something else'}"
    return f"a part came in: {trip.pairs.added[0].type}" if trip.pairs.added else ""


def charset(trip: Trip) -> str | None:
    """The body is what its charset says, the block's characters are there, meta and header agree."""
    for insertion in trip.standing:
        part = insertion.new
        if part is None:
            continue
        if not pairing.is_sound(part) and pairing.is_sound(insertion.old):
            return f"{insertion.name} is not {part.charset}, which its header says"
        characters = trip.block.characters
        if characters and not _has(insertion, characters):
            return f"in {insertion.name} ({part.charset}) the block's {characters!r} is not readable"
        if insertion.is_html and (wrong := _meta(insertion, part)):
            return wrong
    return ""


def _has(insertion: Insertion, characters: str) -> bool:
    added = shown.words(insertion.added, insertion.is_html)
    return "".join(characters.split()) in "".join(added)


def _meta(insertion: Insertion, part: Part) -> str:
    """A meta charset that agreed with the header and no longer does."""
    was, now = shown.meta_charset(insertion.before), shown.meta_charset(insertion.after)
    agreed = codec(was) == codec(insertion.old.charset)
    if was and agreed and (not now or codec(now) != codec(part.charset)):
        return f"the HTML's meta element says {now or 'nothing'}, its header {part.charset}"
    return ""


def flowed(trip: Trip) -> str | None:
    """Flowed paragraphs are the author's, with the block's beside them (asked of format=flowed)."""
    asked = [one for one in trip.insertions if is_flowed(one.old)]
    if not asked:
        return None
    for insertion in asked:
        old, new = _paragraphs(insertion.old), _paragraphs(insertion.new or insertion.old)
        front, back = _shared(old, new)
        if front + back < len(old) or len(new) < len(old):
            return f"a flowed paragraph became {new[front][2:72] if front < len(new) else 'nothing'!r}"
    return ""


def is_flowed(part: Part) -> bool:
    """Whether the part says format=flowed (RFC 3676 §4.1)."""
    return part.parameters.get("format", b"").lower() == b"flowed"


def _paragraphs(part: Part) -> list[str]:
    text = pairing.text(part)
    if not is_flowed(part):
        return [f"{line.depth} {line.text}" for line in rfc3676.fixed(text)]
    delsp = part.parameters.get("delsp", b"").lower() == b"yes"
    return [f"{line.depth} {line.text}" for line in rfc3676.paragraphs(text, delsp)]


def _shared(old: list[str], new: list[str]) -> tuple[int, int]:
    return shared(old, new), shared(old[::-1], new[::-1])


def signature(trip: Trip) -> str | None:
    """The line `-- ` and what follows it stay (asked of texts that have one)."""
    asked = [one for one in trip.insertions if not one.is_html and "\n-- \n" in one.before]
    if not asked:
        return None
    for insertion in asked:
        under = insertion.before.split("\n-- \n", 1)[1].split("\n")[0]
        if f"\n-- \n{under}" not in insertion.after:
            return "the line `-- ` lost its space, or no longer stands above the author's signature"
    return ""


def related(trip: Trip) -> str | None:
    """Each cid: resolves in the HTML's own multipart/related (asked of HTML that names one)."""
    asked = [one for one in trip.insertions if one.is_html and shown.cids(one.before)]
    if not asked:
        return None
    for insertion in asked:
        owner = _related(insertion.new)
        if insertion.new is None or owner is None or not _is_root(owner, insertion.new):
            return "the HTML is no longer the root of its multipart/related"
        held = {part.value(b"content-id").strip(b"<> ").decode("latin-1") for part in owner.walk()}
        if missing := [cid for cid in shown.cids(insertion.after) if cid not in held]:
            return f"cid:{missing[0]} leads nowhere"
    return ""


def _related(part: Part | None) -> Part | None:
    while part is not None and part.type != "multipart/related":
        part = part.parent
    return part


def _is_root(owner: Part, part: Part) -> bool:
    """Whether `part` is in the related's first part, or in the one that `start` names (RFC 2387 §3.2)."""
    start = owner.parameters.get("start", b"")
    named = [child for child in owner.children if start and child.value(b"content-id") == start]
    return part in (named or owner.children[:1])[0].walk()


def word(trip: Trip) -> str | None:
    """The pieces of Word's HTML are there (asked where the case names some)."""
    if not trip.case.keep:
        return None
    page = "".join(insertion.after for insertion in trip.insertions if insertion.is_html)
    before = "".join(insertion.before for insertion in trip.insertions if insertion.is_html)
    for piece in trip.case.keep:
        if page.count(piece) < before.count(piece):
            return f"{piece[:50]!r} is gone or changed"
    return ""
