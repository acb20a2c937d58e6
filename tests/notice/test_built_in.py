"""Our own words, in both languages and every shape they take: the twins say the same, nothing advertises, and the
author's subject and recipients stand as they were written."""

from __future__ import annotations

import html
import re
from datetime import date
from itertools import product

import pytest

from stationer import notice
from stationer.mime import header_values
from tests.notice.made import PEN, pen, twins

ATTACHED = b"--b\r\nContent-Disposition: attachment\r\n\r\nx\r\n"
SHAPES = list(product(("en", "de"), (0, 1, 3), (True, False), (True, False)))
#: What sells, flatters or hurries (SpamAssassin's phrases and those of the portals people complain of).
SELLS = re.compile(
    r"stationer|powered by|provided by|free|gratis|kostenlos|download|app store|google play|sign up|registrier"
    r"|click here|hier klicken|urgent|dringend|sofort handeln|act now|offer|angebot|!",
    re.IGNORECASE,
)


def letter(attachments: int, named: bool) -> bytes:
    """A letter of somebody, or of nobody, with so many attachments."""
    sender = b'From: "Dr Bob Hendry" <bob@harbourdental.example>\r\n' if named else b""
    head = (
        sender
        + b"To: =?utf-8?q?Car=C3=B6l?= <carol@example.org>,\r\n\tdave@example.org\r\nCc: eve@example.org\r\n"
    )
    subject = b"Subject: [secure] =?iso-8859-1?Q?Gr=FC=DFe?= on\r\n Thursday\r\n"
    kind = b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nDear Carol\r\n"
    return head + subject + kind + ATTACHED * attachments + b"--b--\r\n"


def texts(mail: bytes) -> tuple[str, str]:
    """The words of both twins, white space put together; of the HTML those that a reader sees, and what it links to."""
    plain, page = twins(mail)
    shown = re.sub(r"<head>.*?</head>|<!--.*?-->", "", page, flags=re.DOTALL)
    shown = re.sub(r'<a [^>]*href="(https:[^"]*)"[^>]*>.*?</a>', r"\1", shown, flags=re.DOTALL)
    seen = html.unescape(re.sub(r"<[^>]+>", " ", shown))
    return " ".join(plain.split()), " ".join(seen.split())


def words_of(text: str) -> list[str]:
    return [one.strip(".:-/") for one in re.findall(r"[\w@.:/{}-]+", text) if re.search(r"\w", one)]


@pytest.mark.parametrize(("language", "attachments", "named", "footed"), SHAPES)
def test_both_twins_say_the_same_words_and_sell_nothing(language, attachments, named, footed):
    spoken = pen(languages=(language,)) if footed else pen(languages=(language,), address="", phone="")
    made = notice.compose(letter(attachments, named), spoken, "msg_1", 0, until=date(2027, 2, 19))
    assert isinstance(made, notice.Notification)
    plain, seen = texts(made.mail)
    link = notice.link(spoken.host, "msg_1")
    assert plain.count(link) == 1 and seen.count(link) == 1
    # the HTML begins with the PEN's name, which is its letterhead
    said, shown = words_of(plain), words_of(seen.replace(spoken.name, "", 1))
    assert shown == said
    assert not SELLS.search(seen.replace(link, "")), SELLS.search(seen)
    assert ("Bob Hendry" in plain) == named and ("01632" in plain) == footed


@pytest.mark.parametrize("attachments", [0, 3])
def test_subject_and_recipients_stand_as_they_were_written(attachments):
    written = letter(attachments, True)
    made = notice.compose(written, PEN, "msg_1", 0)
    assert isinstance(made, notice.Notification)
    for name in ("from", "to", "cc"):
        assert header_values(made.mail, name) == header_values(written, name)
    assert b"Subject: =?iso-8859-1?Q?Gr=FC=DFe?= on\r\n Thursday\r\n" in made.mail
    assert b"To: =?utf-8?q?Car=C3=B6l?= <carol@example.org>,\r\n\tdave@example.org\r\n" in made.mail
