"""DKIM: what leaves is signed by the keys of its From domain, and verifies with what is said to stand in DNS."""

from __future__ import annotations

import io
from datetime import date

import dkim
import pytest
from django.core.management import CommandError, call_command

from stationer.portal.delivery import queue, signing
from stationer.portal.delivery.relay import Fate, Outcome, Session
from stationer.portal.delivery.sending import send
from stationer.settings import Relay

MAIL = (
    b"From: Alice <alice@acme.example>\r\nTo: bob@example.org\r\nSubject: Hi\r\nMessage-ID: <1@acme.example>\r\n"
    b"Date: Mon, 2 Nov 2026 10:00:00 +0000\r\n\r\nHello\r\n.\r\n"
)
DAY = date(2026, 11, 2)


@pytest.fixture
def zone(portal):
    """DNS as the command said that it has to be."""
    found = {record.name: record.text for record in signing.make("acme.example", DAY)}
    signing.activate("acme.example")
    return found


def verified(mail, zone):
    """Whether each signature holds, from the top."""

    def asked(name, timeout=5):
        return zone.get(name.decode().rstrip("."), "").encode() or None

    def holds(number):
        try:
            return dkim.DKIM(mail).verify(idx=number, dnsfunc=asked)
        except dkim.ValidationError:
            return False

    return [holds(number) for number in range(mail.lower().count(b"dkim-signature:"))]


def test_both_signatures_verify_and_align_with_from(zone):
    mail = signing.signed(MAIL)
    assert mail.endswith(MAIL) and verified(mail, zone) == [True, True]
    assert mail.count(b"d=acme.example") == 2
    assert b"a=ed25519-sha256" in mail and b"a=rsa-sha256" in mail


@pytest.mark.parametrize(
    "spoiled",
    [
        lambda mail: mail.replace(b"Hello", b"Hallo"),
        lambda mail: mail.replace(b"Subject: Hi", b"Subject: Ho"),
        lambda mail: b"Subject: Pay at once\r\n" + mail,
        lambda mail: mail.replace(b"\r\n\r\nHello", b"\r\nReply-To: eve@evil.example\r\n\r\nHello"),
        lambda mail: mail.replace(b"Date:", b"From: eve@evil.example\r\nDate:"),
    ],
)
def test_whatever_is_changed_or_added_on_the_way_breaks_them(zone, spoiled):
    assert verified(spoiled(signing.signed(MAIL)), zone) == [False, False]


@pytest.mark.parametrize(
    "mail",
    [
        MAIL.replace(b"acme.example>\r\nTo", b"other.example>\r\nTo"),
        MAIL.replace(b"To: bob", b"From: carl@acme.example\r\nTo: bob"),
        MAIL.replace(b"From: Alice <alice@acme.example>\r\n", b""),
        MAIL.replace(b"alice@acme.example", b"alice@..%"),
    ],
)
def test_what_is_not_of_one_author_of_that_domain_leaves_as_it_is(zone, mail):
    assert signing.signed(mail) == mail


def test_new_keys_sign_only_when_they_are_activated_and_older_ones_no_more(zone):
    newer = {record.name: record.text for record in signing.make("acme.example", DAY)}
    assert not newer.keys() & zone.keys()
    assert verified(signing.signed(MAIL), zone) == [True, True]
    signing.activate("acme.example")
    assert verified(signing.signed(MAIL), newer) == [True, True]


def test_keys_are_for_nobody_else_to_read(zone, settings):
    folder = settings.PORTAL.keys / "dkim" / "acme.example"
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}


def test_a_key_that_cannot_be_read_lets_the_mail_leave_unsigned(zone, settings):
    for path in (settings.PORTAL.keys / "dkim" / "acme.example").glob("*.pem"):
        path.write_bytes(b"torn")
    assert signing.signed(MAIL) == MAIL


@pytest.mark.django_db(transaction=True)
def test_what_the_queue_hands_over_is_signed(zone, monkeypatch):
    left = []

    def hand_over(_, sender, recipients, mail):
        left.append(mail)
        return dict.fromkeys(recipients, Outcome(Fate.SENT))

    monkeypatch.setattr(Session, "hand_over", hand_over)
    send(MAIL, sender="alice@acme.example", recipients=["bob@example.org"])
    queue.turn(Relay())
    assert verified(left[0], zone) == [True, True]


def test_the_command_prints_what_dns_has_to_say_and_what_to_do_next(portal):
    out = io.StringIO()
    with pytest.raises(CommandError, match="has no keys yet"):
        call_command("dkim", "acme.example", "--activate")
    with pytest.raises(CommandError):
        call_command("dkim", "../..")
    call_command("dkim", "acme.example", stdout=out)
    assert '_domainkey.acme.example. TXT "v=DKIM1; k=ed25519; p=' in out.getvalue()
    assert "stationer admin dkim acme.example --activate" in out.getvalue()
    call_command("dkim", "acme.example", "--activate", stdout=out)
    assert signing.signed(MAIL) != MAIL
