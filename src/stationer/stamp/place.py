"""Where a signature goes in one body part: behind the author's last words, above what they quote below them
(contract/stamp.md §6)."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from stationer.stamp.headers import rule_above
from stationer.stamp.lines import Line
from stationer.stamp.page import Page
from stationer.stamp.phrases import RULE
from stationer.stamp.reading import Reading, begun_marks, introductions


def place_of(reading: Reading) -> int:
    """Where a signature goes: above the quote; behind the author's last words when they stand among the quoted. In HTML
    never where it would not be shown so."""
    place = place_as_written(reading)
    return reading.page.settled(place) if reading.page else place


def place_as_written(reading: Reading) -> int:
    """The same by the order in which things are written."""
    found = reading.found
    if found is None:
        return end_of_page(reading.page) if reading.page else end_of_words(reading.text)
    if reading.after:
        return place_among(reading)
    first = rule_above(reading.lines, found.line)
    if reading.page is None:
        return end_of_text(reading.lines, first)
    return reading.page.above(found.offset if first == found.line else reading.lines[first].start)


def end_of_words(text: str) -> int:
    """Behind the line that holds the last word: the start of the line that follows it."""
    last = len(text.rstrip())
    return 0 if not last else text.find("\n", last) + 1 or len(text)


def end_of_text(lines: Sequence[Line], before: int) -> int:
    """Behind the last line with words among the first `before` lines: the start of the line that follows it."""
    at = before
    while at > 0 and not lines[at - 1].text.strip():
        at -= 1
    if at < len(lines):
        return lines[at].start if at else 0
    return lines[-1].end


def place_among(reading: Reading) -> int:
    """Behind the author's last words below a quote: above what is quoted next, or where the mail ends."""
    page, last = reading.page, reading.after[-1]
    number = bisect_right(reading.lines, last.start, key=lambda line: line.start)
    if page is None:
        return end_of_text(reading.lines, end_of_signature(reading.lines, number))
    stop = next_quoted(reading, page, number)
    return end_of_page(page) if stop is None else page.above(stop)


def end_of_page(page: Page) -> int:
    """Where a block goes that closes the mail: never into an element that is there to quote. One that was begun and
    shows nothing (a quote that was cut off) would quote the block instead; it goes above that."""
    end = page.end()
    if not page.is_walked:  # then nothing in it quotes
        return end
    lines = page.walk.lines
    number = bisect_right(lines, end, key=lambda line: line.start)
    said = lines[number - 1].end if number else 0
    begun = (mark.start for mark in page.walk.marks if said <= mark.start <= end < mark.end)
    return min(end, page.above(next(begun, end)))


def next_quoted(reading: Reading, page: Page, number: int) -> int | None:
    """Where in an HTML part the next quote begins, from this line on: with what introduces it, with a quoted line, or
    with the element that holds it (which may show a picture first). None when none follows."""
    lines = reading.lines
    introduced, signed = introductions(lines, page), page.walk.signed
    following = (n for n in range(number, len(lines)) if lines[n].quoted or n in introduced)
    at = next((lines[n].start for n in following if not signed.hold(lines[n].start)), None)
    if at is None:
        return None
    behind = lines[number - 1].end
    begun = [mark.start for mark in begun_marks(page, behind) if mark.start < at]
    cited = page.walk.cited.next_from(behind)
    return min([at, *begun, *([] if cited is None or signed.hold(cited) else [cited])])


def end_of_signature(lines: Sequence[Line], at: int) -> int:
    """Behind the author's own signature (RFC 3676 §4.3) when it begins in the next line with words, else `at`. It
    ends where the mail does, or above a list's rule or another quote."""
    begin = next((n for n in range(at, len(lines)) if lines[n].text.strip()), len(lines))
    if begin == len(lines) or lines[begin].text.rstrip() != "--":
        return at
    introduced = introductions(lines[begin:], None)
    below = range(begin + 1, len(lines))
    ends = (n for n in below if lines[n].quoted or n - begin in introduced or RULE.match(lines[n].text))
    return next(ends, len(lines))
