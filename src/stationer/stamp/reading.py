"""One body part, read: its text, its lines, and what of an earlier mail stands in it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple

from stationer.stamp import words
from stationer.stamp.attribution import COLON_END
from stationer.stamp.containers import BARE, CITED
from stationer.stamp.headers import has_form
from stationer.stamp.hints import pieces_may_quote, text_may_quote
from stationer.stamp.lines import Line, is_wrapped, lines_of_text, plain
from stationer.stamp.page import Page
from stationer.stamp.phrases import RULE, Found, candidates, first_found, judged
from stationer.stamp.told import Told, where_told
from stationer.stamp.walk import Mark

#: Of more elements that bear a mark no more are looked at.
MOST_MARKS = 2_000
#: A first quoted line of fewer characters tells a twin nothing.
LEAST_TOLD = 8
#: Behind how many lines of an element a quotation is looked for.
REACH = 4


class Reading(NamedTuple):
    """`found` is the earliest trustworthy marker; `after` the author's own lines below it (an answer in between)."""

    text: str
    lines: Sequence[Line]
    found: Found | None
    after: Sequence[Line]
    page: Page | None


def read_text(text: str, answers: bool = True) -> Reading:
    """Read a text part. `answers`: see `phrases.first_found`."""
    if not text_may_quote(text):
        return Reading(text, (), None, (), None)
    lines = lines_of_text(text)
    found = first_found(lines, answers)
    return Reading(text, lines, found, own_lines_after(lines, found, None) if found else (), None)


def read_html(html: str, answers: bool = True, octets: bytes | None = None) -> Reading:
    """Read an HTML part: the earliest of its lines' markers and its elements' marks. `octets`: the same in UTF-8."""
    page = Page(html, octets)
    if not pieces_may_quote(page.pieces):
        return Reading(html, (), None, (), page)
    lines = page.walk.lines
    found = first_found(lines, answers)
    shared = -1
    for mark in page.walk.marks[:MOST_MARKS]:
        if found is not None and mark.start >= found.offset:
            break
        if mark.container.needs == "sharing":
            shared = mark.end
        elif mark.container is BARE and not answers:
            continue
        elif mark.start >= shared and (trusted := judged_mark(page, mark)):
            found = with_its_kind(lines, trusted)
            break
    return Reading(html, lines, found, own_lines_after(lines, found, page) if found else (), page)


def read_again(reading: Reading, told: Told) -> Reading:
    """The same part, when its twin has told how the quote begins and this part has no marker of its own."""
    if len(plain(told.first)) < LEAST_TOLD:
        return reading
    lines = reading.page.walk.lines if reading.page else lines_of_text(reading.text)
    at = where_told([line.text for line in lines], told)
    if at is None:
        return reading
    return reading._replace(found=Found(lines[at].start, "its twin", "", at, True), lines=lines)


def judged_mark(page: Page, mark: Mark) -> Found | None:
    """The marker, when what the mark needs is so. An element that shows nothing quotes nothing."""
    lines, container = page.walk.lines, mark.container
    at = bisect_left(lines, mark.start, key=lambda line: line.start)
    if at == len(lines) or (not container.rest and lines[at].start >= mark.end):
        return None
    if not is_trusted(page, mark, at):
        return None
    rule = (
        f"{container.client}: {container.attribute}={container.word}" if container.word else "block quotation"
    )
    return Found(mark.start, rule, container.kind, at, container.rest)


def is_trusted(page: Page, mark: Mark, at: int) -> bool:
    """Whether what the mark needs is so; `at` is the first line from the mark on."""
    lines, needs = page.walk.lines, mark.container.needs
    if needs == "nothing":
        return True
    if needs == "last":
        return last_own_line(page) < mark.end
    begins = judged(lines, at)
    if (begins is not None and begins.rest) or has_form(lines, at):
        return True
    return needs == "opening" and (begins is not None or opens(page, mark, at))


def opens(page: Page, mark: Mark, at: int) -> bool:
    """Whether a quotation begins with the element, or behind its first lines, of which the last ends in a colon, or
    behind the element itself: so an attribution is known in any language."""
    lines = page.walk.lines
    cited = page.walk.cited.next_from(mark.start)
    if cited is not None and cited <= lines[at].start:
        return True
    quoted = next((n for n in range(at, min(at + REACH, len(lines))) if lines[n].quoted), None)
    if quoted is None or quoted == at:
        return quoted is not None
    return lines[quoted - 1].start < mark.end and (
        lines[quoted].start >= mark.end or COLON_END.search(lines[quoted - 1].text) is not None
    )


def last_own_line(page: Page) -> int:
    """Where the last line begins that is the author's own."""
    lines = reversed(page.walk.lines)
    return next((line.start for line in lines if is_own(page, line)), -1)


def is_own(page: Page | None, line: Line) -> bool:
    """Whether a line below a quote is the author's: not quoted, and in no signature."""
    return bool(line.text.strip()) and not line.quoted and not (page and page.walk.signed.hold(line.start))


def with_its_kind(lines: Sequence[Line], found: Found) -> Found:
    """A mark that does not tell whether it answers or forwards takes it from the line below it."""
    if not found.kind:
        for at in range(found.line, min(found.line + 2, len(lines))):
            if (near := judged(lines, at)) and near.kind:
                return found._replace(kind=near.kind)
    return found


def own_lines_after(lines: Sequence[Line], found: Found, page: Page | None) -> list[Line]:
    """The author's lines below the beginning of the quote: none when all that follows is quoted."""
    if found.rest:
        return []
    below = list(lines[found.line :])
    quoted = [n for n, line in enumerate(below) if line.quoted]
    if not quoted or not is_marked(below, quoted[0], found):
        return []
    first, last = quoted[0], quoted[-1]
    introduced = introductions(below, page)
    own: list[Line] = []
    for n, line in enumerate(below[first : end_of_answers(below, page)], first):
        if is_end(line.text) and n > last:
            break
        if is_own(page, line) and not is_wrapped(below, n) and n not in introduced:
            own.append(line)
    return [] if own and is_footer(own, below[last], lines[: found.line]) else own


def is_marked(below: Sequence[Line], quoted: int, found: Found) -> bool:
    """Whether the quoted lines are marked as such: nothing but the rest of the attribution stands between its first
    line and them. Else the program quotes without marks, and those it found are of older mails."""
    told = [line for line in below[1:quoted] if line.text.strip()]
    begun = judged(below, 0)
    if begun or found.rule == "attribution":
        return len(told) < (begun or found).lines
    return not told or COLON_END.search(told[-1].text) is not None


def is_footer(own: Sequence[Line], last: Line, above: Sequence[Line]) -> bool:
    """Whether what stands below the whole quote is a list's or a company's footer: the author has answered above, and
    one of its words tells."""
    answered = any(line.text.strip() for line in above)
    if not answered or own[0].start < last.start:
        return False
    return any(word in plain(line.text) for line in own for word in words.FOOTERS)


def is_end(text: str) -> bool:
    """A signature delimiter (RFC 3676 §4.3) or the rule above a list's footer."""
    return text.rstrip() in ("--", "- --", "__") or RULE.match(text) is not None


def begun_below(lines: Sequence[Line]) -> list[tuple[int, Found]]:
    """The attributions, header blocks and separators further down that are not themselves quoted."""
    return [
        (n, found)
        for n, flags in candidates(lines)
        if not lines[n].quoted and (found := judged(lines, n, flags))
    ]


def introductions(lines: Sequence[Line], page: Page | None) -> set[int]:
    """The lines of attributions and header blocks further down, and those that a client's own element says to be such:
    they introduce a quote and are no answer."""
    near = {near for n, found in begun_below(lines) for near in range(n, n + found.lines)}
    for mark in begun_marks(page, lines[0].start) if page and lines else ():
        at = bisect_left(lines, mark.start, key=lambda line: line.start)
        until = next((n for n in range(at, min(at + REACH, len(lines))) if lines[n].quoted), at)
        if until > at and COLON_END.search(lines[until - 1].text):
            near.update(range(at, until))
    return near


def begun_marks(page: Page, offset: int) -> list[Mark]:
    """The clients' marks from this offset on that begin a quote; block quotations apart, which say so themselves."""
    marks = (mark for mark in page.walk.marks[:MOST_MARKS] if mark.start >= offset)
    return [
        mark
        for mark in marks
        if mark.container.needs in ("nothing", "headers", "opening")
        and mark.container is not CITED
        and judged_mark(page, mark)
    ]


def end_of_answers(lines: Sequence[Line], page: Page | None) -> int:
    """The index of the first line below which all is quoted, whatever marks it bears: a header block, a separator, or
    an element that says so."""
    rest = [n for n, found in begun_below(lines) if found.rest]
    marks = begun_marks(page, lines[0].start) if page else []
    starts = [mark.start for mark in marks if mark.container.rest]
    first = bisect_left(lines, min(starts), key=lambda line: line.start) if starts else len(lines)
    return min([first, *rest])
