"""Lists of addresses in one table."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stationer.pick import lists

KEY = b"k" * 32


@given(st.dictionaries(st.sampled_from("abcd"), st.sets(st.integers(0, 300))), st.integers(0, 320))
def test_a_table_knows_what_sets_know(said: dict[str, set[int]], asked: int) -> None:
    table = lists.build(KEY, {name: [f"p{n}@x.example" for n in numbers] for name, numbers in said.items()})
    found = lists.class_of(table, KEY, f"p{asked}@x.example")
    names = {table.names[n] for n in table.members[found]} if found >= 0 else set()
    assert names == {name for name, numbers in said.items() if asked in numbers}


@pytest.mark.parametrize("count", [10, 5_000, 40_000])
def test_tables_of_every_size_find_all_and_nothing_else(count: int) -> None:
    table = lists.build(KEY, {"all": [f"P{n}@X.example" for n in range(count)], "one": ["p3@x.example"]})
    assert all(lists.class_of(table, KEY, f"p{n}@x.example") >= 0 for n in range(0, count, 7))
    assert all(lists.class_of(table, KEY, f"q{n}@x.example") < 0 for n in range(2_000))
    assert len(table.members[lists.class_of(table, KEY, "p3@x.example")]) == 2
    assert len(table.keys) + len(table.classes) <= 12 * count + 8


def test_nothing_can_be_looked_up_with_another_key() -> None:
    table = lists.build(KEY, {"all": [f"p{n}@x.example" for n in range(500)]})
    assert not any(lists.class_of(table, b"x" * 32, f"p{n}@x.example") >= 0 for n in range(500))
