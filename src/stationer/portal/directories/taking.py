"""What a directory says → an import, as `people.importing` reads it; and whether there is anything in it to look at.

Columns: `id`, then what the rules are for, then `groups`: places in `Sync.teams`, since a group's name may hold any
character. Lines are in the order of ids, so that the same directory makes the same octets.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from hashlib import blake2b

from django.db import transaction
from django.utils import timezone

from stationer.portal.directories.models import Directory, Sync
from stationer.portal.directories.nesting import places
from stationer.portal.directories.staging import proper_name
from stationer.portal.directories.told import Problem, Whole
from stationer.portal.directories.transforms import Rule, rules_of
from stationer.portal.people.exporting import safe
from stationer.portal.people.importing import files, work
from stationer.portal.people.importing.staging import wanted
from stationer.portal.people.models import Import

#: More characters than a detail may have, and fewer than a cell may.
MOST_VALUE, MOST_ALIASES = 2_000, 20_000
Outcome = Sync.Outcome


def columns(rules: Sequence[Rule]) -> list[str]:
    """What each column is (people.importing.columns, and `id`)."""
    return ["id", *(rule.to for rule in rules), "groups"]


def lines(whole: Whole, rules: Sequence[Rule]) -> Iterator[str]:
    """CSV (RFC 4180), one line a person."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    of = places(whole.teams)
    number = {team.id: str(place) for place, team in enumerate(whole.teams)}
    writer.writerow(columns(rules))
    for person in sorted(whole.people, key=lambda one: one.id):
        cells = [_cell(rule, rule.all_of(person.values)) for rule in rules]
        writer.writerow([_id(person.id), *cells, ";".join(number[team] for team in of.get(person.key, ()))])
        yield out.getvalue()
        out.seek(0)
        out.truncate()
    yield out.getvalue()


def _id(text: str) -> str:
    """As it can be kept. Raises Problem: of whom the line speaks nobody would know."""
    kept = _plain(text)[:500]
    if not kept:
        raise Problem("answer", said="no id")
    return kept


def _plain(text: str) -> str:
    """One line, without U+0000, which no database keeps."""
    return " ".join(text.replace("\0", "\ufffd").split())


def _cell(rule: Rule, values: Sequence[str]) -> str:
    """What is too long is cut so that it is too long still: this person's line is wrong, and no other."""
    texts = [_plain(one)[:MOST_VALUE] for one in values]
    if rule.to != "aliases":
        return safe("".join(texts[:1]))
    said = "; ".join(texts)
    return safe(said) if len(said) <= MOST_ALIASES else "…"


def take(row: Directory, sync: Sync, whole: Whole) -> Import | None:
    """An import that waits to be looked at; None where nothing is new since all of it was put in place, or since a
    plan that still waits. Raises Unreadable, OSError; then nothing is kept."""
    rules = rules_of(row.rules)
    octets = [text.encode() for text in lines(whole, rules)]
    sync.people, sync.requests = len(whole.people), whole.requests
    sync.teams = [[_id(team.id), proper_name(team.name)] for team in whole.teams]
    sync.fingerprint = f"{row.mark}-{fingerprint(sync.teams, octets)}"
    if sync.fingerprint == row.fingerprint and row.known == wanted():
        return None
    waiting = row.syncs.filter(outcome__in=Sync.OPEN).select_related("of")
    if any(one.fingerprint == sync.fingerprint and one.of and one.of.seen == wanted() for one in waiting):
        return None
    return _kept(row, sync, columns(rules), octets)


def fingerprint(teams: list[list[str]], octets: Sequence[bytes]) -> str:
    """BLAKE2b of all that it said."""
    said = blake2b(repr(teams).encode(), digest_size=20)
    for one in octets:
        said.update(one)
    return said.hexdigest()


def _kept(row: Directory, sync: Sync, targets: list[str], octets: Sequence[bytes]) -> Import:
    found = Import(
        name=row.name, by_name=row.name, columns=targets, encoding="utf-8-sig", delimiter=",", heading=True,
        empty="clear", groups="exact", gone="remove", state=Import.State.CHECKING,
    )  # fmt: skip
    found.size = files.keep(found.pk, octets)
    try:
        with transaction.atomic():
            overtake(row)
            found.save()
            sync.of, sync.outcome = found, Outcome.LOOKING
            sync.save()
    except BaseException:
        files.forget(found.pk)
        raise
    return found


def overtake(row: Directory) -> None:
    """Plans of before are no more."""
    for old in row.syncs.filter(outcome__in=Sync.OPEN).select_related("of"):
        if old.of is not None and old.of.state == Import.State.APPLYING:
            continue  # on its way: whether its settings still hold is asked there
        if old.of is not None:
            work.drop(old.of)
        Sync.objects.filter(pk=old.pk).update(outcome=Outcome.OVERTAKEN, ended_at=timezone.now())
