"""Lists of addresses: a million in one table, against a set of str."""

from __future__ import annotations

import random
from collections.abc import Iterator
from sys import getsizeof

from bench.row import Row, cpu_seconds, in_turns, row, span
from stationer.pick import lists

KEY = b"k" * 32
COUNT, ASKED = 1_000_000, 2_000


def rows() -> Iterator[Row]:
    """Two rows: bytes of a million addresses in ten lists, and the time of a lookup, half of them hits."""
    made = {f"list-{n}": [f"p{k}@d{k % 2000}.example" for k in range(n, COUNT, 10)] for n in range(10)}
    found = lists.build(KEY, made)
    table = lists.table(found, KEY)
    assert table is not None
    everyone = {address for some in made.values() for address in some}
    strings = getsizeof(everyone) + sum(map(getsizeof, everyone))
    bytes_ = sum(map(getsizeof, (table.offsets, table.keys, table.classes, found.buckets)))
    yield row(
        "lists, a million addresses: memory",
        f"{bytes_ / 1e6:.3g} MB",
        f"{strings / 1e6:.3g} MB, a set of str",
        bytes_ / 1e6,
        "≤ 10 MB",
    )
    chance = random.Random(5)
    asked = [f"p{k}@d{k % 2000}.example" for k in (chance.randrange(2 * COUNT) for _ in range(ASKED))]
    seen = in_turns(
        {
            "ours": lambda: cpu_seconds(lambda: lists.classes_of(table, asked), 5) / ASKED,
            "set": lambda: cpu_seconds(lambda: [str(a) in everyone for a in asked], 5) / ASKED,
        }
    )
    yield row(
        "lists, a million addresses: one lookup",
        f"{span(seen['ours'])} CPU",
        f"{span(seen['set'])} in a set of str",
        seen["ours"] * 1e6,
        "≤ 1.5 µs",
    )
