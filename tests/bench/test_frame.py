"""A row says whether its target is met, and never hides that it was not measured."""

import pytest
from bench.__main__ import told
from bench.company import company, questions, roll
from bench.naive import matching
from bench.row import in_turns, missing, row, span

from stationer.pick import compile, load, pick, read_roll


@pytest.mark.parametrize(
    ("ratio", "target", "ok"),
    [(0.5, "≥ 0.50", True), (0.49, "≥ 0.50", False), (4, "≤ 4 times", True), (4.1, "≤ 4 times", False)],
)
def test_a_row_is_ok_when_its_ratio_meets_its_target(ratio, target, ok):
    made = row("x", "1", "2", ratio, target)
    assert made.ok is ok
    assert ("NOT MET" in told(made)) is not ok


def test_what_was_not_measured_says_why():
    made = missing("x", "altermime is not installed", "≥ 20 times")
    assert made.ok is None and "altermime" in told(made) and "not measured" in told(made)


def test_whatever_is_compared_takes_turns_and_medians_count():
    order: list[str] = []
    values = {"a": iter([1.0, 9.0, 2.0]), "b": iter([5.0, 5.0, 5.0])}

    def measure(name: str) -> float:
        order.append(name)
        return next(values[name])

    assert in_turns({name: lambda name=name: measure(name) for name in values}, 3) == {"a": 2.0, "b": 5.0}
    assert order == ["a", "b"] * 3


@pytest.mark.parametrize(
    ("seconds", "text"), [(2, "2 s"), (0.0015, "1.5 ms"), (21.3e-6, "21.3 µs"), (4e-8, "40 ns")]
)
def test_times_are_written_with_a_fitting_unit(seconds, text):
    assert span(seconds) == text


def test_pick_and_the_naive_loop_are_asked_the_same():
    definition, people = company(300, {"list-0": ("p1@d1.example", "p2@d2.example")}), roll()
    snapshot, index = load(compile(definition)), read_roll(people, definition.mark_key)
    by_address = {person.address: person for person in people.people}
    lists = {name: set(addresses) for name, addresses in definition.lists.items()}
    of_mark = {m.mark: c.id for c in snapshot.compiled.campaigns for m in c.messages}
    shown = 0
    for mail in questions(300, 10):
        answer = pick(snapshot, index, mail, now=1_770_000_000_000, pick_id="pk_x")
        new = answer.copies[0].new
        found = {of_mark[c.mark] for slot in (new.banner, new.footer) for c in slot if c.kind == "message"}
        possible = set(matching(definition, by_address, lists, mail))
        assert found <= possible and bool(found) == bool(possible)
        shown += len(found)
    assert shown
