"""What tests of reading share: letters in a PEN, the mails that went out, and a reader's browser."""

from __future__ import annotations

import re
from email import message_from_bytes, policy
from html import unescape
from urllib.parse import parse_qs, urlsplit

from django.test import Client
from django.utils import timezone

from stationer.portal.delivery.models import Outgoing, Recipient
from stationer.portal.people.scope import pen_scope
from stationer.portal.vault.keeping import Options, keep
from stationer.portal.vault.models import Event

CAROL, DAVE, ERIN = "carol@sommer.example", "dave@sommer.example", "erin@blind.example"
MAIL = """From: Alice Penrose <{author}>
To: {to}
Subject: Your plan
Date: Sun, 22 Nov 2026 10:32:00 +0000
Message-ID: <1@acme.example>
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8

Dear Carol,

the plan is attached in words: quincunx.
"""


def letter(pen, *, to=(CAROL,), blind=(), level=1, author="alice@acme.example", member=None):
    """A letter of the PEN, kept and ready."""
    mail = (
        MAIL.format(author=author, to=", ".join(to) or "undisclosed-recipients:;")
        .replace("\n", "\r\n")
        .encode()
    )
    with pen_scope(pen):
        row = keep(mail, author=author, recipients=[*to, *blind], options=Options(level=level), member=member)
    assert row.state == "ready", row.sentence
    row.pen = pen
    return row


def left():
    """Every mail of the queue: whom it goes to, and the mail; the oldest first."""
    return [
        (
            sorted(Recipient.objects.filter(outgoing=row).values_list("address", flat=True)),
            message_from_bytes(bytes(row.mail), policy=policy.default),
        )
        for row in Outgoing.objects.order_by("created_at", "id")
    ]


def body(mail):
    """Its text."""
    return mail.get_body(("plain",)).get_content().replace("\r\n", "\n")


def code_in(mail):
    """The code that a mail brings."""
    return re.search(r"^ {4}(\d{4} \d{4})$", body(mail), re.MULTILINE)[1]


def reference_in(text):
    """The reference, in a mail or on a page."""
    return re.search(r"^ {4}([A-Z]{4})$", text, re.MULTILINE)[1]


def of(answer):
    """The code's row that a page's form names."""
    return re.search(r'name="of" value="([0-9a-f-]{36})"', answer.content.decode())[1]


def path(row, what=""):
    """The address of a letter, or of something of it."""
    return f"/m/{row.locator}" + (f"/{what}" if what else "")


def asked(client, row, **said):
    """The page of the code, after it was asked for."""
    answer = client.post(path(row, "code"), said or {"to": "1"}, follow=True)
    assert answer.status_code == 200, answer.content
    return answer


def enter(client, row, page, code, **more):
    """The code is typed."""
    return client.post(path(row, "enter"), {"of": of(page), "code": code, **more})


def word(answer):
    """What came of a form of the door: `in`, or the word in the address that it leads to; every one is looked at by
    GET, so that nobody sends anything twice by going back."""
    at = urlsplit(answer["Location"])
    assert answer.status_code == 303 and at.path.startswith("/m/"), answer
    return parse_qs(at.query).get("said", ["in"])[0]


def told(client, answer):
    """The page that a form leads to, as text."""
    page = client.get(answer["Location"], follow=True).content.decode()
    return " ".join(re.sub(r"<[^>]+>", " ", unescape(page)).split())


def in_by_code(client, row, **said):
    """A browser that is in."""
    answer = enter(client, row, asked(client, row, **said), code_in(left()[-1][1]))
    assert (answer.status_code, answer["Location"]) == (303, path(row)), answer.content
    return client


def events(pen, row, what="opened"):
    """How often something was done with a letter."""
    with pen_scope(pen):
        return Event.objects.filter(message=row, what=what).count()


def new_browser(**more):
    """Somebody else's browser."""
    return Client(**more)


def later(**by):
    """A moment from now."""
    return timezone.now() + timezone.timedelta(**by)
