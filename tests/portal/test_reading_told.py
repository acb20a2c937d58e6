"""What the door says of figures that were typed, of a mail that was asked for again, and of a link that was reopened."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from stationer.portal.people.scope import pen_scope
from stationer.portal.reading import codes, sittings
from stationer.portal.reading.models import Code
from tests.portal.lettered import (
    CAROL,
    DAVE,
    asked,
    body,
    code_in,
    enter,
    left,
    letter,
    of,
    path,
    reference_in,
    told,
    word,
)

pytestmark = pytest.mark.django_db
STRANGER = "mallory@elsewhere.example"


@pytest.fixture
def row(acme):
    return letter(acme)


def guesses(acme):
    """How many guesses each code has, by its address."""
    with pen_scope(acme):
        return dict(Code.objects.values_list("asked", "guesses"))


def age(acme, **by):
    """Every code was asked for so long ago."""
    with pen_scope(acme):
        for one in Code.objects.all():
            for name in ("mailed_at", "asked_at", "expires_at", "counts_at"):
                setattr(one, name, getattr(one, name) - timedelta(**by))
            one.save()


@pytest.mark.parametrize("who", [CAROL, STRANGER])
@pytest.mark.parametrize("typed", ["", "1234 567", "BCDF", "1234 5678 9"])
def test_a_half_typed_code_costs_no_attempt(acme, row, who, typed):
    client = Client()
    answer = enter(client, row, asked(client, row, address=who), typed)
    assert word(answer) == "half" and "The code has 8 figures. No attempt was counted" in told(client, answer)
    assert set(guesses(acme).values()) == {0}


def test_the_field_itself_asks_for_all_figures(client, row):
    assert r'pattern="\D*(\d\D*){8}"' in asked(client, row).content.decode()


@pytest.mark.parametrize("who", [CAROL, STRANGER])
def test_a_wrong_code_says_which_mail_is_meant_and_how_many_attempts_are_left(row, who):
    client = Client()
    page = asked(client, row, address=who)
    said = [told(client, enter(client, row, page, "0000 0001")) for _ in range(5)]
    assert "4 attempts are left" in said[0] and "One attempt is left." in said[3]
    assert all("not the code of the mail with the reference" in one for one in said[:4])
    assert "there were too many wrong attempts. Ask for a new one." in said[4]


def test_going_back_after_a_wrong_code_sends_nothing_twice(acme, client, row):
    answer = enter(client, row, asked(client, row), "0000 0001")
    for _ in range(2):
        page = client.get(answer["Location"])
        assert page.status_code == 200 and 'aria-invalid="true"' in page.content.decode()
    assert guesses(acme) == {CAROL: 1}


def test_the_code_of_an_older_mail_is_called_so_with_both_references(acme, client, row):
    asked(client, row)
    age(acme, minutes=11)
    page = asked(client, row)
    (_, old), (_, new) = left()
    answer = enter(client, row, page, code_in(old))
    said = told(client, answer)
    assert word(answer) == "older"
    assert f"code of an older mail, with the reference {reference_in(body(old))}" in said
    assert f"of the newest, with the reference {reference_in(body(new))}" in said
    assert word(enter(client, row, page, code_in(new))) == "in"


def test_the_newest_code_opens_from_a_page_that_was_left_open(acme, client, row):
    page = asked(client, row)
    age(acme, minutes=11)
    asked(client, row)
    assert word(enter(client, row, page, code_in(left()[1][1]))) == "in"


def test_of_two_letters_in_one_browser_each_code_opens_and_counts_as_a_guess_of_both(acme, client, row):
    second = letter(acme, to=(CAROL, DAVE))
    first, other = asked(client, row), asked(client, second)
    enter(client, row, first, "0000 0001")
    with pen_scope(acme):
        assert list(Code.objects.values_list("guesses", flat=True)) == [1, 1]
    assert of(first) != of(other)
    assert word(enter(client, row, first, code_in(left()[1][1]))) == "in"
    assert "Your plan" in client.get(path(row)).content.decode()


def test_what_a_scanner_types_for_an_address_of_its_own_costs_the_reader_no_attempt(acme, client, row):
    asked(client, row)
    enter(client, row, asked(client, row, address=STRANGER), "1234 5678")
    assert guesses(acme) == {STRANGER: 1, CAROL: 0}


def test_a_wrong_code_tells_nothing_of_other_browsers(acme, row):
    """What another browser asked for is answered like any wrong code, statement by statement."""
    mine, other = Client(), Client()
    page = asked(mine, row, address=STRANGER)
    asked(other, row)
    code, shapes, said = code_in(left()[0][1]), [], []
    for typed in (code, "0000 0001"):
        with CaptureQueriesContext(connection) as queries:
            answer = enter(mine, row, page, typed)
        shapes.append([one["sql"].split(" ")[0] for one in queries])
        said.append((word(answer), told(mine, answer).replace("4 attempts", "3 attempts")))
    assert shapes[0] == shapes[1] and said[0] == said[1] and said[0][0] == "wrong"
    assert guesses(acme) == {STRANGER: 2, CAROL: 0}


def test_a_browser_that_has_not_asked_is_told_so(row):
    client, other = Client(), Client()
    page = asked(client, row)
    answer = enter(other, row, page, code_in(left()[0][1]))
    assert word(answer) == "elsewhere" and "This browser has not asked for a code" in told(other, answer)


def test_a_code_that_was_used_is_told_so_and_whoever_is_in_sees_the_letter(row):
    client = Client()
    page = asked(client, row)
    code = code_in(left()[0][1])
    assert word(enter(client, row, page, code)) == "in"
    answer = enter(client, row, page, code)
    assert "Your plan" in told(client, answer)
    signed_out = Client()
    signed_out.cookies[sittings.DOOR] = client.cookies[sittings.DOOR].value
    assert word(answer) == "used" and "it works once" in told(signed_out, answer)


@pytest.mark.parametrize("who", [CAROL, STRANGER])
def test_a_code_that_is_asked_for_again_says_what_is_done(acme, row, who):
    client = Client()
    page = asked(client, row, address=who)
    soon = client.post(path(row, "code"), {"again": of(page)})
    assert word(soon) == "soon" and "less than twenty seconds ago" in told(client, soon)
    assert word(client.post(path(row, "code"), {"address": who})) == "soon"
    age(acme, seconds=21)
    sent = client.post(path(row, "code"), {"again": of(page)})
    assert word(sent) == "sent" and "the same code and the same reference" in told(client, sent)


@pytest.mark.parametrize("who", [CAROL, STRANGER])
def test_a_reopened_link_goes_on_where_a_code_is_on_its_way(acme, row, who):
    client = Client()
    asked(client, row, address=who)
    assert client.get(path(row))["Location"] == path(row, "code")
    door = client.get(path(row) + "?other")
    assert door.status_code == 200 and "A code is on its way to you already" in door.content.decode()
    assert Client().get(path(row)).status_code == 200  # another browser
    age(acme, minutes=11)
    assert client.get(path(row)).status_code == 200


def test_a_code_of_another_letter_leads_nowhere(acme, row):
    client = Client()
    asked(client, letter(acme, to=(DAVE,)))
    assert client.get(path(row)).status_code == 200
    assert client.get(path(row, "code"))["Location"] == path(row)


@pytest.mark.parametrize("word_", ["wrong", "older", "late", "x", "<b>", "sent"])
def test_an_address_that_somebody_else_wrote_says_nothing_of_anybody(acme, row, word_):
    theirs = Client()
    code = of(asked(theirs, row))
    said = Client().get(path(row), {"said": word_, "of": code}).content.decode()
    with pen_scope(acme):
        assert codes.reference(Code.objects.get()) not in said
    mine = Client()
    asked(mine, row, address=STRANGER)
    page = mine.get(path(row, "code"), {"said": word_, "of": code}).content.decode()
    with pen_scope(acme):
        assert codes.reference(Code.objects.get(pk=code)) not in page and "<b>" not in page


def test_a_wrong_passkey_is_told_at_an_address_to_look_at(row):
    answer = Client().post(path(row, "passkey"), {"credential": "x"})
    assert word(answer) == "passkey" and answer["Location"].endswith("?said=passkey&other=1")
