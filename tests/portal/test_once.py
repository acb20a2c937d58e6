"""A deed is done once, however often its request is sent; and how often programs may ask."""

from __future__ import annotations

import json
import threading
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.utils import timezone

from stationer.portal.access import devices
from stationer.portal.access.models import Device
from stationer.portal.content.models import Campaign
from stationer.portal.hooks.models import Hook
from stationer.portal.people.models import Group, Member
from stationer.portal.people.scope import pen_scope
from stationer.portal.programs import limits, marking, once
from stationer.portal.programs.models import KeptAnswer
from stationer.portal.site import counting
from tests.portal.pictures import png

pytestmark = pytest.mark.django_db


class Program:
    """A key of a PEN that sends each thing with an Idempotency-Key."""

    def __init__(self, pen, name="till"):
        with pen_scope(pen):
            self.row, self.token = devices.make_api_key(name)
        self.client = Client()

    def post(self, path, body=None, key="k-1", **headers):
        return self.client.post(
            f"/api/v1{path}",
            json.dumps(body or {}),
            "application/json",
            headers={
                "authorization": f"Bearer {self.token}",
                **({"idempotency-key": key} if key else {}),
                **headers,
            },
        )


@pytest.fixture
def program(acme):
    return Program(acme)


def code(answer):
    return answer.status_code, answer.json()["error"]


def test_the_same_request_again_has_the_same_answer_and_makes_nothing(program, acme):
    first, second = (program.post("/groups", {"name": "Sales"}) for _ in range(2))
    assert (first.status_code, first.content) == (201, second.content) == (second.status_code, first.content)
    assert "Idempotent-Replayed" not in first and second["Idempotent-Replayed"] == "true"
    assert second["Content-Type"] == first["Content-Type"]
    with pen_scope(acme):
        assert Group.objects.count() == 1


def test_another_request_under_the_same_key_is_refused(program, acme):
    program.post("/groups", {"name": "Sales"})
    assert code(program.post("/groups", {"name": "Board"})) == (422, "key-reused")
    assert program.post("/campaigns", {"name": "Sales"}).status_code == 201  # another route is another key
    assert program.post("/groups", {"name": "Board"}, key="k-2").status_code == 201
    with pen_scope(acme):
        assert (Group.objects.count(), Campaign.objects.count()) == (2, 1)


def test_keys_of_two_programs_are_two(program, acme):
    program.post("/campaigns", {"name": "A"})
    assert Program(acme, "other").post("/campaigns", {"name": "B"}).json()["name"] == "B"


def test_what_was_refused_is_not_kept_and_may_be_sent_again(program, acme):
    assert program.post("/people", {"address": "nobody"}).status_code == 422
    with pen_scope(acme):
        assert not KeptAnswer.objects.exists()
    assert program.post("/people", {"address": "a@acme.example"}).status_code == 201


def test_a_deed_whose_answer_cannot_be_kept_is_undone(program, acme, monkeypatch):
    def fails(*_):
        raise OSError("no more room")

    monkeypatch.setattr(marking, "seal", fails)
    program.client.raise_request_exception = False
    assert program.post("/groups", {"name": "Sales"}).status_code == 500
    with pen_scope(acme):
        assert not Group.objects.exists() and not KeptAnswer.objects.exists()
    monkeypatch.undo()
    assert program.post("/groups", {"name": "Sales"}).status_code == 201


def test_one_that_is_under_way_is_told_so_and_one_left_behind_is_taken_over(program, acme):
    program.post("/groups", {"name": "Sales"})
    with pen_scope(acme):
        Group.objects.all().delete()
        KeptAnswer.objects.update(done_at=None, sealed=b"")
    answer = program.post("/groups", {"name": "Sales"})
    assert code(answer) == (409, "under-way") and answer["Retry-After"] == "1"
    with pen_scope(acme):
        KeptAnswer.objects.update(began_at=timezone.now() - once.LEFT_BEHIND - timedelta(seconds=1))
    assert program.post("/groups", {"name": "Sales"}).status_code == 201
    with pen_scope(acme):
        assert Group.objects.count() == 1 and KeptAnswer.objects.get().done_at is not None


def test_after_a_day_a_key_is_new_again(program, acme):
    program.post("/campaigns", {"name": "A"})
    with pen_scope(acme):
        KeptAnswer.objects.update(began_at=timezone.now() - once.KEPT - timedelta(seconds=1))
    assert "Idempotent-Replayed" not in program.post("/campaigns", {"name": "A"})
    with pen_scope(acme):
        assert Campaign.objects.count() == 2
        KeptAnswer.objects.update(began_at=timezone.now() - once.KEPT - timedelta(seconds=1))
    assert once.forget_old() == 1


def test_no_answer_can_be_read_by_who_has_the_rows_alone(program, acme):
    made = program.post("/hooks", {"name": "H", "url": "https://h.example/", "events": ["alert"]}).json()
    again = program.post("/hooks", {"name": "H", "url": "https://h.example/", "events": ["alert"]}).json()
    assert made["secret"].startswith("whsec_") and again == made
    with pen_scope(acme):
        kept = KeptAnswer.objects.get()
        assert made["secret"].encode() not in bytes(kept.sealed) and b"h.example" not in bytes(kept.sealed)
        assert Hook.objects.count() == 1
    sent = marking.unseal(program.token, bytes(kept.fingerprint), bytes(kept.sealed))
    assert made["secret"].encode() in sent
    with pytest.raises(Exception, match=r"^$"):
        marking.unseal("another token", bytes(kept.fingerprint), bytes(kept.sealed))


def test_a_key_that_may_do_something_else_by_now_gets_no_earlier_answer(program, acme):
    program.post("/groups", {"name": "Sales"})
    with pen_scope(acme):
        Device.objects.filter(pk=program.row.pk).update(scopes=["see-content"])
    assert program.post("/groups", {"name": "Sales"}).status_code in (404, 422)


def test_a_file_is_known_again_whatever_its_boundary(program, acme):
    def sent(data):
        file = SimpleUploadedFile("logo.png", data, "image/png")
        return program.client.post(
            "/api/v1/pictures",
            {"picture": file, "name": "logo"},
            headers={"authorization": f"Bearer {program.token}", "idempotency-key": '"a key"'},
        )

    assert sent(png()).json() == sent(png()).json()
    assert code(sent(png(4, 4))) == (422, "key-reused")


@pytest.mark.parametrize("key", ["", " ", '"', '"a', 'a"b', "ä", "x" * 256, "a b", '""'])
def test_what_is_no_key_is_refused(program, acme, key):
    answer = program.post("/groups", {"name": "Sales"}, key=None, **{"idempotency-key": key})
    assert code(answer) == (400, "malformed")
    with pen_scope(acme):
        assert not Group.objects.exists()


@pytest.mark.parametrize(("said", "key"), [('"a b"', "a b"), ("a-b", "a-b"), (r'"a\"b\\"', 'a"b\\')])
def test_keys_come_with_quotation_marks_and_without(said, key):
    assert marking.read(said) == key


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_one_is_done(acme):
    program, answers, ready = Program(acme), [], threading.Barrier(8)

    def ask():
        ready.wait()
        mine = Client()
        answers.append(
            mine.post(
                "/api/v1/people",
                json.dumps({"address": "new@acme.example"}),
                "application/json",
                headers={"authorization": f"Bearer {program.token}", "idempotency-key": "k"},
            )
        )
        connection.close()

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    fresh = [one for one in answers if one.status_code == 201 and "Idempotent-Replayed" not in one]
    assert len(fresh) == 1
    assert {one.status_code for one in answers} <= {201, 409}
    assert {one.content for one in answers if one.status_code == 201} == {fresh[0].content}
    assert program.post("/people", {"address": "new@acme.example"}, key="k").content == fresh[0].content
    with pen_scope(acme):
        assert Member.objects.filter(address="new@acme.example").count() == 1


# ── how often ──


@pytest.fixture
def minute(monkeypatch):
    """The clock stands, three seconds into a minute."""

    def at(moment):
        for module in (counting, limits):
            monkeypatch.setattr(module, "time", lambda: moment)

    at(1_800_000_003.0)
    return at


def limited(settings, **most):
    import msgspec

    settings.PORTAL = msgspec.structs.replace(settings.PORTAL, **most)


def test_a_key_that_asks_too_often_waits_and_the_others_do_not(acme, settings, minute):
    limited(settings, requests_of_a_key=3, requests_of_a_company=5)
    one, two = Program(acme), Program(acme, "other")

    def ask(program):
        return program.client.get("/api/v1/groups", headers={"authorization": f"Bearer {program.token}"})

    first = ask(one)
    assert first["RateLimit-Policy"] == '"key";q=3;w=60, "company";q=5;w=60'
    assert first["RateLimit"] == '"key";r=2;t=57, "company";r=4;t=57'
    assert [ask(one).status_code for _ in range(3)] == [200, 200, 429]
    refused = ask(one)
    assert code(refused) == (429, "too-many-requests")
    assert (refused["Retry-After"], refused.json()["retry_after"]) == ("57", 57)
    assert refused["RateLimit"].startswith('"key";r=0;t=57')
    assert refused["RateLimit"].endswith('"company";r=2;t=57')  # what was refused counts for the key alone
    assert [ask(two).status_code for _ in range(3)] == [200, 200, 429]  # all keys of the company together
    minute(1_800_000_060.0)
    assert (ask(one).status_code, ask(two).status_code) == (200, 200)


def test_another_company_is_not_counted_with_it(acme, other, settings, minute):
    limited(settings, requests_of_a_key=2, requests_of_a_company=2)
    mine, theirs = Program(acme), Program(other)
    for _ in range(3):
        mine.post("/lint", {"source": {"shape": "note"}}, key=None)
    assert theirs.post("/groups", {"name": "Sales"}).status_code == 201
