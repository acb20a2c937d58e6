"""The vectors of contract/vectors/reputation, as another implementation would read them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from stationer import repute
from stationer.repute import Answer, Book, Finding, Question, Zone
from stationer.repute.zones import fits

FOLDER = Path(__file__).parents[2] / "contract" / "vectors" / "reputation"
CHECKS: dict[str, Callable[..., list[Finding]]] = {
    "spf": repute.spf.check,
    "dkim": repute.signing.check,
    "dmarc": repute.aligning.check,
    "ptr": repute.hosts.check,
    "helo": repute.hosts.greeting,
    "mx": repute.exchangers.check,
    "tls": repute.certificate.check,
    "sts": repute.transport.check,
}


def cases(name: str) -> list[dict[str, Any]]:
    """One file of cases."""
    return json.loads((FOLDER / f"{name}.json").read_text())


def book(answers: list[list[Any]]) -> Book:
    """`[name, kind, state, records, said]`, as they stand in the vectors."""
    return Book({Question(name, kind): Answer(*rest) for name, kind, *rest in answers})


@pytest.mark.parametrize("case", cases("checks"), ids=lambda case: case["name"])
def test_checks_find_what_is_said_and_ask_for_nothing_else(case: dict[str, Any]) -> None:
    known = book(case["answers"])
    found = CHECKS[case["check"]](**case["asked"], book=known)
    assert [[one.rule, one.saw] for one in found] == case["findings"]
    assert known.missing == []
    for one in found:
        assert "{" not in repute.sentence(one) + repute.mend(one)
        assert repute.mend(one) and one.level == repute.RULES[one.rule].level


@pytest.mark.parametrize("case", cases("checks"), ids=lambda case: case["name"])
def test_a_check_names_what_it_lacks_until_it_has_all(case: dict[str, Any]) -> None:
    whole = book(case["answers"]).known
    known: dict[Question, Answer] = {}
    for _ in range(30):
        lacking = Book(known)
        found = CHECKS[case["check"]](**case["asked"], book=lacking)
        if not lacking.missing:
            break
        assert len(set(lacking.missing)) == len(lacking.missing)
        known |= {one: whole[one] for one in lacking.missing}
    assert [[one.rule, one.saw] for one in found] == case["findings"]


@pytest.mark.parametrize("case", cases("readings"), ids=lambda case: f"{case['thing']} {case['answer'][1]}")
def test_answers_of_zones_are_read(case: dict[str, Any]) -> None:
    zone = msgspec.convert(case["zone"], Zone)
    assert fits(zone, case["thing"])
    assert repute.point(zone, case["thing"]) == case["point"]
    found = repute.read(zone, Answer(case["answer"][0], tuple(case["answer"][1])))
    assert (found.verdict, list(found.codes), list(found.says), found.alarms) == (
        case["verdict"],
        case["codes"],
        case["says"],
        case["alarms"],
    )


@pytest.mark.parametrize("case", cases("zones"), ids=lambda case: case["trouble"] or "sound")
def test_a_zone_is_tried_at_its_own_test_points(case: dict[str, Any]) -> None:
    assert repute.trouble(msgspec.convert(case["zone"], Zone), book(case["answers"])) == case["trouble"]


@pytest.mark.parametrize("case", cases("standing"), ids=lambda case: case["name"])
def test_an_alarm_takes_two_confirmations(case: dict[str, Any]) -> None:
    listed, happened, undecided = None, [], []
    for verdict in case["said"]:
        now = repute.step(listed, verdict)
        listed = now.listed
        happened.append(now.happened)
        undecided.append(now.open)
    assert (happened, undecided) == (case["happened"], case["open"])
