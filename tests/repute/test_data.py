"""Zones and rules are data: each is whole, and what is made of it is sound."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stationer import repute
from stationer.repute import Answer, Book, Finding, Question
from stationer.repute.zones import fits


@pytest.mark.parametrize("zone", repute.ZONES, ids=lambda zone: zone.zone)
def test_every_zone_has_test_points_meanings_and_terms(zone):
    assert zone.listed and zone.clean and zone.means and zone.says.endswith(".")
    assert zone.delist.startswith("https://")
    assert all(one.code.startswith("127.0.") and one.says for one in zone.means)
    assert all(fits(zone, one) for one in (*zone.listed, *zone.clean))
    # whoever has to register or to pay is not asked unless somebody says that they did
    assert zone.on == (zone.terms == "free")


def test_zones_take_what_they_are_for():
    zen, dbl = repute.ZONES[0], next(zone for zone in repute.ZONES if zone.of == "domain")
    assert fits(zen, "192.0.2.1") and fits(zen, "2001:db8::1") and not fits(zen, "acme.example")
    assert fits(dbl, "acme.example") and not fits(dbl, "192.0.2.1")
    spamcop = next(zone for zone in repute.ZONES if zone.versions == (4,))
    assert not fits(spamcop, "2001:db8::1")


def test_a_rule_that_is_no_more_says_its_name():
    old = Finding("was-once", {"name": "x"})
    assert (repute.sentence(old), repute.mend(old), old.level) == ("was-once", "", "hint")


def test_what_was_not_asked_is_not_known_and_is_noted_once():
    book = Book({Question("acme.example", "MX"): Answer("none")})
    assert book.get("ACME.example.", "MX").state == "none"
    assert book.get("acme.example", "TXT").state == book.get("Acme.Example", "TXT").state == "failed"
    assert book.missing == [Question("acme.example", "TXT")]


def test_looks_come_hourly_with_jitter_and_soon_while_undecided():
    assert repute.next_look(0, True, 0.7) == 300_000
    assert repute.next_look(0, False, 0.5) == 3_600_000
    assert repute.next_look(0, False, 0.0) == 3_240_000


@given(st.lists(st.sampled_from(["listed", "clean", "unknown", "refused", "strange"]), max_size=40))
def test_no_alarm_without_three_sights_and_no_healing_without_an_alarm(said):
    listed, sights, alarmed = None, 0, False
    for verdict in said:
        now = repute.step(listed, verdict)
        listed = now.listed
        sights = sights + 1 if verdict == "listed" else 0 if verdict == "clean" else sights
        if now.happened == "alarm":
            assert sights >= 3 and not alarmed
            alarmed = True
        if now.happened == "healed":
            assert alarmed
            alarmed = False
        assert alarmed == bool(listed and listed.confirmed)


@given(st.text(max_size=80), st.sampled_from(["TXT", "MX"]))
def test_no_record_of_others_brings_a_check_to_fall(text, kind):
    answers = {
        Question("acme.example", kind): Answer("found", (text if kind == "TXT" else f"10 {text or '.'}",))
    }
    answers[Question("acme.example", "TXT")] = Answer("found", (f"v=spf1 {text}",))
    answers[Question("s1._domainkey.acme.example", "TXT")] = Answer("found", (text,))
    answers[Question("_dmarc.acme.example", "TXT")] = Answer("found", (f"v=DMARC1;{text}",))
    answers[Question("_mta-sts.acme.example", "TXT")] = Answer("found", (f"v=STSv1;{text}",))
    answers[Question("acme.example", "POLICY")] = Answer("found", (text,))
    book = Book(answers)
    found = repute.spf.check("acme.example", ["192.0.2.1"], book)
    found += repute.signing.check("s1", "acme.example", "", book)
    found += repute.aligning.check("acme.example", "acme.example", "acme.example", book)
    found += repute.transport.check("acme.example", book)
    found += repute.exchangers.check("acme.example", "", book)
    assert all(repute.sentence(one) for one in found)
