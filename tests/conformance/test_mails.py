"""The suite's mails are what their sources make, and each one's truth fits its mail."""

from __future__ import annotations

import pytest

from stationer import conformance
from stationer.conformance import Case, pairing, shown
from stationer.conformance.laws import BY_KEY
from stationer.conformance.trip import Trip
from tests.conformance import make

CASES = conformance.cases()
NAMES = [case.name for case in CASES]


def test_the_mails_are_what_their_sources_make() -> None:
    assert make.stale() == [], "run `make generated` and commit what it made"


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_a_truth_names_bodies_and_places_that_the_mail_has(case: Case) -> None:
    trip = Trip(case, conformance.mail_of(case), conformance.mail_of(case), conformance.Block())
    assert case.group in BY_KEY and case.why
    assert bool(case.bodies) == (case.expect == "insert")
    for insertion in trip.insertions:
        assert insertion.old.type == insertion.truth.type and insertion.count == 0
        for first, last in insertion.truth.zones:
            assert 0 <= first <= last <= len(insertion.before)
            assert pairing.is_sound(insertion.old) or not insertion.old.parameters.get("charset")


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_every_zone_has_a_place_where_a_block_may_stand(case: Case) -> None:
    trip = Trip(case, conformance.mail_of(case), conformance.mail_of(case), conformance.Block())
    for insertion in trip.insertions:
        if insertion.is_html:
            places = [at for first, last in insertion.truth.zones for at in range(first, last + 1)]
            assert any(shown.may_stand(insertion.before, at) for at in places)


def test_every_law_has_mails_that_were_written_for_it() -> None:
    groups = {case.group for case in CASES}
    always = {"answers", "exact", "shown", "transfer", "structure", "headers", "dkim"}
    assert set(BY_KEY) - groups <= always
