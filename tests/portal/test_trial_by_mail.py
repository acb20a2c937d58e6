"""The trial by mail: a proven sender's own mail comes back stamped, to them alone, once."""

from __future__ import annotations

from email import message_from_bytes, policy
from email.message import EmailMessage
from hashlib import sha256

import pytest
from django.db import OperationalError
from django.test import Client

from stationer.portal.people.models import Pen
from stationer.portal.trial import answering, reading
from stationer.portal.trial.judging import Box, judge
from stationer.portal.trial.models import Judged, Trial
from tests.portal.pictures import png
from tests.portal.tried import body, left, link_in, offer

pytestmark = pytest.mark.django_db
BOX = Box("try@house.example", "mx.house.example", ("house@house.example",))
PASS = "mx.house.example; dmarc=pass (p=none) header.from=newco.example; spf=pass smtp.mailfrom=newco.example"


@pytest.fixture(autouse=True)
def offered(settings):
    offer(settings)


def letter(words="Dear Carol,\n\nTuesday suits us well.\n\nKind regards\n", **fields):
    """A mail of Nora's to the mailbox, as its server puts it down; fields are changed, or left out by None."""
    head = {
        "Return-Path": "<nora@newco.example>",
        "Authentication-Results": PASS,
        "Received": "from mail.newco.example by mx.house.example with ESMTPS; Sun, 22 Nov 2026 10:00:00 +0000",
        "From": "Nora Newton <nora@newco.example>",
        "To": "try@house.example",
        "Subject": "Tuesday",
        "Message-ID": "<one@newco.example>",
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=utf-8",
    }
    head |= {name.replace("_", "-"): value for name, value in fields.items()}
    lines = [f"{name}: {value}" for name, value in head.items() if value is not None]
    return ("\n".join(lines) + "\n\n" + words).replace("\n", "\r\n").encode()


def answer(mail):
    return answering.answer(mail, sha256(mail).hexdigest())


def test_their_mail_comes_back_stamped_to_them_alone():
    assert answer(letter(Cc="carol@other.example", Reply_To="victim@other.example"))
    ((recipients, mail),) = left()
    assert recipients == ["nora@newco.example"]
    assert (mail["To"], mail["From"]) == ("nora@newco.example", "Stationer <house@house.example>")
    assert (mail["Auto-Submitted"], mail["In-Reply-To"]) == ("auto-replied", "<one@newco.example>")
    assert mail["Subject"] == "Tuesday" and mail["Cc"] is None and mail["Reply-To"] is None
    text = body(mail)
    assert "Tuesday suits us well." in text and "Nora Newton" in text and "Newco" in text
    assert "Stationer-Stamp" in mail


def test_the_link_in_it_makes_a_company():
    answer(letter())
    browser = Client()
    assert browser.post(link_in(left()[0][1]))["Location"] == "/"
    assert Pen.objects.get().name == "Newco"


def test_a_mail_in_html_with_a_picture_keeps_both():
    mail = EmailMessage(policy=policy.SMTP)
    for name, value in message_from_bytes(letter(), policy=policy.default).items():
        if name not in ("MIME-Version", "Content-Type"):
            mail[name] = value
    mail.set_content("Hello Carol")
    mail.add_alternative(
        '<html><body><p>Hello <b>Carol</b></p><img src="cid:a@b"></body></html>', subtype="html"
    )
    mail.get_payload()[1].add_related(png(), "image", "png", cid="<a@b>")
    assert answer(mail.as_bytes())
    back = left()[0][1]
    assert "<b>Carol</b>" in body(back, "html") and "You are invited" in body(back, "html")
    assert any(part.get("Content-ID") == "<a@b>" for part in back.walk())


@pytest.mark.parametrize(
    ("domain", "name"),
    [
        ("bbc.co.uk", "BBC"), ("mail.bbc.co.uk", "BBC"), ("anu.com.au", "ANU"), ("newco.example", "Newco"),
        ("sub.newco.de", "Newco"), ("co.uk", "Co"), ("net.example", "Net"), ("a.org.example", "Org"),
    ],
)  # fmt: skip
def test_a_company_is_called_as_its_domain_has_it(domain, name):
    assert answering.wish(letter(), f"anna@{domain}").company.casefold() == name.casefold()


def test_a_body_goes_back_as_it_was_written_with_the_line_ends_of_smtp():
    mail = b"Subject: x\nContent-Type: text/plain\nTo: try@us.example\n\none\n\ntwo \rthree\r\nf\xc3\xbcnf"
    back = answering.under_our_head(mail, "nora@newco.example")
    assert back.endswith(b"\r\nContent-Type: text/plain\r\n\r\none\r\n\r\ntwo \r\nthree\r\nf\xc3\xbcnf")
    assert b"try@us.example" not in back


def test_german_is_answered_in_german():
    answer(letter(Content_Language="de"))
    assert "Sie sind eingeladen" in body(left()[0][1])


@pytest.mark.parametrize(
    "mail",
    [
        letter(Content_Type="application/zip"),
        letter(Content_Type='multipart/signed; boundary="b"; protocol="application/pgp-signature"'),
        letter(Content_Type='text/html; charset=utf-8', Content_Disposition="attachment; filename=a.html"),
    ],
)  # fmt: skip
def test_what_cannot_be_stamped_is_answered_by_a_fixed_text(mail):
    assert answer(mail)
    ((recipients, sorry),) = left()
    assert recipients == ["nora@newco.example"] and "could not be put in" in body(sorry)
    assert "Tuesday" not in str(sorry) and not Trial.objects.exists()


def test_the_same_mail_is_answered_once_and_nobody_more_than_three_times_a_day():
    for _ in range(5):
        answer(letter())
    assert len(left()) == 1
    for n in range(6):
        answer(letter(f"Number {n}", From=f"nora+{n}@newco.example", Return_Path=f"<nora+{n}@newco.example>"))
    assert len(left()) == 3
    assert Judged.objects.filter(answered=True).count() == 3


REFUSED = {
    "no results": {"Authentication_Results": None},
    "results of another": {"Authentication_Results": PASS.replace("mx.house", "mx.evil")},
    "a name that ends alike": {"Authentication_Results": "evil." + PASS},
    "a name in a comment": {"Authentication_Results": "(mx.house.example;) evil.example; dmarc=pass header.from=newco.example"},
    "dmarc failed": {"Authentication_Results": PASS.replace("dmarc=pass", "dmarc=fail")},
    "pass in a comment": {"Authentication_Results": "mx.house.example; dmarc=none (dmarc=pass header.from=newco.example)"},
    "spf failed": {"Authentication_Results": PASS.replace("spf=pass", "spf=fail")},
    "spf alone": {"Authentication_Results": "mx.house.example; spf=pass smtp.mailfrom=newco.example"},
    "another domain": {"Authentication_Results": PASS.replace("newco", "evil")},
    "signed by another": {"Authentication_Results": "mx.house.example; dkim=pass header.d=evil.example"},
    "signed by one above": {"From": "n@a.newco.example", "Return_Path": "<n@a.newco.example>", "Authentication_Results": "mx.house.example; dkim=pass header.d=newco.example"},
    "told twice": {"Authentication_Results": f"{PASS}\nAuthentication-Results: {PASS}"},
    "folded lie": {"Authentication_Results": "mx.house.example; dmarc=fail header.from=newco.example; x=\"\n dmarc=pass header.from=newco.example\""},
    "nobody in the envelope": {"Return_Path": "<>"},
    "no envelope": {"Return_Path": None},
    "somebody else in the envelope": {"Return_Path": "<other@newco.example>"},
    "two in From": {"From": "nora@newco.example, victim@other.example"},
    "From twice": {"From": "nora@newco.example\nFrom: victim@other.example"},
    "From without an address": {"From": "Nora"},
    "a group in From": {"From": "all: nora@newco.example, victim@other.example;"},
    "an address in a name": {"From": '"nora@newco.example" <victim@other.example>'},
    "us": {"From": "house@house.example", "Return_Path": "<house@house.example>"},
    "the mailbox itself": {"From": "try@house.example", "Return_Path": "<try@house.example>"},
    "a mailer-daemon": {"From": "MAILER-DAEMON@newco.example", "Return_Path": "<MAILER-DAEMON@newco.example>"},
    "no-reply": {"From": "no-reply@newco.example", "Return_Path": "<no-reply@newco.example>"},
    "noreply": {"From": "noreply@newco.example", "Return_Path": "<noreply@newco.example>"},
    "a bounce address": {"From": "bounces+1@newco.example", "Return_Path": "<bounces+1@newco.example>"},
    "not to us": {"To": "other@house.example"},
    "blind copy": {"To": "undisclosed-recipients:;"},
    "auto-replied": {"Auto_Submitted": "auto-replied"},
    "auto-generated": {"Auto_Submitted": "auto-generated; owner-email=x"},
    "bulk": {"Precedence": "bulk"},
    "precedence list": {"Precedence": "List"},
    "a list": {"List_Id": "<list.newco.example>"},
    "a newsletter": {"List_Unsubscribe": "<https://newco.example/>"},
    "out of office": {"X_Auto_Response_Suppress": "All"},
    "an old auto-reply": {"X_Autoreply": "yes"},
    "loop": {"X_Loop": "nora@newco.example"},
    "our own mark": {"Stationer_Trial": "1"},
    "a bounce": {"Content_Type": 'multipart/report; report-type=delivery-status; boundary="b"'},
    "large": {"X_Large": "x" * 1_000_000},
}  # fmt: skip


@pytest.mark.parametrize("why", REFUSED)
def test_nobody_is_answered_where_one_thing_is_missing(why):
    assert not answer(letter(**REFUSED[why]))
    assert left() == [] and not Trial.objects.exists()


@pytest.mark.parametrize(
    "results",
    [
        PASS,
        PASS.upper().replace("NEWCO.EXAMPLE", "newco.example"),
        "mx.house.example 1; dkim=pass (2048-bit key) header.d=newco.example header.i=@newco.example; spf=none",
        "mx.house.example;\n dkim=pass header.d=newco.example;\n dkim=pass header.d=newco.example;\n dmarc=pass header.from=newco.example",
        f"evil.example; dmarc=fail header.from=newco.example\nAuthentication-Results: {PASS}",
    ],
)  # fmt: skip
def test_who_is_proven_is_answered(results):
    assert judge(letter(Authentication_Results=results), BOX).sender == "nora@newco.example"


def test_a_mail_of_any_octets_is_judged_without_a_fault():
    for mail in (
        b"",
        b"\0" * 100,
        b"From: \xff\xfe\r\n\r\n",
        b"\r\n\r\n",
        letter(Subject="=?utf-8?b?////?=\t"),
    ):
        judge(mail, BOX)


def test_the_subject_brings_no_field_along():
    folded = "=?utf-8?q?Hello=0D=0ABcc=3A_victim=40other=2Eexample?="
    assert answer(letter(Subject=folded, Message_ID="<a b\tc>"))
    ((recipients, mail),) = left()
    assert recipients == ["nora@newco.example"] and mail["Bcc"] is None and mail["In-Reply-To"] is None


def test_it_is_read_where_the_installation_is_tried_by_mail_alone(settings):
    assert reading.is_on(settings.PORTAL.trial_mailbox)
    offer(settings, "invitation")
    assert not reading.is_on(settings.PORTAL.trial_mailbox)
    offer(settings, trial=False)
    assert not reading.is_on(settings.PORTAL.trial_mailbox)
    assert reading.Reader().turn() == 0


def test_a_mail_that_we_fail_at_stops_none_behind_it_and_nothing_is_lost_without_a_database(monkeypatch):
    def raising(error):
        def answer(*_):
            raise error

        return answer

    monkeypatch.setattr(answering, "answer", raising(RecursionError("deep")))
    reading.judge(letter())
    monkeypatch.setattr(answering, "answer", raising(OperationalError("gone")))
    with pytest.raises(OperationalError):
        reading.judge(letter())
