"""The code keeps the golden promises of contract/vectors/stamp."""

from __future__ import annotations

import msgspec
import pytest
from contract.vectors_cases import case as answered
from contract.vectors_make import FOLDER, boundary_case, generated, recognition_case
from contract.vectors_shape import StampVectors

from stationer.stamp import consent, unstamp
from stationer.stamp.marker import hash_of, shown
from stationer.wire.words import REASONS
from tests.stamp.laws import MAILS

HELD = msgspec.json.decode(
    msgspec.json.encode({path.stem: msgspec.Raw(path.read_bytes()) for path in FOLDER.glob("*.json")}),
    type=StampVectors,
)
STAMPED = [*HELD.dress, *HELD.pictures, *HELD.restamp, *HELD.stamp, *HELD.unstamp]


@pytest.mark.parametrize("case", HELD.boundary, ids=lambda case: case.name)
def test_a_boundary_is_where_it_was(case):
    assert msgspec.convert(boundary_case(MAILS / f"{case.name}.eml"), type(case)) == case


@pytest.mark.parametrize("case", STAMPED, ids=lambda case: case.name)
def test_a_stamp_and_what_takes_it_out_are_the_same_octets(case):
    assert answered(case.name, case.mail, case.order, case.key, case.max_size) == case


@pytest.mark.parametrize("case", [*HELD.dress, *HELD.pictures, *HELD.stamp], ids=lambda case: case.name)
def test_what_was_stamped_comes_back(case):
    if case.result is not None:
        assert unstamp(case.result, key=case.key).bytes() == case.mail


@pytest.mark.parametrize("case", HELD.consent, ids=lambda case: case.name)
def test_a_mail_is_refused_for_the_same_reason(case):
    assert consent(case.mail) == case.reason


@pytest.mark.parametrize("case", HELD.marker, ids=lambda case: case.html[:20])
def test_a_hash_is_the_same(case):
    assert (shown(case.html), hash_of(case.html)) == (case.shown, case.hash)


@pytest.mark.parametrize("case", HELD.recognition, ids=lambda case: case.name)
def test_a_marker_is_recognised(case):
    assert recognition_case(case.name, case.html) == case


def test_every_reason_has_a_case():
    told = {case.reason for case in HELD.consent} | {case.untouched for case in STAMPED}
    assert told >= set(REASONS)


def test_the_files_are_those_that_the_command_makes():
    assert {path.name: path.read_text("utf-8") for path in FOLDER.glob("*.json")} == generated()
