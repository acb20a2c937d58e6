"""The corners of pick that no company of the other tests comes to."""

from __future__ import annotations

import pytest
from tests.pick import worlds

from stationer import pick
from stationer.pick import deciding
from stationer.pick.choosing import Chosen
from stationer.pick.company.reading import CompanyErrors, read
from stationer.pick.people import named
from stationer.pick.records import count_records, framed, head, known_sender, record, without_impossible
from stationer.pick.replaying import carried
from stationer.wire.definition import Campaign, Definition, Management, Message, Template
from stationer.wire.pick import Question
from stationer.wire.roll import Person, Roll
from stationer.wire.rules import Recipients, Rule

KEY = b"k" * 32
PEOPLE = (Person("mem_a", "a@in.example", {}), Person("mem_b", "b@in.example", {}, aliases=("A@in.example",)))
ROLL = pick.read_roll(Roll("pen", (), PEOPLE))
LETTER = worlds.content("template", "signature", "letter")
NEWS = worlds.content("message", "banner", "news")


def company(**management: object) -> pick.Snapshot:
    """A letter for all mails, news for those that go outside."""
    rule = Rule(to=Recipients(side="outside"))
    campaign = Campaign("news", "News", rule, (Message("m", "", NEWS, ("new",)),))
    template = Template("t", "T", Rule(), {"new": (LETTER,)}, fallback=True)
    terms = Management(**management)  # type: ignore[arg-type]
    return pick.load(
        pick.compile(Definition("pen", "P", ("in.example",), KEY, (template,), (campaign,), terms))
    )


def test_a_variant_that_there_is_not_is_told() -> None:
    template = Template("t", "T", Rule(), {"answer": (LETTER,)}, fallback=True)  # type: ignore[dict-item]
    with pytest.raises(pick.DefinitionErrors) as caught:
        pick.compile(Definition("pen", "P", ("in.example",), KEY, (template,), ()))
    assert "templates/t/answer" in {problem.where for problem in caught.value.problems}


@pytest.mark.parametrize(
    "file",
    ["pen:\n  name: [Acme]\n", "- a list\n", "pen:\n  name: ''\n", ""],
    ids=["list", "no table", "empty", "none"],
)
def test_a_company_file_that_does_not_say_what_it_must_is_refused_with_every_reason(file: str) -> None:
    with pytest.raises(CompanyErrors) as caught:
        read(file)
    assert all(problem.what and problem.next for problem in caught.value.problems)


def test_of_two_people_with_one_address_the_first_has_it() -> None:
    assert ROLL.people["a@in.example"].id == "mem_a"
    once = named(ROLL, KEY)
    assert named(once, KEY) is once


def test_a_tree_of_choices_that_is_full_grows_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    class Recalled:
        def __init__(self, step: int) -> None:
            self._step = step

        def step(self, campaign: int) -> int:
            return self._step

        def said(self) -> list[tuple[int, int]]:
            return [(1, self._step)]

    monkeypatch.setattr(deciding, "MOST_FORKS", 1)
    decisions, made = deciding.Decisions(), []

    def choose() -> Chosen:
        made.append(Chosen(-1, {}, {}))
        return made[-1]

    for step in (1, 1, 2, 2):
        decisions.of((1, 1), Recalled(step), choose)  # type: ignore[arg-type]
    assert len(made) == 3  # the second branch is chosen anew each time


def test_recipients_that_can_be_none_leave_no_record() -> None:
    whole = Question("a@in.example", ["x@out.example"], [])
    assert without_impossible(whole) is whole
    asked = Question("a@in.example", ["x@out.example", "y" * 400], ["\x00@out.example"])
    assert without_impossible(asked) == whole
    assert known_sender(ROLL, "A@in.example") and not known_sender(ROLL, "c@in.example")
    assert not known_sender(ROLL, "y" * 400)


def test_a_record_that_is_damaged_ends_its_file_and_all_are_counted_without_reading_them() -> None:
    snapshot = company()
    one = record(snapshot, ROLL, Question("a@in.example", ["x@out.example"], []), 0)
    assert one is not None
    data = head(KEY) + framed([one, one])
    assert count_records(data, KEY) == 2
    assert len(pick.read_records(data, KEY)) == 2 and len(pick.read_records(data, KEY, every=2)) == 1
    cut = bytearray(data)
    cut[len(head(KEY)) + 4] = 0xC1  # never used in MessagePack
    assert pick.read_records(bytes(cut), KEY) == []


def test_what_a_mail_carried_is_told_by_place_for_whom() -> None:
    snapshot = company(slots=("banner",))
    mails = [
        Question("a@in.example", ["x@out.example"], []),
        Question("a@in.example", ["b@in.example"], []),
        Question("nobody@out.example", ["x@out.example"], []),
    ]
    records = [one for mail in mails if (one := record(snapshot, ROLL, mail, 0))]
    both = list(carried(snapshot, ROLL, records))
    assert [len(one or ()) for one in both[:2]] == [1, 0]
    assert [len(one or ()) for one in carried(company(), ROLL, records)][:2] == [2, 1]
    nobody = pick.read_roll(Roll("pen", (), ()))
    assert set(carried(snapshot, nobody, records)) == {None}


def test_a_company_without_stationery_carries_its_messages_alone() -> None:
    campaign = Campaign(
        "news", "News", Rule(to=Recipients(side="outside")), (Message("m", "", NEWS, ("new",)),)
    )
    snapshot = pick.load(pick.compile(Definition("pen", "P", ("in.example",), KEY, (), (campaign,))))
    one = record(snapshot, ROLL, Question("a@in.example", ["x@out.example"], []), 0)
    assert one is not None
    assert [len(shown or ()) for shown in carried(snapshot, ROLL, [one])] == [1]
