"""How often people and programs are told apart, over a labelled corpus of which a third was never looked at."""

from __future__ import annotations

from collections import Counter

import pytest

from stationer.clicks import judge
from tests.clicks.corpus import scenes

PRECISION, RECALL = 0.95, 0.90


def counted(third: int) -> tuple[Counter[tuple[bool, bool]], Counter[str], Counter[str]]:
    """(person in truth, person as judged) → scenes; hits and mistakes by behaviour. The hits of a scene share its
    weight, so that a company of fifty readers does not drown a single scanner."""
    table: Counter[tuple[bool, bool]] = Counter()
    all_, wrong = Counter[str](), Counter[str]()
    for scene in scenes(third):
        for hit, person in scene.hits:
            said = judge(hit, scene.around(hit)).human
            table[person, said] += 1 / len(scene.hits)  # type: ignore[assignment]
            all_[scene.behaviour] += 1
            wrong[scene.behaviour] += said != person
    return table, all_, wrong


def rates(table: Counter[tuple[bool, bool]], kind: bool) -> tuple[float, float]:
    """Precision and recall of people (True) or programs (False)."""
    right = table[kind, kind]
    return right / (right + table[not kind, kind]), right / (right + table[kind, not kind])


@pytest.mark.parametrize("third", [0, 1, 2], ids=["looked at", "looked at too", "held out"])
def test_people_and_programs_are_told_apart(third, capsys):
    table, all_, wrong = counted(third)
    shown = {name: rates(table, kind) for name, kind in (("people", True), ("programs", False))}
    with capsys.disabled():
        for name, (precision, recall) in shown.items():
            print(
                f"\n{'held out' if third == 2 else 'looked at'}: {name}: precision {precision:.3f}, recall {recall:.3f}",
                end="",
            )
        print(f" ({all_.total()} hits)")
        for name in all_:
            if wrong[name]:
                print(f"    {name}: {wrong[name]} of {all_[name]} judged wrongly")
    for precision, recall in shown.values():
        assert precision >= PRECISION and recall >= RECALL
