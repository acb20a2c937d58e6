"""Webhooks: signed as the specification says, again until they are taken, switched off at last, never led inside."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import socket
import threading
import time
from datetime import timedelta

import msgspec
import pytest
from django.core import mail as django_mail
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from stationer.portal.access import devices
from stationer.portal.access.accounts import give_access
from stationer.portal.access.models import Role
from stationer.portal.alerts import sending as alerts
from stationer.portal.alerts.models import Due
from stationer.portal.hooks import calling, events, guarding, sending, signing, switching
from stationer.portal.hooks.models import Attempt, Delivery, Hook
from stationer.portal.people.scope import pen_scope
from stationer.wire.hooks import Event
from tests.portal.clicked import a_hit, a_mail, tell
from tests.portal.received import Receiver

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def receiver():
    found = Receiver()
    yield found
    found.shutdown()
    found.server_close()


@pytest.fixture
def inside(settings, portal):
    """The installation lets hooks lead to its own network."""
    settings.PORTAL = msgspec.structs.replace(portal, hooks_inside=True)


@pytest.fixture
def hook(acme, inside, receiver):
    with pen_scope(acme):
        return Hook.objects.create(name="CRM", url=receiver.url, events=["visit.human", "alert"])


def run(seconds=10.0):
    """Turns until nothing is due or under way."""
    until = time.monotonic() + seconds
    while sending.turn() or sending._desk.busy:
        assert time.monotonic() < until
        time.sleep(0.01)


def due_now(pen):
    with pen_scope(pen):
        Delivery.objects.filter(state="waiting").update(due_at=timezone.now())


def emit(pen, name="visit.human"):
    with pen_scope(pen):
        events.emit(name, events.EVENTS[name].example)
        return Delivery.objects.latest("pk")


def test_a_message_is_signed_as_the_specification_says():
    # the example of standard-webhooks/spec, and the same worked out by hand
    secret = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    body = b'{"test": 2432232314}'
    found = signing.signature(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body)
    assert found == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    assert signing.written(secret) == "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


def test_an_event_is_called_signed_and_kept(acme, hook, receiver):
    row = emit(acme)
    run()
    ((path, headers, body),) = receiver.came
    assert path == "/in?from=stationer" and headers["content-type"] == "application/json"
    assert headers["webhook-id"] == row.outside_id
    told = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    mac = base64.b64encode(hmac.new(bytes(hook.secret), told, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{mac}"
    assert abs(int(headers["webhook-timestamp"]) - time.time()) < 60
    assert json.loads(body)["type"] == "visit.human"
    with pen_scope(acme):
        row.refresh_from_db()
        (attempt,) = Attempt.objects.all()
    assert row.state == "done" and (attempt.status, attempt.head) == (200, "thank you")


def test_what_is_told_is_what_the_schema_says(harbour, inside, receiver):
    with pen_scope(harbour.pen):
        Hook.objects.all().delete()
        Hook.objects.create(name="CRM", url=receiver.url, events=["visit.human", "alert"])
    tell(harbour, a_hit(harbour, a_mail(harbour, "jane@example.com", "john@example.com")))
    tell(harbour, a_hit(harbour, a_mail(harbour, "carol@example.com"), campaign=False))
    with pen_scope(harbour.pen):
        Due.objects.update(due_at=timezone.now())
    while alerts.turn():
        pass
    run()
    bodies = [json.loads(body) for _, _, body in receiver.came]
    assert sorted(body["type"] for body in bodies) == ["alert", "alert", "visit.human", "visit.human"]
    for body in [
        *bodies,
        *(json.loads(events.written(n, timezone.now(), e.example)) for n, e in events.EVENTS.items()),
    ]:
        msgspec.json.decode(json.dumps(body), type=Event, strict=True)
    several = next(
        b for b in bodies if b["type"] == "visit.human" and b["data"]["visitor"]["recipients"] == 2
    )
    assert several["data"]["visitor"] == {
        "address": None, "recipients": 2, "unnamed": False, "domains": ["example.com"]
    }  # fmt: skip
    assert several["data"]["campaign"]["name"] == "Open evening, 3 December"


def test_what_is_not_taken_is_called_again_under_the_same_id(acme, hook, receiver):
    receiver.status = 503
    row = emit(acme)
    run()
    with pen_scope(acme):
        row.refresh_from_db()
    assert row.state == "waiting" and timedelta(0) < row.due_at - timezone.now() <= sending.PAUSES[0]
    receiver.status = 204
    due_now(acme)
    run()
    assert len({headers["webhook-id"] for _, headers, _ in receiver.came}) == 1 and len(receiver.came) == 2
    with pen_scope(acme):
        row.refresh_from_db()
        assert row.state == "done" and Hook.objects.get().failing_since is None


def test_the_pauses_grow_and_come_to_three_days():
    assert list(sending.PAUSES) == sorted(sending.PAUSES)
    assert timedelta(days=2.9) < sum(sending.PAUSES, timedelta()) < timedelta(days=3)


def test_a_receiver_that_asks_for_time_gets_it(acme, hook, receiver):
    receiver.status, receiver.headers = 429, {"Retry-After": "3600"}
    row = emit(acme)
    run()
    with pen_scope(acme):
        row.refresh_from_db()
    assert row.due_at - timezone.now() > timedelta(minutes=59)


def test_after_three_days_it_is_switched_off_and_the_owners_get_a_mail(acme, alice, hook, receiver):
    receiver.status = 500
    row = emit(acme)
    for _ in range(len(sending.PAUSES) + 1):
        due_now(acme)
        with pen_scope(acme):
            Hook.objects.filter(failing_since__isnull=False).update(
                failing_since=timezone.now() - timedelta(days=3)
            )
        run()
    with pen_scope(acme):
        row.refresh_from_db()
        hook.refresh_from_db()
    assert row.state == "failed" and not hook.on and "500" in hook.reason
    (mail,) = django_mail.outbox
    assert mail.to == ["alice@acme.example"] and "switched off" in mail.subject and "CRM" in mail.subject
    assert hook.outside_id in mail.body and "500" in mail.body
    with pen_scope(acme):
        assert events.emit("visit.human", {}) == 0


def test_one_event_that_is_never_taken_switches_nothing_off_while_others_are(acme, hook, receiver):
    receiver.status = 500
    emit(acme)
    with pen_scope(acme):
        Delivery.objects.update(attempts=len(sending.PAUSES))
    run()
    with pen_scope(acme):
        assert Delivery.objects.get().state == "failed" and Hook.objects.get().on


def test_a_receiver_that_says_gone_is_left_alone(acme, alice, hook, receiver):
    receiver.status = 410
    emit(acme)
    run()
    with pen_scope(acme):
        assert not Hook.objects.get().on and Delivery.objects.get().state == "failed"


def test_a_hook_that_is_off_keeps_what_waits_until_it_is_on(acme, hook, receiver):
    emit(acme)
    with pen_scope(acme):
        Hook.objects.update(on=False)
    run()
    assert not receiver.came
    with pen_scope(acme):
        switching.on(Hook.objects.get())
    run()
    assert len(receiver.came) == 1


def test_while_a_secret_is_exchanged_both_sign(acme, hook, receiver):
    before = bytes(hook.secret)
    with pen_scope(acme):
        shown = switching.exchange(hook)
    emit(acme)
    run()
    ((_, headers, body),) = receiver.came
    at = int(headers["webhook-timestamp"])
    for secret in (before, base64.b64decode(shown.removeprefix("whsec_"))):
        assert (
            signing.signature(secret, headers["webhook-id"], at, body) in headers["webhook-signature"].split()
        )
    hook.rotated_at = timezone.now() - switching.OVERLAP
    assert switching.secrets_of(hook) == [bytes(hook.secret)]


def test_a_slow_receiver_keeps_nobody_waiting(acme, hook, receiver):
    receiver.pause = 1.0
    emit(acme)
    began = time.monotonic()
    sending.turn()
    assert time.monotonic() - began < 0.5
    run()
    assert len(receiver.came) == 1


def test_a_receiver_that_drips_its_answer_is_left_alone_after_a_while(acme, hook, receiver, monkeypatch):
    monkeypatch.setattr(calling, "MOST_S", 0.5)
    receiver.drips = True
    emit(acme)
    run()
    receiver.drips = False
    with pen_scope(acme):
        assert Attempt.objects.get().head == "No whole answer within 0.5 seconds."
        assert Delivery.objects.get().state == "waiting"


def test_a_name_server_that_is_silent_keeps_nobody_longer_than_a_call_may_take(acme, hook, monkeypatch):
    silent = threading.Event()
    monkeypatch.setattr(calling, "MOST_S", 0.3)
    monkeypatch.setattr(calling.guarding, "look_up", lambda _url: silent.wait(20))
    began = time.monotonic()
    answer = calling.call(calling.Call("https://crm.example/", "m", b"{}", [b"k" * 32]))
    silent.set()
    assert (answer.status, answer.head) == (None, "No whole answer within 0.3 seconds.")
    assert time.monotonic() - began < 5


def test_a_worker_that_was_killed_leaves_what_it_had_to_the_next(acme, hook, receiver):
    emit(acme)
    (claimed,) = sending.claim(8)
    assert not sending.claim(8)  # leased
    with pen_scope(acme):
        Delivery.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    run()
    assert len(receiver.came) == 1
    answer = calling.Answer(500, 1, "", time.time())
    with pen_scope(acme):
        sending.note(claimed, answer)  # the first wakes up: it changes nothing
        assert Delivery.objects.get().state == "done"


def test_an_answer_is_kept_to_its_head(acme, hook, receiver):
    receiver.body = b"x" * 100_000
    emit(acme)
    run()
    with pen_scope(acme):
        assert len(Attempt.objects.get().head) == 1000


def test_a_redirection_is_not_followed(acme, hook, receiver):
    receiver.status, receiver.headers = 302, {"Location": "http://127.0.0.1:1/"}
    row = emit(acme)
    run()
    with pen_scope(acme):
        row.refresh_from_db()
        assert row.state == "waiting" and Attempt.objects.get().status == 302


INSIDE = [
    "https://127.0.0.1/", "https://10.0.0.7/", "https://192.168.1.1/", "https://169.254.169.254/latest/meta-data/",
    "https://[::1]/", "https://[fd00::1]/", "https://[fe80::1]/", "https://0.0.0.0/", "https://[::ffff:10.0.0.1]/",
    "https://100.64.0.1/", "https://224.0.0.1/", "https://[2002:7f00:1::]/",
]  # fmt: skip


@pytest.mark.parametrize("url", INSIDE)
def test_no_hook_leads_inside(portal, url):
    with pytest.raises(ValidationError) as found:
        guarding.check_url(url)
    assert "inside" in str(found.value)


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/", "ftp://example.com/", "https://", "https://user:pw@example.com/", "//example.com/",
        "https://example.com/#x", "https://exa mple.com/", "https://example.com\\@evil.example/", "javascript:alert(1)",
        "https://example.com:99999/", "http://127.0.0.1/", "https://example.com/\n",
    ],
)  # fmt: skip
def test_what_is_no_address_of_a_hook_is_refused_in_words(portal, url):
    with pytest.raises(ValidationError):
        guarding.check_url(url)


def test_a_name_that_leads_inside_is_not_called(portal, monkeypatch):
    def resolved(*addresses):
        found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, 443)) for one in addresses]
        monkeypatch.setattr(guarding.socket, "getaddrinfo", lambda *_, **__: found)

    resolved("10.1.2.3")
    answer = calling.call(calling.Call("https://crm.example/", "whd_1", b"{}", [b"x"]))
    assert answer.status is None and "inside" in answer.head
    resolved("93.184.216.34", "127.0.0.1")
    with pytest.raises(guarding.Forbidden):
        guarding.look_up("https://crm.example/")
    resolved("93.184.216.34")
    place = guarding.look_up("https://crm.example:8443/a?b=c")
    assert place.url == "https://93.184.216.34:8443/a?b=c" and place.authority == "crm.example:8443"


def test_nobody_there_is_an_answer_too(acme, inside):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    answer = calling.call(calling.Call(f"http://127.0.0.1:{port}/", "whd_1", b"{}", [b"x"]))
    assert answer.status is None and not answer.taken and "Connect" in answer.head


def test_old_events_are_forgotten(acme, hook, receiver):
    emit(acme)
    run()
    with pen_scope(acme):
        Delivery.objects.update(made_at=timezone.now() - sending.KEEP - timedelta(days=1))
    assert sending.forget_old()


# ── the page, and programs ──


@pytest.fixture
def browser(client, alice):
    client.force_login(alice.account)
    return client


def test_from_nothing_to_a_tested_webhook(acme, browser, inside, receiver):
    assert "No webhook yet" in browser.get("/settings/hooks/").content.decode()
    form = {"name": "CRM", "url": receiver.url, "events": ["visit.human"]}
    page = browser.post("/settings/hooks/new/", form)
    with pen_scope(acme):
        row = Hook.objects.get()
    secret = signing.written(bytes(row.secret))
    assert secret in page.content.decode() and "no-store" in page["Cache-Control"]
    here = f"/settings/hooks/{row.outside_id}/"
    assert secret not in browser.get(here).content.decode()
    browser.post(here, {"test": "1"})
    run()
    assert json.loads(receiver.came[0][2])["data"]["test"] is True
    page = browser.get(here).content.decode()
    assert "200" in page and "visit.human" in page
    with pen_scope(acme):
        one = Delivery.objects.get()
    at = f"{here}{one.outside_id}/"
    assert "thank you" in browser.get(at).content.decode()
    browser.post(at)
    run()
    assert len(receiver.came) == 2
    exchanged = browser.post(here, {"exchange": "1"}).content.decode()
    assert "whsec_" in exchanged and secret not in exchanged
    browser.post(here, {"off": "1"})
    assert "Switch on" in browser.get(here).content.decode()
    browser.post(here, {"delete": "1"})
    assert "No webhook yet" in browser.get("/settings/hooks/").content.decode()


def test_a_wrong_address_is_told_beside_its_field(browser, acme):
    page = browser.post(
        "/settings/hooks/new/", {"name": "x", "url": "https://10.0.0.1/", "events": ["alert"]}
    )
    assert "leads inside this network" in page.content.decode()
    page = browser.post("/settings/hooks/new/", {"name": "x", "url": "https://example.com/"})
    assert "at least one event" in page.content.decode()


def test_programs_make_and_watch_webhooks(acme, inside, receiver):
    with pen_scope(acme):
        _, key = devices.make_api_key("CRM")
    program = Client(headers={"authorization": f"Bearer {key}"})

    def ask(method, path, **body):
        answer = getattr(program, method)(f"/api/v1/{path}", body or None, content_type="application/json")
        return answer.status_code, json.loads(answer.content or b"null")

    status, made = ask("post", "hooks", name="CRM", url=receiver.url, events=["alert"])
    assert status == 201 and made["secret"].startswith("whsec_")
    here = f"hooks/{made['id']}"
    assert ask("get", here)[1]["secret"] is None
    assert ask("patch", here, events=["visit.human"])[1]["events"] == ["visit.human"]
    assert (
        ask("patch", here, url="https://127.0.0.1/", on=False)[1]["on"] is False
    )  # allowed here by the setting
    assert ask("patch", here, url=receiver.url, on=True)[1]["on"] is True
    assert ask("post", f"{here}/test")[0] == 201
    run()
    (one,) = ask("get", f"{here}/deliveries")[1]["items"]
    assert (one["state"], one["status"]) == ("done", 200)
    assert ask("post", f"{here}/deliveries/{one['id']}/again")[1]["state"] == "waiting"
    assert ask("post", f"{here}/secret")[1]["secret"] != made["secret"]
    assert ask("post", "hooks", name="x", url="gopher://x/", events=["alert"])[0] == 422
    assert ask("post", "hooks", name="x", url=receiver.url, events=["nothing"])[0] == 422
    assert ask("delete", here)[0] == 204


@pytest.mark.parametrize("right", ["change-settings", "see-visitors"])
def test_one_right_alone_neither_reads_webhooks_nor_leads_them(acme, client, hook, right):
    with pen_scope(acme):
        _, key = devices.make_api_key("CRM", (right,))
        _, both = devices.make_api_key("CRM", ("change-settings", "see-visitors"))
        guest = give_access("guest@acme.example", role=Role.objects.create(name="Guest", rights=[right]))
    one = emit(acme)
    client.force_login(guest.account)
    here = f"/settings/hooks/{hook.outside_id}/"
    for path in ("/settings/hooks/", "/settings/hooks/new/", here, f"{here}{one.outside_id}/"):
        assert client.get(path).status_code == client.post(path, {"off": "1"}).status_code == 404
    assert "/settings/hooks/" not in client.get("/settings/").content.decode()
    new = {"name": "x", "url": hook.url, "events": ["visit.human"]}
    for token, seen, made in ((key, 404, 404), (both, 200, 201)):
        program = Client(headers={"authorization": f"Bearer {token}"})
        assert program.get("/api/v1/hooks").status_code == seen
        assert program.get(f"/api/v1/hooks/{hook.outside_id}/deliveries").status_code == seen
        assert program.post("/api/v1/hooks", new, content_type="application/json").status_code == made
