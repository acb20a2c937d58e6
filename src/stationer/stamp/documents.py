"""Which of the documents that one HTML part holds is the author's (contract/stamp.md §6).

Phones write the answer as a document of its own above the quoted one; gateways put one of their own in front of it, to
warn of mail from outside.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from stationer.stamp import words
from stationer.stamp.lines import Line, plain
from stationer.stamp.tags import Token

#: A warning is no longer than this.
MOST_LINES = 8
MOST_LETTERS = 800
#: Of more in front of a mail no more are passed over.
MOST_WARNINGS = 4


def own_document(tokens: Sequence[Token], lines: Sequence[Line], length: int) -> tuple[int, int]:
    """Where the author's document begins and ends: the first that is not a warning with something behind it."""
    pages = [token for token in tokens if token.name == "html"]
    begin = first = 0
    for _ in range(MOST_WARNINGS):
        ended = _end_of_first(pages, begin, length)
        behind = bisect_left(lines, ended, key=lambda line: line.start)
        if behind == len(lines) or not is_warning(lines[first:behind]):
            break
        begin, first = ended, behind
    said = lines[first].start if first < len(lines) else length
    opened = [page.start for page in pages if page.opens and page.start >= begin]
    # words in front of the document that follows a warning are the author's: mail programs write bare pieces
    own = 1 if not begin or (opened and opened[0] < said) else 0
    return begin, opened[own] if len(opened) > own else length


def _end_of_first(pages: Sequence[Token], begin: int, length: int) -> int:
    """Where the document ends that begins here: behind its end tag, or above the next one."""
    inside = False
    for page in pages:
        if page.start >= begin:
            if not page.opens:
                return page.end
            if inside:
                return page.start
            inside = True
    return length


def is_warning(shown: Sequence[Line]) -> bool:
    """Whether a few lines say that a mail comes from outside."""
    if len(shown) > MOST_LINES:
        return False
    whole = plain(" ".join(line.text for line in shown))
    return len(whole) <= MOST_LETTERS and any(phrase in whole for phrase in words.WARNINGS)
