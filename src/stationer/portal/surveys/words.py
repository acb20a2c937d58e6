"""Votes in words: “4 of 5 stars”, “the happy face”, “9 of 10”."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from stationer.links import Voted, vote_of
from stationer.wire.words import SCALES, Scale

#: How many stars are filled is seen as well as read.
STAR, OUTLINE = "★", "☆"
FACES: dict[int, str] = {1: "🙁", 2: "😐", 3: "🙂"}
_FACES: dict[int, Callable[[], str]] = {
    1: lambda: _("the sad face"),
    2: lambda: _("the middle face"),
    3: lambda: _("the happy face"),
}
KINDS: dict[Scale, Callable[[], str]] = {
    "stars": lambda: _("one to five stars"),
    "faces": lambda: _("three faces"),
    "nps": lambda: _("0 to 10 (NPS)"),
}


def said(vote: Voted, words: list[str] | tuple[str, ...] = ()) -> str:
    """An answer; with the words that its author gave a face, by those."""
    if vote.scale == "faces":
        own = words[vote.value - 1] if len(words) == len(FACES) else ""
        return own or _FACES[vote.value]()
    if vote.scale == "stars":
        return ngettext("{n} of 5 stars", "{n} of 5 stars", vote.value).format(n=vote.value)
    return _("{n} of 10").format(n=vote.value)


def choice(vote: Voted, words: list[str] | tuple[str, ...] = ()) -> str:
    """An answer among all of its scale, with the words that its author put at the ends."""
    ends = {SCALES[vote.scale][0]: 0, SCALES[vote.scale][-1]: 1}
    own = words[ends[vote.value]] if vote.scale != "faces" and words and vote.value in ends else ""
    plain = str(vote.value) if vote.scale == "nps" else said(vote, words)
    return _("{answer} ({words})").format(answer=plain, words=own) if own else plain


def drawn(vote: Voted) -> str:
    """What is seen beside its words; it says nothing that they do not."""
    if vote.scale == "stars":
        return STAR * vote.value + OUTLINE * (SCALES["stars"][-1] - vote.value)
    return FACES[vote.value] if vote.scale == "faces" else ""


def of_target(target: str) -> str:
    """The answer that a link stands for; empty for every other link."""
    vote = vote_of(target)
    return said(vote) if vote else ""
