"""Which hits: of people or of all, by whom, of which campaign, on which days; page after page by id (by time)."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy

from stationer.portal.content.models import Campaign
from stationer.portal.people.scope import current_pen_id
from stationer.portal.statistics.models import Addressee, Hit, Link
from stationer.wire import ids

#: So many campaigns are offered, the latest first; an address may name any.
CAMPAIGNS = 50


class Wish(forms.Form):
    """What is asked of the list; everything may stay empty."""

    quiet = True

    q = forms.CharField(label=gettext_lazy("Person or domain"), required=False, max_length=120)
    campaign = forms.ChoiceField(label=gettext_lazy("Campaign"), required=False)
    since = forms.DateField(
        label=gettext_lazy("From"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    until = forms.DateField(
        label=gettext_lazy("To"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    machines = forms.BooleanField(label=gettext_lazy("Programs as well"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        rows = Campaign.objects.order_by("-created_at")[:CAMPAIGNS]
        choices = [(row.outside_id, row.name) for row in rows]
        asked = str(self.data.get("campaign", ""))
        if asked and asked not in dict(choices):
            choices.append((asked, str(gettext_lazy("another campaign"))))
        self.fields["campaign"].choices = [("", gettext_lazy("all")), *choices]  # type: ignore[attr-defined]

    @property
    def narrowed(self) -> bool:
        """Whether anything is asked that leaves hits out."""
        return self.is_valid() and any(
            value for name, value in self.cleaned_data.items() if name != "machines"
        )

    def rows(self, zone: str) -> QuerySet[Hit]:
        """The hits of the PEN in scope, the newest first. A wrong form finds nothing."""
        found: QuerySet[Hit] = Hit.objects.order_by("-id")
        if not self.is_valid():
            return found.none()
        asked = self.cleaned_data
        if not asked["machines"]:
            found = found.filter(human=True)
        if q := asked["q"].strip().lower():
            found = found.filter(by(q))
        if asked["campaign"]:
            found = found.filter(campaign=_campaign(asked["campaign"]))
        if asked["since"]:
            found = found.filter(at__gte=_midnight(asked["since"], zone))
        if asked["until"]:
            found = found.filter(at__lt=_midnight(asked["until"] + timedelta(days=1), zone))
        return found


def by(text: str) -> Q:
    """Hits on what was addressed to whoever is called so: a whole address, or a part of one."""
    how = "address" if "@" in text.strip("@") else "address__icontains"
    addressed = Addressee.objects.filter(**{how: text})
    made = Link.objects.filter(**{how: text})
    return Q(mail__in=addressed.values("mail_id")) | Q(link__in=made.values("id"))


def _campaign(text: str) -> Any:
    try:
        return ids.inside("campaign", text)
    except ValueError:
        return current_pen_id()  # the id of no campaign


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)


def older(rows: QuerySet[Hit], before: str) -> QuerySet[Hit]:
    """Those behind this hit in the list; all of them for what is no hit's id."""
    try:
        return rows.filter(pk__lt=ids.inside("hit", before))
    except ValueError:
        return rows
