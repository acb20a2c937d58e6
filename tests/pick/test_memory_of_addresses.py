"""What a snapshot remembers of senders and recipients changes no answer."""

from __future__ import annotations

from itertools import product

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.pick import worlds
from tests.pick.test_oracle import PICK

from stationer import pick
from stationer.pick import answering, usual, walk
from stationer.wire.content import Content
from stationer.wire.definition import Campaign, Definition, Message
from stationer.wire.pick import Answer, Question
from stationer.wire.roll import Person, Roll

CALM = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def ask(snapshot: pick.Snapshot, roll: pick.RollIndex, question: Question, now: int) -> Answer:
    usual = pick.usual_answer(snapshot, roll, question, now=now, pick_id=PICK)
    found = pick.pick(snapshot, roll, question, now=now, pick_id=PICK)
    assert usual is None or usual.encoded == msgspec.json.encode(found)
    return found


@CALM
@given(
    worlds.definitions(),
    worlds.people(),
    worlds.people(),
    st.lists(worlds.questions, min_size=2),
    st.lists(worlds.times, min_size=2, max_size=3),
)
def test_a_snapshot_that_was_asked_before_answers_like_a_new_one(
    definition: Definition,
    people: tuple[Person, ...],
    others: tuple[Person, ...],
    questions: list[Question],
    times: list[int],
) -> None:
    compiled = pick.compile(definition)
    used = pick.load(compiled)
    for members in (people, others):  # the roll changes in between: the same ids, other people
        roll = pick.read_roll(Roll("pen", (), members))
        for question, now in product([*questions, *questions], times):
            assert ask(used, roll, question, now) == ask(pick.load(compiled), roll, question, now)


@pytest.mark.parametrize("most", [1, 3])
def test_a_full_memory_is_emptied_and_answers_stay(monkeypatch: pytest.MonkeyPatch, most: int) -> None:
    monkeypatch.setattr(walk, "REMEMBERED", most)
    monkeypatch.setattr(answering, "REMEMBERED", most)
    monkeypatch.setattr(usual, "SHOWN", most)
    definition = Definition(
        "pen",
        "P",
        ("in.example",),
        b"k" * 32,
        (worlds.Template("t", "T", worlds.Rule(), {}, fallback=True),),
        tuple(
            worlds.Campaign(
                f"c{k}",
                "",
                worlds.Rule(to=worlds.Recipients(domains=(f"out{k}.example",))),
                (worlds.Message(f"m{k}", "", worlds.content("message", "banner", str(k))),),
            )
            for k in range(5)
        ),
    )
    snapshot = pick.load(pick.compile(definition))
    people = tuple(Person(f"m{n}", f"a{n}@in.example", {"name": str(n)}) for n in range(5))
    roll = pick.read_roll(Roll("pen", (), people))
    for n in range(20):
        to = [f"r{k}@out{k}.example" for k in range(n % 7)]
        answer = ask(snapshot, roll, Question(f"A{n % 5}@in.example", to, to[:2]), 0)
        assert answer.copies[0].to == list(range(len(to) + len(to[:2])))
        known = snapshot.memo.under(roll)
        assert len(known.senders) <= most and len(known.letterheads) <= most
        assert len(known.shown) <= most and len(known.plans) <= most and len(known.domains) <= most
        assert len(known.alike) <= most
        assert len(known.kinds) <= max(most, 6)  # one mail may have more than are kept


def test_what_can_be_no_address_is_not_remembered() -> None:
    snapshot = pick.load(pick.compile(Definition("pen", "P", ("in.example",), b"k" * 32, (), ())))
    roll = pick.read_roll(Roll("pen", (), (Person("m", "a@in.example", {}),)))
    endless = [f"{n}{'x' * 400}@out.example" for n in range(3)]
    for to in (endless, ["r@out.example", *endless], ["\x00"]):
        ask(snapshot, roll, Question("a@in.example", to, []), 0)
    known = snapshot.memo.under(roll)
    assert list(known.kinds) == ["r@out.example"] and not known.elders


@given(
    st.lists(
        st.text()
        | st.sampled_from(
            ["A@B.example.", "x y", "", ".", "é@É.example", "a@b ", "a" * 321, "é" * 161, "\x7f"]
        )
    )
)
def test_addresses_in_one_piece_are_addresses_one_by_one(addresses: list[str]) -> None:
    one_by_one = [pick.addresses.canonical(a) if pick.addresses.matchable(a) else "" for a in addresses]
    assert pick.addresses.canonical_all(addresses) == one_by_one


def of_equals(count: int, **more: object) -> Definition:
    """So many campaigns of one priority with a message each, whose turn is drawn."""
    campaigns = tuple(
        Campaign(f"c{n}", "C", worlds.Rule(), (Message(f"m{n}", "M", banner(n)),), **more)  # type: ignore[arg-type]
        for n in range(count)
    )
    return Definition("pen", "P", ("in.example",), b"k" * 32, (), campaigns)


def banner(number: int) -> Content:
    return Content("message", "banner", (f"<p>{number}</p>",), (f"{number}",))


@pytest.mark.parametrize(
    ("definition", "most"),
    [(of_equals(2), 3), (of_equals(3), 1), (of_equals(5), 3), (of_equals(2, holdout=50), 3)],
)
def test_what_takes_turns_by_chance_is_drawn_for_each_mail_however_often_it_was_shown(
    monkeypatch: pytest.MonkeyPatch, definition: Definition, most: int
) -> None:
    monkeypatch.setattr(usual, "SHOWN", most)
    snapshot = pick.load(pick.compile(definition))
    roll = pick.read_roll(Roll("pen", (), (Person("m", "a@in.example", {}),)))
    seen = set()
    for n in [*range(30), *range(30)]:  # all of one kind; a blank can be nobody and draws nothing
        question = Question("a@in.example", [f"r{n}@out.example", ""], [])
        assert pick.usual_answer(snapshot, roll, question, now=0, pick_id="pk") is not None
        (copy,) = ask(snapshot, roll, question, 0).copies
        seen.add(tuple(one.mark for one in copy.new.banner))
    assert len(seen) > 1
    known = snapshot.memo.under(roll)
    assert max(len(known.shown), len(known.outcomes), len(known.plans)) <= most
