"""Why a hit was taken for a person's or a program's: each rule that spoke, in the language in force."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from stationer.clicks import RULES, duration

#: So many reasons are told where there is no room for all.
MOST = 2


def reasons_of(reasons: Sequence[Mapping[str, Any]]) -> list[tuple[int, str]]:
    """Each rule that spoke: its weight (below nothing: for a program), and its sentence."""
    return [(weight_of(one), reason(one)) for one in reasons]


def because(reasons: Sequence[Mapping[str, Any]]) -> str:
    """The weightiest of the rules that spoke for a person, as sentences; empty without any."""
    spoke = sorted((one for one in reasons if weight_of(one) > 0), key=weight_of, reverse=True)
    return " ".join(map(reason, spoke[:MOST]))


def weight_of(one: Mapping[str, Any]) -> int:
    """What the rule of this reason weighs now; 0 for one that is no more."""
    rule = RULES.get(str(one.get("rule")))
    return rule.weight if rule else 0


def reason(one: Mapping[str, Any]) -> str:
    """What this reason says; the name of a rule that is no more, or that saw less when this was written."""
    rule, saw = RULES.get(str(one.get("rule"))), one.get("saw")
    if rule is None:
        return str(one.get("rule"))
    values = saw if isinstance(saw, Mapping) else {}
    try:
        return _(rule.sentence).format_map({name: _filled(name, value) for name, value in values.items()})
    except (KeyError, ValueError):
        return rule.name


def _filled(name: str, value: object) -> str:
    """A place whose name ends in `_s` is a number of seconds (contract/clicks.md §2)."""
    return lasting(int(str(value))) if name.endswith("_s") else str(value)


def lasting(seconds: int) -> str:
    """A duration in words."""
    count, unit = duration(seconds)
    said = {
        "second": ngettext("{n} second", "{n} seconds", count),
        "minute": ngettext("{n} minute", "{n} minutes", count),
        "hour": ngettext("{n} hour", "{n} hours", count),
        "day": ngettext("{n} day", "{n} days", count),
    }
    return said[unit].format(n=count)
