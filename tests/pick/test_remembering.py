"""Caps, cool-down, sequences and stops: a promise to each recipient, told in a sentence (contract/memory.md §2)."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from tests.pick import worlds

from stationer import pick
from stationer.pick.counting import DAY_MS, HOUR_MS, recipient_key
from stationer.wire.definition import Campaign, Caps, Definition, Management, Message
from stationer.wire.memory import Asked, Offered
from stationer.wire.pick import Answer, Question
from stationer.wire.roll import Person, Roll
from stationer.wire.rules import Recipients, Rule

KEY = b"k" * 32
NOW = 20_000 * DAY_MS + 12 * HOUR_MS
EVE, FAY, GUS = (f"{name}@out.example" for name in ("eve", "fay", "gus"))
ANN = Person("mem", "ann@in.example", {"name": "Ann"})


def campaign(name: str, messages: int = 1, priority: int = 0, **asked: Any) -> Campaign:
    shown = tuple(
        Message(f"{name}/{n}", "", worlds.content("message", "banner", f"{name}{n}"))
        for n in range(1, messages + 1)
    )
    return Campaign(name, name.capitalize(), Rule(), shown, priority, **asked)


class Company:
    """A company with these campaigns, and what its recipients were sent: each mail how long ago, and which step."""

    def __init__(self, *campaigns: Campaign, **management: Any) -> None:
        definition = Definition(
            "p", "P", ("in.example",), KEY, (worlds.FALLBACK,), campaigns, Management(**management)
        )
        self.snapshot = pick.load(pick.compile(definition))
        self.roll = pick.read_roll(Roll("p", (), (ANN,)), KEY)
        self.sent: worlds.Sent = {}

    def was_sent(self, who: str, what: str, *ago: int, step: int = 0, clicked: bool = False) -> Company:
        self.sent[who, what] = [(one, step) for one in ago], clicked
        return self

    def answer(self, *to: str) -> Answer:
        question, memory = Question(ANN.address, list(to), []), worlds.remembered(self.sent, NOW)
        return pick.pick(self.snapshot, self.roll, question, now=NOW, pick_id="pk", memory=memory)

    def shown(self, *to: str) -> list[list[str]]:
        """Of each copy, the messages that stand in line for the banner of a new mail."""
        ids = {
            pick.message_mark(KEY, m.id): m.id for c in self.snapshot.compiled.campaigns for m in c.messages
        }
        return [[ids[one.mark] for one in copy.new.banner] for copy in self.answer(*to).copies]

    def why(self, what: str, *to: str) -> tuple[str, str]:
        question, memory = Question(ANN.address, list(to), []), worlds.remembered(self.sent, NOW)
        told = pick.explain(self.snapshot, self.roll, question, now=NOW, memory=memory)
        return next((v.stage, v.why) for v in told.verdicts if v.id == what)


def test_a_cap_is_a_promise_to_each_recipient_and_the_next_in_rank_moves_up() -> None:
    company = Company(campaign("fair", priority=1, caps=Caps(week=2)), campaign("move"))
    assert company.shown(EVE, FAY) == [["fair/1", "move/1"]]
    company.was_sent(EVE, "fair", HOUR_MS, 6 * DAY_MS)
    assert company.shown(EVE, FAY) == [["move/1"]] and company.shown(FAY) == [["fair/1", "move/1"]]
    said = company.why("fair", EVE, FAY, GUS)
    assert said == ("cap", "Its cap of 2 a week is used up by 1 of 3 recipients.")
    assert company.why("fair", EVE)[1] == "Its cap of 2 a week is used up by the recipient."


@pytest.mark.parametrize(
    ("asked", "ago", "said"),
    [
        ({"caps": Caps(day=1)}, HOUR_MS, "Its cap of 1 a day is used up by 2 of 2 recipients."),
        ({"caps": Caps(ever=1)}, 300 * DAY_MS, "Its cap of 1 in all is used up by 2 of 2 recipients."),
        (
            {"cool_down_h": 48},
            47 * HOUR_MS,
            "It waits 48 hours before it is shown again, and 2 of 2 recipients have seen it since.",
        ),
    ],
)
def test_why_memory_passed_a_campaign_over_is_told_without_naming_anybody(
    asked: dict[str, Any], ago: int, said: str
) -> None:
    company = Company(campaign("fair", **asked)).was_sent(EVE, "fair", ago).was_sent(FAY, "fair", ago)
    assert company.why("fair", EVE, FAY)[1] == said
    assert recipient_key(KEY, EVE).hex() not in str(company.why("fair", EVE, FAY))


def test_a_click_stops_a_campaign_that_asks_for_it_and_no_other() -> None:
    company = Company(campaign("fair", stop_after_click=True), campaign("move"))
    company.was_sent(EVE, "fair", clicked=True).was_sent(EVE, "move", clicked=True)
    assert company.shown(EVE) == [["move/1"]]
    assert company.why("fair", EVE, FAY) == (
        "stopped",
        "It stops after a click, and 1 of 2 recipients has clicked one of its links.",
    )


def test_a_sequence_shows_the_lowest_step_that_anybody_still_needs() -> None:
    company = Company(campaign("tale", 3, sequence=True))
    assert company.shown(EVE, FAY) == [["tale/1"]] == company.shown()
    company.was_sent(EVE, "tale", DAY_MS, step=2)
    assert company.shown(EVE) == [["tale/3"]] and company.shown(EVE, FAY) == [["tale/1"]]
    company.was_sent(EVE, "tale", HOUR_MS, step=3)
    assert company.shown(EVE) == [[]] and company.shown(EVE, FAY) == [["tale/1"]]
    assert company.why("tale", EVE) == (
        "sequence",
        "It is a sequence of 3 messages, and the recipient has seen the last one.",
    )


def test_a_sequence_that_is_outranked_names_what_ranks_before_it() -> None:
    rivals = [campaign(name, priority=2) for name in ("one", "two", "three")]
    company = Company(*rivals, campaign("tale", 2, sequence=True)).was_sent(EVE, "tale", DAY_MS, step=1)
    assert company.why("tale", EVE)[0] == "priority" and "Another" not in company.why("tale", EVE)[1]


def test_each_copy_goes_by_the_memory_of_those_who_get_it() -> None:
    company = Company(campaign("fair", caps=Caps(ever=1)), campaign("tale", 2, sequence=True), mixed="copies")
    company.was_sent(EVE, "fair", DAY_MS).was_sent(FAY, "tale", DAY_MS, step=1)
    answer = company.answer(EVE, FAY, GUS)
    assert [copy.to for copy in answer.copies] == [[0], [1], [2]]
    assert [set(line) for line in company.shown(EVE, FAY, GUS)] == [
        {"tale/1"},
        {"fair/1", "tale/2"},
        {"fair/1", "tale/1"},
    ]


def test_under_strictest_what_was_promised_to_those_inside_holds_as_well() -> None:
    company = Company(campaign("fair", caps=Caps(ever=1)), mixed="strictest")
    company.was_sent("ben@in.example", "fair", DAY_MS)
    assert company.shown(EVE, "ben@in.example") == [[]] and company.shown(EVE) == [["fair/1"]]


def test_what_is_to_be_remembered_of_an_answer_names_its_candidates_and_no_address() -> None:
    company = Company(
        campaign("fair", caps=Caps(week=1)), campaign("tale", 2, sequence=True), campaign("plain")
    )
    answer = company.answer(EVE, EVE.upper(), "", FAY)
    question = Question(ANN.address, [EVE, EVE.upper(), "", FAY], [])
    asked = pick.asked(company.snapshot, company.roll, question, answer, NOW)
    assert isinstance(asked, Asked)
    [copy] = asked.copies
    assert copy.recipients == recipient_key(KEY, EVE) + recipient_key(KEY, FAY)
    marks = {name: pick.message_mark(KEY, name) for name in ("fair/1", "tale/1")}
    assert set(copy.offered) == {
        Offered(marks["fair/1"], "fair", 0),
        Offered(marks["tale/1"], "tale", 1),
    }
    assert b"out.example" not in msgspec.msgpack.encode(asked)


def test_where_no_campaign_asks_nothing_is_looked_up_and_nothing_written_down() -> None:
    def never(recipient: bytes, campaign: str) -> Any:
        raise AssertionError

    company = Company(campaign("plain"))
    question = Question(ANN.address, [EVE], [])
    answer = pick.pick(company.snapshot, company.roll, question, now=NOW, pick_id="pk", memory=never)
    assert answer.copies[0].new.banner
    assert pick.asked(company.snapshot, company.roll, question, answer, NOW) is None
    assert company.snapshot.compiled.version == 2


def test_a_pick_that_names_only_plain_campaigns_is_not_written_down() -> None:
    company = Company(campaign("plain"), campaign("fair", caps=Caps(ever=1))).was_sent(EVE, "fair", DAY_MS)
    question = Question(ANN.address, [EVE], [])
    assert pick.asked(company.snapshot, company.roll, question, company.answer(EVE), NOW) is None
    assert company.snapshot.compiled.version == 3


def test_memory_that_cannot_be_is_refused_with_what_to_do() -> None:
    broken = (
        campaign("a", caps=Caps(day=-1, week=20_000)),
        campaign("b", caps=Caps(day=3, week=2, ever=1), cool_down_h=-1),
        campaign("c", sequence=True),
    )
    definition = Definition("p", "P", ("in.example",), KEY, (worlds.FALLBACK,), broken)
    with pytest.raises(pick.DefinitionErrors) as caught:
        pick.compile(definition)
    assert [problem.where for problem in caught.value.problems] == [
        "campaigns/a/caps/day",
        "campaigns/a/caps/week",
        "campaigns/b/caps/day",
        "campaigns/b/caps/ever",
        "campaigns/b/cool_down_h",
        "campaigns/c/sequence",
    ]


def test_a_rule_and_a_memory_both_must_hold() -> None:
    inside = msgspec.structs.replace(campaign("in", caps=Caps(ever=1)), rule=Rule(to=Recipients("inside")))
    assert Company(inside).shown(EVE) == [[]] and Company(inside).why("in", EVE)[0] == "side"


@pytest.mark.parametrize("to", [(EVE, FAY, GUS), (GUS, FAY, EVE), (FAY, EVE, GUS)])
def test_of_several_reasons_the_first_in_order_is_told_whoever_has_it(to: tuple[str, ...]) -> None:
    asked: dict[str, Any] = {"cool_down_h": 24, "caps": Caps(ever=1)}
    company = Company(campaign("fair", stop_after_click=True, **asked))
    company.was_sent(EVE, "fair", 30 * DAY_MS).was_sent(GUS, "fair", 40 * DAY_MS)
    assert company.why("fair", *to) == ("cap", "Its cap of 1 in all is used up by 2 of 3 recipients.")
    company.was_sent(FAY, "fair", HOUR_MS)
    assert company.why("fair", *to)[0] == "cool-down" and "1 of 3" in company.why("fair", *to)[1]
    company.was_sent(GUS, "fair", 40 * DAY_MS, clicked=True)
    assert company.why("fair", *to)[0] == "stopped" and "1 of 3" in company.why("fair", *to)[1]


def test_a_sequence_that_is_over_is_told_before_its_cool_down_and_after_a_stop() -> None:
    company = Company(campaign("tale", 2, sequence=True, cool_down_h=24, stop_after_click=True))
    company.was_sent(EVE, "tale", 1, step=2).was_sent(FAY, "tale", 1, step=2)
    assert company.why("tale", EVE, FAY) == (
        "sequence",
        "It is a sequence of 2 messages, and all 2 recipients have seen the last one.",
    )
    company.was_sent(FAY, "tale", 1, step=1)
    assert company.why("tale", EVE, FAY)[0] == "cool-down"
    company.was_sent(FAY, "tale", 1, step=2, clicked=True)
    assert company.why("tale", EVE, FAY)[0] == "stopped"


def lookups(company: Company, to: list[str]) -> int:
    """How often the memory is asked for one mail."""
    asked, memory = [], worlds.remembered(company.sent, NOW)

    def count(recipient: bytes, of: str) -> Any:
        asked.append((recipient, of))
        return memory(recipient, of)

    question = Question(ANN.address, to, [])
    pick.pick(company.snapshot, company.roll, question, now=NOW, pick_id="pk", memory=count)
    return len(asked)


@pytest.mark.parametrize("mixed", ["shared", "strictest", "copies"])
@pytest.mark.parametrize("equal", [True, False])
def test_memory_is_asked_only_as_far_as_lines_need(mixed: str, equal: bool) -> None:
    many = [campaign(f"c{n}", priority=0 if equal else n, caps=Caps(ever=1)) for n in range(50)]
    people = [f"r{n}@out.example" for n in range(20)]
    assert lookups(Company(*many, mixed=mixed), people) == 3 * len(people)


def test_behind_too_many_audiences_nobody_is_asked_about_alone() -> None:
    many = [campaign(f"c{n}", priority=n, caps=Caps(ever=1)) for n in range(9)]
    people = [f"r{n}@out.example" for n in range(100)]
    company = Company(*many, mixed="copies", most_copies=2)
    for number, who in enumerate(people[:3]):
        company.was_sent(who, f"c{8 - number}", DAY_MS)
    assert len(company.answer(*people).copies) == 1
    assert lookups(company, people) < 4 * len(people)
