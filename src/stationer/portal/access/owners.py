"""A PEN always has an owner: the last one is not demoted, shut out or taken out, whichever way it is tried.

Said by Django's signals, so that it holds for pages, the API, commands, and for what goes when a member goes (a bulk
`update` of memberships would pass them, and nothing makes one).
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from stationer.portal.access.models import Membership
from stationer.portal.people.models import Pen


class LastOwner(ValidationError):
    """The PEN would have no owner left."""

    def __init__(self) -> None:
        super().__init__(_("This is the last owner. Make somebody else an owner first."), code="last-owner")


def _others(row: Membership) -> bool:
    """Whether somebody else is an owner, asked under the PEN's lock so that two cannot step down at once."""
    Pen.objects.select_for_update(no_key=True).filter(pk=row.pen_id).first()
    return Membership.objects.filter(pen=row.pen_id, role=Membership.Role.OWNER).exclude(pk=row.pk).exists()


def before_save(instance: Membership, raw: bool = False, **_: Any) -> None:
    """Raises LastOwner when this save demotes the last one."""
    if raw or instance._state.adding or instance.is_owner:
        return
    was = Membership.objects.filter(pk=instance.pk, role=Membership.Role.OWNER).exists()
    if was and not _others(instance):
        raise LastOwner


def before_delete(instance: Membership, **_: Any) -> None:
    """Raises LastOwner when the last one goes."""
    if instance.is_owner and not _others(instance):
        raise LastOwner
