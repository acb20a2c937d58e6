"""Publish: the drafts become the stationery in force, or nothing happens and everything to mend is said.

Under the PEN's lock: define, compile, sign, keep the bytes, write the row. The file for the edge follows at commit
(`publishing.placing`), and again by the worker if that was cut short.
"""

from __future__ import annotations

import uuid
from hashlib import sha256

import msgspec
from django.conf import settings
from django.db import OperationalError, transaction
from django.utils import timezone

from stationer.pick import Compiled, Damaged, called, carry_links, illustrated, pack, unpack
from stationer.portal.access.models import Account
from stationer.portal.access.roll import folder, serial_of, want
from stationer.portal.content.pictures import blobs, octets
from stationer.portal.people.beside import met, patiently, whole
from stationer.portal.people.models import Pen
from stationer.portal.people.scope import pen_scope
from stationer.portal.publishing.changes import Change, Drafts, between, drafts, last_publication, read
from stationer.portal.publishing.defining import define, votes_base
from stationer.portal.publishing.meaning import FurtherNames, Knows, further_names, meant
from stationer.portal.publishing.models import Publication
from stationer.portal.publishing.placing import place_now
from stationer.portal.site.start import signing_seed
from stationer.portal.surveys.noting import note
from stationer.watch.log import Voice

say = Voice("publishing")


class NothingToPublish(ValueError):
    """What is in force is what the drafts say."""


class Moved(ValueError):
    """The drafts are others than the person saw."""


def seen(last: Publication | None, said: Drafts) -> str:
    """Names what was `said` and the version it would follow: all that the Publish page tells of, on however many
    pages."""
    return sha256(msgspec.json.encode([last.serial if last else 0, said], order="deterministic")).hexdigest()


def publish(
    pen: Pen,
    by: Account | None,
    about: str = "",
    *,
    by_name: str = "",
    expected: str = "",
    anew: bool = True,
) -> Publication:
    """Put the drafts of this PEN in force; `by_name` is for a program.

    `expected` is what was `seen`, where somebody looked; `anew`: also when nothing is different, as after an upgrade.
    Raises NotReady with everything to mend, Moved, or NothingToPublish; then nothing changed.
    """
    name = by.email if by else by_name
    with pen_scope(pen):
        try:
            row = patiently(lambda: _published(by, about, name, expected, anew))
        except OperationalError as fault:
            if not met(fault):
                raise
            raise Moved from fault  # others write again and again: what is there now is looked at once more
    say.info("published", pen=pen.outside_id, serial=row.serial, changes=len(row.changed))
    return row


def _published(by: Account | None, about: str, by_name: str, expected: str, anew: bool) -> Publication:
    pen, before = whole(), further_names()
    row = _publication(pen, by, about, by_name, expected, anew)
    follow(pen.pk, before)
    return row


def follow(pen_id: uuid.UUID, before: FurtherNames) -> None:
    """At commit the snapshot goes down, and after it the roll, where it knew people by names (`before`) that the new
    version no longer says."""
    transaction.on_commit(lambda: place_now(pen_id))
    if further_names() != before:
        want(pen_id)


def _publication(
    pen: Pen, by: Account | None, about: str, by_name: str, expected: str, anew: bool
) -> Publication:
    rows = read()
    last, said = last_publication(), drafts(pen, rows)
    if expected and expected != seen(last, said):
        raise Moved
    changed = between(last.drafts if last else {}, said, rows.by_outside_id())
    if last and not changed and not anew:
        raise NothingToPublish
    _, compiled = define(pen, rows)
    compiled = illustrated(compiled, octets(rows.pictures, called(compiled.contents.values())))
    return put_down(pen, compiled, said, changed, by, about, by_name)


def put_down(
    pen: Pen,
    compiled: Compiled,
    said: Drafts,
    changed: list[Change],
    by: Account | None,
    about: str,
    by_name: str,
    knows: Knows | None = None,
) -> Publication:
    """The next publication: these bytes, made from what was `said`. The PEN is locked by whoever calls. `knows` is
    what the names in it mean; without it what they mean now."""
    now, last = timezone.now(), last_publication()
    compiled = _with_old_links(compiled, int(now.timestamp() * 1000))
    compiled = msgspec.structs.replace(compiled, votes=votes_base(pen))
    # after a restored database the edge's own file may be ahead; a serial never goes back
    serial = max(last.serial if last else 0, serial_of(folder(pen.pk) / "snapshot.stn")) + 1
    packed = pack(
        "snapshot",
        compiled,
        pen=pen.outside_id,
        serial=serial,
        made_at=int(now.timestamp() * 1000),
        private_key=signing_seed(),
    )
    row = Publication(
        serial=serial,
        made_at=now,
        by=by,
        by_name=by_name,
        about=about[:200],
        digest=sha256(packed).hexdigest(),
        changed=msgspec.to_builtins(changed),
        drafts=said,
        knows=meant(said) if knows is None else knows,
    )
    row.pen_id = pen.pk
    blobs().put(row.blob, packed)
    row.save()
    note(compiled, now)
    return row


def _with_old_links(compiled: Compiled, now: int) -> Compiled:
    """The snapshot with the link targets of all that was published before (contract/snapshot.md §7)."""
    days = settings.PORTAL.link_life_days
    for row in Publication.objects.iterator(1):
        try:
            payload = unpack(blobs().get(row.blob), kind="snapshot", public_key=None).payload
        except (OSError, Damaged, LookupError) as fault:
            say.error("publication-unreadable", blob=row.blob, reason=str(fault))
            continue
        if isinstance(payload, Compiled):
            life_ms = days * 86_400_000 if days else None
            return carry_links(payload, compiled, now=now, life_ms=life_ms)
    return compiled
