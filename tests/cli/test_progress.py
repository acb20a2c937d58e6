"""A bar is drawn for whoever watches, and leaves nothing behind."""

from __future__ import annotations

import io

from stationer.cli.progress import Bar


class Terminal(io.StringIO):
    """A stream that somebody watches."""

    def isatty(self) -> bool:
        return True


def test_whole_per_cents_are_drawn_once_and_the_line_is_free_again() -> None:
    watched = Terminal()
    bar = Bar(watched)
    for done in range(1, 1001):
        bar("writing", done, 1000)
    drawn = watched.getvalue().split("\r")
    assert len(drawn) == 102 and "100 % of 1,000" in drawn[-1]
    bar.end()
    assert watched.getvalue().endswith("\r\x1b[K")


def test_where_nobody_watches_nothing_is_written() -> None:
    unwatched = io.StringIO()
    bar = Bar(unwatched)
    bar("writing", 1, 1)
    bar.end()
    assert unwatched.getvalue() == ""


def test_nothing_of_nothing_is_all_of_it() -> None:
    watched = Terminal()
    Bar(watched)("comparing", 0, 0)
    assert "100 %" in watched.getvalue()
