"""The walk: what is known of a mail, looked up in every dimension at once (contract/pick.md §1–3).

`pick` joins the masks; `explain` asks each of them about one rule. There is no second evaluation anywhere.
"""

from __future__ import annotations

from typing import NamedTuple

from stationer.pick.addresses import canonical, domain_of, parents
from stationer.pick.index import AudienceMasks, RuleMasks, SenderMasks, Snapshot
from stationer.pick.lists import class_of
from stationer.pick.people import RollIndex, plain_value
from stationer.wire.pick import Question
from stationer.wire.roll import Person


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
        return self.senders & self.side & self.named & self.time & ~self.except_senders & ~self.except_to


def read_mail(snapshot: Snapshot, roll: RollIndex, question: Question, now: int) -> Mail | None:
    """The mail's facts; None when the roll does not know the sender."""
    sender = roll.people.get(canonical(question.from_))
    if sender is None:
        return None
    addresses = dict.fromkeys(map(canonical, [*question.to, *question.cc]))
    addresses.pop("", None)
    recipients = tuple([_recipient(snapshot, roll, address) for address in addresses])
    inside = sum([is_inside(snapshot, recipient) for recipient in recipients])
    side = "mixed" if 0 < inside < len(recipients) else "inside" if inside else "outside"
    own = tuple(dict.fromkeys(map(canonical, (sender.address, *sender.aliases))))
    return Mail(sender, own, recipients, side if recipients else "", now)


def _recipient(snapshot: Snapshot, roll: RollIndex, address: str) -> Recipient:
    domain = domain_of(address)
    person = roll.people.get(address)
    compiled = snapshot.compiled
    listed = class_of(compiled.lists, compiled.mark_key, address)
    above = parents(domain) if snapshot.wild else []
    return Recipient(address, domain, above, person.groups if person else (), listed)


def is_inside(snapshot: Snapshot, recipient: Recipient) -> bool:
    if recipient.domain in snapshot.domains or not snapshot.suffixes:
        return recipient.domain in snapshot.domains
    return any(up in snapshot.suffixes for up in recipient.parents)


def masks(rules: RuleMasks, mail: Mail) -> Masks:
    """Every test of the order, for every rule at once."""
    return Masks(
        senders=_senders(rules.senders, mail),
        side=rules.to.sides.get("anyone", 0) | rules.to.sides.get(mail.side, 0),
        named=rules.to.unnamed | _named(rules.to, mail),
        time=rules.clock.at(mail.now),
        except_senders=_senders(rules.except_senders, mail),
        except_to=_excepted(rules.except_to, mail),
    )


def for_audience(rules: RuleMasks, whole: Masks, mail: Mail) -> Masks:
    """The tests of a mail with the same sender and time as that of `whole`, to other recipients."""
    return whole._replace(
        side=rules.to.sides.get("anyone", 0) | rules.to.sides.get(mail.side, 0),
        named=rules.to.unnamed | _named(rules.to, mail),
        except_to=_excepted(rules.except_to, mail),
    )


def _senders(senders: SenderMasks, mail: Mail) -> int:
    """Rules that name the sender, and ask nothing about attributes that is not so."""
    mask = naming_sender(senders, mail)
    for name, passing, otherwise in senders.where:
        mask &= passing.get(plain_value(mail.sender.attributes.get(name, "")), otherwise)
    return mask


def naming_sender(senders: SenderMasks, mail: Mail) -> int:
    """Rules that name the sender, whatever they ask about attributes."""
    mask = senders.anyone | senders.packages.get(mail.sender.package, 0)
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
    some, every = 0, audience.all
    for recipient in mail.recipients:
        mask = _naming(audience, recipient)
        some |= mask
        every &= mask
    return some & audience.any | every


def _naming(audience: AudienceMasks, recipient: Recipient) -> int:
    """Rules with an entry that names this recipient."""
    mask = audience.addresses.get(recipient.address, 0) | audience.domains.get(recipient.domain, 0)
    if audience.suffixes:
        for up in recipient.parents:
            mask |= audience.suffixes.get(up, 0)
    for group in recipient.groups:
        mask |= audience.groups.get(group, 0)
    if recipient.listed >= 0:
        mask |= audience.classes[recipient.listed]
    return mask


def _excepted(audience: AudienceMasks, mail: Mail) -> int:
    sides = audience.sides.get("anyone", 0) | audience.sides.get(mail.side, 0)
    return sides and sides & (audience.unnamed | _named(audience, mail))
