"""Inserters that sin: a right one (our own stamp) and one for each law that breaks this law and, as far as can be,
no other. The judge must catch each."""

from __future__ import annotations

import re
from collections.abc import Callable

from stationer.conformance import BLOCK_HTML, BLOCK_TEXT, Inserter, Run
from stationer.stamp import Block, Order, Untouched, stamp

ORDER = Order(None, (Block("signature", BLOCK_HTML.strip(), BLOCK_TEXT.strip("\r\n")),))
Change = Callable[[bytes], bytes]


def done(
    output: bytes, *, code: int = 0, seconds: float = 0.1, memory: int = 1_000_000, trouble: str = ""
) -> Run:
    """A run that gave this."""
    return Run(output, code, seconds, memory, trouble, "")


def right(mail: bytes) -> Run:
    """Our own stamp, without a process."""
    answer = stamp(mail, ORDER)
    return done(mail, code=3) if isinstance(answer, Untouched) else done(answer.bytes())


def ordered(*blocks: Block) -> Inserter:
    """Our stamp with other blocks."""

    def insert(mail: bytes) -> Run:
        answer = stamp(mail, Order(None, blocks))
        return done(mail, code=3) if isinstance(answer, Untouched) else done(answer.bytes())

    return insert


def then(change: Change) -> Inserter:
    """The right answer, spoilt."""
    return lambda mail: right(mail)._replace(output=change(right(mail).output), code=0)


def swapped(old: bytes, new: bytes) -> Change:
    """The first `old` becomes `new`."""
    return lambda mail: mail.replace(old, new, 1)


def nothing(mail: bytes) -> Run:
    """An inserter that hands everything on."""
    return done(mail)


def everywhere(mail: bytes) -> Run:
    """Appends to whatever comes."""
    return done(mail.rstrip() + b"\r\nSTATIONER-CONFORMANCE\r\n")


def again_and_again(mail: bytes) -> Run:
    """Puts a block in each time."""
    token = b"STATIONER-CONFORMANCE"
    return done(mail.replace(token, token + b" " + token, 1)) if token in mail else right(mail)


def reordered(mail: bytes) -> bytes:
    """From and To change places."""
    return re.sub(rb"(From: [^\r]*\r\n)(To: [^\r]*\r\n)", rb"\2\1", mail, count=1)


def entering(mail: bytes) -> bytes:
    """Changes a word of a message inside."""
    return mail.replace(b"Subject: Evidence", b"Subject: Evidence!", 1)


def bare(mail: bytes) -> bytes:
    """Some line ends lose their CR."""
    return mail.replace(b"STATIONER-CONFORMANCE\r\n", b"STATIONER-CONFORMANCE\n")


BOTTOM = ordered(Block("signature", "<p>STATIONER-CONFORMANCE</p>", ""))
ASCII_ONLY = ordered(
    Block("signature", "<p>STATIONER-CONFORMANCE<br>?i?ek - ??</p>", "STATIONER-CONFORMANCE\n?i?ek - ??")
)
TOP = ordered(Block("top", BLOCK_HTML.strip(), BLOCK_TEXT.strip()))
FLOOD_LINE = b"X-Flood: " + b"a" * 1200 + b"\r\n"

#: law → (case, an inserter that breaks it there)
SINS: list[tuple[str, str, Inserter]] = [
    ("answers", "structure-alternative", lambda mail: done(b"")),
    ("answers", "structure-alternative", lambda mail: done(mail, code=1)),
    ("answers", "structure-alternative", lambda mail: done(mail, trouble="it did not end in time")),
    ("answers", "structure-alternative", lambda mail: done(mail + b"x", code=3)),
    ("signed", "smime-clear", everywhere),
    ("signed", "pgp-inline-signed", then(swapped(b"ready", b"Ready"))),
    ("signed", "pgp-mime-encrypted", then(swapped(b"Subject: Visit", b"Subject: Visit "))),
    ("special", "invitation", everywhere),
    ("special", "auto-reply", then(swapped(b"Monday", b"Sunday"))),
    ("garbage", "garbage-noise", lambda mail: done(b"")),
    ("garbage", "garbage-cut-body", lambda mail: done(mail[: len(mail) // 2])),
    ("garbage", "garbage-prose", lambda mail: done(mail[:10], code=1)),
    ("inserted", "structure-alternative", nothing),
    ("inserted", "structure-alternative", ordered(Block("signature", BLOCK_HTML, ""))),
    ("inserted", "structure-alternative", ordered(Block("signature", BLOCK_HTML * 2, BLOCK_TEXT * 2))),
    ("place", "gmail-en", TOP),
    ("place", "gmail-en", nothing),
    ("exact", "structure-alternative", then(swapped(b"</p>\r\n<p>", b"</p><p>"))),
    ("exact", "structure-preamble", then(swapped(b"This is a message in MIME format.", b"Multipart."))),
    ("shown", "structure-alternative", then(swapped(b"the drawings", b"the pictures"))),
    ("shown", "related-in-alternative", then(swapped(b"cid:logo", b"cid:lago"))),
    ("structure", "attachment-pdf", then(swapped(b"multipart/mixed", b"multipart/related"))),
    ("structure", "structure-alternative", then(swapped(b"Content-Type: text/html", b"Content-Type: text/enriched"))),
    ("headers", "headers-folded", then(swapped(b"\r\n\t<3@sommer", b"\r\n <3@sommer"))),
    ("headers", "headers-folded", then(swapped(b"X-Long: ", b"x-long: "))),
    ("headers", "attachment-pdf", then(reordered)),
    ("dkim", "headers-encoded-subject", then(swapped(b"WmVpY2hudW5n", b"WmVpY2hudW5r"))),
    ("dkim", "gmail-en", then(swapped(b"Subject: ", b"To: mallory@sommer.example\r\nSubject: "))),
    ("charset", "charset-iso-8859-1", ASCII_ONLY),
    ("charset", "transfer-8bit", then(swapped(b"Ch\xc3\xa8re", b"Ch\xe8re"))),
    ("charset", "charset-meta-short", lambda mail: right(mail.replace(b"dXRmLTgi", b"dXRmLTci"))),
    ("transfer", "transfer-quoted", then(swapped(b"=3D 1 +", b"=is 1 +"))),
    ("transfer", "charset-ascii-7bit", then(swapped(b"Dear", b"D\xc3\xa9ar"))),
    ("transfer", "transfer-base64", then(swapped(b"\r\n\r\nR", b"\r\n\r\n*R"))),
    ("lines", "structure-alternative", then(lambda mail: FLOOD_LINE + mail)),
    ("line-ends", "line-ends-crlf", then(bare)),
    ("line-ends", "line-ends-lf", then(lambda mail: mail.replace(b"\n", b"\r\n"))),
    ("flowed", "flowed-short", then(swapped(b"glad \r\n", b"glad\r\n"))),
    ("signature", "signature-own", then(swapped(b"\r\n--=20\r\n", b"\r\n--\r\n"))),
    ("related", "related-in-alternative", then(swapped(b"<logo@winter.example>", b"<log@winter.example>"))),
    ("related", "related-in-alternative", then(swapped(b"multipart/related", b"multipart/mixed"))),
    ("attachments", "attachment-pdf", then(swapped(b"attachment; filename", b"inline; filename"))),
    ("attachments", "attachment-text", then(swapped(b"caf=E9", b"caf=C3=A9"))),
    ("message", "message-attached", then(entering)),
    ("word", "word-vml", then(swapped(b"<!--[if gte vml 1]>", b"<!-- -->"))),
    ("twice", "twice-html", again_and_again),
    ("twice", "twice-text", again_and_again),
    ("thread", "thread-gmail", lambda mail: nothing(mail) if b"In-Reply-To" in mail else right(mail)),
    ("thread", "thread-outlook-web", nothing),
    ("large", "large-attachment", lambda mail: right(mail)._replace(seconds=11.0)),
    ("large", "large-attachment", lambda mail: right(mail)._replace(memory=900_000_000)),
]  # fmt: skip
