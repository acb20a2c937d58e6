"""Which parts of a mail are the author's body: at most one text and one HTML, never an attachment, never a message."""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter

from stationer.mime import Part
from stationer.mime.coding import decoded
from stationer.stamp.frames import is_ours, stands_for_root

TEXTS = ("text/plain", "text/html")
#: A text of more octets is not asked whether it shows nothing.
LONGEST_BLANK = 1_000


def body_parts(root: Part) -> tuple[Part, ...]:
    """The parts to stamp, in the order of the mail."""
    return tuple(sorted(_bodies(root), key=attrgetter("body")))


def _bodies(part: Part) -> Sequence[Part]:
    """The body parts at or below `part`: of alternatives each type, of a mixture the first that has any."""
    if part.disposition == "attachment" and part.parent is not None:
        return ()
    if part.is_multipart:
        if part.type == "multipart/alternative":
            return _alternatives(part)
        children = part.children
        if part.type == "multipart/related":
            children = [_related_root(part)] if children else []
        return _first_of(children)
    if part.type not in TEXTS:
        return ()
    if part.filename and part.parent is not None and not stands_for_root(part):
        return ()
    # without a blank line between them, what is put into the body would be read as header
    return (part,) if part.closed else ()


def _first_of(children: Sequence[Part]) -> Sequence[Part]:
    """The first that has a body; a text without words yields to a later HTML (a gateway put it above that)."""
    first: Sequence[Part] = ()
    for child in children:
        found = _bodies(child)
        if found and not first:
            first = found
            if len(first) > 1 or first[0].type != "text/plain" or not _is_blank(first[0]):
                break
        elif any(part.type == "text/html" for part in found):
            return found
    return first


def _is_blank(part: Part) -> bool:
    """Whether a short text shows nothing."""
    return (
        len(part.encoded) <= LONGEST_BLANK
        and not (decoded(part.encoded, part.encoding) or part.encoded).strip()
    )


def _alternatives(part: Part) -> Sequence[Part]:
    """One part of each type; the first of a type counts."""
    by_type: dict[str, Part] = {}
    for child in part.children:
        for found in _bodies(child):
            by_type.setdefault(found.type, found)
    return tuple(by_type.values())


def _related_root(part: Part) -> Part:
    """The root of a compound (RFC 2387 §3): what `start` names, or the first part of the stated type, or the first."""
    start, kind = part.parameters.get("start", b"").strip(), part.parameters.get("type", b"").strip()
    for child in part.children:
        if start and child.value(b"content-id") == start:
            return child
    stated = kind.lower().decode("ascii", "replace")
    return next((child for child in part.children if child.type == stated), part.children[0])


def continued(part: Part) -> tuple[Part, ...]:
    """The parts that carry this body on where pictures or papers shown inline split it (Apple Mail): siblings of the
    same type, each behind at least one inline part that is no text."""
    around = part.parent
    if around is None or around.type in ("multipart/alternative", "multipart/related"):
        return ()
    found: list[Part] = []
    parted = False
    for beside in around.children[around.children.index(part) + 1 :]:
        near = beside.children[0] if beside.children and is_ours(beside) else beside
        if near.type == part.type and parted and _bodies(near):
            found.append(near)
            parted = False
        elif near.disposition == "inline" and not near.children and near.type not in TEXTS:
            parted = True
        else:
            break
    return tuple(found)
