"""`pick()` against a loop that tests every campaign, and how it grows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import cycle

from bench.company import company, questions, roll
from bench.naive import matching
from bench.row import Row, cpu_seconds, in_turns, row, span
from stationer.pick import compile, load, pick, read_roll

NOW = 1_770_000_000_000


def _subjects(campaigns: int) -> tuple[Callable[[], object], Callable[[], object], float]:
    """pick, the loop, and how many campaigns match a mail on average."""
    definition, people = company(campaigns), roll()
    snapshot = load(compile(definition))
    index = read_roll(people, definition.mark_key)
    mails = questions(500, 10)
    by_address = {person.address: person for person in people.people}
    match = sum(len(matching(definition, by_address, {}, mail)) for mail in mails) / len(mails)
    fast, slow = cycle(mails), cycle(mails)
    return (
        lambda: pick(snapshot, index, next(fast), now=NOW, pick_id="pk_x"),
        lambda: matching(definition, by_address, {}, next(slow)),
        match,
    )


def rows() -> Iterator[Row]:
    """Two rows: against the loop at 10,000 campaigns, and from 1,000 to 10,000."""
    small, _, _ = _subjects(1_000)
    large, loop, match = _subjects(10_000)
    seen = in_turns(
        {
            "small": lambda: cpu_seconds(small, 2_000),
            "large": lambda: cpu_seconds(large, 2_000),
            "loop": lambda: cpu_seconds(loop, 20),
        }
    )
    yield row(
        f"pick(), 10 recipients, 10,000 campaigns, {match:.2g} match",
        f"{span(seen['large'])} CPU",
        f"{span(seen['loop'])}, a loop over all",
        seen["loop"] / seen["large"],
        "≥ 50 times",
    )
    yield row(
        "pick(), from 1,000 to 10,000 campaigns",
        f"{span(seen['large'])} CPU",
        f"{span(seen['small'])} at 1,000",
        seen["large"] / seen["small"],
        "≤ 4 times",
    )
