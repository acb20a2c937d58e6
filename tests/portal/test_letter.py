"""The open letter: what is shown and how it is framed, files by range, answers, what is noted (contract/reading.md §5)."""

from __future__ import annotations

from contextvars import Context
from datetime import timedelta
from email import message_from_bytes, policy
from unittest import mock

import msgspec
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from django.test import Client
from django.utils import timezone

from stationer.portal.delivery.models import Outgoing
from stationer.portal.people.members import add_member
from stationer.portal.people.scope import pen_scope
from stationer.portal.reading import letter_reply
from stationer.portal.vault import announcing, opening, scanning, turning
from stationer.portal.vault.keeping import Options, keep
from stationer.portal.vault.models import Event, SecureMessage
from tests.portal import lettered
from tests.portal.lettered import CAROL, DAVE, ERIN, in_by_code, path

pytestmark = pytest.mark.django_db
PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
RICH = f"""From: Alice Penrose <alice@acme.example>
To: Carol <{CAROL}>, Dave <{DAVE}>
Cc: bob@acme.example
Subject: Your plan\u202e
Date: Sun, 22 Nov 2026 10:32:00 +0000
Message-ID: <rich@acme.example>
References: <first@acme.example>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=m

--m
Content-Type: multipart/alternative; boundary=a

--a
Content-Type: text/plain; charset=utf-8

The twin.
--a
Content-Type: multipart/related; boundary=r

--r
Content-Type: text/html; charset=utf-8

<p style="color:red" onclick="a()">Dear Carol, <a href="https://evil.example/">www.bank.example</a></p>
<img src="cid:pic"><img src="https://track.example/p.gif"><script>alert(1)</script>
--r
Content-Type: image/png
Content-ID: <pic>
Content-Transfer-Encoding: base64

{PNG}
--r--
--a--
--m
Content-Type: application/pdf; name="../plan.pdf"
Content-Disposition: attachment; filename="../plan.pdf"
Content-Transfer-Encoding: base64

MDEyMzQ1Njc4OWFiY2RlZg==
--m
Content-Type: application/octet-stream
Content-Disposition: attachment; filename="plan.pdf.exe"

MZ
--m--
"""


def kept(pen, mail, recipients, author="alice@acme.example"):
    with pen_scope(pen):
        row = keep(
            mail.replace("\n", "\r\n").encode(), author=author, recipients=recipients, options=Options()
        )
    assert row.state == "ready", row.sentence
    row.pen = pen
    return row


@pytest.fixture
def alice(acme):
    with pen_scope(acme):
        return add_member("alice@acme.example", attributes={"name": "Alice Penrose"})


@pytest.fixture
def rich(acme, alice):
    return kept(acme, RICH, [CAROL, DAVE, "bob@acme.example", ERIN])


@pytest.fixture
def carol(rich):
    return in_by_code(Client(), rich)


def words(answer):
    return answer.content.decode()


def body_of(answer):
    return b"".join(answer.streaming_content)


def test_the_page_says_who_wrote_when_to_whom_and_what_is_attached(carol, rich):
    page = words(carol.get(path(rich)))
    for said in (
        "Alice Penrose",
        "Your plan",
        "to you and",
        "Dave",
        "bob@acme.example",
        "plan.pdf",
        "16\xa0bytes",
        "PDF",
    ):
        assert said in page
    assert "\u202e" not in page and "blind.example" not in page
    assert "Its name hides" in page
    assert 'sandbox="allow-popups allow-popups-to-escape-sandbox"' in page
    assert "One picture on another server is not loaded" in page
    assert "Dear Carol" not in page and "The twin" not in page


def test_the_words_stand_in_a_document_that_may_do_nothing(carol, rich):
    answer = carol.get(path(rich, "body"))
    html = words(answer)
    assert answer["Content-Security-Policy"] == (
        "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; img-src data:; "
        "style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
    )
    assert answer["X-Frame-Options"] == "SAMEORIGIN" and answer["Referrer-Policy"] == "no-referrer"
    assert "no-store" in answer["Cache-Control"] and answer["X-Content-Type-Options"] == "nosniff"
    assert f"data:image/png;base64,{PNG}" in html
    assert "<mark>leads to evil.example</mark>" in html
    assert "track.example" not in html and "<script" not in html and "onclick" not in html


def test_remote_pictures_are_shown_once_they_are_asked_for_for_this_letter_alone(carol, rich, acme):
    answer = carol.post(path(rich, "pictures"))
    assert answer.status_code == 303
    said = answer["Location"].partition("?")[2]
    page = words(carol.get(answer["Location"]))
    assert f"body?{said}" in page.replace("%3A", ":") and "is not loaded" not in page
    shown = carol.get(path(rich, "body") + "?" + said)
    assert "https://track.example/p.gif" in words(shown)
    assert "img-src data: https: http:" in shown["Content-Security-Policy"]
    other = kept(acme, RICH.replace("<rich@", "<other@"), [CAROL])
    assert "track.example" not in words(carol.get(path(other, "body") + "?" + said))
    assert "track.example" not in words(carol.get(path(rich, "body") + "?pictures=1"))
    assert carol.get(path(rich, "pictures")).status_code == 405


def test_text_stands_on_the_page_itself(acme, alice):
    row = lettered.letter(acme)
    page = words(in_by_code(Client(), row).get(path(row)))
    assert '<p dir="auto">the plan is attached in words: quincunx.</p>' in page and "<iframe" not in page


def test_flowed_text_flows(acme, alice):
    mail = lettered.MAIL.format(author="alice@acme.example", to=CAROL)
    flowed = mail.replace("charset=utf-8", "charset=utf-8; format=flowed").replace("the plan", "the \nplan")
    row = kept(acme, flowed, [CAROL])
    assert "the plan is attached" in words(in_by_code(Client(), row).get(path(row)))


def test_a_file_is_fetched_whole_and_by_range(carol, rich):
    whole = carol.get(path(rich, "parts/2"))
    assert (whole.status_code, body_of(whole), whole["Content-Length"]) == (200, b"0123456789abcdef", "16")
    assert whole["Content-Disposition"] == 'attachment; filename="plan.pdf"'
    assert whole["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert (whole["X-Content-Type-Options"], whole["Content-Type"]) == ("nosniff", "application/pdf")
    for asked, said, octets in (
        ("bytes=0-3", "bytes 0-3/16", b"0123"),
        ("bytes=10-", "bytes 10-15/16", b"abcdef"),
        ("bytes=-2", "bytes 14-15/16", b"ef"),
        ("bytes=5-900", "bytes 5-15/16", b"56789abcdef"),
    ):
        part = carol.get(path(rich, "parts/2"), headers={"Range": asked})
        assert (part.status_code, part["Content-Range"], body_of(part)) == (206, said, octets)
    for none in ("bytes=16-", "bytes=9-3", "bytes=-0", "bytes=-"):
        refused = carol.get(path(rich, "parts/2"), headers={"Range": none})
        assert (refused.status_code, refused["Content-Range"]) == (416, "bytes */16")
    assert body_of(carol.get(path(rich, "parts/2"), headers={"Range": "lines=1-2"})) == b"0123456789abcdef"
    head = carol.head(path(rich, "parts/2"))
    assert (head.status_code, head["Content-Length"], head.content) == (200, "16", b"")
    assert carol.get(path(rich, "parts/9")).status_code == 404
    assert carol.get(path(rich, "parts/1")).status_code == 404


def test_nobody_is_shown_anything_who_was_not_let_in(rich):
    for what in ("body", "parts/2", "print", "reply"):
        answer = Client().get(path(rich, what))
        assert (answer.status_code, answer["Location"]) == (302, path(rich))
    assert Client().post(path(rich, "pictures")).status_code == 302


def test_to_look_is_noted_once_a_sitting_and_never_for_what_is_fetched_ahead(rich, acme):
    carol = in_by_code(Client(), rich)
    for headers in ({"Sec-Purpose": "prefetch;prerender"}, {"Purpose": "prefetch"}, {"X-Moz": "prefetch"}):
        carol.get(path(rich), headers=headers)
    carol.head(path(rich))
    assert lettered.events(acme, rich) == 0
    carol.get(path(rich))
    carol.get(path(rich))
    in_by_code(Client(), rich).get(path(rich))
    assert lettered.events(acme, rich) == 2
    carol.get(path(rich, "print"))
    list(carol.get(path(rich, "parts/2")))
    assert lettered.events(acme, rich, "printed") == lettered.events(acme, rich, "fetched") == 1
    with pen_scope(acme):
        assert Event.objects.filter(what="fetched").get().evidence["part"] == "2"


def test_the_page_to_print_is_one_document_that_may_do_nothing(carol, rich):
    answer = carol.get(path(rich, "print"))
    html = words(answer)
    assert answer["Content-Security-Policy"].startswith("sandbox allow-popups")
    for said in ("Alice Penrose", "Dear Carol", "plan.pdf", CAROL):
        assert said in html
    assert "track.example" not in html


def test_a_blind_reader_knows_it_and_the_author_sees_blind_copies(rich, acme):
    erin = in_by_code(Client(), rich, address=ERIN)
    assert "as a blind copy" in words(erin.get(path(rich)))
    author = in_by_code(Client(), rich, address="alice@acme.example")
    page = words(author.get(path(rich)))
    assert "One blind copy, which only you see" in page and "erin<wbr>@blind.example" in page


def test_many_recipients_are_folded(acme, alice):
    many = [f"person{n}@many.example" for n in range(40)]
    row = kept(acme, RICH.replace(f"Dave <{DAVE}>", ", ".join(many)), [CAROL, *many])
    page = words(in_by_code(Client(), row, address=CAROL).get(path(row)))
    assert ("and 35 more" in page and "person39<wbr>@" in page) or "person39@" in page


def answered(client, row, **said):
    page = words(client.get(path(row)))
    once = page.split('name="once" value="')[1].split('"')[0]
    return client.post(
        path(row, "reply"), {"text": "Tuesday suits me.", "whom": "first", "once": once} | said
    )


def mail_of(row):
    with pen_scope(row.pen):
        return message_from_bytes(b"".join(opening.content(row).range()), policy=policy.default)


def newest(pen):
    with pen_scope(pen):
        row = SecureMessage.objects.order_by("-begun_at", "-id").first()
    row.pen = pen
    return row


def test_an_answer_is_a_secure_message_of_the_readers_own(carol, rich, acme):
    answer = answered(carol, rich)
    assert (answer.status_code, answer["Location"]) == (303, path(rich) + "?answered=1")
    row = newest(acme)
    mail = mail_of(row)
    assert (mail["From"], mail["To"], mail["Cc"]) == (
        f"Carol <{CAROL}>",
        "Alice Penrose <alice@acme.example>",
        None,
    )
    assert mail["Subject"] == "Re: Your plan" and mail["In-Reply-To"] == "<rich@acme.example>"
    assert mail["References"] == "<first@acme.example> <rich@acme.example>"
    text = mail.get_content()
    assert text.startswith("Tuesday suits me.") and "Alice Penrose wrote:\r\n> Dear Carol," in text.replace(
        "\n", "\r\n"
    ).replace("\r\r", "\r")
    recipients, told = lettered.left()[-1]
    assert (
        recipients == ["alice@acme.example"]
        and row.locator in told.as_string()
        and "Tuesday" not in told.as_string()
    )
    assert (told["From"], told["Reply-To"]) == ("Carol via ACME <stationer@localhost>", None)
    assert Outgoing.objects.latest("created_at").sender == "stationer@localhost"
    assert lettered.events(acme, rich, "answered") == 1
    assert "Your answer is sent." in words(carol.get(answer["Location"]))


def test_an_answer_to_everyone_goes_to_all_who_were_named_and_brings_its_files(carol, rich, acme):
    file = SimpleUploadedFile("..\\signed\u202e.pdf", b"%PDF" * 900_000, "application/pdf")
    with mock.patch.object(
        TemporaryUploadedFile, "__init__", side_effect=AssertionError("clear octets on the disk")
    ):
        assert (
            answered(
                carol, rich, whom="all", added=[file, SimpleUploadedFile("a.eml", b"x", "message/rfc822")]
            ).status_code
            == 303
        )
    row = newest(acme)
    mail = mail_of(row)
    assert (
        mail["To"] == f"Alice Penrose <alice@acme.example>, Dave <{DAVE}>"
        and mail["Cc"] == "bob@acme.example"
    )
    first, second = mail.iter_attachments()
    assert (first.get_filename(), len(first.get_content())) == ("signed.pdf", 3_600_000)
    assert second.get_content_type() == "application/octet-stream"
    assert lettered.left()[-1][0] == sorted(["alice@acme.example", DAVE, "bob@acme.example"])


def test_the_same_form_twice_is_one_answer(carol, rich, acme):
    once = "0" * 32
    first, again = (answered(carol, rich, once=once) for _ in range(2))
    assert (first.status_code, first["Location"]) == (303, path(rich) + "?answered=1")
    assert (again.status_code, again["Location"]) == (303, path(rich) + "?answered=again")
    assert "This answer was sent already." in words(carol.get(again["Location"]))
    with pen_scope(acme):
        assert SecureMessage.objects.filter(author=CAROL).count() == 1


def test_whatever_is_wrong_the_words_stay(carol, rich, acme):
    large = SimpleUploadedFile("large.bin", b"0" * (letter_reply.MOST_FILES + 1))
    for said, sentence in (
        ({"added": large}, "These files have more than 11 MB together"),
        ({"whom": "nobody"}, "Select a valid choice"),
        ({"added": [SimpleUploadedFile(f"{n}", b"1") for n in range(51)]}, "More than 50 files"),
    ):
        answer = answered(carol, rich, text="Words <of> mine", **said)
        assert answer.status_code == 422, sentence
        assert sentence in words(answer) and "Words &lt;of&gt; mine" in words(answer)
    assert "Nothing is written yet" in words(answered(carol, rich, text=" \n"))
    with mock.patch.object(letter_reply, "may_write", return_value="You may not."):
        assert "You may not." in words(answered(carol, rich))
    with pen_scope(acme):
        assert not SecureMessage.objects.filter(author=CAROL).exists()


def test_an_answer_that_cannot_be_announced_is_not_kept(carol, rich, acme):
    refusal = opening.VaultError("keyring", "no key")
    with mock.patch.object(announcing, "announce", side_effect=refusal):
        answer = answered(carol, rich, text="Still here")
    assert answer.status_code == 422 and "Still here" in words(answer)
    with pen_scope(acme):
        assert not SecureMessage.objects.filter(author=CAROL).exists()
    assert lettered.events(acme, rich, "answered") == 0


@pytest.fixture
def silent(settings):
    """A scanner that does not answer."""
    vault = msgspec.structs.replace(settings.PORTAL.vault, scanner="clamd:///nowhere/at/all")
    settings.PORTAL = msgspec.structs.replace(settings.PORTAL, vault=vault)


def worked(monkeypatch, at, found=None):
    """How much the worker has to do at this moment; `found`: what the scanner answers, if it does."""
    monkeypatch.setattr(timezone, "now", lambda: at)
    if found is not None:
        monkeypatch.setattr(scanning, "ask", lambda chunks, *_: (list(chunks), found)[1])
    return Context().run(turning.turn)


def test_an_answer_that_waits_for_the_scanner_leaves_by_itself_once(carol, rich, acme, silent, monkeypatch):
    before, once = len(lettered.left()), "1" * 32
    answers = [answered(carol, rich, once=once) for _ in range(2)]
    assert {(one.status_code, one["Location"]) for one in answers} == {(303, path(rich) + "?answered=later")}
    page = words(carol.get(answers[0]["Location"]))
    assert "leaves by itself" in page and "Your answer is sent" not in page
    row = newest(acme)
    with pen_scope(acme):
        assert SecureMessage.objects.filter(author=CAROL).count() == 1
    assert (row.state, row.reason, row.announce_to) == ("checking", "waiting", ["alice@acme.example"])
    at = row.due_at
    assert worked(monkeypatch, at) == 1
    assert len(lettered.left()) == before  # still silent
    assert worked(monkeypatch, at + timedelta(minutes=1), scanning.Clean()) == 0
    assert worked(monkeypatch, at + timedelta(minutes=9), scanning.Clean()) == 1
    row = newest(acme)
    assert (row.state, row.announce_to) == ("ready", [])
    recipients, told = lettered.left()[-1]
    assert (recipients, len(lettered.left())) == (["alice@acme.example"], before + 1)
    assert told["From"] == "Carol via ACME <stationer@localhost>" and row.locator in told.as_string()
    assert lettered.events(acme, row, "announced") == 1
    assert lettered.events(acme, rich, "answered") == 1


def test_one_in_which_something_is_found_never_leaves(carol, rich, acme, silent, monkeypatch):
    before = len(lettered.left())
    assert answered(carol, rich).status_code == 303
    assert worked(monkeypatch, newest(acme).due_at, scanning.Found("Eicar")) == 1
    row = newest(acme)
    assert (row.state, row.reason, row.announce_to) == ("refused", "malware", [])
    *others, (recipients, told) = lettered.left()
    assert (recipients, len(others)) == ([CAROL], before)  # who wrote it is told, and nobody else
    assert "was not sent" in told["Subject"] and "Eicar" in told.get_content()


def test_whoever_was_signed_out_while_writing_gets_the_words_back(carol, rich):
    carol.post(path(rich, "leave"))
    answer = carol.post(path(rich, "reply"), {"text": "Long and dear"})
    assert answer.status_code == 403 and "Long and dear" in words(answer) and "Alice" not in words(answer)


def test_much_too_large_a_request_is_refused_before_it_is_read(carol, rich):
    many = {"CONTENT_LENGTH": str(65_000_000)}
    answer = carol.generic("POST", path(rich, "reply"), b"", "multipart/form-data; boundary=a", **many)
    assert answer.status_code == 413 and "your words are still in the form" in words(answer)
    stranger = Client().generic(
        "POST", path(rich, "reply"), b"", "multipart/form-data; boundary=a", CONTENT_LENGTH="4000000"
    )
    assert stranger.status_code == 413


def test_a_form_of_another_site_is_refused(rich):
    client = in_by_code(Client(enforce_csrf_checks=False), rich)
    client.handler.enforce_csrf_checks = True
    assert client.post(path(rich, "reply"), {"text": "a"}).status_code == 403


def test_the_form_by_itself(carol, rich):
    page = words(carol.get(path(rich, "reply") + "?all"))
    assert "Your answer" in page and 'value="all"' in page and "Dear Carol" not in page


def test_the_author_answers_those_to_whom_it_was(rich, acme):
    author = in_by_code(Client(), rich, address="alice@acme.example")
    assert answered(author, rich).status_code == 303
    mail = mail_of(newest(acme))
    assert mail["To"] == f"Carol <{CAROL}>, Dave <{DAVE}>" and mail["From"] == "alice@acme.example"


def test_a_letter_that_cannot_be_opened_says_so(carol, rich):
    fault = opening.VaultError("unreadable", "It is away.")
    with mock.patch.object(opening, "content", side_effect=fault):
        answer = carol.get(path(rich))
    assert answer.status_code == 503 and "cannot be opened now" in words(answer)


def damaged():
    """Every segment is other octets than those that were checked."""
    return mock.patch.object(opening.indexing, "digest", return_value=b"another")


def test_nothing_is_noted_of_what_could_not_be_shown_and_it_is_a_sentence(carol, rich, acme):
    with damaged():
        for what in ("", "body", "print", "parts/2"):
            answer = carol.get(path(rich, what))
            assert answer.status_code == 503, what
            assert "missing or damaged" in words(answer), what
    with mock.patch.object(opening, "content", side_effect=OSError("the disk is away")):
        for what in ("", "body", "print", "parts/2"):
            assert carol.get(path(rich, what)).status_code == 503, what
    for what in ("opened", "printed", "fetched"):
        assert lettered.events(acme, rich, what) == 0


def test_an_answer_to_everyone_leaves_out_whose_right_was_withdrawn(carol, rich, acme):
    with pen_scope(acme):
        rich.grants.filter(address=DAVE).update(withdrawn_at=rich.ready_at)
    assert answered(carol, rich, whom="all").status_code == 303
    assert lettered.left()[-1][0] == ["alice@acme.example", "bob@acme.example"]
