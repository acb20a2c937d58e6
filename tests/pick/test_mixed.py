"""Mails to several audiences: each policy gives what contract/pick.md §3 says, by example."""

from __future__ import annotations

import msgspec
import pytest
from tests.pick.worlds import content

from stationer import pick
from stationer.wire.definition import Campaign, Definition, Management, Message, Mixed, Template
from stationer.wire.pick import Answer, Question
from stationer.wire.roll import Person, Roll
from stationer.wire.rules import Recipients, Rule, Schedule, Senders

KEY = b"k" * 32
LETTER = {"new": (content("template", "signature", "house"),)}
PEOPLE = (
    Person(
        "ann", "ann@in.example", {"name": "Ann", "department": " Sales ", "street": "Straße"}, ("office",)
    ),
    Person("ben", "ben@in.example", {"name": "Ben"}),
)


def campaign(name: str, rule: Rule, **more: int) -> Campaign:
    message = Message(f"{name}/m", name, content("message", "banner", name))
    return Campaign(name, name.capitalize(), rule, (message,), **more)


def company(*campaigns: Campaign, **settings: object) -> Definition:
    fallback = Template("house", "House", Rule(), LETTER, fallback=True)  # type: ignore[arg-type]
    management = Management(**settings)  # type: ignore[arg-type]
    lists = {"press": ("pam@out.example",)}
    return Definition("p", "P", ("in.example",), KEY, (fallback,), campaigns, management, lists)


def ask(definition: Definition, to: list[str], *, now: int = 0) -> tuple[Answer, pick.Explanation]:
    snapshot = pick.load(pick.compile(definition))
    roll = pick.read_roll(Roll("p", (), PEOPLE), KEY)
    asked = Question("ann@in.example", to, [])
    return (
        pick.pick(snapshot, roll, asked, now=now, pick_id="pk"),
        pick.explain(snapshot, roll, asked, now=now),
    )


def shown(answer: Answer, *names: str) -> list[tuple[list[int], bool, str]]:
    """For each copy its recipients, whether it has the rest, and the campaign that stands first."""
    by_mark = {pick.message_mark(KEY, f"{name}/m"): name for name in names}
    return [
        (copy.to, copy.rest, by_mark[copy.new.banner[0].mark] if copy.new.banner else "")
        for copy in answer.copies
    ]


OFFER = campaign("offer", Rule(to=Recipients(side="outside")))
NEWS = campaign("news", Rule(to=Recipients(side="inside")))
BOTH = ["ben@in.example", "eve@out.example", "ben@in.example", ""]


@pytest.mark.parametrize(
    ("mixed", "expected"),
    [
        ("shared", [([0, 1, 2, 3], True, "")]),
        ("strictest", [([0, 1, 2, 3], True, "offer")]),
        ("copies", [([0, 2], False, "news"), ([1, 3], True, "offer")]),
    ],
)
def test_a_mail_to_both_sides_goes_by_the_named_policy(mixed: Mixed, expected: list[object]) -> None:
    answer, _ = ask(company(OFFER, NEWS, mixed=mixed), BOTH)
    assert shown(answer, "offer", "news") == expected


def test_the_strictest_never_shows_what_somebody_inside_is_excepted_from() -> None:
    rule = Rule(to=Recipients(side="outside"), except_to=Recipients(addresses=("ben@in.example",)))
    answer, told = ask(
        company(campaign("offer", rule), mixed="strictest"), ["ben@in.example", "eve@out.example"]
    )
    assert shown(answer, "offer") == [([0, 1], True, "")]
    assert [v.stage for v in told.verdicts if v.kind == "campaign"] == ["except-recipients"]


def test_more_audiences_than_copies_become_two_sides() -> None:
    one = campaign("one", Rule(to=Recipients(addresses=("a@out.example",))))
    two = campaign("two", Rule(to=Recipients(addresses=("b@out.example",))), priority=-1)
    to = ["a@out.example", "ben@in.example", "b@out.example", "c@out.example"]
    four, _ = ask(company(one, two, NEWS, mixed="copies", most_copies=4), to)
    assert [copy.to for copy in four.copies] == [[0], [1], [2], [3]]
    three, _ = ask(company(one, two, NEWS, mixed="copies", most_copies=3), to)
    assert shown(three, "one", "two", "news") == [([0, 2, 3], True, "one"), ([1], False, "news")]


def test_copies_are_made_by_rules_and_never_by_chance() -> None:
    equals = [campaign(f"c{n}", Rule()) for n in range(5)]
    for several in range(2, 30):
        to = [f"r{n}@out.example" for n in range(several)]
        answer, _ = ask(company(*equals, mixed="copies"), to)
        assert [copy.to for copy in answer.copies] == [list(range(several))]


def test_an_explanation_of_copies_tells_each_of_them() -> None:
    answer, told = ask(company(OFFER, NEWS, mixed="copies"), ["ben@in.example", "eve@out.example"])
    assert len(answer.copies) == 2
    taken = {(v.copy, v.id) for v in told.verdicts if v.taken}
    assert taken == {(0, "house"), (0, "news"), (1, "house"), (1, "offer")}
    assert told.mail.endswith("It leaves in 2 copies: copy 0 to ben@in.example; copy 1 to eve@out.example.")


def why(definition: Definition, now: int = 0, to: str = "eve@out.example") -> tuple[str, str]:
    _, told = ask(definition, [to], now=now)
    [verdict] = [v for v in told.verdicts if v.kind == "campaign"]
    return verdict.stage, verdict.why


def test_an_attribute_is_compared_trimmed_and_without_case() -> None:
    rule = Rule(
        Senders(groups=("office",), where={"department": ("SALES", "Press"), "street": ("STRASSE ",)})
    )
    assert why(company(campaign("c", rule)))[0] == "taken"


@pytest.mark.parametrize(
    ("where", "sentence"),
    [
        (
            {"department": ("Press", "Board")},
            "It is for mails from people whose department is Press or Board; that of Ann is Sales.",
        ),
        ({"city": ("Truro",)}, "It is for mails from people whose city is Truro; Ann has none."),
    ],
)
def test_a_sender_whose_attribute_is_another_is_told_so(
    where: dict[str, tuple[str, ...]], sentence: str
) -> None:
    assert why(company(campaign("c", Rule(Senders(where=where))))) == ("attributes", sentence)
    excepted = company(campaign("c", Rule(except_senders=Senders(where=where))))
    assert why(excepted)[0] == "taken"


def test_a_day_off_is_told_with_the_day() -> None:
    rule = Rule(when=Schedule(not_on=("1969-12-31..1970-01-01", "2026-12-25"), zone="UTC"))
    stage, sentence = why(company(campaign("c", rule)))
    assert stage == "holiday" and sentence == (
        "It does not hold on 1969-12-31..1970-01-01 or 2026-12-25, and it is 1970-01-01 there (UTC)."
    )


def test_quiet_groups_and_blackout_leave_the_template_and_take_every_message() -> None:
    everything = campaign("c", Rule())
    quiet = company(everything, quiet_groups=("office",))
    answer, _ = ask(quiet, ["eve@out.example"])
    assert answer.copies[0].new.signature and not answer.copies[0].new.banner
    assert why(quiet) == ("quiet", "Mails from the group office carry no messages, and Ann is in it.")
    dark = company(
        everything, blackout=(Schedule(ends="1969-01-01"), Schedule(ends="1970-01-01", zone="UTC"))
    )
    answer, _ = ask(dark, ["eve@out.example"])
    assert answer.copies[0].new.signature and not answer.copies[0].new.banner
    assert why(dark) == ("blackout", "No messages are shown until 1970-01-01 (UTC).")
    assert why(dark, now=86_400_000)[0] == "taken"


def test_a_holdout_holds_back_its_share_always_from_the_same_and_more_when_it_grows() -> None:
    def held(share: int, weight: int = 1) -> set[int]:
        one = campaign("c", Rule(), holdout=share)
        one = msgspec.structs.replace(
            one, messages=(msgspec.structs.replace(one.messages[0], weight=weight),)
        )
        snapshot, roll = pick.load(pick.compile(company(one))), pick.read_roll(Roll("p", (), PEOPLE), KEY)
        asked = [Question("ann@in.example", [f"r{n}@out.example"], []) for n in range(2000)]
        answers = [pick.pick(snapshot, roll, q, now=0, pick_id="", seed=weight) for q in asked]
        return {n for n, answer in enumerate(answers) if not answer.copies[0].new.banner}

    tenth, half = held(10), held(50)
    assert 150 < len(tenth) < 250 and 920 < len(half) < 1080
    assert tenth < half and tenth == held(10, weight=7) and not held(0)


def test_what_is_held_back_is_told_as_a_measurement() -> None:
    definition = company(campaign("c", Rule(), holdout=90))
    stage, sentence = why(definition)
    assert stage == "holdout" and sentence.startswith(
        "It is held back from 90 in 100 mails, so that its effect"
    )
