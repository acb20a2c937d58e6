"""The mails that readers are shown, each stamped with the demo company's stationery."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass

from stationer.stamp import Order, Stamped, stamp, variant
from stationer.wire.words import SLOTS, Variant
from trials.readers.letterhead import Letterhead
from trials.stamping.compare import parts
from trials.stamping.mails import AUTHOR, QUOTED, REPLIES, html_mail
from trials.stamping.matrix import GOLDEN, as_ours, part

WORDS = "Tuesday at half past two is kept for you."
PLAIN = f"Dear Mrs Whitfield,\n\n{WORDS}\nPlease bring your old retainer.\n\nKind regards\nAlice\n"
FLOWED = (
    f"Dear Mrs Whitfield,\n\n{WORDS} Please bring your old \nretainer if you still have it. Bob will take the "
    "\nimpressions himself, and he will tell you more about it then.\n\nKind regards\nAlice\n"
)
STYLE = "font-family: Arial, Helvetica, sans-serif; font-size: 15px; line-height: 22px; color: #222222;"
PAGE = (
    f'<!DOCTYPE html>\n<html><head><meta charset="utf-8"></head>\n<body style="{STYLE}">\n<p>Dear Mrs Whitfield,</p>\n'
    f"<p>{WORDS} Please bring your old retainer if you still have it.</p>\n<p>Kind regards<br>Alice</p>\n</body></html>"
)
RUSSIAN = "Здравствуйте! Ждём вас во вторник в половине третьего."
#: Mails of the stamp room: file, the author's words, and words of the quote.
GOLDEN_LETTERS = {
    "forward": ("thunderbird-en-forward", "See below.", "Would Thursday be good?"),
    "hebrew-gmail": ("gmail-he", "יום חמישי מתאים לנו.", "האם יום חמישי מתאים?"),
    "hebrew-outlook": ("outlook-web-he-rtl", "יום חמישי מתאים לנו.", "האם יום חמישי מתאים?"),
    "arabic-gmail": ("gmail-ar", "يوم الخميس مناسب لنا.", "هل يناسبكم الخميس؟"),
    "word": ("outlook-classic-en", "Thursday suits us.", "Would Thursday be good?"),
    "reply-flowed": ("thunderbird-tr-flowed", "Perşembe bizim için uygun.", "Perşembe uygun mu?"),
}


@dataclass(frozen=True)
class Letter:
    """A mail before and after it was stamped. `words` are the author's, `quoted` stands in the quote."""

    name: str
    written: bytes
    words: str
    quoted: str = ""
    embedded: bool = False

    def stamped(self, letterhead: Letterhead, pictures: str) -> bytes:
        """The mail with the stationery of its variant, and the letter's name as its subject."""
        if self.embedded:
            letterhead = Letterhead(embedded=True)
        found = stamp(self.written, self.order(letterhead, pictures))
        assert isinstance(found, Stamped), (self.name, found)
        subject = f"Subject: {self.name}\r\n".encode()
        return re.sub(rb"(?im)^Subject:.*\r\n(?:[ \t].*\r\n)*", subject, b"".join(found.segments), count=1)

    def order(self, letterhead: Letterhead, pictures: str) -> Order:
        """What goes into it; linked pictures are served from the address `pictures`."""
        return letterhead.order(self.variant, pictures)

    @property
    def slots(self) -> list[str]:
        """The slots of its variant, in order."""
        return list(SLOTS if self.variant == "new" else SLOTS[1:])

    @property
    def variant(self) -> Variant:
        """The variant of the stationery that it takes."""
        return variant(self.written)

    @property
    def html(self) -> bytes:
        """Its HTML as written, decoded."""
        return parts(self.written).get("text/html", "").encode()

    @property
    def is_html(self) -> bool:
        """Whether readers show its HTML."""
        return "text/html" in parts(self.written)


def letters() -> list[Letter]:
    """All of them, anew."""
    koi8 = base64.encodebytes(f"{RUSSIAN}\n\n> {WORDS}\n".encode("koi8-r"))
    found = [
        Letter("new-html", html_mail("Appointment", PAGE, PLAIN), WORDS),
        Letter("new-embedded", html_mail("Appointment", PAGE, PLAIN), WORDS, embedded=True),
        Letter("new-text", part("text/plain; charset=utf-8", "8bit", PLAIN.encode()), WORDS),
        Letter(
            "new-flowed", part("text/plain; charset=utf-8; format=flowed", "8bit", FLOWED.encode()), WORDS
        ),
        Letter("reply-koi8-r", part("text/plain; charset=koi8-r", "base64", koi8), RUSSIAN, WORDS),
    ]
    found += [Letter(f"reply-{reply.client}", reply.mail(), AUTHOR, QUOTED) for reply in REPLIES]
    file, words, quoted = GOLDEN_LETTERS["forward"]
    forward = as_ours((GOLDEN / f"{file}.eml").read_bytes())
    found.append(Letter("forward-embedded", forward, words, quoted, embedded=True))
    return found + [
        Letter(name, as_ours((GOLDEN / f"{file}.eml").read_bytes()), words, quoted)
        for name, (file, words, quoted) in GOLDEN_LETTERS.items()
    ]
