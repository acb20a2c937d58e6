"""Rules, mails and places as plain words, for explanations."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from stationer.pick.choosing import Place
from stationer.pick.people import plain_value
from stationer.pick.snapshot import Offer, Time
from stationer.pick.walk import Mail
from stationer.wire.rules import Recipients, Schedule, Senders
from stationer.wire.words import SLOTS, VARIANTS

_SIDES = {
    "inside": "inside alone",
    "outside": "outside alone",
    "mixed": "both inside and outside",
    "": "to nobody named",
}
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MAILS = {"new": "new mails", "reply": "replies", "forward": "forwards"}
_FIRST = date(1970, 1, 1)
_MOST = 4  # names in a sentence before it says how many more there are


def _or(names: Iterable[str], last: str = "or") -> str:
    found = list(names)
    if len(found) > _MOST:
        found = [*found[: _MOST - 1], f"{len(found) - _MOST + 1} more"]
    return f" {last} ".join([", ".join(found[:-1]), found[-1]] if len(found) > 1 else found)


def name(mail: Mail) -> str:
    """The sender as people know them."""
    return mail.sender.attributes.get("name") or mail.sender.address


def senders(said: Senders) -> str:
    """Whom a rule's senders are."""
    groups = (f"the group {group}" for group in said.groups)
    packages = (f"the package {package}" for package in said.packages)
    named = _or([*said.addresses, *groups, *packages]) or "anyone in the company"
    if not said.where:
        return named
    asked = (f"whose {name} is {_or(values)}" for name, values in said.where.items())
    return f"{named} {_or(asked, 'and')}"


def not_that_attribute(said: Senders, mail: Mail) -> str:
    """Why a rule that names the sender does not hold: the first attribute that is another."""
    name_, values = next(
        (attribute, values)
        for attribute, values in said.where.items()
        if plain_value(mail.sender.attributes.get(attribute, "")) not in map(plain_value, values)
    )
    has = mail.sender.attributes.get(name_, "").strip()
    own = f"that of {name(mail)} is {has}" if has else f"{name(mail)} has none"
    return f"It is for mails from people whose {name_} is {_or(values)}; {own}."


def recipients(said: Recipients) -> str:
    """Whom a rule's recipients are, without the side."""
    domains = (f"anyone at {domain}" for domain in said.domains)
    groups = (f"the group {group}" for group in said.groups)
    lists = (f"the list {list_}" for list_ in said.lists)
    named = _or([*said.addresses, *domains, *groups, *lists])
    return f"{named} and nobody else" if named and said.match == "all" else named or "anyone"


def audience(said: Recipients) -> str:
    """Recipients with their side."""
    named = recipients(said)
    return named if said.side == "anyone" else f"{named} that go {side(said.side)}"


def side(said: str) -> str:
    """Where a mail goes."""
    return _SIDES.get(said, "anywhere")


def not_that_side(said: Recipients, asked: Mail, whole: str) -> str:
    """Why a mail does not go where the rule asks for; under a policy it was asked about as part of the whole."""
    goes = (
        f"this one goes {side(asked.side)}"
        if asked.side == whole
        else f"this was asked as {side(asked.side)}"
    )
    return f"It is for mails that go {side(said.side)}; {goes}."


def mail(asked: Mail, copies: Sequence[Sequence[str]]) -> str:
    """What rules were asked about, and who gets which copy."""
    count = len(asked.recipients)
    if not count:
        return f"{name(asked)} writes to nobody named."
    people = "people" if count > 1 else "person"
    said = f"{name(asked)} writes to {count} {people}; the mail goes {side(asked.side)}."
    if len(copies) < 2:
        return said
    shares = "; ".join(f"copy {n} to {_or(addresses, 'and')}" for n, addresses in enumerate(copies))
    return f"{said} It leaves in {len(copies)} copies: {shares}."


def places(found: Sequence[Place]) -> str:
    """`the banner of new mails and replies`."""
    said = []
    for slot in SLOTS:
        variants = [_MAILS[variant] for variant in VARIANTS if (variant, slot) in found]
        if variants:
            said.append(f"the {slot} of {_or(variants, 'and')}")
    return "; ".join(said)


def not_now(said: Schedule, time: Time | None, now: int) -> str:
    """Why a schedule does not hold."""
    if time is not None and time.starts is not None and now < time.starts:
        return f"It starts on {said.starts.replace('T', ' at ')} ({said.zone})."
    if time is not None and time.ends is not None and now >= time.ends:
        return f"It ended on {said.ends.replace('T', ' at ')} ({said.zone})."
    return f"It holds{_recurring(said)} ({said.zone}) alone, and it is not then."


def _recurring(said: Schedule) -> str:
    days = f" on {_or((_DAYS[day] for day in said.weekdays), 'and')}" if said.weekdays else ""
    hours = f" from {said.hours.replace('-', ' to ')}" if said.hours else ""
    return days + hours


def times(said: Schedule) -> str:
    """All of a schedule: `from 2026-12-24 to 2027-01-01 on Sunday from 20:00 to 24:00 (Europe/London)`."""
    begins = f" from {said.starts.replace('T', ' at ')}" if said.starts else ""
    ends = f" until {said.ends.replace('T', ' at ')}" if said.ends else ""
    but = f" but not on {_or(said.not_on)}" if said.not_on else ""
    return f"{begins}{ends}{_recurring(said)} ({said.zone}){but}".strip()


def day_off(said: Schedule, day: int) -> str:
    """Why a schedule does not hold on a day (since 1970) that was taken out of it."""
    written = (_FIRST + timedelta(days=day)).isoformat()
    return f"It does not hold on {_or(said.not_on)}, and it is {written} there ({said.zone})."


def remembered(offer: Offer, why: str, count: int, of: int) -> str:
    """Why a campaign is not shown again to recipients: no more of them is told than how many."""
    all_of = "the recipient" if of == 1 else f"{count} of {of} recipients"
    has = "has" if of == 1 or count == 1 else "have"
    if why == "stopped":
        return f"It stops after a click, and {all_of} {has} clicked one of its links."
    if why == "sequence":
        everybody = "the recipient has" if of == 1 else f"all {of} recipients have"
        return f"It is a sequence of {len(offer.messages)} messages, and {everybody} seen the last one."
    if why == "cool-down":
        hours = f"{offer.cool_down_h} hour{'s' * (offer.cool_down_h != 1)}"
        return f"It waits {hours} before it is shown again, and {all_of} {has} seen it since."
    cap, span = {
        "cap-day": (offer.caps.day, "a day"),
        "cap-week": (offer.caps.week, "a week"),
        "cap-ever": (offer.caps.ever, "in all"),
    }[why]
    return f"Its cap of {cap} {span} is used up by {all_of}."
