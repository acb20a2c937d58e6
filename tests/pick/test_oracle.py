"""The fast pick is the naive one; explanations tell the same; what is not eligible changes nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.pick import crowds, oracle, worlds

from stationer import pick
from stationer.wire import ids
from stationer.wire.definition import Definition
from stationer.wire.pick import Answer, Copy, Question
from stationer.wire.roll import Person, Roll
from stationer.wire.rules import Rule, Senders
from stationer.wire.words import SLOTS, VARIANTS

#: An id as an edge gives it, so that links have tokens.
PICK = ids.outside("pick", UUID(int=7 << 120 | 5))
MANY = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def ask(
    definition: Definition,
    people: tuple[Person, ...],
    question: Question,
    now: int,
    seed: int = 0,
    past: worlds.Sent | None = None,
) -> Answer:
    """The pick, which is also what the edge answers, asked for the first time and once more."""
    snapshot, roll = pick.load(pick.compile(definition)), pick.read_roll(Roll("pen", (), people))
    memory = worlds.remembered(past or {}, now)
    for pick_id in ("pk", PICK):
        picked = pick.picked(snapshot, roll, question, now=now, pick_id=pick_id, seed=seed, memory=memory)
        found = picked.answer
        for _ in range(2):
            usual = pick.usual_answer(snapshot, roll, question, now=now, pick_id=pick_id, seed=seed)
            assert usual is None or usual.encoded == msgspec.json.encode(found)
            assert usual is None or (usual.sender, (usual.shown.offers,), usual.shown.held) == picked[1:]
    return found


def told(copy: Copy, kind: str) -> dict[tuple[str, str], list[str]]:
    """The marks in each place."""
    said = msgspec.to_builtins(copy)
    places = {
        (v, s): [c["mark"] for c in said[v].get(s, []) if c["kind"] == kind] for v in VARIANTS for s in SLOTS
    }
    return {place: marks for place, marks in places.items() if marks}


def expected(world: oracle.Oracle, template: str, lines: dict[tuple[str, str], list[str]]) -> list[object]:
    """The marks of a template's parts and of the messages in line, as `told` gives them."""
    key, slots = world.company.mark_key, world.company.management.slots
    parts = next((t.parts for t in world.company.templates if t.id == template), {})
    return [
        {
            (v, c.slot): [pick.template_mark(key, template, c.slot, pick.content_digest(c), world.who.id)]
            for v, contents in parts.items()
            for c in contents
            if c.slot in slots
        },
        {place: [pick.message_mark(key, message) for message in line] for place, line in lines.items()},
    ]


@MANY
@given(worlds.definitions(), worlds.people(), worlds.questions, worlds.times, st.integers(0, 3), worlds.pasts)
def test_the_fast_pick_is_the_naive_pick(
    definition: Definition,
    people: tuple[Person, ...],
    question: Question,
    now: int,
    seed: int,
    past: worlds.Sent,
) -> None:
    assert_naive(definition, people, question, now, seed, past)


@pytest.mark.parametrize("hundred", range(8))
def test_the_fast_pick_is_the_naive_pick_in_crowds_of_companies(hundred: int) -> None:
    for number in range(hundred * 100, hundred * 100 + 100):
        crowd = crowds.Crowd(number)
        definition, people = crowd.definition(), crowd.people()
        for seed in range(4):
            assert_naive(definition, people, crowd.question(), crowd.moment(), seed, crowd.past())


def assert_naive(
    definition: Definition,
    people: tuple[Person, ...],
    question: Question,
    now: int,
    seed: int,
    past: worlds.Sent,
) -> None:
    """The answer is the oracle's, copy for copy."""
    answer = ask(definition, people, question, now, seed, past)
    by_address = {person.address: person for person in people}
    who, asked = by_address.get(question.from_), [*question.to, *question.cc]
    if who is None:
        [copy] = answer.copies
        assert not told(copy, "template") and not told(copy, "message")
        return
    at, whole = datetime.fromtimestamp(now / 1000, UTC), list(dict.fromkeys(asked))
    pasts = {
        key: oracle.Past(tuple((at - timedelta(milliseconds=ago), step) for ago, step in mails), clicked)
        for key, (mails, clicked) in past.items()
    }
    world = oracle.Oracle(definition, by_address, who, whole, at, seed, pasts)
    copies = world.copies()
    assert [copy.to for copy in answer.copies] == [
        [n for n, address in enumerate(asked) if address in people_] for people_, _ in copies
    ]
    for copy, (_, choice) in zip(answer.copies, copies, strict=True):
        assert [told(copy, "template"), told(copy, "message")] == expected(world, *choice)
    outside = [not all(world.under(a, definition.domains) for a in people_) for people_, _ in copies]
    rest = outside.index(True) if True in outside else 0
    assert [copy.rest for copy in answer.copies] == [n == rest for n in range(len(copies))]


@MANY
@given(worlds.definitions(), worlds.people(), worlds.questions, worlds.times, worlds.pasts)
def test_an_explanation_takes_what_the_pick_takes(
    definition: Definition, people: tuple[Person, ...], question: Question, now: int, past: worlds.Sent
) -> None:
    snapshot = pick.load(pick.compile(definition))
    roll = pick.read_roll(Roll("pen", (), people))
    memory = worlds.remembered(past, now)
    answer = pick.pick(snapshot, roll, question, now=now, pick_id="pk", memory=memory)
    explained = pick.explain(snapshot, roll, question, now=now, memory=memory)
    by_mark = {pick.message_mark(b"k" * 32, m.id): c.id for c in definition.campaigns for m in c.messages}
    each = len(definition.templates) + len(definition.campaigns)
    assert len(explained.verdicts) == each * len(answer.copies)
    for number, copy in enumerate(answer.copies):
        verdicts = [v for v in explained.verdicts if v.copy == number]
        taken = {v.id for v in verdicts if v.kind == "campaign" and v.taken}
        assert taken == {by_mark[marks[0]] for marks in told(copy, "message").values()}
        templates = [v.id for v in verdicts if v.kind == "template" and v.taken]
        assert len(templates) == (
            bool(definition.templates) and question.from_ in {p.address for p in people}
        )
        assert len(verdicts) == each
    assert all(v.why.endswith(".") and (v.stage == "taken") == v.taken for v in explained.verdicts)


@MANY
@given(
    worlds.definitions(), worlds.people(), worlds.questions, worlds.times, worlds.campaigns(99), worlds.pasts
)
def test_an_ineligible_campaign_changes_no_pick(definition, people, question, now, more, past) -> None:  # type: ignore[no-untyped-def]
    nobody = msgspec.structs.replace(more.rule, senders=Senders(addresses=("nobody@nowhere.example",)))
    campaigns = (*definition.campaigns, msgspec.structs.replace(more, rule=nobody, priority=1))
    longer = msgspec.structs.replace(definition, campaigns=campaigns)
    assert ask(definition, people, question, now, 0, past) == ask(longer, people, question, now, 0, past)


@MANY
@given(worlds.definitions(), worlds.people(), worlds.questions, worlds.times, st.randoms())
def test_neither_the_order_of_a_definition_nor_of_recipients_matters(
    definition, people, question, now, chance
) -> None:  # type: ignore[no-untyped-def]
    shuffled = [list(definition.templates), list(definition.campaigns), [*question.to, *question.cc]]
    for entries in shuffled:
        chance.shuffle(entries)
    other = msgspec.structs.replace(definition, templates=tuple(shuffled[0]), campaigns=tuple(shuffled[1]))
    asked = [*question.to, *question.cc]
    one = by_address(ask(definition, people, question, now), asked)
    assert one == by_address(ask(other, people, Question(question.from_, shuffled[2], []), now), shuffled[2])


def by_address(answer: Answer, asked: list[str]) -> dict[str, object]:
    """Which blocks each recipient gets; not the tokens of their links, which name the copy by its number."""
    return {
        asked[n]: [
            [
                [(one.block, one.mark, one.kind) for one in slot]
                for slot in (c.top, c.signature, c.banner, c.footer)
            ]
            for c in (copy.new, copy.reply, copy.forward)
        ]
        for copy in answer.copies
        for n in copy.to
    }


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
    assert sorted(n for copy in answer.copies for n in copy.to) == list(range(len(to) + 1 + len(cc)))
    assert sum(copy.rest for copy in answer.copies) == 1
    explained = pick.explain(
        pick.load(pick.compile(definition)), pick.read_roll(Roll("pen", (), (known,))), question, now=now
    )
    assert explained.mail.endswith(".")


def test_weights_are_kept_over_many_mails() -> None:
    messages = tuple(
        worlds.Message(f"m{w}", "", worlds.content("message", "banner", str(w)), weight=w) for w in (1, 3)
    )
    campaign = worlds.Campaign("c", "C", Rule(), messages)
    definition = Definition("pen", "P", ("in.example",), b"k" * 32, (worlds.FALLBACK,), (campaign,))
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
        "pen",
        "P",
        ("in.example",),
        b"k" * 32,
        (worlds.FALLBACK,),
        (worlds.Campaign("c", "C", Rule(), messages),),
    )
    people = (Person("m", "a@in.example", {}),)
    asked = Question("a@in.example", ["b@out.example"], [])
    firsts = {ask(definition, people, asked, 0, seed).copies[0].new.banner[0].mark for seed in range(20)}
    assert len(firsts) == 2
