"""The hourly look: claim what is due by a lease, ask, note what was found, what is wrong since when, what healed."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from stationer.lookup import Asker
from stationer.portal.reputation import judging, subjects, telling
from stationer.portal.reputation.models import Look, Trouble, Watched, ZoneState
from stationer.repute import Finding, Listed, next_look, step
from stationer.watch.log import Voice

#: Longer than the longest look; of a worker that was killed the thing is looked at again when it ends.
LEASE = timedelta(minutes=5)
MOST_AT_ONCE = 10
KEEP = timedelta(days=90)
#: What no zone has said for so long is over: a list that died, or is asked no more, pauses nothing for ever.
SILENT = timedelta(days=1)
#: What alarms though mail does not suffer yet.
SOON = {"tls-ends"}
say = Voice("reputation")


@dataclass(frozen=True)
class Sight:
    """What one look says of one trouble: `listed`, `clean`, or a word that changes nothing."""

    about: str
    verdict: str
    finding: Finding
    alarms: bool


def turn() -> int:
    """Look at what is due. Returns how many things were looked at."""
    asker = judging.asker()
    rows = claim(timezone.now())
    for row in rows:
        look(row, asker)
    return len(rows)


def claim(now: datetime) -> list[Watched]:
    """Lease what is due: of two workers only one gets each."""
    due = Q(due_at__lte=now) & (Q(leased_until=None) | Q(leased_until__lt=now))
    keys = list(Watched.objects.filter(due).order_by("due_at").values_list("pk", flat=True)[:MOST_AT_ONCE])
    until = now + LEASE + timedelta(microseconds=secrets.randbelow(1_000_000))
    Watched.objects.filter(due, pk__in=keys).update(leased_until=until)
    return list(Watched.objects.filter(pk__in=keys, leased_until=until).select_related("pen"))


def look(row: Watched, asker: Asker) -> None:
    """Ask all that there is to ask about one thing, and note it. What is watched no more goes."""
    subject = subjects.of(row)
    if subject is None:
        row.delete()
        return
    now = timezone.now()
    moment = int(now.timestamp() * 1000)
    found = asker.settle(lambda book: judging.findings(subject, moment, book))
    said = asker.settle(lambda book: judging.said(subject, book))
    for one in said:
        ZoneState.objects.update_or_create(
            zone=one.zone.zone, defaults={"tried_at": now, "trouble": one.trouble}
        )
    note(row.pk, found, [*of_zones(row.name, said), *of_findings(found, known(row))], now)


def known(row: Watched) -> set[str]:
    """The rules whose trouble is open."""
    return set(row.troubles.filter(healed_at=None, about__startswith="rule:").values_list("rule", flat=True))


def of_zones(thing: str, said: Iterable[judging.Said]) -> list[Sight]:
    """What zones say; one that is not believed says nothing."""
    found = []
    for one in said:
        saw = {
            "thing": thing,
            "list": one.zone.name,
            "says": ", ".join(one.reading.says) or ", ".join(one.reading.codes),
            "delist": one.zone.delist.replace("{thing}", thing),
            "reason": one.reason,
        }
        alarms = one.reading.alarms
        finding = Finding("listed" if alarms else "listed-noted", saw)
        verdict = one.reading.verdict if not one.trouble else "unknown"
        found.append(Sight(f"zone:{one.zone.zone}", verdict, finding, alarms))
    return found


def of_findings(found: list[Finding], open_: set[str]) -> list[Sight]:
    """What checks say of each rule that is broken, or was. Where somebody did not answer, nothing has healed."""
    silent = any(one.level == "unknown" for one in found)
    broken = {one.rule: one for one in found if one.level == "bad" or one.rule in SOON}
    sights = [Sight(f"rule:{rule}", "listed", one, True) for rule, one in broken.items()]
    over = sorted(open_ - set(broken))
    return [
        *sights,
        *(Sight(f"rule:{rule}", "unknown" if silent else "clean", Finding(rule), True) for rule in over),
    ]


def note(key: uuid.UUID, found: list[Finding], sights: list[Sight], now: datetime) -> None:
    """Keep one look, whole or not at all; whoever is to know is told with it."""
    with transaction.atomic():
        row = Watched.objects.select_for_update(of=("self",)).select_related("pen").filter(pk=key).first()
        if row is None:
            return
        undecided = False
        for sight in sights:
            undecided |= _one(row, sight, now)
        row.troubles.filter(healed_at=None, seen_at__lt=now - SILENT).update(healed_at=now)
        wrong = [one for one in found if one.level == "bad" or one.rule in SOON]
        unknown = sum(one.level == "unknown" for one in found)
        if row.sound_at is None and not wrong and not unknown:
            row.sound_at = now
        listed = [
            one for one in sights if one.about.startswith("zone:") and one.verdict == "listed" and one.alarms
        ]
        Look.objects.create(watched=row, at=now, wrong=len(wrong) + len(listed), unknown=unknown)
        row.findings = [[one.rule, one.saw] for one in found]
        row.looked_at, row.leased_until = now, None
        chance = secrets.randbelow(1000) / 1000
        moment = next_look(int(now.timestamp() * 1000), undecided, chance)
        row.due_at = datetime.fromtimestamp(moment / 1000, UTC)
        _pause(row, now)
        row.save()


def _one(row: Watched, sight: Sight, now: datetime) -> bool:
    """Bring one trouble on by a sight. Returns whether it is undecided."""
    past = row.troubles.filter(about=sight.about, healed_at=None).first()
    before = Listed(past.sights, past.cleans, past.confirmed_at is not None) if past else None
    after = step(before, sight.verdict)
    trouble = past or Trouble(watched=row, about=sight.about, since=now)
    if sight.verdict == "listed":
        trouble.rule, trouble.saw, trouble.alarms = sight.finding.rule, sight.finding.saw, sight.alarms
        trouble.seen_at = now
    if after.listed is None:
        if after.happened == "healed":
            trouble.healed_at, trouble.cleans = now, trouble.cleans + 1
            trouble.save()
        elif past is not None:
            past.delete()
    else:
        trouble.sights, trouble.cleans = after.listed.sights, after.listed.cleans
        trouble.confirmed_at = now if after.happened == "alarm" else trouble.confirmed_at
        trouble.save()
    if after.happened and _matters(row, trouble):
        say.warning(
            "reputation-alarm" if after.happened == "alarm" else "reputation-healed",
            kind=row.kind, about=sight.about, watched=str(row.pk),
        )  # fmt: skip
        telling.tell(row, trouble)
    return after.open


def _matters(row: Watched, trouble: Trouble) -> bool:
    """A listing always does. A check does where the thing was whole before it broke: whoever sets up a domain looks at
    it, and is told neither that it is not right yet nor that it is now."""
    if trouble.about.startswith("zone:"):
        return trouble.alarms
    sound, confirmed = row.sound_at, trouble.confirmed_at
    return sound is not None and confirmed is not None and confirmed > sound


def _pause(row: Watched, now: datetime) -> None:
    """A way out rests while the address it leaves from, or its greeting, is on a list."""
    listed = row.troubles.filter(
        about__startswith="zone:", alarms=True, healed_at=None, confirmed_at__isnull=False
    ).exists()
    if row.kind not in (Watched.Kind.ADDRESS, Watched.Kind.HELO) or not listed:
        row.paused_at = None
    elif row.paused_at is None:
        row.paused_at = now


def forget_old() -> int:
    """Looks of three months ago, and troubles that were over then. Returns how many rows went."""
    old = timezone.now() - KEEP
    gone = Look.objects.filter(at__lt=old).delete()[0]
    return gone + Trouble.objects.filter(healed_at__lt=old).delete()[0]
