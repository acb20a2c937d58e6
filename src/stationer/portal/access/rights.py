"""What a person or a key may do in a PEN: a closed list of rights, and the five roles that everyone has.

A right is asked for in one place, `access.presence.needs` (pages) or `access.programs.Key` (the API). What is built
on another right brings it along (`closed`): whoever may change people sees them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, cast, get_args

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Right = Literal[
    "see-names",
    "see-people",
    "change-people",
    "see-content",
    "change-content",
    "publish",
    "see-figures",
    "see-visitors",
    "tell-visits",
    "see-settings",
    "change-settings",
    "see-audit",
    "manage-roles",
    "send-sealed",
]
RIGHTS = cast("tuple[Right, ...]", get_args(Right))
EVERYTHING: frozenset[Right] = frozenset(RIGHTS)

#: What each right cannot do without.
BRINGS: dict[Right, tuple[Right, ...]] = {
    "see-people": ("see-names",),
    "change-people": ("see-people",),
    "change-content": ("see-content",),
    "publish": ("see-content",),
    "see-figures": ("see-names",),
    "see-visitors": ("see-figures",),
    "change-settings": ("see-settings",),
    "manage-roles": ("see-people", "see-settings"),
}

#: Each right as the end of “Whoever has this role may …”.
SENTENCES: dict[Right, str | Promise] = {
    "see-names": _("see who is in the company, by name and address"),
    "see-people": _("see what the letterhead knows of people, their groups and devices"),
    "change-people": _("bring people in, change them, take them out, revoke their devices"),
    "see-content": _("see templates and campaigns, and what waits for Publish"),
    "change-content": _("write templates and campaigns"),
    "publish": _("publish: put what was written on everybody’s mail"),
    "see-figures": _("see figures: how many mails, how many clicks, whose and where to"),
    "see-visitors": _("see who followed links, by address"),
    "tell-visits": _("tell which pages of your web site were looked at (for a key of its server)"),
    "see-settings": _("see the company’s settings and roles"),
    "change-settings": _("change the company’s settings"),
    "see-audit": _("see who did what"),
    "send-sealed": _(
        "send secure messages for anybody of the company, and look at what it sent (for a program)"
    ),
    "manage-roles": _("say who may sign in, and what they may do"),
}

#: The roles every PEN has. `own` is not among them: its rights stand in the PEN's own Role.
BUILT_IN: dict[str, frozenset[Right]] = {
    "owner": EVERYTHING,
    "marketer": frozenset(
        {"see-names", "see-content", "change-content", "publish", "see-figures", "see-visitors"}
    ),
    "people-admin": frozenset({"see-names", "see-people", "change-people"}),
    "auditor": frozenset(
        {"see-names", "see-people", "see-content", "see-figures", "see-visitors", "see-settings", "see-audit"}
    ),
    "member": frozenset(),
}

ROLE_NAMES: dict[str, str | Promise] = {
    "owner": _("owner"),
    "marketer": _("marketer"),
    "people-admin": _("people admin"),
    "auditor": _("auditor"),
    "member": _("member"),
}


def closed(rights: Iterable[str]) -> frozenset[Right]:
    """These rights with all that they bring along. What is no right is left out."""
    found: set[Right] = set()
    more = [right for right in RIGHTS if right in set(rights)]
    while more:
        right = more.pop()
        if right not in found:
            found.add(right)
            more.extend(BRINGS.get(right, ()))
    return frozenset(found)


def in_order(rights: Iterable[str]) -> list[Right]:
    """These rights as the list has them."""
    wanted = set(rights)
    return [right for right in RIGHTS if right in wanted]
