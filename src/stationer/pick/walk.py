"""The walk: what is known of a mail, looked up in every dimension at once (contract/pick.md §1–3).

`pick` joins the masks; `explain` asks each of them about one rule. There is no second evaluation anywhere.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from functools import reduce
from itertools import compress, count, repeat
from operator import and_, not_, or_
from typing import NamedTuple

from stationer.pick.addresses import canonical, canonical_all, matchable, parents
from stationer.pick.counting import recipient_key
from stationer.pick.index import AudienceMasks, RuleMasks, SenderMasks, Snapshot
from stationer.pick.known import NOBODY, REMEMBERED, Base, Kind, Known, Recipient, Sender
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
    sender = known.senders.get(question.from_) or introduce(snapshot, known, question.from_)
    if sender is None:
        return None
    written = question.to + question.cc
    return mail_to(snapshot, sender, written, meet(snapshot, known, written), now)


def mail_to(snapshot: Snapshot, sender: Sender, written: list[str], kinds: Sequence[Kind], now: int) -> Mail:
    """The mail to these, each of them once, without what can be no recipient."""
    met = _recipients(snapshot, written, kinds)
    recipients = tuple({recipient.address: recipient for recipient in met if recipient.address}.values())
    return Mail(sender.person, sender.addresses, recipients, side_of(recipients), now, sender.sent)


def recipients_of(snapshot: Snapshot, roll: RollIndex, written: list[str]) -> list[Recipient]:
    """What is to be known of each of these, in their order, as they were written; what can be no recipient has an
    empty address."""
    return _recipients(snapshot, written, meet(snapshot, snapshot.memo.under(roll), written))


def _recipients(snapshot: Snapshot, written: list[str], kinds: Sequence[Kind]) -> list[Recipient]:
    addresses, key = canonical_all(written) if written else written, snapshot.compiled.mark_key
    if not snapshot.remembering:
        return [Recipient(a, kind.inside, kind.named) for a, kind in zip(addresses, kinds, strict=True)]
    met = zip(addresses, kinds, strict=True)
    return [Recipient(a, kind.inside, kind.named, recipient_key(key, a) if a else b"") for a, kind in met]


def side_of(recipients: Iterable[Recipient | Kind]) -> str:
    """Where a mail to them goes, as `Mail.side`."""
    inside = {recipient.inside for recipient in recipients}
    return "mixed" if len(inside) > 1 else "" if not inside else "inside" if True in inside else "outside"


def introduce(snapshot: Snapshot, known: Known, written: str) -> Sender | None:
    """What is to be known of a sender, remembered; None of somebody whom the roll does not know."""
    roll = known.roll
    person = roll.people.get(canonical(written)) if roll is not None and matchable(written) else None
    if roll is None or person is None:
        return None
    own = roll.spellings[canonical(written)]
    sent = [
        (_senders(rules.senders, person, own), _senders(rules.except_senders, person, own))
        for rules in (snapshot.templates, snapshot.campaigns)
    ]
    if len(known.senders) >= REMEMBERED:
        known.senders = {}
    found = known.senders[written] = Sender(person, own, (sent[0], sent[1]), {})
    return found


def meet(snapshot: Snapshot, known: Known, written: list[str]) -> list[Kind]:
    """The kind of each; those that are new are remembered."""
    found = list(map(known.kinds.get, written))
    if not all(found):
        missing = list(map(not_, found))
        met = _learn(snapshot, known, list(compress(written, missing)))
        for place, kind in zip(compress(count(), missing), met, strict=False):
            found[place] = kind
    return found  # type: ignore[return-value] # none is missing


def _learn(snapshot: Snapshot, known: Known, written: list[str]) -> list[Kind]:
    """The kinds of those that are not among the young; what the elders knew is taken over."""
    met = list(map(known.elders.get, written))
    if any(met):
        new = [address for address, kind in zip(written, met, strict=True) if kind is None]
        fresh = iter(_kinds(snapshot, known, new))
        kinds = [kind or next(fresh) for kind in met]
    else:
        kinds = _kinds(snapshot, known, written)
    if len(known.kinds) + len(kinds) > REMEMBERED:
        known.elders, known.kinds = known.kinds, {}
    kept = zip(written, kinds, strict=True)
    if NOBODY in kinds:  # what can be no address may be of any length: it is not kept (contract/http.md §1)
        known.kinds.update((address, kind) for address, kind in kept if kind is not NOBODY)
    else:
        known.kinds.update(kept)
    return kinds


def _kinds(snapshot: Snapshot, known: Known, written: list[str]) -> list[Kind]:
    """Everybody at a domain is alike, but for those whom a rule, a list or the roll knows by address."""
    addresses = canonical_all(written) if written else written
    listed = classes_of(snapshot.lists, addresses) if snapshot.lists is not None else repeat(-1)
    domains, singled = known.domains, snapshot.singled
    people: Collection[str] = known.roll.people if known.roll is not None else ()
    found = []
    for address, on in zip(addresses, listed, strict=False):
        domain = address.rpartition("@")[2]
        kind = domains.get((domain, on))
        if kind is None or address in singled or address in people:
            kind = _kind(snapshot, known, address, domain, on)
        found.append(kind)
    return found


def _kind(snapshot: Snapshot, known: Known, address: str, domain: str, listed: int) -> Kind:
    """What one address is: nobody's, known by itself, or the first of its domain (nothing is behind an `@` alone)."""
    if not address:
        return NOBODY
    kind = _classify(snapshot, known, address, domain, listed)
    if (
        domain
        and address not in snapshot.singled
        and (known.roll is None or address not in known.roll.people)
    ):
        if len(known.domains) >= REMEMBERED:
            known.domains = {}
        known.domains[domain, listed] = kind
    return kind


def _classify(snapshot: Snapshot, known: Known, address: str, domain: str, listed: int) -> Kind:
    above = parents(domain) if snapshot.wild else []
    inside = domain in snapshot.domains or not snapshot.suffixes.isdisjoint(above)
    person = known.roll.people.get(address) if known.roll is not None else None
    groups = person.groups if person is not None else ()
    templates, campaigns = snapshot.templates, snapshot.campaigns
    named = tuple(
        naming(audience, address, domain, above, groups, listed)
        for audience in (templates.to, templates.except_to, campaigns.to, campaigns.except_to)
    )
    if len(known.alike) >= REMEMBERED:
        known.alike = {}
    return known.alike.setdefault((inside, named), Kind(inside, named))


def naming(
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


def base_of(snapshot: Snapshot, sender: Sender, side: str, now: int) -> Base:
    """The rules that hold for mails of this member to this side at `now`, remembered."""
    templates, campaigns = snapshot.templates, snapshot.campaigns
    spans = [templates.clock.span(now), campaigns.clock.span(now)]
    held = [
        senders & rules.to.sides[side] & time & ~excepted
        for rules, (senders, excepted), (_, _, time) in zip(
            (templates, campaigns), sender.sent, spans, strict=True
        )
    ]
    if snapshot.blackout is not None:
        spans.append(snapshot.blackout.span(now))
        held[1] = 0 if spans[-1][2] else held[1]
    if not snapshot.quiet.isdisjoint(sender.person.groups):
        held[1] = 0
    found = Base(max(since for since, _, _ in spans), min(until for _, until, _ in spans), *held)
    sender.bases[side] = found
    return found


def eligible(rules: RuleMasks, held: int, side: str, recipients: Collection[Kind]) -> int:
    """Those of `held` (as a `Base` has them) that hold for these recipients and do not except them."""
    held &= rules.to.unnamed | _named(rules.to, recipients)
    if held and (excepting := held & rules.except_to.sides[side]):
        held ^= excepting & (rules.except_to.unnamed | _named(rules.except_to, recipients))
    return held


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
    mask = (
        senders.anyone | senders.packages.get(person.package, 0) | _any_of(senders.packages, person.packages)
    )
    return mask | _any_of(senders.addresses, addresses) | _any_of(senders.groups, person.groups)


def _any_of(entries: dict[str, int], names: Iterable[str]) -> int:
    mask = 0
    for name in names:
        mask |= entries.get(name, 0)
    return mask


def _named(audience: AudienceMasks, recipients: Collection[Recipient | Kind]) -> int:
    """Rules that name recipients, and name enough of these: any of them, or all."""
    if not recipients or not (audience.any or audience.all):
        return 0
    number = audience.number
    found = [recipient.named[number] for recipient in recipients]
    mask = reduce(or_, found) & audience.any
    return mask | reduce(and_, found, audience.all) if audience.all else mask


def _excepted(audience: AudienceMasks, mail: Mail) -> int:
    sides = audience.sides[mail.side]
    return sides and sides & (audience.unnamed | _named(audience, mail.recipients))
