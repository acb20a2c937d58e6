"""The door of a letter: nothing by looking, codes that belong to a browser, sittings, who gets straight in."""

from __future__ import annotations

import threading
from datetime import timedelta
from unittest import mock

import pytest
from django.apps import apps
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from stationer.portal.access.accounts import give_access
from stationer.portal.delivery import queue
from stationer.portal.delivery.models import Outgoing, Recipient
from stationer.portal.delivery.relay import Fate, Outcome
from stationer.portal.people.members import add_member
from stationer.portal.people.scope import outside_scope, pen_scope
from stationer.portal.reading import codes, sittings
from stationer.portal.reading.door import meant
from stationer.portal.reading.models import Code, Sitting
from stationer.portal.site import counting
from stationer.portal.vault.errors import VaultError
from stationer.portal.vault.keeping import keep
from tests.portal import lettered
from tests.portal.lettered import (
    CAROL,
    DAVE,
    ERIN,
    asked,
    body,
    code_in,
    enter,
    in_by_code,
    left,
    letter,
    of,
    path,
    reference_in,
    told,
    word,
)
from tests.portal.vaulted import prove

pytestmark = pytest.mark.django_db
STRANGER = "mallory@elsewhere.example"


@pytest.fixture(autouse=True)
def one_hour(monkeypatch):
    """The hour in which things are counted does not end in a test."""
    monkeypatch.setattr(counting, "time", lambda: 1_800_000_000.0)


@pytest.fixture
def row(acme):
    with pen_scope(acme):
        add_member("alice@acme.example", attributes={"name": "Alice Penrose"})
    return letter(acme)


def everything():
    """Every row of the database."""
    with outside_scope(reason="a test counts"):
        return {
            model.__name__: sorted(repr(one) for one in model._base_manager.values())
            for model in apps.get_models()
        }


def opened(answer):
    """Whether the letter itself was shown."""
    return answer.status_code == 200 and "Your plan" in answer.content.decode()


# ── looking ──


def test_looking_changes_nothing_and_shows_nothing(client, row):
    before = everything()
    for method in ("get", "head"):
        for what in ("", "code", "ways"):
            answer = getattr(client, method)(path(row, what))
            assert answer.status_code in (200, 302)
            assert "Your plan" not in answer.content.decode()
    for what in ("enter", "leave", "secret", "password", "passkey", "passkey/ask", "ways/begin", "ways/add"):
        for method in ("get", "head"):
            assert getattr(client, method)(path(row, what)).status_code in (302, 405), what
    assert everything() == before
    assert not client.cookies.get("stationer-door") and not client.session.keys()


def test_another_language_can_be_chosen_on_a_page_that_a_form_led_to(client, row):
    wrong = enter(client, row, asked(client, row), "0000 0001")
    assert 'name="next" value="' + wrong["Location"] in client.get(wrong["Location"]).content.decode()
    answer = client.post("/language/", {"language": "de", "next": wrong["Location"]}, follow=True)
    assert "Noch 4 Versuche" in answer.content.decode()
    assert answer.status_code == 200 and "Brief öffnen" in answer.content.decode()


def test_the_door_is_kept_by_nobody_and_names_nobody(client, acme):
    row = letter(acme, to=(CAROL, DAVE), blind=(ERIN,))
    answer = client.get(path(row))
    page = answer.content.decode().replace("<wbr>", "")
    assert (answer["Cache-Control"], answer["Referrer-Policy"]) == ("no-store", "same-origin")
    assert "noindex" in answer["X-Robots-Tag"]
    assert "c•••l@sommer.example" in page and "d•••e@sommer.example" in page
    assert CAROL not in page and "blind.example" not in page and "Your plan" not in page


def test_what_is_not_there_is_not_there(client, row, acme, other):
    assert client.get("/m/" + "a" * 26).status_code == 404
    assert client.post("/m/" + "a" * 26 + "/code", {"to": "1"}).status_code == 404
    with pen_scope(acme):
        type(row).objects.filter(pk=row.pk).update(state="ended")
    assert client.get(path(row)).status_code == 404


# ── codes ──


def test_from_the_link_to_the_letter(client, row):
    page = asked(client, row)
    ((to, mail),) = left()
    assert to == [CAROL] and mail["Auto-Submitted"] == "auto-generated"
    assert "Alice Penrose" in body(mail) and "ACME" in body(mail) and "Your plan" not in str(mail)
    assert reference_in(body(mail)) in page.content.decode()
    assert "quincunx" not in str(mail)
    answer = enter(client, row, page, code_in(mail))
    assert (answer.status_code, answer["Location"]) == (303, path(row))
    assert opened(client.get(path(row)))


def test_nothing_of_a_code_is_in_the_database(client, row, acme):
    asked(client, row)
    code = code_in(left()[0][1]).replace(" ", "")
    with pen_scope(acme):
        kept = repr(list(Code.objects.values()))
    assert code not in kept


@pytest.mark.parametrize("fate", [Fate.SENT, Fate.NEVER])
def test_nothing_of_a_code_stays_in_the_queue_once_its_mail_has_left(client, row, monkeypatch, fate):
    asked(client, row)
    code = code_in(left()[0][1])
    for outcome, there in ((Outcome(Fate.LATER), True), (Outcome(fate), False)):
        monkeypatch.setattr(
            queue.Session,
            "hand_over",
            lambda _, sender, to, mail, outcome=outcome: dict.fromkeys(to, outcome),
        )
        Recipient.objects.update(due_at=timezone.now() - timedelta(seconds=1))
        assert queue.turn(None) == 1
        assert (code in bytes(Outgoing.objects.get().mail).decode()) is there
    assert not bytes(Outgoing.objects.get().mail)


def test_a_code_belongs_to_the_browser_that_asked(client, row):
    page, other = asked(client, row), Client()
    asked(other, row, address="nobody@else.example")
    code = code_in(left()[0][1])
    assert word(enter(other, row, page, code)) == "elsewhere"
    assert not opened(other.get(path(row)))
    assert word(enter(stranger := Client(), row, page, code)) == "elsewhere"
    assert not opened(stranger.get(path(row)))
    assert word(enter(client, row, page, code)) == "in"


def test_asked_again_the_same_code_is_sent_again_but_not_at_once(client, row, acme):
    first = asked(client, row)
    asked(client, row)
    assert len(left()) == 1
    with pen_scope(acme):
        Code.objects.update(mailed_at=timezone.now() - timedelta(seconds=21))
    again = client.post(path(row, "code"), {"again": of(first)}, follow=True)
    assert of(again) == of(first)
    one, two = (body(mail) for _, mail in left())
    assert one == two


def test_five_wrong_guesses_end_a_code_and_a_new_one_begins_anew(client, row):
    page = asked(client, row)
    code = code_in(left()[0][1])
    wrong = "0000 0000" if code != "0000 0000" else "1111 1111"
    for _ in range(4):
        assert word(enter(client, row, page, wrong)) == "wrong"
    assert word(enter(client, row, page, wrong)) == "guessed"
    assert word(enter(client, row, page, code)) == "guessed" and not opened(client.get(path(row)))
    new = asked(client, row)
    assert of(new) != of(page) and word(enter(client, row, new, code_in(left()[-1][1]))) == "in"


def test_a_code_is_over_after_ten_minutes(client, row):
    page = asked(client, row)
    with mock.patch.object(timezone, "now", return_value=lettered.later(minutes=10, seconds=1)):
        answer = enter(client, row, page, code_in(left()[0][1]))
        assert word(answer) == "late" and "it works for ten minutes" in told(client, answer)


def test_a_code_is_typed_as_it_stands_in_the_mail_or_without_its_blank(row):
    for spell in (lambda one: one, lambda one: one.replace(" ", ""), lambda one: f" {one}\n"):
        client = Client()
        page = asked(client, row)
        assert word(enter(client, row, page, spell(code_in(left()[-1][1])))) == "in"


@pytest.mark.django_db(transaction=True)
def test_of_64_uses_at_once_one_succeeds(acme):
    row = letter(acme)
    client = Client()
    page = asked(client, row)
    code, door = code_in(left()[0][1]), client.cookies["stationer-door"].value
    start, won, pk = threading.Barrier(64), [], of(page)

    def use():
        try:
            with pen_scope(acme):
                start.wait()
                if codes.use(sittings.digest(door), pk, code).said == "in":
                    won.append(1)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=use) for _ in range(64)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(won) == 1


def ask_many(acme, row, many, address=CAROL):
    """So many browsers ask for this address; each one's code."""
    with pen_scope(acme):
        said = {"asked": address, "address": meant(row, address), "offered": False, "house": ""}
        return [codes.ask(acme, row, door=f"{n:064}", **said).row for n in range(many)]


def due():
    """In how long each mail of the queue leaves, from the first one on; in seconds."""
    rows = list(Recipient.objects.order_by("due_at").values_list("due_at", flat=True))
    return [(one - rows[0]).total_seconds() for one in rows]


@pytest.fixture
def still(monkeypatch):
    """The clock stands."""
    now = timezone.now()
    monkeypatch.setattr(codes.timezone, "now", lambda: now)
    return now


def test_mails_to_one_address_leave_one_after_another(acme, row, still):
    ask_many(acme, row, codes.AT_ONCE + 4)
    assert due() == [0] * codes.AT_ONCE + [2, 4, 6, 8]


def test_nobody_waits_longer_than_five_minutes(acme, row, still, monkeypatch):
    monkeypatch.setattr(codes, "AT_ONCE", 2)
    monkeypatch.setattr(codes, "FAR_BEYOND", 4)
    ask_many(acme, row, 12)
    assert due() == [0, 0, 2, 4, 64, 124, 184, 244, 300, 300, 300, 300]


def test_behind_a_farm_of_scanners_a_reader_waits_for_nothing(acme, row, still):
    ask_many(acme, row, 40)
    assert due() == [0] * 40


def test_a_code_counts_from_the_moment_its_mail_may_leave(acme, row, still, monkeypatch):
    last = ask_many(acme, row, codes.AT_ONCE + 30)[-1]
    with pen_scope(acme):
        assert last.counts_at == still + timedelta(seconds=60)
        assert last.expires_at == last.counts_at + codes.LIFE
        assert codes.use(last.door, str(last.pk), codes.digits(last)).said == "wrong"
        monkeypatch.setattr(codes.timezone, "now", lambda: still + timedelta(seconds=61))
        assert codes.use(last.door, str(last.pk), codes.digits(last)).said == "in"


def guess_wrong(acme, rows):
    """Each of these codes is guessed at until it is over."""
    with pen_scope(acme):
        for one in rows:
            wrong = str((int(codes.digits(one)) + 1) % 10**8).zfill(8)
            for _ in range(codes.MOST_GUESSES):
                assert codes.use(one.door, str(one.pk), wrong).said in ("wrong", "guessed")


@pytest.mark.parametrize("ways", [CAROL, STRANGER])
def test_guesses_are_counted_by_address_over_all_codes(acme, row, ways):
    """Sixty codes are not three hundred guesses: after fifty wrong ones a short code is over, and long ones are sent."""
    client = Client()
    page = asked(client, row, address=ways)
    many = ask_many(acme, row, 12, ways)
    guess_wrong(acme, many[:10])
    with pen_scope(acme):
        assert codes.use(many[11].door, str(many[11].pk), codes.digits(many[11])).said == "guessed"
    assert word(enter(client, row, page, "0000 0001")) == "guessed"
    page = asked(client, row, address=ways)
    with pen_scope(acme):
        assert len(codes.digits(Code.objects.get(pk=of(page)))) == codes.LONG


def test_however_many_guessed_the_reader_gets_in(acme, row):
    guess_wrong(acme, ask_many(acme, row, 12))
    client = Client()
    page = asked(client, row)
    with pen_scope(acme):
        code = codes.digits(Code.objects.get(pk=of(page)))
    spelled = f"{code[:4]} {code[4:8]} {code[8:]}"
    assert f"    {spelled}\n" in body(left()[-1][1])
    assert word(enter(client, row, page, spelled)) == "in"


def test_guesses_for_other_addresses_and_of_other_days_count_for_nobody(acme, row):
    guess_wrong(acme, ask_many(acme, row, 12, "dave@sommer.example"))
    with pen_scope(acme):
        assert codes.use((one := ask_many(acme, row, 1)[0]).door, str(one.pk), codes.digits(one)).said == "in"
        Code.objects.update(asked_at=timezone.now() - timedelta(days=1, seconds=1))
    one = ask_many(acme, row, 1, "dave+x@sommer.example")[0]
    assert one.figures == codes.SHORT


# ── whom a letter knows ──


def visible(answer, typed):
    """What an answer says, without what differs between any two."""
    import re

    text = answer.content.decode().replace(typed, "ADDRESS")
    text = re.sub(r'nonce="[^"]*"|value="[\w-]{36,64}"', "", text)
    return re.sub(r'class="reference">[A-Z]{4}', "", text)


def test_known_and_unknown_addresses_are_answered_alike(acme, row):
    said = {}
    Client().post(path(row, "code"), {"address": "first@warm.example"})  # what is read once is read
    for who in (CAROL, STRANGER):
        for turn in ("first", "again"):
            client = said[who][0] if turn == "again" else Client()
            if turn == "again":
                with pen_scope(acme):
                    Code.objects.update(mailed_at=timezone.now() - timedelta(seconds=21))
            with CaptureQueriesContext(connection) as queries:
                answer = client.post(path(row, "code"), {"address": who})
            page = client.get(answer["Location"])
            shape = [one["sql"].split(" ")[0] for one in queries if "SAVEPOINT" not in one["sql"]]
            said.setdefault(who, [client]).append(
                (answer.status_code, answer["Location"], shape, len(queries), visible(page, who))
            )
    assert said[CAROL][1:] == said[STRANGER][1:]
    assert [to for to, _ in left()] == [[CAROL], [CAROL]]
    for who in (CAROL, STRANGER):
        client = said[who][0]
        page = client.get(path(row, "code"))
        wrong = [enter(client, row, page, "0000 0001") for _ in range(5)]
        said[who] = [(word(one), visible(client.get(one["Location"], follow=True), who)) for one in wrong]
    assert said[CAROL] == said[STRANGER]


@pytest.mark.parametrize("first", [ERIN, "erin+1@blind.example"])
def test_who_asked_at_another_letter_learns_nothing_of_this_one(acme, first):
    """Blind at one letter or at none: the same statements, a moment after the same address was typed elsewhere."""
    elsewhere, shapes = letter(acme, to=(DAVE,)), []
    for row in (letter(acme, blind=(ERIN,)), letter(acme)):
        client = Client()
        asked(client, elsewhere, address=first)
        with CaptureQueriesContext(connection) as queries:
            client.post(path(row, "code"), {"address": first})
        shapes.append([one["sql"].split(" ")[0] for one in queries if "SAVEPOINT" not in one["sql"]])
    assert shapes[0] == shapes[1]


def test_a_stranger_who_guesses_right_is_not_let_in(acme, row):
    client = Client()
    page = asked(client, row, address=STRANGER)
    with pen_scope(acme):
        code = codes.digits(Code.objects.get())
    assert (
        not left() and word(enter(client, row, page, code)) == "wrong" and not opened(client.get(path(row)))
    )


def test_what_was_asked_for_in_vain_a_moment_ago_is_sent_where_it_may_be(acme, client, row):
    asked(client, letter(acme, to=(DAVE,)), address=CAROL)
    assert not left()
    asked(client, row, address=CAROL)
    assert [to for to, _ in left()] == [[CAROL]]


def test_blind_recipients_get_in_by_typing_their_address(acme):
    row = letter(acme, blind=(ERIN,))
    assert opened(in_by_code(Client(), row, address=ERIN).get(path(row)))
    assert [to for to, _ in left()] == [[ERIN]]


def test_a_letter_to_blind_recipients_alone_asks_for_an_address(acme):
    row = letter(acme, to=(), blind=(ERIN,))
    page = Client().get(path(row)).content.decode()
    assert "•••" not in page and 'name="address"' in page
    assert opened(in_by_code(Client(), row, address=ERIN).get(path(row)))


def test_the_code_goes_to_the_address_that_has_the_right_whatever_stands_behind_a_plus(acme):
    row = letter(acme, to=("carol+bank@sommer.example",))
    client = in_by_code(Client(), row, address=CAROL)
    assert [to for to, _ in left()] == [["carol+bank@sommer.example"]]
    with pen_scope(acme):
        assert list(Sitting.objects.get().shown) == ["carol+bank@sommer.example"]
    assert opened(client.get(path(row)))
    assert not opened(client.get(path(letter(acme))))  # to be carol+bank is not to be carol


def test_two_that_differ_behind_the_plus_do_not_share_a_code(acme):
    one, two = letter(acme, to=("carol+a@sommer.example",)), letter(acme, to=("carol+b@sommer.example",))
    client = Client()
    asked(client, one, address=CAROL)
    asked(client, two, address=CAROL)
    (first, a), (second, b) = left()
    assert (first, second) == (["carol+a@sommer.example"], ["carol+b@sommer.example"])
    assert code_in(a) != code_in(b)


# ── sittings ──


def test_the_second_letter_is_one_click(acme, row):
    client = in_by_code(Client(), row)
    assert opened(client.get(path(letter(acme))))
    assert not opened(client.get(path(letter(acme, to=(DAVE,)))))


def test_several_addresses_in_one_sitting_each_with_a_new_secret(acme, row):
    client, second = Client(), letter(acme, to=(DAVE,))
    name = sittings.cookie(acme)
    in_by_code(client, row)
    first = client.cookies[name].value
    in_by_code(client, second)
    assert client.cookies[name].value != first
    assert opened(client.get(path(row))) and opened(client.get(path(second)))
    thief = Client()
    thief.cookies[name] = first
    assert not opened(thief.get(path(row)))
    with pen_scope(acme):
        assert Sitting.objects.get().shown == {CAROL: 1, DAVE: 1}


def test_the_cookie(acme, row, settings):
    name = sittings.cookie(acme)
    cookie = in_by_code(Client(), row).cookies[name]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["max-age"]) == (
        True,
        "Lax",
        "/",
        "",
    )
    with pen_scope(acme):
        assert cookie.value not in repr(Sitting.objects.values())
    settings.SESSION_COOKIE_SECURE = True
    client = Client()
    answer = enter(client, row, asked(client, row), code_in(left()[-1][1]), own_device="1")
    cookie = answer.cookies["__Host-" + name]
    assert cookie["secure"] and cookie["max-age"] == 30 * 24 * 3600


@pytest.mark.parametrize(("own", "within", "over"), [("", 12 * 3600, 1), ("1", 30 * 24 * 3600, 1)])
def test_a_sitting_ends_by_itself(acme, row, own, within, over):
    client = Client()
    page = asked(client, row)
    enter(client, row, page, code_in(left()[-1][1]), own_device=own)
    client.cookies[sittings.cookie(acme)]["max-age"] = ""
    with mock.patch.object(sittings.timezone, "now", return_value=lettered.later(seconds=within - 60)):
        assert opened(client.get(path(row)))
    with mock.patch.object(sittings.timezone, "now", return_value=lettered.later(seconds=within + over)):
        assert not opened(client.get(path(row)))


def test_sign_out_ends_it_for_a_copy_of_the_cookie_too(acme, row):
    client, thief = in_by_code(Client(), row), Client()
    thief.cookies[sittings.cookie(acme)] = client.cookies[sittings.cookie(acme)].value
    assert opened(thief.get(path(row)))
    assert client.post(path(row, "leave")).status_code == 200
    assert not opened(client.get(path(row))) and not opened(thief.get(path(row)))


def test_a_sitting_is_of_one_company(acme, other, row):
    theirs = letter(other, author="oscar@other.example")
    client = in_by_code(Client(), row)
    assert not opened(client.get(path(theirs)))
    client.cookies[sittings.cookie(other)] = client.cookies[sittings.cookie(acme)].value
    assert not opened(client.get(path(theirs)))
    in_by_code(client, theirs)
    assert opened(client.get(path(theirs))) and opened(client.get(path(row)))


def test_members_who_are_signed_in_get_straight_in_also_by_their_aliases(acme, other, client):
    with pen_scope(acme):
        bob = give_access("bob@acme.example", role="member", password="correct horse battery")
        prove()
        bob.member.aliases = ["robert@acme.example"]
        bob.member.save()
    client.force_login(bob.account)
    for to in ("bob@acme.example", "robert@acme.example"):
        assert opened(client.get(path(letter(acme, to=(to,)))))
    assert not opened(client.get(path(letter(acme))))
    assert not opened(client.get(path(letter(other, to=("bob@acme.example",), author="oscar@other.example"))))
    with pen_scope(acme):
        assert not Sitting.objects.exists()


def test_a_withdrawn_right_closes_the_letter_at_once(acme, row):
    client = in_by_code(Client(), row)
    with pen_scope(acme):
        row.grants.filter(address=CAROL).update(withdrawn_at=timezone.now())
    assert not opened(client.get(path(row)))


# ── what else a page could be misused for ──


def test_no_address_leads_elsewhere(row):
    for name in ("next", "to", "redirect", "return_to"):
        for where in ("https://evil.example/", "//evil.example/"):
            client = Client()
            page = client.post(path(row, "code") + f"?{name}={where}", {"to": "1", "next": where})
            assert page["Location"] == path(row, "code")
            shown = client.get(page["Location"])
            answer = enter(client, row, shown, code_in(left()[-1][1]), next=where)
            assert answer["Location"] == path(row)


def test_forms_of_others_are_refused(row, acme):
    client = Client(enforce_csrf_checks=True)
    for what in (
        "code",
        "enter",
        "leave",
        "secret",
        "password",
        "passkey",
        "passkey/ask",
        "ways",
        "ways/begin",
        "ways/add",
        "ways/no",
    ):
        assert client.post(path(row, what), {"to": "1"}).status_code == 403, what
    with pen_scope(acme):
        assert not Code.objects.exists() and not left()


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"to": "7"},
        {"to": "-1"},
        {"to": "1e9"},
        {"to": "٣"},
        {"address": "x"},
        {"address": "a@b\r\nBcc: c@d.example"},
        {"again": "x"},
        {"again": "0" * 32},
    ],
)
def test_what_is_no_address_is_told_so(client, row, said):
    answer = client.post(path(row, "code"), said)
    assert answer.status_code == 422 and not left()


NO_ENVELOPE = [
    "c" * 64 + "@" + ".".join(["d" * 60] * 4) + ".example",
    "car\u200bol@sommer.example",
    "car\ue000ol@sommer.example",
    '"a b"@sommer.example',
    "carol@[127.0.0.1]",
]


@pytest.mark.parametrize("address", NO_ENVELOPE)
def test_an_address_that_no_mail_reaches_is_told_so(acme, client, row, address):
    answer = client.post(path(row, "code"), {"address": address})
    assert answer.status_code == 422 and "write it as" in answer.content.decode() and not left()
    with pen_scope(acme):
        assert not Code.objects.exists()
        with pytest.raises(VaultError, match="@"):
            keep(b"From: a@acme.example\r\n\r\n", author="alice@acme.example", recipients=[address])


@pytest.mark.parametrize("address", NO_ENVELOPE)
def test_a_letter_kept_for_such_an_address_does_not_fail_at_its_door(acme, client, row, address):
    with pen_scope(acme):
        row.grants.filter(address=CAROL).update(address=address)
    assert client.get(path(row)).status_code == 200
    assert client.post(path(row, "code"), {"to": "1"}).status_code == 422 and not left()


@pytest.mark.parametrize("said", [{}, {"of": "x", "code": "1"}, {"of": "0" * 32, "code": "\x01"}])
def test_what_is_no_code_opens_nothing(client, row, said):
    assert word(client.post(path(row, "enter"), said)) == "elsewhere"


def test_old_codes_and_sittings_are_forgotten(acme, row):
    in_by_code(Client(), row)
    with pen_scope(acme):
        Code.objects.update(expires_at=timezone.now() - timedelta(hours=25))
        Sitting.objects.update(ends_at=timezone.now() - timedelta(seconds=1))
    assert (codes.forget_old(), sittings.forget_old()) == (1, 1)


def test_pages_need_few_queries_and_octets(client, row, django_assert_max_num_queries):
    with django_assert_max_num_queries(20):
        assert len(client.get(path(row)).content) < 100_000
    with django_assert_max_num_queries(20):
        client.post(path(row, "code"), {"to": "1"})
    with django_assert_max_num_queries(20):
        assert len(client.get(path(row, "code")).content) < 100_000
