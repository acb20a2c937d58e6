"""A second code by telephone: through the company's gateway, signed, never waited for, counted, and told when it fails."""

from __future__ import annotations

import json
import re
import time
from datetime import timedelta

import msgspec
import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from stationer.portal.access.accounts import give_access
from stationer.portal.audit.models import Entry
from stationer.portal.hooks import calling
from stationer.portal.people.scope import pen_scope
from stationer.portal.reading import gateway, leaving, phone_calling, phone_codes
from stationer.portal.reading.models import Contact, Gateway, PhoneCode
from tests.portal.lettered import CAROL, in_by_code, letter, of, path
from tests.portal.received import Receiver, is_signed

pytestmark = pytest.mark.django_db
NUMBER, OTHER = "+493012345647", "+493012345699"
PAGE = "/settings/reading/phone/"


@pytest.fixture
def receiver():
    found = Receiver()
    yield found
    found.shutdown()
    found.server_close()


@pytest.fixture
def inside(settings, portal):
    """Gateways may be on this machine."""
    settings.PORTAL = msgspec.structs.replace(portal, hooks_inside=True)


@pytest.fixture
def secret(signed_in, inside, receiver):
    """The owner sets the gateway up; its secret as it is shown, once."""
    page = signed_in.post(PAGE, {"url": receiver.url}).content.decode()
    return re.search(r"whsec_[\w+/=]+", page)[0]


@pytest.fixture
def row(acme, alice, secret):
    """A letter of Alice's to Carol, of level 2, and Carol's number."""
    with pen_scope(acme):
        found = letter(acme, level=2, member=alice.member)
        phone_codes.give(CAROL, NUMBER, alice.member)
    return found


def run():
    """Turns until nothing is under way or due."""
    until = time.monotonic() + 20
    while phone_calling.turn() or phone_calling._desk.busy:
        assert time.monotonic() < until
        time.sleep(0.01)


def due_now(pen):
    """What waits for its next call need not wait."""
    with pen_scope(pen):
        PhoneCode.objects.filter(state="waiting").update(due_at=timezone.now())


def told(receiver, at=-1):
    """What the gateway was told."""
    return json.loads(receiver.came[at][2])


def opened(answer):
    """Whether the letter itself was shown."""
    return answer.status_code == 200 and "Your plan" in answer.content.decode()


def asked(client, row):
    """The page of the field, after a code was asked for."""
    return client.post(path(row, "phone"), follow=True)


def typed(client, row, page, code):
    """The code is typed."""
    return client.post(path(row, "phone/enter"), {"of": of(page), "code": code})


def test_a_second_code_by_telephone_opens_what_a_code_by_mail_does_not(row, receiver, secret):
    client = in_by_code(Client(), row)
    step = client.get(path(row)).content.decode()
    assert "••• 47" in step and NUMBER not in step
    page = asked(client, row)
    assert receiver.came == []  # nobody waited for the gateway
    run()
    ((_path, headers, body),) = receiver.came
    assert is_signed(headers, body, secret)
    said = told(receiver)
    assert (said["type"], said["data"]["to"]) == ("phone.code", NUMBER)
    code, reference = said["data"]["code"], said["data"]["reference"]
    assert f"{code[:4]} {code[4:]}" in said["data"]["text"] and reference in page.content.decode()
    assert len(said["data"]["text"]) <= 160 and NUMBER not in page.content.decode()
    assert typed(client, row, page, f"{code[:4]} {code[4:]}").status_code == 303
    assert opened(client.get(path(row)))


def test_the_code_is_of_this_sitting_alone_and_counts_once(row, receiver):
    client = in_by_code(Client(), row)
    page = asked(client, row)
    run()
    code = told(receiver)["data"]["code"]
    stranger = Client()
    assert typed(stranger, row, page, code).status_code == 302 and not opened(stranger.get(path(row)))
    colleague = in_by_code(Client(), row)
    assert typed(colleague, row, page, code).status_code == 422
    assert typed(client, row, page, code).status_code == 303
    with pen_scope(row.pen):
        used = PhoneCode.objects.get()
        assert not phone_codes.use(used.contact, used.sitting, str(used.pk), code)


def test_no_code_is_right_before_the_gateway_was_called_nor_after_five_guesses(acme, row, receiver):
    client = in_by_code(Client(), row)
    page = asked(client, row)
    with pen_scope(acme):
        code = gateway.codes.digits(PhoneCode.objects.get())
    assert typed(client, row, page, code).status_code == 422
    run()
    for _ in range(5):
        assert typed(client, row, page, "1").status_code == 422
    assert typed(client, row, page, code).status_code == 422
    assert not opened(client.get(path(row)))


def test_another_number_ends_the_code_that_went_to_the_one_before(acme, alice, row, receiver):
    client = in_by_code(Client(), row)
    page = asked(client, row)
    run()
    with pen_scope(acme):
        phone_codes.give(CAROL, OTHER, alice.member)
    assert typed(client, row, page, told(receiver)["data"]["code"]).status_code == 422


def test_the_way_is_open_for_level_two_alone(acme, alice, row):
    high = letter(acme, level=3, member=alice.member)
    client = in_by_code(Client(), high)
    assert "••• 47" not in client.get(path(high)).content.decode()
    assert client.post(path(high, "phone")).status_code == 302
    with pen_scope(acme):
        assert not PhoneCode.objects.exists()


def test_without_a_gateway_it_is_not_offered(acme, row):
    with pen_scope(acme):
        Gateway.objects.all().delete()
    client = in_by_code(Client(), row)
    page = client.get(path(row)).content.decode()
    assert "••• 47" not in page and "Call Alice Penrose" in page


def test_a_gateway_that_refuses_is_told_at_once_and_one_that_is_silent_is_tried_until_the_deadline(
    acme, row, receiver
):
    client = in_by_code(Client(), row)
    receiver.status = 400
    asked(client, row)
    run()
    assert "does not take this number" in client.get(path(row, "phone")).content.decode()
    receiver.status = 503
    asked(client, row)
    run()
    page = client.get(path(row, "phone")).content.decode()
    assert "is on its way" in page
    for _ in range(2):
        due_now(acme)
        run()
    ids = {headers["webhook-id"] for _, headers, _ in receiver.came}
    assert len(receiver.came) == 4 and len(ids) == 2  # of one code that is tried again it is the same
    with pen_scope(acme):
        PhoneCode.objects.update(gives_up_at=timezone.now(), due_at=timezone.now())
    run()
    assert len(receiver.came) == 4
    assert "does not answer" in client.get(path(row, "phone")).content.decode()


def test_what_failed_is_told_to_the_owner_and_good_again_when_it_is(acme, row, receiver, signed_in):
    client = in_by_code(Client(), row)
    receiver.status = 503
    asked(client, row)
    run()
    page = signed_in.get(PAGE).content.decode()
    assert "takes nothing since" in page and "503" in page and "••• 47" in page and NUMBER not in page
    receiver.status = 200
    due_now(acme)
    run()
    assert "takes nothing since" not in signed_in.get(PAGE).content.decode()


def test_at_most_five_an_hour_go_to_one_number_and_the_page_says_so(acme, row, receiver, monkeypatch):
    monkeypatch.setattr(phone_codes, "AGAIN", timedelta(0))
    client = in_by_code(Client(), row)
    for _ in range(5):
        assert asked(client, row).status_code == 200
        run()
    answer = asked(client, row)
    assert answer.status_code == 429 and "within an hour" in answer.content.decode()
    assert len(receiver.came) == 5
    assert (
        len({told(receiver, n)["data"]["code"] for n in range(5)}) == 1
    )  # within its life it is the same one
    assert len({one[1]["webhook-id"] for one in receiver.came}) == 5
    with pen_scope(acme):
        PhoneCode.objects.update(asked_at=timezone.now() - timedelta(minutes=70), sends=15)
    answer = asked(client, row)
    assert answer.status_code == 429 and "today" in answer.content.decode()


def test_asked_twice_at_once_it_is_sent_once(row, receiver):
    client = in_by_code(Client(), row)
    asked(client, row)
    asked(client, row)
    run()
    assert len(receiver.came) == 1


def test_of_two_workers_one_calls_and_a_killed_one_is_taken_over_under_the_same_id(acme, row, receiver):
    client = in_by_code(Client(), row)
    asked(client, row)
    (first,) = phone_calling.claim(8)
    assert phone_calling.claim(8) == []
    with pen_scope(acme):
        PhoneCode.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    run()
    with pen_scope(acme):
        phone_calling.note(first, calling.Answer(500, 1, "", time.time()))
        assert PhoneCode.objects.get().state == "taken"  # who was overtaken changes nothing


def test_nothing_of_a_code_a_secret_or_the_gateways_answer_is_kept(acme, row, receiver, secret):
    receiver.body = b"canary"
    client = in_by_code(Client(), row)
    asked(client, row)
    run()
    code = told(receiver)["data"]["code"]
    with pen_scope(acme):
        kept = repr([list(one.objects.values()) for one in (PhoneCode, Gateway, Contact)])
        audit = repr(list(Entry.objects.values()))
    assert code not in kept and "canary" not in kept and secret.removeprefix("whsec_")[:20] not in kept
    assert NUMBER not in audit and secret.removeprefix("whsec_")[:20] not in audit


def test_who_is_signed_out_everywhere_has_no_number_and_no_code(acme, row):
    client = in_by_code(Client(), row)
    asked(client, row)
    with pen_scope(acme):
        leaving.shut(CAROL)
        assert not PhoneCode.objects.exists() and not Contact.objects.exists()


def test_an_exchanged_secret_signs_alone_and_a_secret_of_another_key_calls_nobody(
    acme, row, receiver, secret, signed_in, settings
):
    page = signed_in.post(PAGE, {"exchange": "1"}).content.decode()
    new = re.search(r"whsec_[\w+/=]+", page)[0]
    client = in_by_code(Client(), row)
    asked(client, row)
    run()
    _path, headers, body = receiver.came[0]
    assert is_signed(headers, body, new) and not is_signed(headers, body, secret)
    assert new not in signed_in.get(PAGE).content.decode()
    with pen_scope(acme):
        PhoneCode.objects.update(state="waiting", due_at=timezone.now())
    settings.SECRET_KEY = "another " * 8
    run()
    assert len(receiver.came) == 1


def test_an_owner_tries_it(acme, secret, receiver, signed_in):
    assert signed_in.post(PAGE, {"number": "030 1234"}).status_code == 200
    signed_in.post(PAGE, {"number": "+49 30 123456-99"})
    run()
    said = told(receiver)["data"]
    assert said["to"] == OTHER and said["test"] and said["code"] not in said["text"]
    page = signed_in.get(PAGE).content.decode()
    assert "••• 99" in page and OTHER not in page
    signed_in.post(PAGE, {"delete": "1"})
    with pen_scope(acme):
        assert not Gateway.objects.exists()


def test_a_gateway_leads_nowhere_inside(acme, signed_in):
    for url in ("http://127.0.0.1/x", "https://10.0.0.1/", "ftp://x.example/"):
        assert "whsec_" not in signed_in.post(PAGE, {"url": url}).content.decode()
    with pen_scope(acme):
        assert not Gateway.objects.exists()


def test_a_member_gives_a_number_of_somebody_whom_they_wrote(acme, alice, signed_in, client):
    letter(acme, member=alice.member)
    form = {"address": CAROL, "number": "+49 30 123456-47"}
    assert signed_in.post("/letters/phones/", {**form, "address": "x@nowhere.example"}).status_code == 200
    assert signed_in.post("/letters/phones/", form).status_code == 302
    page = signed_in.get("/letters/phones/").content.decode()
    assert "••• 47" in page and NUMBER not in page
    with pen_scope(acme):
        row = Contact.objects.get()
        assert (row.level, row.phone, row.phone_by) == (2, NUMBER, alice.member)
        bob = give_access("bob@acme.example", role="member", password="correct horse battery")
    letter(acme, author="bob@acme.example", member=bob.member)
    browser = Client()
    browser.force_login(bob.account)
    answer = browser.post("/letters/phones/", {**form, "number": OTHER})
    assert answer.status_code == 200 and "colleague" in answer.content.decode()
    browser.post("/letters/phones/", {"forget": CAROL})
    with pen_scope(acme):
        assert Contact.objects.get().phone == NUMBER
    signed_in.post("/letters/phones/", {"forget": CAROL})
    with pen_scope(acme):
        assert (Contact.objects.get().phone, Contact.objects.get().level) == ("", 1)


@pytest.mark.parametrize("number", ["", "030 1234567", "+49", "+49 900 1234567", "carol", "+" + "1" * 30])
def test_what_is_no_number_or_a_dear_one_is_refused(number):
    with pytest.raises(ValidationError):
        phone_codes.normal_number(number)
