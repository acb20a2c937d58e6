"""Replay: a mail that was recorded tells what the mail itself would have told, and nothing else."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.pick import crowds, worlds

from stationer import pick
from stationer.pick.records import framed, head
from stationer.wire.definition import Campaign, Definition, Management, Message
from stationer.wire.pick import Question
from stationer.wire.replay import Recorded
from stationer.wire.roll import Person, Roll
from stationer.wire.rules import Recipients, Rule

KEY = b"k" * 32


def kept(snapshot: pick.Snapshot, roll: pick.RollIndex, asked: list[Question], now: int) -> list[Recorded]:
    """Recorded, written and read again."""
    records = [one for mail in asked if (one := pick.record(snapshot, roll, mail, now))]
    key = snapshot.compiled.mark_key
    return pick.read_records(head(key) + framed(records), key)


def first_of(snapshot: pick.Snapshot, roll: pick.RollIndex, question: Question, now: int) -> set[str]:
    """The campaigns that the mail itself shows."""
    told = pick.explain(snapshot, roll, question, now=now).verdicts
    return {one.id for one in told if one.kind == "campaign" and one.taken}


def assert_replayed(definition: Definition, people: tuple[Person, ...], question: Question, now: int) -> None:
    snapshot, roll = pick.load(pick.compile(definition)), pick.read_roll(Roll("pen", (), people))
    told = pick.replay(snapshot, roll, kept(snapshot, roll, [question], now))
    if not any("chance" in one for one in told.caveats):
        assert {one.id for one in told.campaigns if one.shown} == first_of(snapshot, roll, question, now)
    assert all(one.shown <= one.mails <= told.mails for one in told.campaigns)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(worlds.definitions(), worlds.people(), worlds.questions, worlds.times)
def test_what_is_replayed_is_what_was_shown(
    definition: Definition, people: tuple[Person, ...], question: Question, now: int
) -> None:
    assert_replayed(definition, people, question, now)


@pytest.mark.parametrize("hundred", range(3))
def test_what_is_replayed_is_what_was_shown_in_crowds_of_companies(hundred: int) -> None:
    for number in range(hundred * 100, hundred * 100 + 100):
        crowd = crowds.Crowd(number)
        definition, people = crowd.definition(), crowd.people()
        assert_replayed(definition, people, crowd.question(), crowd.moment())


def company(*campaigns: tuple[str, int, Recipients]) -> Definition:
    """Campaigns by id, priority and recipients, all in one place."""
    made = tuple(
        Campaign(
            name,
            name.title(),
            Rule(to=to),
            (Message(f"m-{name}", "", worlds.content("message", "banner", name)),),
            at,
        )
        for name, at, to in campaigns
    )
    lists = {"vip": ("bob@other.example",)}
    return Definition("pen", "P", ("in.example",), KEY, (worlds.FALLBACK,), made, lists=lists)


PEOPLE = (Person("mem_a", "a@in.example", {}), Person("mem_b", "b@in.example", {}))
ROLL = pick.read_roll(Roll("pen", (), PEOPLE))


def test_reach_overlap_and_who_starves_are_told():
    definition = company(
        ("wide", 9, Recipients()),
        ("vip", 5, Recipients(lists=("vip",))),
        ("never", 1, Recipients(domains=("no.example",))),
    )
    snapshot = pick.load(pick.compile(definition))
    mails = [Question("a@in.example", [f"{name}@other.example"], []) for name in ("bob", "carol", "bob")]
    told = pick.replay(snapshot, ROLL, kept(snapshot, ROLL, [*mails, Question("x@in.example", [], [])], 0))
    assert [(one.id, one.mails, one.shown, one.people) for one in told.campaigns] == [
        ("wide", 3, 3, 2),
        ("vip", 2, 0, 0),
        ("never", 0, 0, 0),
    ]
    assert told.starving() == ["vip"] and told.overlap == [("wide", "vip", 2)]


def test_a_sender_who_has_left_is_counted_and_left_out():
    snapshot = pick.load(pick.compile(company(("wide", 9, Recipients()))))
    records = kept(snapshot, ROLL, [Question("b@in.example", ["x@y.example"], [])], 0)
    told = pick.replay(snapshot, pick.read_roll(Roll("pen", (), PEOPLE[:1])), records)
    assert (told.mails, told.left_out) == (1, 1) and any("left out" in one for one in told.caveats)


def test_a_record_holds_no_address_no_domain_and_no_name():
    snapshot = pick.load(pick.compile(company(("wide", 9, Recipients()))))
    (one,) = kept(snapshot, ROLL, [Question("a@in.example", ["Secret.Person@clients.example"], [])], 0)
    data = framed([one]).lower()
    assert not any(word in data for word in (b"secret", b"person", b"clients", b"example", b"mem_a"))
    assert {len(one.sender), *(len(r.address) for r in one.recipients)} == {8}


def test_records_of_another_key_and_other_files_are_refused():
    with pytest.raises(pick.OtherKeyError):
        pick.read_records(head(b"o" * 32), KEY)
    for data in (b"", b"STNRPLY1", b"something else altogether"):
        with pytest.raises(pick.NoRecordsError):
            pick.read_records(data, KEY)


@given(st.integers(0, 400), st.binary(max_size=8))
def test_a_file_that_is_cut_short_gives_what_stands_before_the_cut(size: int, garbage: bytes) -> None:
    snapshot = pick.load(pick.compile(company(("wide", 9, Recipients()))))
    records = kept(snapshot, ROLL, [Question("a@in.example", [f"{n}@y.example"], []) for n in range(5)], 0)
    whole = framed(records)
    found = pick.read_records(head(KEY) + whole[:size] + garbage, KEY)
    assert found[: len(records)] == records[: len(found)] or size < len(whole)
    assert msgspec.msgpack.encode(found[:1]) == msgspec.msgpack.encode(records[: len(found[:1])]) or size < 60


def test_a_mail_in_which_chance_has_a_say_counts_once_however_many_copies_it_has():
    equals = company(("a", 1, Recipients()), ("b", 1, Recipients()), ("c", 5, Recipients("inside")))
    definition = msgspec.structs.replace(equals, management=Management(mixed="copies"))
    snapshot = pick.load(pick.compile(definition))
    mails = [Question("a@in.example", ["b@in.example", f"x{n}@y.example"], []) for n in range(3)]
    told = pick.replay(snapshot, ROLL, kept(snapshot, ROLL, mails, 0))
    assert told.mails == 3 and told.caveats[0].startswith("In 3 mails chance has a say")


def test_a_sequence_alone_in_its_priority_leaves_nothing_to_chance():
    first, *_ = company(("tale", 1, Recipients())).campaigns
    second = Message("m-2", "", worlds.content("message", "banner", "two"))
    for sequence in (True, False):
        tale = msgspec.structs.replace(first, messages=(*first.messages, second), sequence=sequence)
        definition = msgspec.structs.replace(company(), campaigns=(tale,))
        snapshot = pick.load(pick.compile(definition))
        asked = [Question("a@in.example", ["x@y.example"], [])]
        told = pick.replay(snapshot, ROLL, kept(snapshot, ROLL, asked, 0))
        assert any("chance" in one for one in told.caveats) is not sequence


@pytest.mark.parametrize(("campaigns", "said"), [(40, False), (41, True)])
def test_where_so_many_meet_that_not_all_are_paired_it_is_told(campaigns: int, said: bool):
    snapshot = pick.load(pick.compile(company(*((f"c{n}", n, Recipients()) for n in range(campaigns)))))
    asked = [Question("a@in.example", ["x@y.example"], [])] * 2
    told = pick.replay(snapshot, ROLL, kept(snapshot, ROLL, asked, 0))
    assert any(one.startswith("To 2 mails more than 40 campaigns applied") for one in told.caveats) is said
