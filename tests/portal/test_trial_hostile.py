"""A thousand hostile uses of the trial: nobody gets a word of anybody else's, and no mailbox more than a few codes."""

from __future__ import annotations

import random
import re
import threading
from collections import Counter
from datetime import timedelta
from email import message_from_bytes

import pytest
from django.core.cache import cache
from django.db import connection
from django.db.models import F
from django.test import Client, RequestFactory

from stationer import stamp
from stationer.portal.access.models import Account
from stationer.portal.delivery.models import Outgoing
from stationer.portal.people.models import Pen
from stationer.portal.trial import answering, asking, letters, limits
from stationer.portal.trial.limits import Full
from stationer.portal.trial.making import Wish
from stationer.portal.trial.models import Asked, Judged, Trial
from tests.portal.test_trial_by_mail import REFUSED, answer, letter
from tests.portal.tried import FORM, body, code_of, left, offer, tried

EVIL = "xyzzyevil"
OWNER = "owner@good.example"
INJECTIONS = (
    "{}\r\nBcc: victim@strangers.example", "{}\nTo: victim@strangers.example", "{}%0d%0aBcc:victim@strangers.example",
    "{}\u2028Bcc: victim@strangers.example", "{}\x0bBcc: victim@strangers.example", "{}\0Bcc: v@strangers.example",
    "{},victim@strangers.example", "<{}>", '"{}" <victim@strangers.example>', "{} <victim@strangers.example>",
    "=?utf-8?q?{}=0d=0aBcc:_v=40strangers.example?=", "{}\r\n\r\nBuy pills", "{};victim@strangers.example",
)  # fmt: skip


@pytest.fixture(autouse=True)
def offered(settings):
    offer(settings)
    cache.clear()


def somewhere(dice):
    """A network address of somebody with many."""
    return ".".join(str(dice.randrange(1, 255)) for _ in range(4))


def injected(dice):
    """65 forms in which one field, or the address, tries to be more than that."""
    for n in range(65):
        field = ("address", "company", "headline", "person", "website")[n % 5]
        value = f"v{n}@strangers.example" if field == "address" else EVIL
        said = FORM | {"address": f"stranger{n}@strangers.example"}
        Client(REMOTE_ADDR=somewhere(dice)).post("/trial/", said | {field: INJECTIONS[n % 13].format(value)})


def bombed(dice):
    """105 forms for one mailbox under many names, and for everybody of one domain."""
    for n in range(105):
        dots = "".join(c + "." * dice.randrange(2) for c in "victi") + "m"
        address = (
            f"victim+{n}@strangers.example",
            f"{dots}+{n}@googlemail.com",
            f"person{n}@bombed.example",
        )[n % 3]
        said = FORM | {"address": address, "company": EVIL, "headline": EVIL}
        Client(REMOTE_ADDR=somewhere(dice)).post("/trial/", said)


def forged(dice):
    """650 mails in others' names, each with one thing of a proven one missing."""
    for n in range(650):
        why = dice.choice([one for one in REFUSED if one != "large"])
        answer(letter(f"{EVIL} {n}", **REFUSED[why] | {"X_Number": str(n)}))


def guessed(dice):
    """60 guesses of codes, and of links."""
    for n in range(30):
        client = Client(REMOTE_ADDR=somewhere(dice))
        client.post("/trial/", FORM | {"address": f"g@g{n // 6}.example", "company": EVIL})
        client.post("/trial/code/", {"code": "".join(dice.choices(asking.LETTERS, k=8))})
        assert client.post(f"/trial/keep/{dice.randbytes(20).hex()}/").status_code == 410


def looped():
    """120 answers of programs to whatever came last: of one that says what it is, and of one that does not."""
    for n in range(120):
        mail = last()
        said = {
            "From": OWNER,
            "Return_Path": f"<{OWNER}>",
            "Subject": f"Re: {mail['Subject']}",
            "X_Number": str(n),
        }
        said["Authentication_Results"] = "mx.house.example; dmarc=pass header.from=good.example"
        if n % 2:
            said |= {"Auto_Submitted": "auto-replied"}
        answer(letter(f"{EVIL}: I am away", **said | {"In_Reply_To": mail["Message-ID"]}))


def last():
    """The mail that left last."""
    return message_from_bytes(bytes(Outgoing.objects.order_by("created_at", "id").last().mail))


def fixed(mail):
    """A mail without what differs from one to the next by our own hand."""
    return re.sub(r"[0-9A-Z]{4}-[0-9A-Z]{4}", "", f"{mail['Subject']}\n{body(mail)}")


@pytest.mark.django_db
@pytest.mark.timeout(600)  # a busy machine takes its time for a thousand
def test_a_thousand_hostile_uses_reach_nobody_but_a_proven_owner():
    dice = random.Random(7)
    tried(Client(), address=OWNER)
    plain = fixed(left()[0][1])
    for attack in (injected, bombed, forged, guessed):
        attack(dice)
    looped()
    codes = Counter()
    for recipients, mail in left():
        (to,) = recipients  # one each
        assert mail.get_all("To") == [to] and not mail["Cc"] and not mail["Bcc"]
        if to != OWNER:  # nobody else has proven anything: a fixed text, and not a letter of anybody's
            assert fixed(mail) == plain and not mail.is_multipart()
            assert EVIL not in mail.as_string().replace(to, "") and "ill" not in fixed(mail).replace(
                "will", ""
            )
            codes[limits.mailbox(to)] += 1
    assert max(codes.values()) == 1  # no mailbox has more than one unanswered code within minutes
    assert sum(count for to, count in codes.items() if to.endswith("@bombed.example")) <= 30
    answered = [mail for recipients, mail in left() if mail["Auto-Submitted"] == "auto-replied"]
    assert len(answered) <= 3 and {mail["To"] for mail in answered} == {OWNER}
    assert not Pen.objects.exists() and not Account.objects.exists()
    assert len(left()) <= 2 + 3 + 600


@pytest.mark.django_db
def test_a_mailbox_that_never_uses_its_codes_gets_no_more():
    for day in range(10):
        Client().post("/trial/", FORM | {"address": f"nora+{day}@newco.example"})
        Asked.objects.update(at=F("at") - timedelta(days=1))
    assert len(left()) == 6  # three, and after a week three more
    limits.used("nora@newco.example")
    assert Client().post("/trial/", FORM).status_code == 302


@pytest.mark.django_db
def test_beyond_a_limit_the_page_says_so_keeps_the_words_and_nothing_else():
    client = Client()
    assert client.post("/trial/", FORM).status_code == 302
    answer = client.post("/trial/", FORM)
    assert (
        answer.status_code == 429 and b"Newco Ltd" in answer.content and b"too many trials" in answer.content
    )
    assert (Trial.objects.count(), len(left())) == (1, 1)


@pytest.mark.django_db
@pytest.mark.parametrize(("a", "b"), [("192.0.2.1", "192.0.2.250"), ("2001:db8:1::1", "2001:db8:1:ffff::2"), ("192.0.2.1", "::ffff:192.0.2.9")])  # fmt: skip
def test_a_network_is_counted_whole(a, b):
    for n in range(12):
        Client(REMOTE_ADDR=(a, b)[n % 2]).post("/trial/", FORM | {"address": f"nora@n{n}.example"})
    assert len(left()) == 10
    Client(REMOTE_ADDR="198.51.100.1").post("/trial/", FORM)
    assert len(left()) == 11


@pytest.mark.django_db
def test_nobody_waits_at_the_lock_for_a_mail_that_is_being_made(client, monkeypatch):
    done = []

    def seen(where, name, word):
        true = getattr(where, name)

        def call(*said, **more):
            done.append(word)
            return true(*said, **more)

        monkeypatch.setattr(where, name, call)

    for where, name, word in (
        (letters, "with_code", "made"),
        (stamp, "stamp", "made"),
        (limits, "lock", "locked"),
        (letters, "send", "queued"),
        (answering, "send", "queued"),
    ):
        seen(where, name, word)
    tried(client)
    assert answer(letter())
    assert done == ["made", "locked", "queued"] * 3


@pytest.mark.django_db
def test_what_is_over_a_limit_is_not_even_made(client, monkeypatch):
    monkeypatch.setitem(limits.LIMITS, Asked.Kind.ANSWER, (limits.Limit((), 0, limits.DAY),))
    monkeypatch.setattr(stamp, "stamp", None)
    assert not answer(letter())
    assert left() == [] and not Trial.objects.exists()


@pytest.mark.django_db
def test_a_limit_that_is_reached_while_an_answer_is_made_leaves_nothing(monkeypatch):
    monkeypatch.setattr(limits, "look", lambda *_: None)
    real = limits.spend

    def spend(*said):
        monkeypatch.setattr(limits, "look", refuse)
        return real(*said)

    monkeypatch.setattr(limits, "spend", spend)
    assert not answer(letter())
    assert left() == [] and not Trial.objects.exists()
    assert not Judged.objects.get().answered


def refuse(*_):
    """A limit is reached by now."""
    raise Full


@pytest.mark.django_db
def test_one_network_fills_no_domains_day():
    for n in range(8):
        Client(REMOTE_ADDR=f"192.0.2.{n}").post("/trial/", FORM | {"address": f"n{n}@newco.example"})
    assert len(left()) == 5
    assert (
        Client(REMOTE_ADDR="192.0.2.9").post("/trial/", FORM | {"address": "a@other.example"}).status_code
        == 302
    )
    for n in range(7):  # at a public provider many people sit behind one domain
        Client(REMOTE_ADDR="203.0.113.9").post("/trial/", FORM | {"address": f"a{n}@gmail.com"})
    assert Client(REMOTE_ADDR="198.51.100.1").post("/trial/", FORM).status_code == 302
    assert len(left()) == 14


@pytest.mark.django_db(transaction=True)
def test_many_requests_at_once_get_past_no_limit(settings):
    asked, refused = [], []

    def ask():
        request = RequestFactory().post("/trial/")
        request.label = None
        try:
            asked.append(asking.begin(Wish("nora@newco.example", "Newco"), request, "House"))
        except Full:
            refused.append(1)
        finally:
            connection.close()

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert (len(asked), len(refused), len(left())) == (1, 7, 1)
    assert code_of(left()[0][1])
