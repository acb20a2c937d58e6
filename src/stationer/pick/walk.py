"""The walk: what is known of a mail, looked up in every dimension at once (contract/pick.md §1–3).

`pick` joins the masks; `explain` asks each of them about one rule. There is no second evaluation anywhere.
"""

from __future__ import annotations

from itertools import repeat
from typing import NamedTuple

from stationer.pick.addresses import canonical, canonical_all, parents
from stationer.pick.index import AudienceMasks, RuleMasks, SenderMasks, Snapshot
from stationer.pick.lists import classes_of
from stationer.pick.people import RollIndex
from stationer.wire.pick import Question
from stationer.wire.roll import Person


_NONE: list[str] = []


class Recipient(NamedTuple):
    """What rules may ask of one recipient. `parents` is empty where no rule asks for it (`Snapshot.wild`)."""

    address: str
    domain: str
    parents: list[str]
    groups: tuple[str, ...]
    listed: int  # class in the table of lists, -1 for none


class Mail(NamedTuple):
    """What rules may ask of a mail. `side` is inside, outside, mixed, or empty when there is no recipient."""

    sender: Person
    senders: tuple[str, ...]  # the sender's canonical addresses
    recipients: tuple[Recipient, ...]
    side: str
    now: int


class Masks(NamedTuple):
    """For each test of the order, the rules that pass it (`except_…`: that it excludes)."""

    senders: int
    side: int
    named: int
    time: int
    except_senders: int
    except_to: int

    def eligible(self) -> int:
        """The rules that hold for the mail."""
        mask = self.named & self.senders & self.side & self.time
        excepted = self.except_senders | self.except_to
        return mask & ~excepted if excepted else mask


def read_mail(snapshot: Snapshot, roll: RollIndex, question: Question, now: int) -> Mail | None:
    """The mail's facts; None when the roll does not know the sender."""
    written_from = canonical(question.from_)
    sender = roll.people.get(written_from)
    if sender is None:
        return None
    addresses = dict.fromkeys(canonical_all([*question.to, *question.cc]))
    addresses.pop("", None)
    recipients = _recipients(snapshot, roll, list(addresses))
    return Mail(sender, roll.spellings[written_from], recipients, _side(snapshot, recipients), now)


def _recipients(snapshot: Snapshot, roll: RollIndex, addresses: list[str]) -> tuple[Recipient, ...]:
    """What rules may ask of each, a column at a time."""
    people, table = roll.people, snapshot.lists
    domains = [address.rpartition("@")[2] for address in addresses]
    above = [parents(domain) for domain in domains] if snapshot.wild else repeat(_NONE)
    groups = [people[address].groups if address in people else () for address in addresses]
    listed = classes_of(table, addresses) if table is not None else repeat(-1)
    return tuple(map(Recipient._make, zip(addresses, domains, above, groups, listed, strict=False)))


def _side(snapshot: Snapshot, recipients: tuple[Recipient, ...]) -> str:
    if not recipients:
        return ""
    inside = [_is_inside(snapshot, recipient) for recipient in recipients]
    return "outside" if True not in inside else "mixed" if False in inside else "inside"


def _is_inside(snapshot: Snapshot, recipient: Recipient) -> bool:
    if recipient.domain in snapshot.domains or not snapshot.suffixes:
        return recipient.domain in snapshot.domains
    return any(up in snapshot.suffixes for up in recipient.parents)


def masks(rules: RuleMasks, mail: Mail) -> Masks:
    """Every test of the order, for every rule at once."""
    return Masks(
        senders=rules.senders.anyone | _senders(rules.senders, mail),
        side=rules.to.sides[mail.side],
        named=rules.to.unnamed | _named(rules.to, mail),
        time=rules.clock.at(mail.now),
        except_senders=_senders(rules.except_senders, mail),
        except_to=_excepted(rules.except_to, mail),
    )


def _senders(senders: SenderMasks, mail: Mail) -> int:
    mask = senders.packages.get(mail.sender.package, 0)
    if senders.addresses:
        for address in mail.senders:
            mask |= senders.addresses.get(address, 0)
    if senders.groups:
        for group in mail.sender.groups:
            mask |= senders.groups.get(group, 0)
    return mask


def _named(audience: AudienceMasks, mail: Mail) -> int:
    """Rules that name recipients, and name enough of these: any of them, or all."""
    if not mail.recipients or not (audience.any or audience.all):
        return 0
    naming = _naming(audience, mail.recipients)
    named = 0
    for mask in naming:
        named |= mask
    named &= audience.any
    if audience.all:
        every = audience.all
        for mask in naming:
            every &= mask
        named |= every
    return named


def _naming(audience: AudienceMasks, recipients: tuple[Recipient, ...]) -> list[int]:
    """For each recipient the rules with an entry that names them."""
    addresses, domains, suffixes = audience.addresses, audience.domains, audience.suffixes
    masks = []
    for address, domain, above, groups, listed in recipients:
        mask = addresses[address] if address in addresses else 0
        if domain in domains:
            mask |= domains[domain]
        if suffixes:
            for up in above:
                mask |= suffixes.get(up, 0)
        for group in groups:
            mask |= audience.groups.get(group, 0)
        if listed >= 0:
            mask |= audience.classes[listed]
        masks.append(mask)
    return masks


def _excepted(audience: AudienceMasks, mail: Mail) -> int:
    sides = audience.sides[mail.side]
    return sides and sides & (audience.unnamed | _named(audience, mail))
