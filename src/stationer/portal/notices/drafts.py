"""What notifications say, kept as versions: each save is one more, with who made it and when; an old one comes back as
a new one. And words that nobody has saved yet, for the preview.
"""

from __future__ import annotations

from hashlib import sha256
from typing import Any

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from stationer import notice
from stationer.portal.audit.recording import lines_of, record
from stationer.portal.notices.models import Wording, WordingVersion
from stationer.portal.notices.pens import drawn
from stationer.portal.people.models import Package, Pen
from stationer.portal.people.scope import current_pen_id
from stationer.wire.problem import Problem

#: How long words that are not saved can be previewed, in seconds.
KEPT_S = 3600
#: Octets of one wording: every word of ours in ten languages, and as much again.
LARGEST = 200_000


def newest() -> WordingVersion | None:
    """The version in force; None while it is as it comes."""
    return WordingVersion.objects.first()


def number() -> int:
    """The number of the version in force; 0 while it is as it comes."""
    row = newest()
    return row.number if row else 0


def said_in(version: int) -> Wording | None:
    """What the version of this number said; 0 is as it comes, None is never written."""
    if version == 0:
        return Wording()
    row = WordingVersion.objects.filter(number=version).first()
    return msgspec.convert(row.said, Wording) if row else None


def trial_key() -> notice.Key:
    """A key for notifications that are only shown: they prove nothing anywhere."""
    made = Ed25519PrivateKey.generate()
    return notice.Key("preview", made.public_key().public_bytes_raw(), made.private_bytes_raw())


def shown_pen(pen: Pen, said: Wording) -> notice.Pen:
    """The PEN as these words would have it, with a key that proves nothing."""
    senders: dict[str, tuple[str, ...]] = {row.outside_id: () for row in Package.objects.all()}
    return drawn(pen, said, senders, (trial_key(),))


def faults(pen: Pen, said: Wording) -> tuple[Problem, ...]:
    """All that is wrong with these words, each with its place (stationer.notice.faults)."""
    return notice.faults(shown_pen(pen, said))


def keep(pen: Pen, said: Wording, *, upon: int, by: str, restored: int | None = None) -> WordingVersion:
    """One more version, in force from now on. `upon`: the number that the person saw. Raises ValidationError, and
    keeps nothing, when something is wrong (by `faults`), or when another was kept meanwhile (code `overtaken`)."""
    if len(msgspec.json.encode(said)) > LARGEST:
        raise ValidationError(_("These are more words than notifications can have."), code="too-large")
    if wrong := faults(pen, said):
        raise ValidationError([ValidationError(f"{one.what} {one.next}", code=one.where) for one in wrong])
    before = newest()
    if (before.number if before else 0) != upon:
        raise ValidationError(
            _(
                "Somebody else has saved meanwhile. Nothing of yours is lost: look at theirs, then save again."
            ),
            code="overtaken",
        )
    plain: dict[str, Any] = msgspec.to_builtins(said)
    try:
        with transaction.atomic():
            row = WordingVersion(number=upon + 1, said=plain, restored=restored, made_by=by)
            row.clean_fields()
            row.save(force_insert=True)
            _tell(before.said if before else msgspec.to_builtins(Wording()), plain, row)
    except IntegrityError:
        raise ValidationError(
            _(
                "Somebody else has saved meanwhile. Nothing of yours is lost: look at theirs, then save again."
            ),
            code="overtaken",
        ) from None
    return row


def _tell(before: dict[str, Any], after: dict[str, Any], row: WordingVersion) -> None:
    record("changed", "wordingversion", str(row.number), noun_id=str(row.pk), lines=lines_of(before, after))


def put_aside(said: Wording) -> str:
    """Words that are not saved, for the preview of this PEN; the name by which they are found for an hour."""
    octets = msgspec.json.encode(said)
    name = sha256(octets).hexdigest()[:32]
    if len(octets) <= LARGEST:
        cache.set(_place(name), octets, KEPT_S)
    return name


def put_aside_as(name: str) -> Wording | None:
    """The words of that name; None when they are gone."""
    held = cache.get(_place(name))
    return msgspec.json.decode(held, type=Wording) if held else None


def _place(name: str) -> str:
    return f"notice-draft:{current_pen_id().hex}:{name}"
