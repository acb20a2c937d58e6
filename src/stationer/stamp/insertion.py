"""Blocks → cuts of one body part, and how to undo them. Spliced where the part can stay as it is coded; recoded whole
where the block needs a charset or a transfer encoding that the part does not have."""

from __future__ import annotations

from typing import NamedTuple

from stationer.mime import Cut, Part, joined, splice
from stationer.mime.charset import byte_offset, is_ascii_based, keeps_ascii
from stationer.mime.coding import PLAIN
from stationer.mime.fields import header_of
from stationer.mime.rewrite import base64_room, rewritten
from stationer.stamp import dress
from stationer.stamp.boundary import BodyPart
from stationer.stamp.order import Block, Order, Places
from stationer.stamp.recode import Recoding, is_seven_bit, recoded
from stationer.stamp.tags import tokens
from stationer.stamp.undo import PartUndo, Splice, digest_of, shown_digest


class Insertion(NamedTuple):
    """Text that goes in at a code point of a part, and the octet it is."""

    char: int
    offset: int
    text: str


class Change(NamedTuple):
    """The cuts of the mail for one part, and their undo. Cut offsets are the mail's."""

    cuts: tuple[Cut, ...]
    undo: PartUndo


def changed(body: BodyPart, order: Order, line_end: bytes) -> Change | None:
    """The change of one body part. None when it cannot be made exactly, or when there is nothing to put in."""
    insertions = insertions_of(body, order, line_end)
    if insertions is None or not is_read_as_meant(body, insertions):
        return None
    part = body.part
    if fits(body, insertions):
        change = spliced(body, insertions, line_end)
    elif is_flush(part):
        return None
    else:
        recoding = recoded(body, [(i.offset, i.text) for i in insertions], line_end)
        change = None if recoding is None else of_recoding(part, recoding, insertions)
    return None if change is None or moves_the_body(part, change) else change


def moves_the_body(part: Part, change: Change) -> bool:
    """Whether the header would end elsewhere with what goes in: one that ends in a line of white space in place of a
    blank one takes a line end in, a line that is indented, and one that looks like a field; or whether it would be told
    to end there no longer, as there is a colon in the first line now."""
    data, start, body = part.data, part.start, part.body
    above = data[data.rfind(b"\n", start, max(start, body - 1)) + 1 : body]
    if not above.strip(b"\r\n"):
        return False
    cuts = [Cut(cut.start - start, cut.end - start, cut.new) for cut in change.cuts]
    grown = sum(len(cut.new) - (cut.end - cut.start) for cut in change.cuts if cut.start < body)
    header = header_of(joined(splice(data[start : part.end], cuts)), 0)
    return header.body != body - start + grown or not header.closed


def wanted(body: BodyPart, order: Order) -> Places:
    """The blocks for the top and for the place, in the order of slots."""
    return order.for_html if body.part.type == "text/html" else order.for_text


def insertions_of(body: BodyPart, order: Order, line_end: bytes) -> list[Insertion] | None:
    """What goes in where; None when a place has no octet of its own."""
    if not is_ascii_based(body.codec):
        return None
    top, rest = wanted(body, order)
    text, page, place = body.reading.text, body.reading.page, body.place
    places = [(place, rest)]
    if top:
        above = top_of(body)
        places = [(above, top), (place, rest)] if above != place else [(place, top + rest)]
    found: list[Insertion] = []
    for char, blocks in places:
        if not blocks:
            continue
        offset = byte_offset(body.plain, body.codec, text, char)
        if offset is None or (page and not page.is_open_ground(char)):
            return None
        found.append(Insertion(char, offset, dressed(body, order.name, blocks, char, offset, line_end)))
    return found if page is None or page.pieces.sound or stand(text, found) else None


def stand(html: str, insertions: list[Insertion]) -> bool:
    """Whether the elements put in are elements there: a quotation mark that the author's HTML never closes would
    swallow them. HTML whose marks are in order need not be asked."""
    pieces, starts, at, moved = [], [], 0, 0
    for insertion in insertions:
        pieces += [html[at : insertion.char], insertion.text]
        starts.append(insertion.char + moved + len(insertion.text) - len(insertion.text.lstrip()))
        at, moved = insertion.char, moved + len(insertion.text)
    elements = {
        token.start for token in tokens("".join([*pieces, html[at:]])) if token.opens and token.name == "div"
    }
    return elements.issuperset(starts)


def is_read_as_meant(body: BodyPart, insertions: list[Insertion]) -> bool:
    """Whether in the part's own charset the texts, and what follows them, are read as they are here: an escape above
    (ISO-2022, RFC 1468) may not be taken back, or be torn, and so may be the character above."""
    if keeps_ascii(body.codec):
        return True
    octets, texts, offset, char = [], [], 0, 0
    for insertion in insertions:
        try:
            octets += [body.plain[offset : insertion.offset], insertion.text.encode(body.codec)]
        except UnicodeError:  # the part moves to UTF-8, where each piece is read for itself
            return True
        texts += [body.reading.text[char : insertion.char], insertion.text]
        offset, char = insertion.offset, insertion.char
    whole = b"".join([*octets, body.plain[offset:]])
    return whole.decode(body.codec, "replace") == "".join([*texts, body.reading.text[char:]])


def top_of(body: BodyPart) -> int:
    """Where the top slot goes: before the author's first word, never below the place."""
    page = body.reading.page
    return min(page.body_start, body.place) if page else 0


def own_line_end(body: BodyPart, line_end: bytes) -> str:
    """The line end that the decoded part uses, else the mail's."""
    at = body.plain.find(b"\n")
    if at < 0:
        return "\r\n" if body.part.encoding == "base64" or body.plain.endswith(b"\r") else line_end.decode()
    return "\r\n" if at and body.plain[at - 1] == 13 else "\n"


def dressed(
    body: BodyPart, stamp_id: str, blocks: tuple[Block, ...], char: int, offset: int, line_end: bytes
) -> str:
    """The blocks as text for this part at this place, padded where base64 needs it."""
    end = own_line_end(body, line_end)
    in_base64 = body.part.encoding == "base64"
    if body.reading.page is None:
        return dressed_text(body, blocks, char, offset, end, in_base64)
    short = body.part.encoding in PLAIN
    keeps = body.reading.page.keeps_lines
    whole = dress.html_of(stamp_id, blocks, end, short, keeps)
    if in_base64 and (room := base64_room(body.plain, offset, len(whole))):
        whole = dress.html_of(stamp_id, blocks, end, short, keeps, " " * room)
    return whole


def dressed_text(
    body: BodyPart, blocks: tuple[Block, ...], char: int, offset: int, end: str, in_base64: bool
) -> str:
    """Text blocks with their blank lines."""
    flowed = body.part.parameters.get("format", b"").strip().lower() == b"flowed"
    text = body.reading.text
    held = dress.text_of(blocks, end, flowed)
    lead, tail = dress.spaced(held, text[:char], text[char:], end)
    whole = lead + held + tail
    if in_base64 and tail:
        length = len(whole.encode(body.codec, "replace"))
        room = base64_room(body.plain, offset, length)
        padding = {0: "", 1: " " if end == "\r\n" else "\n", 2: "\r\n" if end == "\r\n" else "\n\n"}[room]
        whole = f"{lead}{held}{end}{padding}{tail[len(end) :]}"
    return whole


def fits(body: BodyPart, insertions: list[Insertion]) -> bool:
    """Whether the text can be put in as the part is: its charset holds it, its lines and octets are allowed."""
    for insertion in insertions:
        try:
            new = insertion.text.encode(body.codec)
        except UnicodeError:
            return False
        if body.part.encoding in PLAIN and (
            dress.too_long(insertion.text, body.codec) or is_crowded(body.plain, insertion.offset, new)
        ):
            return False
        if not new.isascii() and is_seven_bit(body.part):
            return False
    return True


def is_crowded(plain: bytes, offset: int, new: bytes) -> bool:
    """Whether the author's line that is put into would be longer than a line may be, or is already."""
    before = offset - (plain.rfind(b"\n", 0, offset) + 1)
    following = plain.find(b"\n", offset)
    after = (following if following >= 0 else len(plain)) - offset
    first, *rest = new.split(b"\n")
    if not rest:
        return before + len(first) + after > dress.HARD_LIMIT
    first, last = first.rstrip(b"\r"), rest[-1]
    longest = max(before + len(first) if first else 0, len(last) + after if last else 0)
    return longest > dress.HARD_LIMIT


def spliced(body: BodyPart, insertions: list[Insertion], line_end: bytes) -> Change | None:
    """Cut by cut, the rest as it is coded."""
    part, encoded = body.part, body.part.encoded
    cuts: list[Cut] = []
    splices: list[Splice] = []
    moved = 0
    for decoded_cut in decoded_cuts(body, insertions):
        cut = rewritten(encoded, part.encoding, body.plain, decoded_cut, line_end)
        if cut is None or (cuts and cut.start + part.body < cuts[-1].end):
            return None
        if is_flush(part) and not cut.new.endswith(b"\n"):
            cut = cut._replace(new=cut.new + line_end)
        cuts.append(Cut(cut.start + part.body, cut.end + part.body, cut.new))
        old = encoded[cut.start : cut.end]
        splices.append(Splice(cut.start + moved, len(cut.new), digest_of(cut.new), old))
        moved += len(cut.new) - len(old)
    shown = tuple(shown_digest(i.text) for i in insertions) if body.reading.page is None else ()
    return Change(tuple(cuts), PartUndo(part.path, tuple(splices), shown=shown))


def is_flush(part: Part) -> bool:
    """Whether the part is empty and its delimiter follows the header at once: what is put in must end its line."""
    return part.body == part.end and part.parent is not None and part.data[part.end : part.end + 2] == b"--"


def decoded_cuts(body: BodyPart, insertions: list[Insertion]) -> list[Cut]:
    """One cut for each insertion; in base64 one for two that would fall into the same group of three."""
    cuts = [Cut(i.offset, i.offset, i.text.encode(body.codec)) for i in insertions]
    if body.part.encoding == "base64" and len(cuts) == 2 and cuts[1].start - cuts[0].start < 3:
        first, last = cuts
        return [Cut(first.start, last.start, first.new + body.plain[first.start : last.start] + last.new)]
    return cuts


def of_recoding(part: Part, recoding: Recoding, insertions: list[Insertion]) -> Change:
    """The whole body and the fields that say how it is coded."""
    cuts = (*recoding.heads, Cut(part.body, part.end, recoding.body))
    undo = PartUndo(
        part.path,
        recoding.splices,
        recoding.undo_heads,
        recoding.recoded,
        tuple(shown_digest(i.text) for i in insertions),
    )
    return Change(cuts, undo)
