"""The fast pick is the naive one; explanations tell the same; what is not eligible changes nothing."""

from __future__ import annotations

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.pick import naive, worlds

from stationer import pick
from stationer.wire.definition import Definition
from stationer.wire.pick import Answer, Question
from stationer.wire.roll import Person, Roll
from stationer.wire.rules import Rule, Senders
from stationer.wire.words import SLOTS, VARIANTS

MANY = settings(max_examples=400, deadline=None)


def ask(
    definition: Definition, people: tuple[Person, ...], question: Question, now: int, seed: int = 0
) -> Answer:
    snapshot = pick.load(pick.compile(definition))
    return pick.pick(
        snapshot, pick.read_roll(Roll("pen", (), people)), question, now=now, pick_id="pk", seed=seed
    )


def told(answer: Answer, kind: str) -> dict[tuple[str, str], list[str]]:
    """The marks in each place."""
    copy = msgspec.to_builtins(answer.copies[0])
    places = {
        (v, s): [c["mark"] for c in copy[v].get(s, []) if c["kind"] == kind] for v in VARIANTS for s in SLOTS
    }
    return {place: marks for place, marks in places.items() if marks}


@MANY
@given(worlds.definitions(), worlds.people(), worlds.questions, worlds.times, st.integers(0, 3))
def test_the_fast_pick_is_the_naive_pick(
    definition: Definition, people: tuple[Person, ...], question: Question, now: int, seed: int
) -> None:
    answer = ask(definition, people, question, now, seed)
    expected = naive.naive(definition, people, question, now, seed)
    if expected is None:
        assert not told(answer, "template") and not told(answer, "message")
        return
    template, lines = expected
    marks = {
        place: [pick.message_mark(definition.mark_key, m) for m in line] for place, line in lines.items()
    }
    assert told(answer, "message") == marks
    who = next(person for person in people if person.address == question.from_)
    parts = next((t.parts for t in definition.templates if t.id == template), {})
    assert told(answer, "template") == {
        (variant, c.slot): [
            pick.template_mark(definition.mark_key, str(template), c.slot, pick.content_digest(c), who.id)
        ]
        for variant, contents in parts.items()
        for c in contents
        if c.slot in definition.management.slots
    }


@MANY
@given(worlds.definitions(), worlds.people(), worlds.questions, worlds.times)
def test_an_explanation_takes_what_the_pick_takes(
    definition: Definition, people: tuple[Person, ...], question: Question, now: int
) -> None:
    snapshot = pick.load(pick.compile(definition))
    roll = pick.read_roll(Roll("pen", (), people))
    answer = pick.pick(snapshot, roll, question, now=now, pick_id="pk")
    explained = pick.explain(snapshot, roll, question, now=now)
    firsts = {marks[0] for marks in told(answer, "message").values()}
    by_mark = {pick.message_mark(b"k" * 32, m.id): c.id for c in definition.campaigns for m in c.messages}
    assert {by_mark[mark] for mark in firsts} == {
        v.id for v in explained.verdicts if v.kind == "campaign" and v.taken
    }
    assert len(explained.verdicts) == len(definition.templates) + len(definition.campaigns)
    assert all(v.why.endswith(".") and (v.stage == "taken") == v.taken for v in explained.verdicts)


@MANY
@given(worlds.definitions(), worlds.people(), worlds.questions, worlds.times, worlds.campaigns(99))
def test_an_ineligible_campaign_changes_no_pick(definition, people, question, now, more) -> None:  # type: ignore[no-untyped-def]
    nobody = msgspec.structs.replace(more.rule, senders=Senders(addresses=("nobody@nowhere.example",)))
    campaigns = (*definition.campaigns, msgspec.structs.replace(more, rule=nobody, priority=1))
    longer = msgspec.structs.replace(definition, campaigns=campaigns)
    assert ask(definition, people, question, now) == ask(longer, people, question, now)


@MANY
@given(worlds.definitions(), worlds.people(), worlds.questions, worlds.times, st.randoms())
def test_neither_the_order_of_a_definition_nor_of_recipients_matters(
    definition, people, question, now, chance
) -> None:  # type: ignore[no-untyped-def]
    shuffled = [list(definition.templates), list(definition.campaigns), [*question.to, *question.cc]]
    for entries in shuffled:
        chance.shuffle(entries)
    other = msgspec.structs.replace(definition, templates=tuple(shuffled[0]), campaigns=tuple(shuffled[1]))
    one = ask(definition, people, question, now)
    assert one == ask(other, people, Question(question.from_, shuffled[2], []), now)


@settings(max_examples=200, deadline=None)
@given(
    st.text(), st.lists(st.text()), st.lists(st.text()), st.integers(-(2**62), 2**62), worlds.definitions()
)
def test_a_pick_has_an_answer_for_any_words(
    sender: str, to: list[str], cc: list[str], now: int, definition: Definition
) -> None:
    known = Person("mem", pick.addresses.canonical(sender), {"name": "N"})
    question = Question(sender, [*to, "\ud800@\udfff"], cc)
    answer = ask(definition, (known,), question, now)
    assert answer.copies[0].to == list(range(len(to) + 1 + len(cc))) and answer.copies[0].rest


def test_weights_are_kept_over_many_mails() -> None:
    messages = tuple(
        worlds.Message(f"m{w}", "", worlds.content("message", "banner", str(w)), weight=w) for w in (1, 3)
    )
    campaign = worlds.Campaign("c", "C", Rule(), messages)
    definition = Definition("pen", "P", ("in.example",), b"k" * 32, (), (campaign,))
    snapshot, roll = (
        pick.load(pick.compile(definition)),
        pick.read_roll(Roll("pen", (), (Person("m", "a@in.example", {}),))),
    )
    heavy = pick.message_mark(b"k" * 32, "m3")
    asked = [Question("a@in.example", [f"r{n}@out.example"], []) for n in range(4000)]
    firsts = [pick.pick(snapshot, roll, q, now=0, pick_id="").copies[0].new.banner[0].mark for q in asked]
    assert 0.72 < firsts.count(heavy) / len(firsts) < 0.78
    again = [
        pick.pick(snapshot, roll, q, now=0, pick_id="").copies[0].new.banner[0].mark for q in asked[:100]
    ]
    assert again == firsts[:100]


def test_another_seed_is_another_draw() -> None:
    messages = tuple(
        worlds.Message(f"m{n}", "", worlds.content("message", "banner", str(n))) for n in range(2)
    )
    definition = Definition(
        "pen", "P", ("in.example",), b"k" * 32, (), (worlds.Campaign("c", "C", Rule(), messages),)
    )
    people = (Person("m", "a@in.example", {}),)
    asked = Question("a@in.example", ["b@out.example"], [])
    firsts = {ask(definition, people, asked, 0, seed).copies[0].new.banner[0].mark for seed in range(20)}
    assert len(firsts) == 2
