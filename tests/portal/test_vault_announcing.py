"""The notification is that of the whole mail, though only its header and the count of its files are at hand."""

from __future__ import annotations

import re

import pytest

from stationer import mime, notice
from stationer.portal.delivery.models import Outgoing
from stationer.portal.notices.pens import notice_pen
from stationer.portal.people.models import Pen
from stationer.portal.vault import announcing, heading, indexing, keeping
from stationer.portal.vault.errors import VaultError
from stationer.portal.vault.models import Announcement, Event
from tests.mime.test_spans import PATHS
from tests.notice.made import pen as example_pen
from tests.portal.vaulted import LETTER, TO


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
def test_what_was_written_on_the_portal_leaves_by_it(in_acme):
    row = keeping.keep(LETTER, author="alice@acme.example", recipients=TO)
    announcing.announce(row, TO[:2])
    sent = Outgoing.objects.get()
    assert bytes(sent.mail) == announcing.notification(row)
    assert sorted(sent.recipients.values_list("address", flat=True)) == [
        "Carol@acme.example",
        "bob@other.example",
    ]
    assert Event.objects.filter(what="announced").count() == 1


@pytest.mark.django_db
def test_one_that_is_not_ready_has_none(in_acme):
    row = keeping.keep(LETTER, author="mallory@acme.example", recipients=TO)
    with pytest.raises(VaultError):
        announcing.notification(row)
    assert not Announcement.objects.exists()
