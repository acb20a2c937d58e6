"""The walk: what is known of a mail, looked up in every dimension at once (contract/pick.md §1–3).

`pick` joins the masks; `explain` asks each of them about one rule. There is no second evaluation anywhere.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from itertools import repeat
from operator import and_, or_
from typing import NamedTuple

from stationer.pick.addresses import canonical, canonical_all, parents
from stationer.pick.counting import recipient_key
from stationer.pick.index import AudienceMasks, RuleMasks, SenderMasks, Snapshot
from stationer.pick.known import REMEMBERED, Known, Recipient, Sender
from stationer.pick.lists import classes_of
from stationer.pick.people import RollIndex, plain_value
from stationer.wire.pick import Question
from stationer.wire.roll import Person


class Mail(NamedTuple):
    """What rules may ask of a mail. `side` is inside, outside, mixed, or empty when there is no recipient."""

    sender: Person
    senders: tuple[str, ...]  # the sender's canonical addresses
    recipients: tuple[Recipient, ...]
    side: str
    now: int
    sent: tuple[tuple[int, int], tuple[int, int]]  # as `Sender.sent`


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
    known = snapshot.memo.under(roll)
    sender = known.senders.get(question.from_) or _sender(snapshot, roll, known, question.from_)
    if sender is None:
        return None
    found = recipients_of(snapshot, roll, [*question.to, *question.cc])
    distinct = {recipient[0]: recipient for recipient in found}
    distinct.pop("", None)
    recipients = tuple(distinct.values())
    return Mail(sender.person, sender.addresses, recipients, _side(recipients), now, sender.sent)


def recipients_of(snapshot: Snapshot, roll: RollIndex, written: list[str]) -> list[Recipient]:
    """What is to be known of each of these, in their order, as they were written."""
    known = snapshot.memo.under(roll)
    try:
        return [known.recipients[address] for address in written]
    except KeyError:
        return _meet(snapshot, roll, known, written)


def _side(recipients: tuple[Recipient, ...]) -> str:
    inside = {recipient[1] for recipient in recipients}
    return "mixed" if len(inside) > 1 else "" if not inside else "inside" if True in inside else "outside"


def _sender(snapshot: Snapshot, roll: RollIndex, known: Known, written: str) -> Sender | None:
    """What is to be known of a sender, remembered."""
    address = canonical(written)
    person = roll.people.get(address)
    if person is None:
        return None
    own = roll.spellings[address]
    sent = [
        (_senders(rules.senders, person, own), _senders(rules.except_senders, person, own))
        for rules in (snapshot.templates, snapshot.campaigns)
    ]
    if len(known.senders) >= REMEMBERED:
        known.senders.clear()
    found = known.senders[written] = Sender(person, own, (sent[0], sent[1]))
    return found


def _meet(snapshot: Snapshot, roll: RollIndex, known: Known, written: list[str]) -> list[Recipient]:
    """What is to be known of these recipients; those that are new are remembered."""
    held = {address: known.recipients.get(address) for address in written}
    new = [address for address, recipient in held.items() if recipient is None]
    met = dict(zip(new, _recipients(snapshot, roll, canonical_all(new)), strict=True))
    if len(known.recipients) + len(met) > REMEMBERED:
        known.recipients.clear()
    known.recipients.update(met)
    return [held[address] or met[address] for address in written]


def _recipients(snapshot: Snapshot, roll: RollIndex, addresses: list[str]) -> list[Recipient]:
    listed = classes_of(snapshot.lists, addresses) if snapshot.lists is not None else repeat(-1)
    return [_recipient(snapshot, roll, address, on) for address, on in zip(addresses, listed, strict=False)]


def _recipient(snapshot: Snapshot, roll: RollIndex, address: str, listed: int) -> Recipient:
    domain = address.rpartition("@")[2]
    above = parents(domain) if snapshot.wild else []
    inside = domain in snapshot.domains or not snapshot.suffixes.isdisjoint(above)
    person = roll.people.get(address)
    groups = person.groups if person is not None else ()
    templates, campaigns = snapshot.templates, snapshot.campaigns
    named = [
        _naming(audience, address, domain, above, groups, listed)
        for audience in (templates.to, templates.except_to, campaigns.to, campaigns.except_to)
    ]
    key = recipient_key(snapshot.compiled.mark_key, address) if snapshot.remembering else b""
    return Recipient(address, inside, tuple(named), key)


def _naming(
    audience: AudienceMasks, address: str, domain: str, above: list[str], groups: tuple[str, ...], listed: int
) -> int:
    """Rules with an entry that names this recipient."""
    if not (audience.any or audience.all):
        return 0
    mask = audience.domains.get(domain, 0)  # for most it is this alone, and then it is the index's own
    if (named := audience.addresses.get(address)) is not None:
        mask |= named
    if audience.suffixes:
        mask |= _any_of(audience.suffixes, above)
    if audience.groups:
        mask |= _any_of(audience.groups, groups)
    return mask | audience.classes[listed] if listed >= 0 else mask


def masks(rules: RuleMasks, mail: Mail) -> Masks:
    """Every test of the order, for every rule at once."""
    senders, except_senders = mail.sent[rules.number]
    return Masks(
        senders,
        rules.to.sides[mail.side],
        rules.to.unnamed | _named(rules.to, mail.recipients),
        rules.clock.at(mail.now),
        except_senders,
        _excepted(rules.except_to, mail),
    )


def for_audience(rules: RuleMasks, whole: Masks, mail: Mail) -> Masks:
    """The tests of a mail with the same sender and time as that of `whole`, to other recipients."""
    return whole._replace(
        side=rules.to.sides[mail.side],
        named=rules.to.unnamed | _named(rules.to, mail.recipients),
        except_to=_excepted(rules.except_to, mail),
    )


def _senders(senders: SenderMasks, person: Person, addresses: tuple[str, ...]) -> int:
    """Rules that name the sender, and ask nothing about attributes that is not so."""
    mask = naming_sender(senders, person, addresses)
    for name, passing, otherwise in senders.where:
        mask &= passing.get(plain_value(person.attributes.get(name, "")), otherwise)
    return mask


def naming_sender(senders: SenderMasks, person: Person, addresses: tuple[str, ...]) -> int:
    """Rules that name the sender, whatever they ask about attributes."""
    mask = senders.anyone | senders.packages.get(person.package, 0)
    return mask | _any_of(senders.addresses, addresses) | _any_of(senders.groups, person.groups)


def _any_of(entries: dict[str, int], names: Iterable[str]) -> int:
    mask = 0
    for name in names:
        mask |= entries.get(name, 0)
    return mask


def _named(audience: AudienceMasks, recipients: tuple[Recipient, ...]) -> int:
    """Rules that name recipients, and name enough of these: any of them, or all."""
    if not recipients or not (audience.any or audience.all):
        return 0
    number = audience.number
    found = [recipient[2][number] for recipient in recipients]
    mask = reduce(or_, found) & audience.any
    return mask | reduce(and_, found, audience.all) if audience.all else mask


def _excepted(audience: AudienceMasks, mail: Mail) -> int:
    sides = audience.sides[mail.side]
    return sides and sides & (audience.unnamed | _named(audience, mail.recipients))
