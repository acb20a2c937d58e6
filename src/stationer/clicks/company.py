"""What a hit is found among: other requests for links of its mail, and what its address did on other mails."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from stationer.clicks.agents import agent
from stationer.clicks.itself import is_browsed
from stationer.clicks.networks import network_of
from stationer.clicks.seen import DECOY, Around, Reason, Seen

#: Programs that follow all links of a mail do it within this.
SWEEP_MS = 10_000
PAIR_MS = 2_500
#: How far a decoy speaks for what the same address did.
DECOY_MS = 600_000
REPEAT_MS = 60_000
EARLY_MS = 60_000
LATER_MS = 20_000
ADDRESSES_MS = 30_000


def seconds(ms: int) -> int:
    """Whole seconds, rounded up: two things never lie 0 seconds apart."""
    return max(1, -(-abs(ms) // 1000))


def _span(hits: Iterable[Seen]) -> int:
    times = [one.at for one in hits]
    return seconds(max(times) - min(times))


def in_mail(hit: Seen, others: Sequence[Seen], sent: int | None) -> Iterator[Reason]:
    """Reasons that lie in the other hits of the same mail."""
    same = [one for one in others if one.address == hit.address and hit.address]
    if hit.number != DECOY and any(one.number == DECOY and abs(one.at - hit.at) <= DECOY_MS for one in same):
        yield Reason("decoy-near")
    yield from _swept(hit, same, others)
    yield from _asked_again(hit, others)
    yield from _addresses(hit, others)
    yield from _before_and_after(hit, others, sent)


def _swept(hit: Seen, same: Sequence[Seen], others: Sequence[Seen]) -> Iterator[Reason]:
    if hit.number == DECOY:
        return
    mine = _links([hit, *near(hit, same, SWEEP_MS)])
    every = _links([hit, *near(hit, others, SWEEP_MS)])
    pair = _links([hit, *near(hit, same, PAIR_MS)])
    addresses = len({one.address for one in every})
    if _different(mine) >= 3:
        yield Reason("sweep", {"links": _different(mine), "within_s": _span(mine)})
        if _in_order(mine):
            yield Reason("in-order")
    elif _different(every) >= 3 and addresses > 1:
        saw: dict[str, str | int] = {
            "links": _different(every),
            "within_s": _span(every),
            "addresses": addresses,
        }
        yield Reason("sweep-apart", saw)
    elif _different(pair) == 2:
        yield Reason("pair", {"within_s": _span(pair)})


def _different(hits: Iterable[Seen]) -> int:
    """How many links these are."""
    return len({one.number for one in hits})


def near(hit: Seen, others: Iterable[Seen], ms: int) -> list[Seen]:
    """Those of these hits that lie within so many milliseconds, before or after."""
    return [one for one in others if abs(one.at - hit.at) <= ms]


def _links(hits: Iterable[Seen]) -> list[Seen]:
    """The first GET or HEAD of each link and address, without decoys, by time."""
    found: dict[tuple[int, str], Seen] = {}
    for one in sorted(hits, key=lambda one: (one.at, one.number)):
        if one.number != DECOY:
            found.setdefault((one.number, one.address), one)
    return list(found.values())


def _in_order(hits: Sequence[Seen]) -> bool:
    numbers = [one.number for one in hits]
    return numbers == sorted(numbers)


def _asked_again(hit: Seen, others: Sequence[Seen]) -> Iterator[Reason]:
    same = [one for one in others if one.who == hit.who and one.number == hit.number]
    heads = [one for one in same if one.method == "HEAD" and 0 <= hit.at - one.at <= REPEAT_MS]
    if heads and hit.method != "HEAD" and agent(hit.agent).kind != "office":
        yield Reason("head-first", {"before_s": seconds(hit.at - heads[-1].at)})
    gets = [one for one in near(hit, same, REPEAT_MS) if one.method == hit.method]
    if len(gets) >= 4:
        yield Reason("hammering", {"times": len(gets) + 1, "within_s": _span([hit, *gets])})
    if before := asked_before(hit, others):
        yield Reason("repeat", {"before_s": seconds(hit.at - before[0].at)})


def asked_before(hit: Seen, others: Sequence[Seen]) -> list[Seen]:
    """Requests of the same reader for the same link, a moment before, the last first."""
    same = [one for one in others if one.who == hit.who and one.number == hit.number]
    gets = [one for one in near(hit, same, REPEAT_MS) if one.method == hit.method]
    before = [one for one in gets if (one.at, one.id) < (hit.at, hit.id)]
    return sorted(before, key=lambda one: (one.at, one.id), reverse=True)


def _addresses(hit: Seen, others: Sequence[Seen]) -> Iterator[Reason]:
    asked = [hit, *(one for one in near(hit, others, ADDRESSES_MS) if one.number == hit.number)]
    addresses = {one.address for one in asked if one.address}
    if len(addresses) >= 4:
        yield Reason("many-addresses", {"addresses": len(addresses), "within_s": _span(asked)})


def _before_and_after(hit: Seen, others: Sequence[Seen], sent: int | None) -> Iterator[Reason]:
    before = [one for one in others if one.at < hit.at and one.address != hit.address]
    checks = [one for one in before if not is_browsed(one)]
    if checks and is_browsed(hit):
        yield Reason("checked-before", {"requests": len(checks)})
    mine = [one.at for one in others if one.who == hit.who and hit.at - one.at > REPEAT_MS]
    if mine and is_browsed(hit):
        yield Reason("came-back", {"before_s": seconds(hit.at - max(mine))})
    if sent is not None and 0 <= hit.at - sent <= EARLY_MS and any(_opened_later(hit, one) for one in others):
        yield Reason("followed", {"after_s": seconds(hit.at - sent)})


def _opened_later(hit: Seen, one: Seen) -> bool:
    apart = one.agent != hit.agent and one.address != hit.address
    return one.number == hit.number and one.at - hit.at >= LATER_MS and apart and is_browsed(one)


# ── what its address did on other mails ──


def elsewhere(hit: Seen, around: Around) -> Iterator[Reason]:
    """Reasons that lie in whose address it is, and what it did elsewhere."""
    known = network_of(hit.address)
    if known and known[0] == "shared":
        yield Reason("shared-network", {"address": hit.address, "name": known[1]})
        return
    if known:
        yield Reason("scanner-network", {"address": hit.address, "name": known[1]})
    others = [one for one in around.elsewhere if one.mail != hit.mail and one.address == hit.address]
    if not others or not hit.address:
        return
    for span, least in ((SWEEP_MS, 3), (60_000, 8)):
        close = [hit, *near(hit, others, span // 2)]
        if (mails := len({one.mail for one in close})) >= least:
            yield Reason("other-mails", {"mails": mails, "within_s": _span(close)})
            break
    if (swept := _swept_mails(others)) >= 2:
        yield Reason("other-mails-swept", {"mails": swept})


def _swept_mails(others: Iterable[Seen]) -> int:
    """On how many mails this address followed the decoy, asked for headers, or followed three links at once."""
    mails: dict[str, list[Seen]] = defaultdict(list)
    for one in others:
        mails[one.mail].append(one)
    return sum(_is_sweep(hits) for hits in mails.values())


def _is_sweep(hits: Sequence[Seen]) -> bool:
    if any(one.number == DECOY or one.method == "HEAD" for one in hits):
        return True
    return any(_different(near(one, hits, SWEEP_MS)) >= 3 for one in hits)
