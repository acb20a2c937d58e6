"""Everything that a notification says in one language, as plain lines; and the text twin that is made of it."""

from __future__ import annotations

import textwrap
from datetime import date
from typing import NamedTuple

from stationer.notice.languages import ISOLATE, POP, Chosen, disclaimer
from stationer.notice.pen import Package, Pen

WIDTH = 72


class Said(NamedTuple):
    """The lines in the order in which both twins say them; empty ones are left out."""

    language: str
    from_the_right: bool
    heading: str
    kept: str
    until: str
    go: str
    how: str
    doubt: str
    footer: str
    disclaimer: str
    #: The last day, as it stands in `until`: not to be torn.
    day: str

    @property
    def direction(self) -> str:
        """`ltr` or `rtl`."""
        return "rtl" if self.from_the_right else "ltr"

    @property
    def start(self) -> str:
        """The side on which lines begin, as old programs know it."""
        return "right" if self.from_the_right else "left"


def said_in(
    pen: Pen, words: Chosen, package: Package | None, author: str, attachments: int, until: date | None
) -> Said:
    """All lines in one language."""
    kept = "kept" if not attachments else "kept_one" if attachments == 1 else "kept_many"
    day = words.day(until) if until else ""
    return Said(
        language=words.language,
        from_the_right=words.from_the_right,
        heading=words.say("heading", author=author) if author else words.say("heading_unknown"),
        kept=words.say(kept, pen=pen.name, count=str(attachments)),
        until=words.say("until", date=day) if day else "",
        go=words.say("go"),
        how=words.say("how"),
        doubt=words.say("doubt_call" if pen.phone else "doubt", host=pen.host),
        footer=_footer(pen, words),
        disclaimer=disclaimer(pen, package.notification, words.language) if package else "",
        day=day,
    )


def _footer(pen: Pen, words: Chosen) -> str:
    """`Sent by NAME of ADDRESS, Call: PHONE`, as far as the PEN has said them."""
    if not pen.address and not pen.phone:
        return ""
    sent = (
        words.say("sent_by", name=pen.name, address=pen.address)
        if pen.address
        else words.say("sent_by_name", name=pen.name)
    )
    return f"{sent}, {words.say('call', phone=pen.phone)}" if pen.phone else sent


def text_of(said: tuple[Said, ...], link: str) -> str:
    """The text twin: the same words in the same order, as a person would have typed them. Ends in a line feed."""
    letters = [_letter(one, link) for one in said]
    feet = [_filled(one, text) for one in said for text in (one.footer, one.disclaimer) if text]
    body = "\n\n* * *\n\n".join(letters)
    if feet:
        body += "\n\n-- \n" + "\n\n".join(feet)
    return body + "\n"


def _letter(one: Said, link: str) -> str:
    kept = " ".join(filter(None, (one.kept, one.until)))
    heading, kept, go, how, doubt = (
        _filled(one, text) for text in (one.heading, kept, one.go, one.how, one.doubt)
    )
    return "\n\n".join((heading, kept, f"{go}\n{link}", how, doubt))


def _filled(one: Said, text: str) -> str:
    """Lines of at most 72 characters; a word that is longer stands alone. Isolates stand where the language is written
    from right to left, and only there."""
    typed = text if one.from_the_right else text.replace(ISOLATE, "").replace(POP, "")
    return textwrap.fill(typed, WIDTH, break_long_words=False, break_on_hyphens=False)
