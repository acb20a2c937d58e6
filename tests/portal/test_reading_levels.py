"""Letters that ask for more than a code: shared secrets, passwords, a colleague's second factor; the terms of a PEN."""

from __future__ import annotations

from datetime import timedelta
from unittest import mock

import pytest
from allauth.account.internal.flows.login import user_id_to_str
from django.test import Client
from django.utils import timezone

from stationer.portal.access.accounts import give_access
from stationer.portal.people.scope import pen_scope
from stationer.portal.reading import secret
from stationer.portal.reading.models import Contact, ReadingTerms
from stationer.portal.site import counting
from tests.portal.lettered import CAROL, DAVE, body, in_by_code, left, letter, path, told, word

pytestmark = pytest.mark.django_db
SECRET = "three blue herons"


def opened(answer):
    """Whether the letter itself was shown."""
    return answer.status_code == 200 and "Your plan" in answer.content.decode()


@pytest.fixture(autouse=True)
def one_hour(monkeypatch):
    """The hour in which things are counted does not end in a test."""
    monkeypatch.setattr(counting, "time", lambda: 1_800_000_000.0)


@pytest.fixture
def agreed(acme, alice):
    """Alice agreed on a secret with Carol, and wrote her a letter that asks for it."""
    with pen_scope(acme):
        row = letter(acme, level=2, member=alice.member)
        secret.agree(CAROL, SECRET, alice.member)
    return row


def said(client, row, text):
    """The secret is typed."""
    return client.post(path(row, "secret"), {"secret": text})


def test_a_code_alone_does_not_open_it_and_the_secret_beside_it_does(agreed):
    client = in_by_code(Client(), agreed)
    page = client.get(path(agreed))
    assert not opened(page) and "told you" in page.content.decode()
    assert word(said(client, agreed, "three red herons")) == "secret"
    assert word(said(client, agreed, " Three  BLUE herons ")) == "in"
    assert opened(client.get(path(agreed)))


def test_the_secret_without_the_code_is_nothing(agreed):
    client = Client()
    assert said(client, agreed, SECRET).status_code == 302
    assert not opened(client.get(path(agreed)))


def test_without_a_secret_the_page_says_whom_to_call(acme):
    row = letter(acme, level=2)
    page = in_by_code(Client(), row).get(path(row)).content.decode()
    assert "Call Alice Penrose" in page and "Your plan" not in page


def test_wrong_secrets_only_slow_and_whoever_set_it_is_told(acme, agreed):
    client, now = in_by_code(Client(), agreed), timezone.now()
    for _ in range(5):
        assert word(said(client, agreed, "wrong")) == "secret"
    mails = [mail for to, mail in left() if to == ["alice@acme.example"]]
    assert len(mails) == 1 and CAROL in body(mails[0]) and SECRET not in body(mails[0])
    assert "Wait a minute" in told(client, said(client, agreed, SECRET))
    with mock.patch.object(secret.timezone, "now", return_value=now + timedelta(minutes=2)):
        assert word(said(client, agreed, SECRET)) == "in"
    with pen_scope(acme):
        assert Contact.objects.get(address=CAROL).wrong == 0


def test_nothing_of_a_secret_or_password_is_in_the_clear(acme, agreed):
    with pen_scope(acme):
        secret.choose(CAROL, "a long password")
        kept = repr(list(Contact.objects.values()))
    assert "heron" not in kept and "a long password" not in kept


def test_the_higher_of_the_letters_level_and_the_companys_counts(acme):
    row = letter(acme)
    client = in_by_code(Client(), row)
    assert opened(client.get(path(row)))
    with pen_scope(acme):
        ReadingTerms.objects.create(level=2)
    assert not opened(client.get(path(row)))


def test_a_colleague_shows_a_second_factor_for_the_highest(acme):
    with pen_scope(acme):
        bob = give_access("bob@acme.example", role="member", password="correct horse battery")
    row = letter(acme, to=("bob@acme.example",), level=3)
    client = Client()
    client.force_login(bob.account)
    page = client.get(path(row))
    assert not opened(page) and "second-factor" in page.content.decode()
    session = client.session
    session["account_authentication_methods_user"] = user_id_to_str(bob.account)
    session["account_authentication_methods"] = [
        {"method": "mfa", "at": timezone.now().timestamp(), "type": "totp"}
    ]
    session.save()
    assert opened(client.get(path(row)))


# ── passwords ──


@pytest.fixture
def quick(acme):
    """The company takes passwords, and Carol has one."""
    row = letter(acme)
    with pen_scope(acme):
        ReadingTerms.objects.create(quick="password")
        Contact.objects.create(address=CAROL)
        secret.choose(CAROL, "correct horse battery")
    return row


def by_password(client, row, address=CAROL, password="correct horse battery"):
    """Address and password are typed."""
    return client.post(path(row, "password"), {"address": address, "password": password})


def test_a_password_lets_in_where_the_company_takes_them(acme, quick):
    client = Client()
    assert word(by_password(client, quick)) == "in"
    assert opened(client.get(path(quick)))
    with pen_scope(acme):
        ReadingTerms.objects.update(quick="off")
    assert by_password(Client(), quick).status_code == 404


def test_wrong_unknown_and_without_a_right_are_told_alike(acme, quick):
    other = letter(acme, to=(DAVE,))
    answers = [
        by_password(Client(), quick, password="wrong"),
        by_password(Client(), quick, "x@nowhere.example"),
        by_password(Client(), other),
    ]
    assert {word(one) for one in answers} == {"password"}
    assert all("do not go together" in told(Client(), one) for one in answers)


def test_after_ten_attempts_a_password_is_not_looked_at(quick):
    for _ in range(secret.MOST_PASSWORDS):
        by_password(Client(), quick, password="wrong")
    assert word(by_password(Client(), quick)) == "password"
    assert opened(in_by_code(Client(), quick).get(path(quick)))


@pytest.mark.parametrize("may_read", [True, False])
def test_tries_of_a_password_tell_nobody_who_may_read(acme, quick, monkeypatch, may_read):
    """Tries under one spelling count for every other, whether it leads to a right or not, and cost the same."""
    row = quick if may_read else letter(acme, to=(DAVE,))
    work, counted = [], []
    for name in ("check_password", "make_password"):
        real = getattr(secret, name)
        monkeypatch.setattr(
            secret, name, lambda *said, real=real, **more: work.append(1) or real(*said, **more)
        )
    real = secret.tally
    monkeypatch.setattr(secret, "tally", lambda *said: counted.append(real(*said)) or counted[-1])
    for n in range(secret.MOST_PASSWORDS + 2):
        by_password(Client(), row, f"carol+{n}@sommer.example", "wrong")
    assert len(work) == secret.MOST_PASSWORDS + 2
    assert counted == list(range(1, secret.MOST_PASSWORDS + 3))
    assert word(by_password(Client(), row)) == "password"


def test_somebody_who_is_in_chooses_and_takes_away_a_password(acme):
    row = letter(acme)
    with pen_scope(acme):
        ReadingTerms.objects.create(quick="password")
    client = in_by_code(Client(), row)
    assert client.post(path(row, "ways"), {"password": "short"}).status_code == 422
    assert client.post(path(row, "ways"), {"password": "a fine long sentence"}).status_code == 302
    assert word(by_password(Client(), row, password="a fine long sentence")) == "in"
    client.post(path(row, "ways"), {"no_password": "1"})
    assert word(by_password(Client(), row, password="a fine long sentence")) == "password"


# ── what members and owners say ──


def test_a_member_sets_a_secret_for_somebody_whom_they_wrote(acme, alice, signed_in):
    letter(acme, member=alice.member)
    form = {"address": CAROL, "secret": SECRET}
    assert signed_in.post("/letters/secrets/", {**form, "address": "x@nowhere.example"}).status_code == 200
    assert signed_in.post("/letters/secrets/", form).status_code == 302
    page = signed_in.get("/letters/secrets/").content.decode()
    assert CAROL in page and "heron" not in page
    with pen_scope(acme):
        row = Contact.objects.get()
        assert (row.level, row.secret_by) == (2, alice.member)
    signed_in.post("/letters/secrets/", {"forget": CAROL})
    with pen_scope(acme):
        assert Contact.objects.get().secret == ""


def test_nobody_takes_over_the_secret_of_a_colleague(acme, alice, client):
    with pen_scope(acme):
        bob = give_access("bob@acme.example", role="member", password="correct horse battery")
        secret.agree(CAROL, SECRET, alice.member)
    letter(acme, author="bob@acme.example", member=bob.member)
    client.force_login(bob.account)
    answer = client.post("/letters/secrets/", {"address": CAROL, "secret": "another long one"})
    assert answer.status_code == 200 and "colleague" in answer.content.decode()
    assert client.post("/letters/secrets/", {"forget": CAROL}).status_code == 302
    with pen_scope(acme):
        assert secret.shown(acme, CAROL, SECRET) == "right"


def test_an_owner_sets_the_terms(acme, signed_in):
    assert signed_in.get("/settings/reading/").status_code == 200
    assert signed_in.post("/settings/reading/", {"level": "2", "quick": "password"}).status_code == 302
    with pen_scope(acme):
        assert ReadingTerms.objects.values_list("level", "quick").get() == (2, "password")
    assert signed_in.post("/settings/reading/", {"level": "9", "quick": "password"}).status_code == 200
