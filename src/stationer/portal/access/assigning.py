"""Nobody gives away, or takes from anyone, what they have not got themselves: how roles stand to one another."""

from __future__ import annotations

from stationer.portal.access.models import Role
from stationer.portal.access.presence import Presence
from stationer.portal.access.rights import BUILT_IN, Right, closed
from stationer.portal.people.models import Member


def beyond(rights: frozenset[Right], member: Member) -> bool:
    """Whether this member may do something that is not among these rights."""
    return any(not row.rights <= rights for row in member.memberships.select_related("own_role"))


def above(here: Presence, member: Member) -> bool:
    """Whether a member stands above who is here: may do more, or owns the PEN where `here` does not."""
    owns = any(row.is_owner for row in member.memberships.all())
    return beyond(here.rights, member) or (owns and not here.is_owner)


def may_give(here: Presence, role: str | Role) -> bool:
    """Whether who is here may give this role (or `none`): no more than they have, and ownership by owners alone."""
    if role == "owner":
        return here.is_owner
    rights = closed(role.rights) if isinstance(role, Role) else BUILT_IN.get(role, frozenset())
    return here.may("manage-roles") and rights <= here.rights
