"""Rules, mails and places as plain words, for explanations."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from stationer.pick.choosing import Place
from stationer.pick.snapshot import Time
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
    return _or([*said.addresses, *groups, *packages]) or "anyone in the company"


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


def mail(asked: Mail) -> str:
    """What rules were asked about."""
    count = len(asked.recipients)
    if not count:
        return f"{name(asked)} writes to nobody named."
    return f"{name(asked)} writes to {count} {'people' if count > 1 else 'person'}; the mail goes {side(asked.side)}."


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
    days = f" on {_or((_DAYS[day] for day in said.weekdays), 'and')}" if said.weekdays else ""
    hours = f" from {said.hours.replace('-', ' to ')}" if said.hours else ""
    return f"It holds{days}{hours} ({said.zone}) alone, and it is not then."
