"""What of the author's mail travels, and what is put in its place (contract/notice.md §1, §2)."""

from __future__ import annotations

import html
import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stationer import notice
from stationer.mime import header_values, read
from tests.notice.made import AT, PEN, PLAIN, mail, pen, sent, twins

TRAVELLING = (
    b"From: =?utf-8?Q?J=C3=BCrgen?= (at\r\n\thome) <j@example.org>\r\n",
    b'to : Friends: a@example.org,\r\n "b, c" <b@example.org>;\r\n',
    b"Cc: d@example.org\r\n",
    b"Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=\r\n =?utf-8?Q?_aus?=  K\xc3\xb6ln\r\n",
    b"Date: Sun, 22 Nov 2026 09:30:00 +0000 (GMT)\r\n",
    b"Message-ID: <1@example.org>\r\n",
    b"In-Reply-To: <0@example.org>\r\n",
    b"References: <0@example.org>\r\n\t<00@example.org>\r\n",
    b"List-Unsubscribe: <https://example.org/>\r\n",
    b"Auto-Submitted: auto-generated\r\n",
)
STAYING = (
    b"Bcc: secret@example.org\r\n", b"Resent-Bcc: secret@example.org\r\n", b"X-Anything: secret\r\n", b"Keywords: secret\r\n",
    b"Comments: secret\r\n", b"Thread-Topic: secret\r\n", b"X-Mailer: secret\r\n", b"User-Agent: secret\r\n",
    b"DKIM-Signature: secret\r\n", b"Content-Type: text/plain; charset=secret\r\n", b"Content-Description: secret\r\n",
    b"MIME-Version: 1.0 (secret)\r\n", b"Stationer-Seal: yes\r\n", b"Stationer-Stamp: v=1; id=secret\r\n",
    b"Disposition-Notification-To: secret@example.org\r\n", b"Stationer-Restored: v=1; pen=secret\r\n",
)  # fmt: skip


def test_the_authors_envelope_travels_byte_for_byte_and_in_order():
    made = sent(b"".join(TRAVELLING) + b"\r\nsecret\r\n")
    assert b"".join(TRAVELLING) in made
    assert made.startswith(b"Stationer-Notification: v=1; pen=pen_harbour;\r\n id=msg_1;\r\n t=")


def test_nothing_else_of_the_mail_does():
    made = sent(b"".join(TRAVELLING) + b"".join(STAYING) + b"\r\nsecret\r\n")
    assert b"secret" not in made
    assert made == sent(b"".join(TRAVELLING) + b"\r\nother\r\n")
    assert len(header_values(made, "mime-version")) == 1


def test_a_person_wrote_so_nothing_says_that_a_program_did():
    names = {field.name for field in read(sent()).root.fields}
    assert not names & {b"auto-submitted", b"precedence", b"x-auto-response-suppress"}


def test_line_ends_are_the_authors():
    made = sent(PLAIN.replace(b"\r\n", b"\n"))
    assert b"\r" not in made
    assert b"\n" not in sent().replace(b"\r\n", b"")


def test_a_field_that_ends_the_mail_gets_a_line_end():
    assert b"\r\nTo: a@example.org\r\nMIME-Version" in sent(b"From: b@example.org\r\nTo: a@example.org")


def test_a_mailbox_files_envelope_line_stays_behind():
    made = sent(b"From b@example.org Sun Nov 22 09:30:00 2026\nFrom: b@example.org\n\nhi\n")
    assert b"From b@" not in made and b"\nFrom: b@example.org\n" in made


def test_the_same_gives_the_same_bytes():
    assert sent() == sent()


@pytest.mark.parametrize(
    ("given_mail", "reason"),
    [
        (b"", "unparseable"), (b"hello\r\n", "unparseable"), (b"\r\nTo: a@example.org\r\n", "unparseable"),
        (b"To: a@example.org\r\n" * 2_002 + b"\r\n", "unparseable"), (sent(), "notification"),
        (b"From: a@b.example\rTo: c@d.example\r\rTop secret\r", "unparseable"), (b"Subject: a\rBcc: b@c.example\r\n\r\n", "unparseable"),
        (b"To: a@b.example\r\r\n\r\n", "unparseable"), (b"To: a@b.example\r", "unparseable"), (b"Subject: a\0b\n\n", "unparseable"),
    ],
)  # fmt: skip
def test_what_cannot_be_announced_is_refused_by_name(given_mail, reason):
    assert notice.compose(given_mail, PEN, "m", AT) == notice.Refused(reason)


def test_a_stray_cr_in_what_stays_behind_is_no_reason_to_refuse():
    assert b"secret" not in sent(b"X-Any: a\rsecret\0\r\nTo: b@example.org\r\n\r\nsecret\rsecret\0\r\n")


def test_a_public_half_and_a_wrong_id_are_the_callers_mistake():
    public = tuple(notice.Key(one.id, one.public) for one in PEN.keys)
    with pytest.raises(ValueError, match="private key"):
        notice.compose(PLAIN, pen(keys=public), "m", AT)
    with pytest.raises(ValueError, match="id"):
        notice.compose(PLAIN, PEN, "m\r\nBcc: a", AT)


def words_of(page: str) -> str:
    """What a reader sees of the page."""
    body = re.sub(r"<!--.*?-->", "", page[page.index("<body") :], flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())


@pytest.mark.parametrize("languages", [("en",), ("de",), ("de", "en")])
def test_text_and_html_say_the_same_words_in_the_same_order(languages):
    text, page = twins(sent(languages=languages, until=date(2027, 2, 19)))
    text = text.replace("-- \n", "").replace("* * *", "").replace("https://", "").replace("/m/msg_1", "")
    said = f"Harbour Dental {' '.join(text.split())}"
    squeezed = re.compile(r"\s+")
    # the page has the name of the house above; several languages have their footers below one another in both
    assert squeezed.sub("", said) == squeezed.sub("", words_of(page))


def test_attachments_are_counted_and_the_last_day_is_named():
    file = "--b\r\nContent-Disposition: attachment; filename=a\r\n\r\nx\r\n"
    shown = "--b\r\nContent-Type: image/png; name=a\r\nContent-ID: <a>\r\n\r\nx\r\n"
    for count, said in (
        (0, "The letter is private"),
        (1, "its attachment are"),
        (3, "its 3 attachments are"),
    ):
        body = shown + file * count + "--b--\r\n"
        made = sent(
            mail("From: a@example.org", "Content-Type: multipart/mixed; boundary=b", body=body),
            until=date(2027, 2, 1),
        )
        assert said in " ".join(twins(made)[0].split())
        assert "until 1 February 2027." in " ".join(twins(made)[0].split())


def test_the_footer_is_as_the_pen_has_it():
    for changes, footer in (
        ({}, "Sent by Harbour Dental of 4 Custom House Quay, Falmouth TR11 3JT, Call: 01632 960 142"),
        ({"phone": ""}, "Sent by Harbour Dental of 4 Custom House Quay, Falmouth TR11 3JT"),
        ({"address": ""}, "Sent by Harbour Dental, Call: 01632 960 142"),
    ):
        text, page = twins(sent(by=pen(packages={}, **changes)))
        assert " ".join(text.partition("-- \n")[2].split()) == footer
        assert footer.partition(", Call")[0] in words_of(page)
    assert "-- \n" not in twins(sent(by=pen(packages={}, phone="", address="")))[0]


def test_the_number_can_be_pressed_and_words_for_one_cannot():
    assert 'href="tel:+441632960142"' in twins(sent(by=pen(phone="+44 (0)1632 960 142")))[1]
    assert "tel:" not in twins(sent(by=pen(phone="by the porter")))[1]
    no_number_in_its_words = {"en": {"call": "Call the porter{phone}"}}
    assert "porter" in twins(sent(by=pen(phone="1", words=no_number_in_its_words)))[1]


def test_the_senders_package_decides_the_disclaimer():
    assert "Meant for the person addressed." in twins(sent())[0]
    guest = mail("From: guest@example.org", "To: bob@harbourdental.example")
    assert "Meant for" not in twins(sent(guest))[0]
    assert "Meant for" in twins(sent(guest, package="employees"))[0]
    assert "Meant for" not in twins(sent(package="unknown"))[0]
    assert notice.compose(guest, PEN, "m", AT).package == "guests"


def test_a_disclaimer_that_serves_two_languages_stands_once():
    one = {"p": notice.Package(("*",), {"en": "Once only."})}
    text, page = twins(sent(by=pen(packages=one), languages=("en", "de")))
    assert text.count("Once only.") == page.count("Once only.") == 1


def test_the_version_tells_what_was_said_and_not_to_whom():
    version = notice.compose(PLAIN, PEN, "m", AT).version
    assert version == notice.compose(PLAIN.replace(b"Bob Hendry", b"Bob Henry"), PEN, "n", AT + 1).version
    assert version != notice.compose(PLAIN, pen(phone="1"), "m", AT).version


def test_a_logo_travels_or_is_on_the_host():
    png = b"\x89PNG\r\n\x1a\n" + bytes(100)
    for data, kind in (
        (png, "image/png"),
        (b"\xff\xd8\xff", "image/jpeg"),
        (b"GIF89a", "image/gif"),
        (b"?", "application/octet-stream"),
    ):
        made = sent(by=pen(logo=notice.Logo(120, 32, data)))
        assert [part.type for part in read(made).parts] == [
            "multipart/alternative",
            "text/plain",
            "multipart/related",
            "text/html",
            kind,
        ]
        assert 'src="cid:logo@mail.harbourdental.example" width="120" height="32" alt=""' in twins(made)[1]
        assert header_values(made, "content-type")[0].startswith(b"multipart/alternative")
    url = "https://mail.harbourdental.example/logo.png?a=1&b=2"
    made = sent(by=pen(logo=notice.Logo(120, 32, url=url)))
    assert html.escape(url) in twins(made)[1] and len(read(made).parts) == 3


def test_it_holds_in_words_engine_and_in_the_dark():
    page = twins(sent(languages=("de",)))[1]
    assert "prefers-color-scheme:dark" in page and '<!--[if mso]><table role="presentation"' in page
    assert '<html lang="de" dir="ltr">' in page and page.count("<h1") == 1
    assert "border-radius" not in page and "flex" not in page and "http:" not in page


def test_it_is_written_from_right_to_left_where_the_language_is():
    own = {"he": dict(notice.OURS["en"])}
    page = twins(sent(by=pen(words=own), languages=("he",)))[1]
    assert '<html lang="he" dir="rtl">' in page and 'align="right"' in page
    text = twins(sent(by=pen(words=own), languages=("he",)))[0]
    assert "\u2068Dr Bob Hendry\u2069 has written" in text and "<bdi>Dr Bob Hendry</bdi>" in page
    assert "\u2068" not in twins(sent())[0] + page
    latin = {"he-latn": dict(notice.OURS["en"])}
    assert 'dir="rtl"' not in twins(sent(by=pen(words=latin), languages=("he-Latn",)))[1]


TAGS = frozenset(
    ["html", "head", "meta", "title", "style", "body", "div", "table", "tr", "td", "h1", "bdi", "p", "b", "a"]
)


@given(
    st.text(st.characters(codec="utf-8"), max_size=60),
    st.text(max_size=60),
    st.text(max_size=60),
    st.text(max_size=60),
)
def test_nothing_from_outside_becomes_a_field_a_line_or_a_tag(author, name, phone, address):
    hostile = pen(
        name="A" + name,
        phone=phone,
        address=address,
        packages={"p": notice.Package(("*",), {"en": name + "<b>"})},
    )
    quoted = author.replace("\\", "").replace('"', "").replace("\r", "").replace("\n", "").replace("\0", "")
    made = sent(mail(f'From: "{quoted}" <a@example.org>', "To: b@example.org"), by=hostile)
    names = [field.name for field in read(made).root.fields]
    assert names == [b"stationer-notification", b"from", b"to", b"mime-version", b"content-type"]
    text, page = twins(made)
    assert page.count("<") == page.count("</") + len(re.findall(r"<(?!/)", page))
    assert set(re.findall(r"<([a-z0-9]+)", page)) <= TAGS
    assert "<script" not in page and not set(
        "\u202a\u202b\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\x00\x1b"
    ) & set(text + page)


def test_a_name_that_reads_as_a_link_or_an_address_is_not_shown():
    for name in (
        "ceo@bank.example",
        "www.bank",
        "https://bank",
        "bank.example",
        "bank。example",
        "＠bank",
        "=?utf-8?Q?a?@",
    ):
        heading = twins(sent(mail(f'From: "{name}" <a@example.org>')))[0].partition("\n")[0]
        assert heading == "a@example.org has written to you"
    for field, said in (
        ("From: a@example.org (Dr. Alice)", "Dr. Alice"),
        ("From: a@example.org (Bob), c@example.org (Al)", "Bob"),
        ("From: a@example.org (Smith, Bob), c@example.org (Al)", "Smith, Bob"),
        ("From: a@example.org, c@example.org (Al)", "a@example.org"),
        ("From: Dr. J. Smith <a@example.org>", "Dr. J. Smith"),
        ("From: =?utf-8?B?SsO8cmdlbg==?= =?utf-8?Q?_Ott?= <a@example.org>", "Jürgen Ott"),
        ('From: "A\\"B" <a@example.org>', 'A"B'),
        ("From: a@example.org", "a@example.org"),
        ("From: =?x-unknown-charset?Q?a?= <a@example.org>", "a@example.org"),
        ("From: \u202eevil\u2066\u200d <a@example.org>", "evil\u200d"),
        (f"From: {'W' * 90} <a@example.org>", "W" * 79 + "…"),
    ):
        assert twins(sent(mail(field)))[0].replace("\n", " ").partition(" has written")[0] == said
