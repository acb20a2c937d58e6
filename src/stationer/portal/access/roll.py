"""The roll: written within 2 s of any change to devices, members, groups or packages (contract/snapshot.md §4).

A change and the wish to write the roll are one transaction (`RollDue.wanted` grows with it). At its commit the roll
is written at once; what a crash or a full disk left over is written by the worker, and at the start. Serial, rows
and file belong together under the lock of the PEN's RollDue row, so two writers never put an older roll over a
newer one.
"""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any, cast

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from stationer.durable.files import make_folder, write_durably
from stationer.pick import pack
from stationer.portal.access.everyone import everyone
from stationer.portal.access.models import Device, RollDue
from stationer.portal.people.attributes import worn
from stationer.portal.people.models import Group, GroupMember, Member, Package, Pen
from stationer.portal.people.scope import outside_scope, pen_scope
from stationer.portal.publishing.meaning import further_names
from stationer.portal.site.start import signing_seed
from stationer.watch.log import Voice
from stationer.wire import ids, roll

ON_THE_ROLL = (Device, Member, Group, GroupMember, Package)
say = Voice("access")


def changed(sender: type, pen_id: uuid.UUID, **_: Any) -> None:
    """Rows were written (people.owned.rows_changed): the roll is due when they stand on it."""
    if sender in ON_THE_ROLL:
        want(pen_id)


def want(pen_id: uuid.UUID) -> None:
    """The roll of this PEN is due; it is written when the transaction commits."""
    rows = RollDue.objects.filter(pen_id=pen_id)
    if not rows.update(wanted=F("wanted") + 1):
        RollDue.objects.create(pen_id=pen_id)
    transaction.on_commit(lambda: write_now(pen_id))


def renamed(instance: Pen, created: bool, **_: Any) -> None:
    """A PEN was saved: the company's name stands with each of its people."""
    if not created:
        with pen_scope(instance):
            want(instance.pk)


def write_now(pen_id: uuid.UUID) -> None:
    """Write the roll if it is due; a disk that refuses is said in the log, and the worker tries again."""
    try:
        write(pen_id)
    except Exception:
        say.fault("roll-not-written", pen=ids.outside("pen", pen_id))


def write(pen_id: uuid.UUID) -> bool:
    """Write the roll if it is due. Returns whether it was. Raises OSError."""
    with pen_scope(pen_id):
        if not RollDue.objects.filter(wanted__gt=F("written")).exists():
            return False
        with transaction.atomic():
            due = RollDue.objects.select_for_update().get()
            if due.wanted <= due.written:
                return False
            path = folder(pen_id) / "roll.stn"
            due.serial = max(due.serial, serial_of(path)) + 1
            due.written, due.written_at = due.wanted, timezone.now()
            place(path, packed(pen_id, due.serial))
            due.save()
    say.info("roll-written", pen=ids.outside("pen", pen_id), serial=due.serial)
    return True


def packed(pen_id: uuid.UUID, serial: int) -> bytes:
    """The roll's file."""
    made_at = int(timezone.now().timestamp() * 1000)
    pen = ids.outside("pen", pen_id)
    return pack("roll", read(pen), pen=pen, serial=serial, made_at=made_at, private_key=signing_seed())


def read(pen: str) -> roll.Roll:
    """The PEN in scope, as the edge needs it; its people are encoded already."""
    devices = Device.objects.filter(revoked_at=None, member__isnull=False).order_by("id")
    return roll.Roll(
        pen=pen,
        devices=tuple(
            roll.Device(
                id=row.outside_id,
                token_sha256=bytes(row.token_sha256),
                member=ids.outside("member", row.member_id),
                scopes=tuple(row.scopes),
            )
            for row in devices
            if row.member_id
        ),
        people=cast("tuple[roll.Person, ...]", tuple(everyone())),
    )


def person(row: Member) -> roll.Person:
    """A member as the edge and the preview know them; the package's disclaimer is an attribute like any
    other, and so is what everybody has."""
    further = further_names()
    return roll.Person(
        id=row.outside_id,
        address=row.address,
        attributes=worn(row.attributes, row.address, row.pen.name, row.package),
        groups=tuple(sorted({n for one in row.groups.all() for n in further.of_group(one.pk, one.name)})),
        package=further.of_package(row.package_id, row.package.name),
        aliases=tuple(row.aliases),
        packages=further.packages.get(row.package_id, ()),
    )


def write_all_due() -> int:
    """Write every roll that is due: at the start, and by the worker. Returns how many were written."""
    with outside_scope(reason="which PENs' rolls are due"):
        due = list(RollDue.objects.filter(wanted__gt=F("written")).values_list("pen_id", flat=True))
    return sum(write(pen_id) for pen_id in due)


def write_missing() -> None:
    """Make a roll due again whose file is gone or older than the row says (a restored folder)."""
    with outside_scope(reason="which PENs' rolls are missing at the edge"):
        rows = list(RollDue.objects.filter(wanted=F("written")).values_list("pen_id", "serial"))
    for pen_id, serial in rows:
        if serial_of(folder(pen_id) / "roll.stn") < serial:
            with pen_scope(pen_id), transaction.atomic():
                want(pen_id)


def folder(pen_id: uuid.UUID) -> Path:
    """Where this PEN's files go down to the edge."""
    return settings.PORTAL.edge_folder / ids.outside("pen", pen_id)


def serial_of(path: Path) -> int:
    """The serial in a file's head (contract/snapshot.md §1), 0 where there is none."""
    try:
        with path.open("rb") as file:
            return int.from_bytes(file.read(16)[8:], "big")
    except FileNotFoundError:
        return 0


def place(path: Path, data: bytes) -> None:
    """Put a file down for the edge, durably; the edge's own user may read it."""
    make_folder(path.parent)
    write_durably(path, data)
