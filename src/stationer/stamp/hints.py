"""A quick look: can there be a quote at all? Most new mails show none of these strings and need no further reading.

A hint proves nothing; its absence does. Every marker of `containers` and `phrases` has its hint here
(tests/stamp/test_hints.py). HTML is looked at as it falls apart at its angle brackets: what stands in tags (each
kind of tag once, however often it occurs) and what is shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from itertools import repeat
from operator import contains, methodcaller

from stationer.stamp import words
from stationer.stamp.headers import is_date_alone
from stationer.stamp.lines import plain
from stationer.stamp.tags import ATTRIBUTES

#: One of these stands in every element that bears a client's mark, in lower case.
ELEMENTS = (
    "quote", "cite", "rplyfwd", "appendonsend", "reference-message", "border-top", "border-style",
    "_mailoriginal", "olk_src", "stopspelling", "replysplit", "outlookmessageheader", "skydrive", "gmail_extra",
    "moz-", "iosymail", "zmail_extra", "__divider__", "zwchr", "reply-intro", "messagereplysection",
    "replycontent", "forwardcontent", "neteasemail", "origbody", "reply139", "orimsghtml", "mailcontent", "style_",
    "urlshare", "gmail_attr", "airmail_on",
)  # fmt: skip
#: In these, lines end without a tag.
LINED = ("<pre", "<xmp", "<plaintext")
HINTS = ELEMENTS + LINED
ELEMENT = re.compile("|".join(map(re.escape, ELEMENTS)) + "|signature|zm-_id_-sgn|stationer-", re.IGNORECASE)
#: What a separator is drawn with, two side by side at least; and what may stand around it in a line without words.
DASHES = "-–—‐_=*~"
RULED = DASHES + " >|\t\r\n\u00a0"
PAIR = re.compile("[–—‐_=*~-]{2}")
BLANKS = " \u00a0"
EDGES = " *_|>"
QUOTING = (">", "&gt", "&#62", "&#x3e", "&#x3E", "&#X3")
# Colons and what separators are drawn with, where HTML writes them as references.
REFERENCES = re.compile(
    rb"&(?:colon|hyphen|dash|lowbar|equals|ast|#0*(?:4[25]|58|61|95|126)\b|#[xX]0*(?:2[aAdD]|3[aAdD]|5[fF]|7[eE])\b)"
    rb"|(?:&(?:[nm]dash|#82(?:08|1[12])|#[xX]201[034]);\s*){2}"
)
ENDS = " \t\r\n\u00a0\u200e\u200f\u202a\u202b\u202c\u2069"
HIDDEN = (b"style", b"script", b"title", b"STYLE", b"SCRIPT", b"TITLE")
PARTITION = methodcaller("partition", b">")
WIDE_COLONS = ("：".encode(), "﹕".encode())
# Of the characters that separators are drawn with, the first octets in UTF-8.
DRAWN = (b"-", b"_", b"=", b"*", b"~", b"\xe2\x80")
# What stands in a tag that ends at its first `>`.
WHOLE = re.compile(rf"/?[a-zA-Z][^\t\n\f\r />]*+{ATTRIBUTES}")


class Pieces:
    """HTML in UTF-8 parted at its angle brackets, as octets, which is quicker: `heads`, what stands in its tags, each
    once; `tags`, all of them in lower case, each behind its `<`.

    `sound`: every tag ends at its first `>`, no value that is open there.
    """

    __slots__ = ("_behind", "_each", "heads", "sound", "tags")

    def __init__(self, html: bytes) -> None:
        each, behind, ended = by_turns(html) or tag_by_tag(html)
        self._each, self._behind = each, behind
        tags = b"<".join(set(each)).decode("utf-8", "replace")
        self.heads = tags.split("<") if each else []
        self.tags = "<" + tags.lower()
        self.sound = ended and all(map(is_whole, self.heads))

    @property
    def shown(self) -> list[bytes]:
        """What stands before the first tag and behind each, where it is shown."""
        if not any(hidden in self.tags for hidden in ("<style", "<script", "<title")):
            return self._behind
        hidden = {head for head in set(self._each) if head.startswith(HIDDEN)}
        behind = zip(self._each, self._behind[1:], strict=True)
        return [self._behind[0]] + [shown for head, shown in behind if head not in hidden]

    def named(self, name: str) -> list[str]:
        """The tags of this name, each once, as they stand there; an end tag's name begins with `/`."""
        if "<" + name not in self.tags:
            return []
        return [head for head in self.heads if head[: len(name)].lower() == name]

    def count(self, head: str) -> int:
        """How often this tag stands there."""
        return self._each.count(head.encode())


#: What stands in each tag, what stands before the first and behind each, and whether all tags end.
Parted = tuple[list[bytes], list[bytes], bool]


def by_turns(html: bytes) -> Parted | None:
    """Parted in a few steps where every angle bracket is a tag's: then they take turns. None where they do not, which
    shows when it is put together again."""
    turns = html.replace(b">", b"<").split(b"<")
    each, behind = turns[1::2], turns[::2]
    tagged = map(b">".join, zip(each, behind[1:], strict=False))
    return (each, behind, True) if len(turns) % 2 and b"<".join((behind[0], *tagged)) == html else None


def tag_by_tag(html: bytes) -> Parted:
    """Any HTML parted at `<`, and what follows at the first `>`."""
    first, *parted = html.split(b"<")
    triples = list(map(PARTITION, parted))
    each, ends, behind = zip(*triples, strict=True) if triples else ((), (), ())
    return list(each), [first, *behind], b"" not in ends


def is_whole(head: str) -> bool:
    """Whether no quotation mark of a tag reaches beyond its first `>`. Comments have none."""
    if "'" in head or '"' in head:
        return head[:1] == "!" or WHOLE.fullmatch(head) is not None
    return True


def pieces_may_quote(pieces: Pieces) -> bool:
    """Whether this HTML part has to be read."""
    tags = pieces.tags
    if not pieces.sound or any(map(contains, repeat(tags), HINTS)):
        return True
    shown = pieces.shown
    whole = b"\n".join(shown)
    if b"\xef" in whole and any(map(contains, repeat(whole), WIDE_COLONS)):
        return True
    if any(map(contains, repeat(whole), DRAWN)) and is_dashed(whole.decode("utf-8", "replace"), alone=True):
        return True
    if b"&" in whole and REFERENCES.search(whole):
        return True
    if b":" in whole and any(colon_may_quote(said(piece)) for piece in shown if b":" in piece):
        return True
    if b">" not in whole and b"&" not in whole:
        return False
    return any(begins_quoted(said(piece)) for piece in shown if b">" in piece or b"&" in piece)


def said(piece: bytes) -> str:
    """One piece as text."""
    return piece.decode("utf-8", "replace")


def begins_quoted(shown: str) -> bool:
    """Whether `>` is the first character shown."""
    return shown.replace("&nbsp;", " ").lstrip().startswith(QUOTING)


def colon_may_quote(shown: str) -> bool:
    """Whether what stands behind a tag, and holds a colon, begins with a label or with the colon, or ends in it."""
    label = shown.partition(":")[0]
    if len(label) < 100:
        label = plain(unescape(label)).strip(EDGES)
        if not label or label in words.LABELS:
            return True
    if len(shown) < 100 and is_date_alone(unescape(shown)):
        return True
    return ":&" in shown or ":" in shown.rstrip(ENDS)[-5:]


def text_may_quote(text: str) -> bool:
    """Whether this text part has to be read."""
    if "：" in text or "﹕" in text or is_dashed(text, alone=False):
        return True
    if ">" in text and any(line.lstrip(BLANKS)[:1] == ">" for line in lines_with(">", text)):
        return True
    return ":" in text and any(map(line_may_quote, lines_with(":", text)))


def line_may_quote(line: str) -> bool:
    """Whether this line, which holds a colon, ends in it, begins with a label of a quoted header block or is the date
    in one."""
    if ":" in end_of(line) or is_date_alone(line):
        return True
    label = line.partition(":")[0]
    return len(label) < 100 and plain(label).strip(EDGES) in words.LABELS


def end_of(line: str) -> str:
    """The last five characters shown of a line; long lines are not read whole for them."""
    if line.isascii():
        return line.rstrip()[-5:]
    shown = plain(line[-60:])
    return (shown if len(shown) >= 5 else plain(line))[-5:]


def lines_with(character: str, text: str) -> Iterator[str]:
    """The lines that hold this character."""
    at = text.find(character)
    while at >= 0:
        end = text.find("\n", at)
        end = len(text) if end < 0 else end
        yield text[text.rfind("\n", 0, at) + 1 : end]
        at = text.find(character, end)


def is_dashed(text: str, *, alone: bool) -> bool:
    """Whether two of the characters that draw separators stand side by side; `alone`: in a line without words, too."""
    drawn = [dash for dash in DASHES if dash in text]
    return any(
        PAIR.search(line) and (alone or line.strip(RULED))
        for dash in drawn
        for line in lines_with(dash, text)
    )
