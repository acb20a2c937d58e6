"""Findings in the reader's language."""

from __future__ import annotations

from django.utils.translation import gettext

from stationer.repute import RULES, Finding


def sentence(finding: Finding) -> str:
    """What was found. A rule that is no more says its name."""
    rule = RULES.get(finding.rule)
    return gettext(rule.sentence).format_map(_saw(finding)) if rule else finding.rule


def mend(finding: Finding) -> str:
    """What to do about it."""
    rule = RULES.get(finding.rule)
    return gettext(rule.mend).format_map(_saw(finding)) if rule else ""


def _saw(finding: Finding) -> dict[str, str]:
    """What zones say of their codes is translated; all else are names and numbers."""
    saw = dict(finding.saw)
    if says := saw.get("says"):
        saw["says"] = ", ".join(gettext(one) for one in says.split(", "))
    return saw
