"""A rule as a person would say it: one sentence whose blanks can be pressed to change them.

Words and order are the language's own: each sentence is one translatable text with named blanks.
"""

from __future__ import annotations

import string
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from stationer.wire.rules import Recipients, Rule, Schedule, Senders

#: Where a message stands, as it is said in a sentence.
PLACES = {
    "top": lambda: _("above the letter"),
    "signature": lambda: _("as the signature"),
    "banner": lambda: _("under the signature"),
    "footer": lambda: _("at the very end"),
}
VARIANTS = {
    "new": lambda: _("new mails"),
    "reply": lambda: _("replies"),
    "forward": lambda: _("forwarded mails"),
}


@dataclass(frozen=True)
class Piece:
    """Some words of the sentence; `blank` is the name of what they can be changed by, or empty;
    `locked`: it is somebody else's to change."""

    text: str
    blank: str = ""
    empty: bool = False
    locked: bool = False


def pieces(sentence: str, blanks: dict[str, Piece]) -> list[Piece]:
    """Cut a sentence at its `{blanks}`. A blank that the sentence names and `blanks` lacks raises KeyError."""
    found: list[Piece] = []
    for words, name, _form, _conversion in string.Formatter().parse(sentence):
        if words:
            found.append(Piece(words))
        if name:
            found.append(blanks[name])
    return found


def any_of(names: Sequence[str]) -> str:
    """`Sales`, `Sales or Reception`, `Sales, Reception or Board`."""
    if len(names) < 2:
        return "".join(names)
    return _("{some} or {last}").format(some=", ".join(names[:-1]), last=names[-1])


def all_of(names: Sequence[str]) -> str:
    """`new mails`, `new mails and replies`, `new mails, replies and forwarded mails`."""
    if len(names) < 2:
        return "".join(names)
    return _("{some} and {last}").format(some=", ".join(names[:-1]), last=names[-1])


def short(names: Iterable[str], most: int = 3) -> list[str]:
    """The first few; the rest as a number, so that a list of a hundred stays a sentence."""
    every = list(names)
    if len(every) <= most:
        return every
    return [*every[: most - 1], _("{count} more").format(count=len(every) - most + 1)]


def _senders(senders: Senders) -> str:
    said = []
    if senders.groups:
        said.append(_("anyone in {groups}").format(groups=any_of(short(senders.groups))))
    if senders.packages:
        said.append(_("anyone of {packages}").format(packages=any_of(short(senders.packages))))
    said.extend(short(senders.addresses))
    named = any_of(said) or _("anyone")
    clauses = [
        _("{attribute} is {values}").format(
            attribute=name, values=any_of(short(_("“{name}”").format(name=value) for value in values))
        )
        for name, values in senders.where.items()
    ]
    return _("{who} whose {clauses}").format(who=named, clauses=all_of(clauses)) if clauses else named


def who(rule: Rule) -> Piece:
    """Who writes."""
    said = _senders(rule.senders)
    if rule.except_senders:
        said = _("{who} but {others}").format(who=said, others=_senders(rule.except_senders))
    return Piece(said, "who")


def _named(to: Recipients) -> str:
    said = []
    if to.groups:
        said.append(_("anyone in {groups}").format(groups=any_of(short(to.groups))))
    if to.lists:
        said.append(_("the list {lists}").format(lists=any_of(short(to.lists))))
    if to.domains:
        said.append(_("anyone at {domains}").format(domains=any_of(short(to.domains))))
    said.extend(short(to.addresses))
    return any_of(said)


def _recipients(to: Recipients) -> str:
    sides = {
        "anyone": _("anyone"),
        "inside": _("anyone inside"),
        "outside": _("anyone outside"),
        "mixed": _("people inside and outside at once"),
    }
    named = _named(to)
    if not named:
        return sides[to.side]
    if to.match == "all":
        named = _("nobody but {names}").format(names=named)
    both = {
        "anyone": "{names}",
        "inside": _("{names}, on mails that stay inside"),
        "outside": _("{names}, on mails that only go outside"),
        "mixed": _("{names}, on mails that go inside and outside at once"),
    }
    return both[to.side].format(names=named)


def whom(rule: Rule) -> Piece:
    """To whom."""
    said = _recipients(rule.to)
    if rule.except_to:
        said = _("{whom} except {others}").format(whom=said, others=_recipients(rule.except_to))
    return Piece(said, "to")


def campaign_sentence(
    rule: Rule, messages: Sequence[tuple[str, str, Sequence[str]]], holdout: int = 0
) -> list[Piece]:
    """`messages` are (name, slot, variants) of the campaign's messages; `holdout` per cent go without."""
    names = [_("“{name}”").format(name=name) for name, _slot, _variants in messages]
    slot = messages[0][1] if messages else "banner"
    variants = messages[0][2] if messages else ("new", "reply", "forward")
    blanks = {
        "who": who(rule),
        "to": whom(rule),
        "what": Piece(any_of(names) or _("a message that is still to be written"), "what", empty=not names),
        "place": Piece(PLACES[slot](), "slot"),
        "variants": Piece(all_of([VARIANTS[name]() for name in variants]), "slot"),
    }
    said = pieces(_("When {who} writes to {to}, put {what} {place} of {variants}."), blanks)
    if holdout:
        text = _("Of 100 such mails, {count} go without it, for comparison.").format(count=holdout)
        said.append(Piece(f" {text}"))
    return said


def template_sentence(rule: Rule, fallback: bool) -> list[Piece]:
    """Who writes on this stationery, and to whom."""
    if fallback:
        blank = Piece(_("no other template fits"), "fallback")
        return pieces(_("Whenever {case}, mail is written on this one."), {"case": blank})
    blanks = {"who": who(rule), "to": whom(rule)}
    return pieces(_("When {who} writes to {to}, the mail is written on this one."), blanks)


def plain(said: Iterable[Piece]) -> str:
    """The sentence as text, for lists and differences."""
    return "".join(piece.text for piece in said)


def by_clock(when: Schedule, zone: str) -> Schedule:
    """A schedule that says nothing yet goes by the company's clock; any other by its own."""
    return Schedule(zone=zone) if when == Schedule() else when


def when_sentence(when: Schedule) -> list[Piece]:
    """From when to when, on which days, at what hours, by whose clock."""
    blanks = {
        "starts": Piece(_limit(when.starts) or _("its publication"), "when", empty=not when.starts),
        "ends": Piece(_limit(when.ends) or _("further notice"), "when", empty=not when.ends),
        "days": Piece(days(when.weekdays), "when", empty=not when.weekdays),
        "hours": Piece(when.hours.replace("-", "–") or _("at all hours"), "when", empty=not when.hours),
        "zone": Piece(city(when.zone), "when"),
        "off": Piece(all_of(short(map(off, when.not_on))), "when"),
    }
    if when.not_on:
        sentence = _("From {starts} to {ends}, {days} but not on {off}, {hours}, by the clock in {zone}.")
        return pieces(sentence, blanks)
    return pieces(_("From {starts} to {ends}, {days}, {hours}, by the clock in {zone}."), blanks)


def off(entry: str) -> str:
    """A day, a span of days or a calendar that a schedule leaves out."""
    first, dots, last = entry.partition("..")
    try:
        if dots:
            return _("{first} to {last}").format(first=spoken(first), last=spoken(last))
        return spoken(first)
    except ValueError:
        return _("the days of {calendar}").format(calendar=entry)


def weekday_names() -> list[str]:
    """Monday to Sunday in the reader's language."""
    monday = date(2024, 1, 1)
    return [date_format(monday + timedelta(days=n), "l") for n in range(7)]


def days(weekdays: Sequence[int]) -> str:
    """`every day`, `on weekdays`, `on Monday and Thursday`."""
    chosen = sorted(set(weekdays))
    if not chosen or len(chosen) == 7:
        return _("every day")
    if chosen == [0, 1, 2, 3, 4]:
        return _("from Monday to Friday")
    names = weekday_names()
    return _("on {days}").format(days=all_of([names[day] for day in chosen]))


def city(zone: str) -> str:
    """`London` for `Europe/London`."""
    return zone.rpartition("/")[2].replace("_", " ")


def spoken(moment: str) -> str:
    """`3 December 2026` or `3 December 2026, 18:00`; empty for empty. Raises ValueError for no moment."""
    if not moment:
        return ""
    at = datetime.fromisoformat(moment)
    if "T" in moment:
        return _("{day}, {time}").format(day=date_format(at, "DATE_FORMAT"), time=at.strftime("%H:%M"))
    return date_format(at, "DATE_FORMAT")


def _limit(moment: str) -> str:
    """The same of a beginning or an end; as it is written where that is no moment, which Publish says."""
    try:
        return spoken(moment)
    except ValueError:
        return moment
