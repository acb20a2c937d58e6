"""Groups, packages and lists are named in rules: what names one, and how it gets another name.

Whoever renames one renames it in every draft, in the same transaction and told as one thing. Mail goes on by the
version in force, which keeps what it means (publishing.meaning), until the next Publish.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from stationer.portal.access.models import Account
from stationer.portal.audit.actor import in_one
from stationer.portal.audit.recording import noun_of, record
from stationer.portal.content.models import Binned, Campaign, Template
from stationer.portal.people.beside import alone
from stationer.portal.people.discarding import discard
from stationer.portal.people.models import AddressList, Group, Package, Pen
from stationer.portal.people.scope import current_pen_id
from stationer.portal.publishing.changes import last_publication
from stationer.portal.publishing.meaning import PARTS, hold, in_names, in_rule

Named = Group | Package | AddressList
#: Under which key rules name it.
KINDS: dict[type[Any], str] = {Group: "groups", Package: "packages", AddressList: "lists"}


@dataclass(frozen=True)
class Use:
    """A rule, or the settings, that name it; `in_force` when mail goes by it now, `url` while there is a page."""

    said: str
    url: str
    draft: bool
    in_force: bool


def names(rule: dict[str, Any], kind: str, name: str) -> bool:
    """Whether a rule names it."""
    return any(name in ((rule.get(part) or {}).get(kind) or ()) for part in PARTS)


def drafts_that_name(row: Named) -> dict[str, tuple[str, str]]:
    """Templates, campaigns and the settings that name it now: what they are called and where they are, by their id."""
    kind, found = KINDS[type(row)], {}
    for one in Template.objects.all():
        if names(one.rule, kind, row.name):
            page = reverse("template", args=[one.outside_id])
            found[one.outside_id] = (_("the template “{name}”").format(name=one.name), page)
    for campaign in Campaign.objects.all():
        if names(campaign.rule, kind, row.name):
            page = reverse("campaign", args=[campaign.outside_id])
            found[campaign.outside_id] = (_("the campaign “{name}”").format(name=campaign.name), page)
    pen = Pen.objects.get(pk=current_pen_id())
    if kind == "groups" and row.name in pen.management().quiet_groups:
        found["pen"] = (_("the house rules (groups without campaigns)"), reverse("house-rules"))
    return found


def uses(row: Named) -> list[Use]:
    """Everything that names it: what is written now, and what mail goes by."""
    drafts = drafts_that_name(row)
    published = dict(_published(row))
    return [
        Use(
            drafts.get(key, published.get(key, ("", "")))[0],
            drafts.get(key, ("", ""))[1],
            key in drafts,
            key in published,
        )
        for key in {**drafts, **published}
    ]


def _published(row: Named) -> Iterator[tuple[str, tuple[str, str]]]:
    last, kind = last_publication(), KINDS[type(row)]
    if last is None:
        return
    known = last.knows or {}
    called = {name for name, key in known.get(kind, {}).items() if key == row.pk.hex}
    called |= set() if kind in known else {row.name}
    for drafts, said in (("template", _("the template “{name}”")), ("campaign", _("the campaign “{name}”"))):
        for key, one in last.drafts.get(drafts, {}).items():
            if any(names(one["rule"], kind, name) for name in called):
                yield key, (said.format(name=one["name"]), "")
    settings = last.drafts.get("settings", {}).get("pen", {})
    if kind == "groups" and called & set(settings.get("quiet_groups", ())):
        yield "pen", (_("the house rules (groups without campaigns)"), "")


class StillUsed(ValidationError):
    """Mail goes by it now; the sentence says which rules, and what to do."""

    def __init__(self, row: Named, rules: list[str]) -> None:
        sentence = _("Mail goes by “{name}”: {rules}. Take it out there and publish, then it can go.")
        super().__init__(sentence.format(name=row.name, rules=", ".join(rules)), code="used")


def dissolve(group: Group, by: Account | None) -> None:
    """The group goes into the bin, its people stay. Raises StillUsed while the version in force names it."""
    with transaction.atomic():
        alone()
        used = [one.said for one in uses(group) if one.in_force]
        if used:
            raise StillUsed(group, used)
        discard(group, by)


def rename(row: Named, name: str) -> None:
    """Give it another name, and in every draft that names it. Raises ValidationError; then nothing is changed."""
    with transaction.atomic():
        pen = alone()
        old = type(row).objects.select_for_update().get(pk=row.pk).name
        if old == name:
            return
        hold()
        row.name = old
        said = [called for called, _page in drafts_that_name(row).values()]
        row.name = name
        row.full_clean()
        with in_one():
            row.save(update_fields=["name"])
            _follow(pen, KINDS[type(row)], {old: name})
        lines: list[dict[str, Any]] = [{"about": "name", "before": old, "after": name}]
        if said:
            lines.append({"about": "rules", "before": "", "after": said})
        noun_id = str(getattr(row, "outside_id", row.pk))
        record("changed", noun_of(type(row)), name, noun_id=noun_id, lines=lines)


def _follow(pen: Pen, kind: str, called: dict[str, str]) -> None:
    """Every draft, and what lies in the bin, says the new name. When they were changed, and by whom, stays."""
    (old,) = called
    for model in (Template, Campaign):
        rows: Any = model.objects
        for one in rows.all():
            if names(one.rule, kind, old):
                rows.filter(pk=one.pk).update(rule=in_rule(one.rule, kind, called))
    for kept in Binned.objects.filter(kind__in=("template", "campaign")):
        rule = kept.rows[0].get("rule") or {}
        if names(rule, kind, old):
            kept.rows[0]["rule"] = in_rule(rule, kind, called)
            kept.save(update_fields=["rows"])
    if kind == "groups":
        _quiet(pen, called)


def _quiet(pen: Pen, called: dict[str, str]) -> None:
    handed = pen.inherited.get("management", {})
    if called.keys().isdisjoint((*pen.quiet_groups, *handed.get("quiet_groups", ()))):
        return
    pen.quiet_groups = in_names(pen.quiet_groups, called)
    if "quiet_groups" in handed:
        quiet = in_names(handed["quiet_groups"], called)
        pen.inherited = {**pen.inherited, "management": {**handed, "quiet_groups": quiet}}
    pen.save(update_fields=["quiet_groups", "inherited"])
