"""The notification is that of the whole mail, though only its header and the count of its files are at hand."""

from __future__ import annotations

import re
from email import message_from_bytes, policy

import msgspec
import pytest
from django.utils import timezone

from stationer import mime, notice
from stationer.portal.access.domains import is_own
from stationer.portal.access.models import ProvenDomain
from stationer.portal.delivery.models import Outgoing
from stationer.portal.notices.pens import notice_pen
from stationer.portal.people.members import add_member
from stationer.portal.people.models import Pen
from stationer.portal.vault import announcing, heading, indexing, keeping
from stationer.portal.vault.errors import VaultError
from stationer.portal.vault.models import Announcement, Event, SecureMessage
from tests.mime.test_spans import PATHS
from tests.notice.made import pen as example_pen
from tests.portal.vaulted import LETTER, TO

OWN = "stationer@localhost"


def written(member=None):
    """Kept as the reader's page keeps an answer."""
    return keeping.keep(LETTER, author="alice@acme.example", recipients=TO, member=member, announce=True)


@pytest.mark.parametrize("path", PATHS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_stand_in_says_of_itself_what_the_mail_says(path):
    mail = path.read_bytes()
    scanner = mime.Scanner()
    scanner.feed(mail)
    found = scanner.close()
    header = mail[: found.root.body]
    files = sum(entry.attached for entry in indexing.entries(found))
    assert files == notice.attachments_of(mail)
    assert notice.refusal_of(header) == notice.refusal_of(mail)
    if notice.refusal_of(mail) is None:
        house = example_pen()
        whole = notice.compose(mail, house, "one", 1)
        stand_in = notice.compose(announcing.stand_in(header, files), house, "one", 1)
        assert stand_in == whole
        heading.read(header)  # whatever stands in it


@pytest.mark.django_db
def test_it_is_proven_and_the_original_goes_back_in_its_place(in_acme):
    row = keeping.keep(LETTER, author="alice@acme.example", recipients=TO)
    made = announcing.notification(row)
    house = notice_pen(Pen.objects.get())
    proof = notice.read(made, house)
    assert isinstance(proof, notice.Proof)
    assert proof.id == row.locator
    assert isinstance(notice.restore(made, LETTER, house), notice.Restored)
    assert announcing.notification(row) == made
    assert b"Angebot" not in re.sub(rb"(?m)^Subject:.*$", b"", made)


@pytest.mark.django_db
def test_what_was_written_on_the_portal_leaves_by_it_and_by_its_address(in_acme):
    row = written()
    assert (row.state, row.announce_to) == ("ready", [])
    sent = Outgoing.objects.get()
    assert bytes(sent.mail) == announcing.notification(row)
    assert sorted(sent.recipients.values_list("address", flat=True)) == sorted(TO)
    assert Event.objects.filter(what="announced").count() == 1
    made = message_from_bytes(bytes(sent.mail), policy=policy.default)
    assert (sent.sender, made["From"]) == (OWN, f"Alice Example via ACME <{OWN}>")
    assert (made["Reply-To"], made["Sender"]) == (None, None)
    house = notice_pen(Pen.objects.get())
    proof = notice.read(bytes(sent.mail), house)
    assert isinstance(proof, notice.Proof)
    assert (proof.parties.authors, proof.via) == (("alice@acme.example",), OWN)
    restored = notice.restore(bytes(sent.mail), LETTER, house)
    assert isinstance(restored, notice.Restored)
    assert message_from_bytes(restored.mail)["From"] == "Alice Example <alice@acme.example>"
    assert restored.changed == ()


def test_a_member_of_a_proven_domain_writes_from_their_own_address(in_acme):
    alice = add_member("alice@acme.example")
    ProvenDomain.objects.create(domain="acme.example", proven_at=timezone.now())
    row = written(member=alice)
    sent = Outgoing.objects.get()
    assert sent.sender == "alice@acme.example"
    assert b"From: Alice Example <alice@acme.example>\r\n" in bytes(sent.mail)
    proof = notice.read(bytes(sent.mail), notice_pen(Pen.objects.get()))
    assert isinstance(proof, notice.Proof)
    assert (proof.via, proof.id) == ("", row.locator)


def test_nobody_else_does_and_a_member_is_answered(in_acme):
    alice = add_member("alice@acme.example")
    written(member=alice)  # its domain is not proven
    ProvenDomain.objects.create(domain="acme.example", proven_at=timezone.now())
    written()  # somebody outside, by an address of it
    first, second = (
        message_from_bytes(bytes(sent.mail)) for sent in Outgoing.objects.order_by("created_at", "id")
    )
    assert first["Reply-To"] == "alice@acme.example" and second["Reply-To"] is None
    assert OWN in first["From"] and OWN in second["From"]


def test_what_a_program_announces_itself_keeps_its_author_and_does_not_leave_from_here(in_acme):
    row = keeping.keep(LETTER, author="alice@acme.example", recipients=TO)
    assert b"From: Alice Example <alice@acme.example>\r\n" in announcing.notification(row)
    assert not Outgoing.objects.exists()


def test_without_an_address_of_its_own_the_portal_keeps_nothing(in_acme, settings):
    relay = msgspec.structs.replace(settings.PORTAL.relay, sender="")
    settings.PORTAL = msgspec.structs.replace(settings.PORTAL, relay=relay)
    with pytest.raises(VaultError, match=r"portal\.relay\.sender"):
        written()
    assert not SecureMessage.objects.exists() and not Outgoing.objects.exists()


def test_whom_no_envelope_can_name_is_told_before_anything_is_kept(in_acme):
    with pytest.raises(VaultError) as fault:
        keeping.keep(LETTER, author="alice@acme.example", recipients=['"a b"@acme.example'], announce=True)
    assert fault.value.code == "not-an-address"
    assert not SecureMessage.objects.exists()


@pytest.mark.parametrize(
    ("address", "own"),
    [
        ("a@acme.example", True), ("a@sub.acme.example", False), ("a@one.two.below.example", True),
        ("a@below.example", False), ("a@unproven.example", False), ("a@other.example", False),
    ],
)  # fmt: skip
def test_an_address_is_the_companys_own_where_its_domain_is_named_and_proven(in_acme, address, own):
    pen = Pen.objects.get()
    pen.domains = ["acme.example", "*.below.example", "unproven.example"]
    for domain in ("acme.example", "below.example", "other.example"):
        ProvenDomain.objects.create(domain=domain, proven_at=timezone.now())
    ProvenDomain.objects.create(domain="unproven.example")
    assert is_own(pen, address) == own


@pytest.mark.django_db
def test_one_that_is_not_ready_has_none(in_acme):
    row = keeping.keep(LETTER, author="mallory@acme.example", recipients=TO)
    with pytest.raises(VaultError):
        announcing.notification(row)
    assert not Announcement.objects.exists()
