"""Somebody leaves the company, or an address is taken from them: what they had shown to read with it counts no more.

The address may be somebody else's tomorrow; whoever reads its mailbox then gets a code.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from django.db import transaction

from stationer.portal.people.models import Member
from stationer.portal.people.scope import pen_scope
from stationer.portal.reading.models import Code, Contact, Sitting
from stationer.portal.vault.grants import named


def before_save(instance: Member, **_: Any) -> None:
    """The listener of `pre_save`: addresses that a member no longer has."""
    if instance._state.adding:
        return
    with pen_scope(instance.pen_id):
        before = Member.objects.filter(pk=instance.pk).first()
    if before is not None:
        _gone(instance.pen_id, named(before) - named(instance))


def after_delete(instance: Member, **_: Any) -> None:
    """The listener of `post_delete`."""
    _gone(instance.pen_id, named(instance))


def _gone(pen_id: uuid.UUID, addresses: Iterable[str]) -> None:
    if addresses:
        with pen_scope(pen_id):
            for address in addresses:
                shut(address)


def shut(address: str) -> bool:
    """Take from an address whatever it opens letters with: passkeys, secret and password, codes, and its place in every
    sitting. Whether there was anything."""
    with transaction.atomic():
        codes = Code.objects.filter(address=address).delete()[0]
        contacts = Contact.objects.filter(address=address).delete()[0]
        if contacts:  # whoever has sat here has a row
            _sign_out(address)
    return bool(codes or contacts)


def _sign_out(address: str) -> None:
    for row in Sitting.objects.filter(shown__has_key=address).iterator(chunk_size=500):
        row.shown = {one: level for one, level in row.shown.items() if one != address}
        if row.shown:
            row.save(update_fields=["shown"])
        else:
            row.delete()
