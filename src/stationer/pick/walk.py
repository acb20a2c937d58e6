"""The walk: what is known of a mail, looked up in every dimension at once (contract/pick.md §1–3).

`pick` joins the masks; `explain` asks each of them about one rule. There is no second evaluation anywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial, reduce
from itertools import repeat
from operator import and_, or_
from typing import NamedTuple

from stationer.pick.addresses import canonical, canonical_all, parents
from stationer.pick.index import AudienceMasks, RuleMasks, SenderMasks, Snapshot
from stationer.pick.lists import classes_of
from stationer.pick.people import RollIndex
from stationer.wire.pick import Question
from stationer.wire.roll import Person


_NONE: list[str] = []
_NAUGHTS = repeat(0)


class Recipient(NamedTuple):
    """What rules may ask of one recipient. `parents` is empty where no rule asks for it (`Snapshot.wild`)."""

    address: str
    domain: str
    parents: list[str]
    groups: tuple[str, ...]
    listed: int  # class in the table of lists, -1 for none


#: `Recipient._make`, without a step in Python for each.
_row = partial(tuple.__new__, Recipient)


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
    domains = [address.rpartition("@")[2] for address in addresses]
    above = [parents(domain) for domain in domains] if snapshot.wild else []
    recipients = tuple(map(_row, _columns(snapshot, roll, addresses, domains, above)))
    side = _side(snapshot, domains, above)
    return Mail(sender, roll.spellings[written_from], recipients, side, now)


def _columns(
    snapshot: Snapshot,
    roll: RollIndex,
    addresses: Iterable[str],
    domains: list[str],
    above: list[list[str]],
) -> Iterator[tuple[str, str, list[str], tuple[str, ...], int]]:
    """What rules may ask of each recipient: a column at a time costs a third of a recipient at a time."""
    people, table = roll.people, snapshot.lists
    groups: Iterable[tuple[str, ...]] = repeat(())
    if not people.keys().isdisjoint(addresses):
        groups = [people[address].groups if address in people else () for address in addresses]
    listed = classes_of(table, addresses) if table is not None else repeat(-1)
    return zip(addresses, domains, above or repeat(_NONE), groups, listed, strict=False)


def _side(snapshot: Snapshot, domains: list[str], above: list[list[str]]) -> str:
    """Where a mail to these domains goes."""
    if not snapshot.suffixes:
        if not domains or snapshot.domains.isdisjoint(domains):
            return "outside" if domains else ""
        return "inside" if snapshot.domains.issuperset(domains) else "mixed"
    sides = {
        domain in snapshot.domains or not snapshot.suffixes.isdisjoint(ups)
        for domain, ups in zip(domains, above, strict=True)
    }
    return "" if not sides else "mixed" if len(sides) > 1 else "inside" if sides.pop() else "outside"


def masks(rules: RuleMasks, mail: Mail) -> Masks:
    """Every test of the order, for every rule at once."""
    return Masks(
        rules.senders.anyone | _senders(rules.senders, mail),
        rules.to.sides[mail.side],
        rules.to.unnamed | _named(rules.to, mail),
        rules.clock.at(mail.now),
        _senders(rules.except_senders, mail),
        _excepted(rules.except_to, mail),
    )


def _senders(senders: SenderMasks, mail: Mail) -> int:
    mask = senders.packages.get(mail.sender.package, 0)
    if senders.addresses:
        mask |= _any_of(senders.addresses, mail.senders)
    if senders.groups:
        mask |= _any_of(senders.groups, mail.sender.groups)
    return mask


def _named(audience: AudienceMasks, mail: Mail) -> int:
    """Rules that name recipients, and name enough of these: any of them, or all."""
    if not mail.recipients or not (audience.any or audience.all):
        return 0
    naming = _naming(audience, mail.recipients)
    if not audience.all:
        return reduce(or_, naming) & audience.any
    found = list(naming)
    return reduce(or_, found) & audience.any | reduce(and_, found, audience.all)


def _naming(audience: AudienceMasks, recipients: tuple[Recipient, ...]) -> Iterable[int]:
    """For each recipient the rules with an entry that names them."""
    addresses, domains, above, groups, listed = zip(*recipients, strict=True)
    masks: Iterable[int] = map(audience.domains.get, domains, _NAUGHTS)
    if not audience.addresses.keys().isdisjoint(addresses):
        masks = map(or_, masks, map(audience.addresses.get, addresses, _NAUGHTS))
    if audience.suffixes:
        masks = map(or_, masks, [_any_of(audience.suffixes, ups) for ups in above])
    if audience.groups:
        masks = map(or_, masks, [_any_of(audience.groups, names) for names in groups])
    if len(audience.classes) > 1:
        masks = map(or_, masks, map(audience.classes.__getitem__, listed))
    return masks


def _any_of(entries: dict[str, int], names: Iterable[str]) -> int:
    mask = 0
    for name in names:
        mask |= entries.get(name, 0)
    return mask


def _excepted(audience: AudienceMasks, mail: Mail) -> int:
    sides = audience.sides[mail.side]
    return sides and sides & (audience.unnamed | _named(audience, mail))
