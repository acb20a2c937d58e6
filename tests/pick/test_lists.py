"""Lists of addresses in one table."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stationer.pick import lists
from stationer.pick.snapshot import Lists

KEY = b"k" * 32


def classes(made: Lists, addresses: list[str], key: bytes = KEY) -> list[int]:
    """Asked by addresses, which says the same as asking by their hashes."""
    table = lists.table(made, key)
    hashes = [lists.address_hash(key, address) for address in addresses]
    found = lists.classes_of_hashes(table, hashes)
    assert table is None or lists.classes_of(table, addresses) == found
    return found


@given(st.dictionaries(st.sampled_from("abcd"), st.sets(st.integers(0, 300))), st.integers(0, 320))
def test_a_table_knows_what_sets_know(said: dict[str, set[int]], asked: int) -> None:
    table = lists.build(KEY, {name: [f"p{n}@x.example" for n in numbers] for name, numbers in said.items()})
    (found,) = classes(table, [f"p{asked}@x.example"])
    names = {table.names[n] for n in table.members[found]} if found >= 0 else set()
    assert names == {name for name, numbers in said.items() if asked in numbers}


@pytest.mark.parametrize("count", [10, 5_000, 40_000])
def test_tables_of_every_size_find_all_and_nothing_else(count: int) -> None:
    table = lists.build(KEY, {"all": [f"P{n}@X.example" for n in range(count)], "one": ["p3@x.example"]})
    assert min(classes(table, [f"p{n}@x.example" for n in range(0, count, 7)])) >= 0
    assert max(classes(table, [f"q{n}@x.example" for n in range(2_000)])) < 0
    assert len(table.members[classes(table, ["p3@x.example"])[0]]) == 2
    assert len(table.keys) + len(table.classes) <= 12 * count + 8


def test_nothing_can_be_looked_up_with_another_key() -> None:
    table = lists.build(KEY, {"all": [f"p{n}@x.example" for n in range(500)]})
    assert max(classes(table, [f"p{n}@x.example" for n in range(500)], b"x" * 32)) < 0


def test_a_hash_that_stands_across_two_neighbours_is_on_no_list_and_the_one_behind_them_is_found() -> None:
    width = 6
    keys = bytes.fromhex("0011223344aa bb1122334455 aabb11223344".replace(" ", ""))
    made = Lists(
        ("all",), 2, b"".join(n.to_bytes(4, "big") for n in [0, *[len(keys)] * 65_536]), keys, b"\1\0\2"
    )
    assert len(keys) == 3 * width
    assert lists.classes_of_hashes(lists.table(made, KEY), [b"\0\0" + keys[12:], b"\0\0" + keys[1:7]]) == [
        2,
        -1,
    ]


def test_more_than_256_combinations_are_told_apart() -> None:
    names = {f"l{n}": [f"p{k}@x.example" for k in range(600) if k >> n & 1] for n in range(10)}
    made = lists.build(KEY, names)
    found = classes(made, [f"p{k}@x.example" for k in range(600)])
    told = [{made.names[n] for n in made.members[one]} if one >= 0 else set() for one in found]
    assert told == [{f"l{n}" for n in range(10) if k >> n & 1} for k in range(600)]
