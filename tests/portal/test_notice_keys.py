"""A PEN as its notifications show and sign it: keys made once, words in force, packages and their senders."""

from __future__ import annotations

import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from stationer import notice
from stationer.portal.notices import keys
from stationer.portal.notices.models import SigningKey, WordingVersion
from stationer.portal.notices.pens import host_of, notice_pen
from stationer.portal.people.members import add_member
from stationer.portal.people.models import Package
from stationer.portal.people.scope import pen_scope

MAIL = b"From: alice@acme.example\r\nTo: carol@example.org\r\nSubject: [secure] Hello\r\n\r\nHello\r\n"


def sent(pen, mail=MAIL, **more):
    made = notice.compose(mail, pen, "m1", 1_795_343_400_000, **more)
    assert isinstance(made, notice.Notification)
    return made


@pytest.mark.django_db
class TestPen:
    def test_what_it_announces_it_proves_and_nobody_else_does(self, acme, other, settings):
        settings.PUBLIC_URL = "https://mail.acme.example"
        with pen_scope(acme):
            pen = notice_pen(acme)
        with pen_scope(other):
            strange = notice_pen(other)
        assert notice.faults(pen) == ()
        made = sent(pen).mail
        assert b"https://mail.acme.example/m/m1" in made.replace(b"=\r\n", b"")
        proof = notice.read(made, pen)
        assert isinstance(proof, notice.Proof) and proof.key == "k1"
        assert notice.read(made, strange) == notice.NotProven("other-pen")
        assert pen.keys[0].public != strange.keys[0].public

    @pytest.mark.parametrize(
        ("url", "host"),
        [
            ("https://Mail.acme.example", "mail.acme.example"),
            ("https://mail.acme.example:8443", "mail.acme.example"),
            ("http://localhost:8000", "localhost:8000"),
            ("http://[::1]:8000", "[::1]:8000"),
            ("http://harbour.localhost", "harbour.localhost"),
            ("http://harbour:99999", ""),
        ],
    )
    def test_its_host_is_that_of_its_portal(self, acme, settings, url, host):
        settings.PUBLIC_URL = url
        assert host_of(acme) == host

    def test_brand_words_and_disclaimers_are_those_in_force(self, in_acme, settings):
        settings.PUBLIC_URL = "https://mail.acme.example"
        in_acme.brand = {"colour": "#0e6e73"}
        staff = Package.objects.get(name="employees")
        guests = Package.objects.get(name="guests")
        add_member("alice@acme.example", aliases=["ally@acme.example"])
        before = sent(notice_pen(in_acme))
        said = {"address": "4 Quay", "phone": "+44 1632 960142", "tag": "[sealed]", "languages": ["de", "en"]}
        said |= {"notification": {staff.outside_id: {"en": "For you alone.", "de": "Nur für Sie."}}}
        WordingVersion.objects.create(number=1, said=said)
        WordingVersion.objects.create(number=2, said=said | {"address": "5 Quay"})
        pen = notice_pen(in_acme)
        assert (pen.address, pen.tag, pen.colour, pen.languages) == (
            "5 Quay",
            "[sealed]",
            "#0e6e73",
            ("de", "en"),
        )
        assert pen.packages[staff.outside_id].senders == ("alice@acme.example", "ally@acme.example")
        assert pen.packages[guests.outside_id].senders == ("*",)
        after = sent(pen)
        assert after.package == staff.outside_id and b"Nur f=C3=BCr Sie." in after.mail
        assert before.version != after.version
        guest = MAIL.replace(b"alice@acme.example", b"carol@example.org")
        assert sent(pen, guest).package == guests.outside_id and b"Nur f" not in sent(pen, guest).mail
        by_author = notice_pen(in_acme, "Ally@acme.example")
        assert set(by_author.packages) == {staff.outside_id}
        assert sent(by_author).package is None  # the author of this mail was not named
        assert set(notice_pen(in_acme, "carol@example.org").packages) == {guests.outside_id}


@pytest.mark.django_db
class TestKeys:
    def test_private_halves_are_sealed_and_bound_to_their_pen(self, acme, other):
        with pen_scope(acme):
            row = keys.in_force()[0]
            held = keys.key_of(row)
            assert len(held.private) == 32 and held.private not in bytes(row.private)
            row.number = 7
            assert keys.key_of(row).private == b""
        with pen_scope(other):
            keys.in_force()
            SigningKey.objects.update(private=bytes(row.private))
            assert keys.key_of(SigningKey.objects.get()).private == b""

    def test_a_new_key_signs_the_old_proves_until_it_is_taken_away(self, in_acme, settings):
        settings.PUBLIC_URL = "https://mail.acme.example"
        old = sent(notice_pen(in_acme)).mail
        first = SigningKey.objects.get()
        with pytest.raises(ValidationError, match="Make a new one first"):
            keys.retire(first)
        keys.add_key()
        pen = notice_pen(in_acme)
        assert [key.id for key in pen.keys] == ["k2", "k1"]
        assert isinstance(notice.read(old, pen), notice.Proof)
        assert notice.read(sent(pen).mail, pen).key == "k2"
        keys.retire(first)
        assert [key.id for key in notice_pen(in_acme).keys] == ["k2"]
        assert notice.read(old, notice_pen(in_acme)) == notice.NotProven("not-proven")
        keys.retire(first)  # once more changes nothing
        assert keys.add_key().name == "k3"

    def test_with_another_key_of_the_installation_it_proves_and_signs_nothing(self, in_acme, settings):
        settings.PUBLIC_URL = "https://mail.acme.example"
        made = sent(notice_pen(in_acme)).mail
        settings.SECRET_KEY = "another" * 9
        pen = notice_pen(in_acme)
        assert pen.signing_key is None and isinstance(notice.read(made, pen), notice.Proof)
        keys.add_key()
        assert notice_pen(in_acme).signing_key.id == "k2"


@pytest.mark.django_db(transaction=True)
def test_of_many_first_uses_at_once_one_key_comes(acme):
    together, found, wrong = threading.Barrier(8), [], []

    def use():
        try:
            with pen_scope(acme):
                together.wait()
                found.append(notice_pen(acme).keys[0].public)
        except Exception as fault:
            wrong.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=use) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert not wrong and len(found) == 8 and len(set(found)) == 1
