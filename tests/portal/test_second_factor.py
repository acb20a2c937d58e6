"""Before Publish a person shows a second factor, where the PEN demands one; nothing they wrote is lost on the way."""

from __future__ import annotations

import html
import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.management import call_command

from stationer.portal.access import devices
from stationer.portal.access.accounts import give_access
from stationer.portal.audit.models import Entry
from stationer.portal.content.models import Template
from stationer.portal.notices import keys
from stationer.portal.people.models import Pen
from stationer.portal.people.pens import create_pen
from stationer.portal.people.scope import pen_scope
from stationer.portal.publishing.models import Publication

pytestmark = pytest.mark.django_db(transaction=True)  # what is told at a commit is told
PASSWORD = "correct horse battery"


def code(secret, later=0):
    """What an authenticator app shows (RFC 6238: SHA-1, 30 s, six figures)."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + later))


@pytest.fixture
def careful(acme):
    """ACME demands a second factor, and has something to publish."""
    acme.second_factor = True
    acme.save()
    with pen_scope(acme):
        source = {"shape": "note", "values": {"words": "Kind regards"}}
        Template.objects.create(name="Letterhead", fallback=True, parts={"new": {"footer": source}})
    return acme


def sign_in(client):
    return client.post("/accounts/login/", {"login": "alice@acme.example", "password": PASSWORD})


def set_up(client):
    """By the pages: the password once more, the secret, a code. Returns the secret and the page after it."""
    answer = client.get("/accounts/2fa/totp/activate/")
    if answer.status_code == 302:
        answer = client.post(answer["Location"], {"password": PASSWORD}, follow=True)
    secret = re.search(r'value="([A-Z2-7]{32})"', answer.content.decode()).group(1)
    return secret, client.post("/accounts/2fa/totp/activate/", {"code": code(secret)}, follow=True)


def waits(answer):
    """The form that waits: where it goes, and its words."""
    page = html.unescape(answer.content.decode())
    assert "What you sent has waited here" in page
    form = re.search(
        r'<form class="stack is-tight" method="post" action="([^"]+)">(.*?)</form>', page, re.DOTALL
    )
    return form[1], re.findall(r'<textarea name="(\w+)"[^>]*>\n(.*?)</textarea>', form[2], re.DOTALL)


def versions(pen):
    with pen_scope(pen):
        return list(Publication.objects.values_list("about", flat=True))


def test_publish_leads_through_setting_one_up_and_back_to_what_was_written(client, careful, alice):
    sign_in(client)
    asked = client.post("/publish/", {"about": "For spring", "more": ["one", "two\r\nlines"]}, follow=True)
    said = asked.content.decode()
    assert asked.request["PATH_INFO"] == "/second-factor/"
    assert "One thing before you publish" in said and versions(careful) == []
    _, after = set_up(client)
    assert "You were about to publish." in after.content.decode()
    assert "recovery" in after.content.decode().lower()  # the codes for when the telephone is gone
    path, words = waits(client.get("/second-factor/"))
    assert path == "/publish/"
    assert words == [("about", "For spring"), ("more", "one"), ("more", "two\r\nlines")]
    client.post(path, dict(words))
    assert versions(careful) == ["For spring"]
    assert client.get("/second-factor/")["Location"] == "/publish/"  # nothing waits any more
    with pen_scope(careful):
        assert Entry.objects.filter(noun="factor", what="made").exists()


def test_whoever_has_one_is_asked_for_it_at_the_sign_in_and_not_again(client, careful, alice):
    sign_in(client)
    secret, _ = set_up(client)
    client.logout()
    assert sign_in(client)["Location"].startswith("/accounts/2fa/authenticate/")
    assert client.post("/publish/", {"about": "Half signed in"}).status_code == 401
    assert versions(careful) == []
    wrong = client.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert wrong.status_code == 200
    client.post("/accounts/2fa/authenticate/", {"code": code(secret, 1)})
    client.post("/publish/", {"about": "Signed in"})
    assert versions(careful) == ["Signed in"]


def test_a_session_that_has_not_shown_it_is_asked_once(client, careful, alice):
    sign_in(client)
    secret, _ = set_up(client)
    client.logout()
    client.force_login(alice.account)  # a session from before there was a factor
    asked = client.post("/publish/", {"about": "Once"}, follow=True)
    assert asked.request["PATH_INFO"] == "/accounts/2fa/reauthenticate/"
    back = re.search(r'name="next" value="([^"]+)"', asked.content.decode())[1]
    answer = client.post(
        "/accounts/2fa/reauthenticate/", {"code": code(secret, 1), "next": back}, follow=True
    )
    path, words = waits(answer)
    client.post(path, dict(words))
    assert versions(careful) == ["Once"]


def test_what_was_seen_before_the_detour_is_what_is_published_after_it(client, careful, alice):
    sign_in(client)
    page = client.get("/publish/").content.decode()
    seen = re.search(r'name="seen" value="(\w+)"', page)[1]
    client.post("/publish/", {"about": "Seen", "seen": seen})
    with pen_scope(careful):
        Template.objects.update(name="Changed on the way")
    set_up(client)
    path, words = waits(client.get("/second-factor/"))
    assert ("seen", seen) in words
    refused = client.post(path, dict(words))
    assert refused.status_code == 409 and 'value="Seen"' in refused.content.decode()
    assert versions(careful) == []


def test_a_form_waits_for_an_hour_and_in_its_own_company_alone(client, careful, alice, other):
    sign_in(client)
    client.post("/publish/", {"about": "Here"})
    set_up(client)
    kept = client.session["form_after_factor"]
    for values in ({"at": kept["at"] - 3601}, {"pen": other.outside_id}):
        session = client.session
        session["form_after_factor"] = kept | values
        session.save()
        assert client.get("/second-factor/?next=/publish/")["Location"] == "/publish/"


def test_a_recovery_code_counts_once(client, careful, alice):
    sign_in(client)
    set_up(client)
    rescue = Authenticator.objects.get(user=alice.account, type="recovery_codes").wrap().get_unused_codes()[0]
    client.logout()
    sign_in(client)
    client.post("/accounts/2fa/authenticate/", {"code": rescue})
    client.post("/publish/", {"about": "Rescued"})
    client.logout()
    sign_in(client)
    assert client.post("/accounts/2fa/authenticate/", {"code": rescue}).status_code == 200
    assert client.post("/publish/", {"about": "Again"}).status_code == 401
    assert versions(careful) == ["Rescued"]


def test_a_pen_that_does_not_demand_it_asks_nobody(signed_in, careful):
    with pen_scope(careful):
        careful.second_factor = False
        careful.save()
    signed_in.post("/publish/", {"about": "Plainly"})
    assert versions(careful) == ["Plainly"]


def test_it_is_demanded_unless_somebody_says_otherwise(db):
    assert create_pen("New").second_factor
    call_command("create_pen", "--name", "Trial", "--no-second-factor")
    assert not Pen.objects.get(name="Trial").second_factor
    call_command("second_factor", "off", "--pen", "New")
    assert not Pen.objects.get(name="New").second_factor


def test_a_key_publishes_without_one(client, careful):
    with pen_scope(careful):
        _, token = devices.make_api_key("Build", ("publish",))
    answer = client.post(
        "/api/v1/publish", "{}", "application/json", headers={"authorization": f"Bearer {token}"}
    )
    assert answer.status_code == 201


def test_the_demand_is_a_tick_in_the_settings_for_those_who_may(client, signed_in, acme):
    signed_in.post("/settings/", {"form": "safety", "second_factor": "on"})
    acme.refresh_from_db()
    assert acme.second_factor
    with pen_scope(acme):
        auditor = give_access("auditor@acme.example", role="auditor")
    client.force_login(auditor.account)
    assert client.post("/settings/", {"form": "safety"}).status_code == 404


def test_the_page_leads_nowhere_else(signed_in, careful):
    said = signed_in.get("/second-factor/?next=https://evil.example/").content.decode()
    assert 'href="https://evil' not in said


def test_undoing_a_version_asks_for_it_as_publishing_does(owner, harbour):
    from django.urls import reverse

    harbour.pen.second_factor = True
    harbour.pen.save()
    answer = owner.post(reverse("undo"), {"version": "1"})
    assert answer.status_code == 302 and answer["Location"].endswith("?next=%2Fpublish%2F")


KEYS = "/settings/notifications/keys/"


def signing(pen):
    with pen_scope(pen):
        return [row.name for row in keys.in_force()]


def test_keys_of_notifications_are_made_and_taken_away_behind_it_alone(client, careful, alice):
    sign_in(client)
    assert client.get(KEYS).status_code == 200 and signing(careful) == ["k1"]
    asked = client.post(KEYS, {"add": "1"}, follow=True)
    assert asked.request["PATH_INFO"] == "/second-factor/"
    assert "One thing before you change this" in asked.content.decode()
    assert signing(careful) == ["k1"]
    set_up(client)
    path, words = waits(client.get("/second-factor/"))
    assert (path, words) == (KEYS, [("add", "1")])
    client.post(path, dict(words))
    assert signing(careful) == ["k2", "k1"]
    client.post(KEYS, {"retire": "1"})  # it was shown in this session
    assert signing(careful) == ["k2"]


def test_a_stolen_password_takes_no_key_away_and_may_look_into_dns(client, careful, alice):
    with pen_scope(careful):
        keys.add_key()
    client.force_login(alice.account)
    for words in ({"retire": "1"}, {"add": "1"}, {"add": "1", "look": ""}):
        client.post(KEYS, words)
    assert signing(careful) == ["k2", "k1"]
    assert client.post(KEYS, {"look": "1"}).status_code == 200
