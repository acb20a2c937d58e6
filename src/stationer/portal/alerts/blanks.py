"""The blanks of a rule of alerts, each a small form that fills the rule in anew."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stationer.links import Voted
from stationer.portal.alerts import sentences
from stationer.portal.alerts.models import CERTAIN, FAIRLY, PERHAPS, AlertRule, AlertTerms
from stationer.portal.content.blanks import Blank
from stationer.portal.content.models import Campaign
from stationer.portal.people.valid import normal_address
from stationer.portal.site.fields import Many
from stationer.portal.surveys.words import said
from stationer.wire import ids

#: Campaigns that can be ticked; others are found by name.
MOST = 40


def offered(chosen: Sequence[str]) -> list[tuple[str, str]]:
    """Campaigns to tick: those chosen, and those that changed last."""
    wanted = [ids.inside("campaign", one) for one in chosen]
    rows = {row.pk: row.name for row in Campaign.objects.filter(pk__in=wanted).only("name")}
    recent = Campaign.objects.exclude(pk__in=wanted).order_by("-changed_at", "id").only("name")[:MOST]
    gone = [
        (one, _("a campaign that is gone"))
        for one, key in zip(chosen, wanted, strict=True)
        if key not in rows
    ]
    both = [*rows.items(), *((row.pk, row.name) for row in recent)]
    return [*((ids.outside("campaign", key), name) for key, name in both), *gone]


class Campaigns(Blank):
    """Campaigns to tick, and one more by name where there are many."""

    campaigns = Many(label=gettext_lazy("These campaigns"))
    another = forms.CharField(
        label=gettext_lazy("And one by name"),
        required=False,
        max_length=120,
        help_text=gettext_lazy("A part of its name is enough, where no other has it."),
    )

    def offer(self, chosen: Sequence[str]) -> None:
        """Fill in the choices; without campaigns there is nothing to ask."""
        choices = offered(chosen)
        self.fields["campaigns"].choices = choices  # type: ignore[attr-defined]
        if len(choices) < MOST:
            del self.fields["another"]
        if not choices:
            del self.fields["campaigns"]

    def clean_another(self) -> str:
        """The outside id of the one campaign that is meant."""
        typed = self.cleaned_data["another"].strip()
        if not typed:
            return ""
        exact = list(Campaign.objects.filter(name__iexact=typed)[:2])
        rows = exact or list(Campaign.objects.filter(name__icontains=typed)[:2])
        if len(rows) != 1:
            said = (
                _("No campaign is called so.")
                if not rows
                else _("Several are called so; write more of the name.")
            )
            raise forms.ValidationError(said)
        return rows[0].outside_id

    def chosen(self) -> list[str]:
        """All that were ticked or named."""
        more = [self.cleaned_data["another"]] if self.cleaned_data.get("another") else []
        return list(dict.fromkeys([*self.cleaned_data.get("campaigns", ()), *more]))


class About(Campaigns):
    """Which links."""

    rows = (("about",), ("campaigns",), ("another",), ("answer",), ("most",))
    about = forms.ChoiceField(label=gettext_lazy("When somebody clicks"), widget=forms.RadioSelect)
    answer = forms.ChoiceField(label=gettext_lazy("Of a survey"), widget=forms.RadioSelect, required=False)
    most = forms.TypedChoiceField(
        label=gettext_lazy("A low answer is at most"),
        coerce=int,
        required=False,
        help_text=gettext_lazy("Of faces and of 0 to 10, what lies as low."),
    )

    def __init__(self, rule: AlertRule, data: Any = None) -> None:
        self.rule = rule
        now = {name: getattr(rule, name) for name in ("about", "campaigns", "answer", "most")}
        super().__init__(data, initial=now)
        self.fields["answer"].choices = [(one, words()) for one, words in sentences.ANSWER.items()]  # type: ignore[attr-defined]
        self.fields["most"].choices = [(n, said(Voted("stars", n))) for n in range(1, 5)]  # type: ignore[attr-defined]
        self.fields["about"].choices = [(one, words()) for one, words in sentences.ABOUT.items()]  # type: ignore[attr-defined]
        self.offer(rule.campaigns)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("about") == AlertRule.About.CAMPAIGNS and not self.errors and not self.chosen():
            self.add_error("about", _("Choose at least one campaign."))
        return data

    def fill(self) -> None:
        self.rule.about = self.cleaned_data["about"]
        certain = self.rule.about == AlertRule.About.CAMPAIGNS
        self.rule.campaigns = self.chosen() if certain else []
        self.rule.answer = self.cleaned_data.get("answer") or AlertRule.Answer.ANY
        self.rule.most = self.cleaned_data.get("most") or self.rule.most


class Whom(Blank):
    """Who is told."""

    rows = (("whom",), ("address",))
    whom = forms.ChoiceField(label=gettext_lazy("Tell"), widget=forms.RadioSelect)
    address = forms.CharField(
        label=gettext_lazy("Their address"),
        required=False,
        max_length=254,
        help_text=gettext_lazy("Only where somebody else is told."),
        widget=forms.TextInput(attrs={"inputmode": "email", "spellcheck": "false"}),
    )

    def __init__(self, rule: AlertRule, data: Any = None) -> None:
        self.rule = rule
        super().__init__(data, initial={"whom": rule.whom, "address": rule.address})
        self.fields["whom"].choices = [(one, words()) for one, words in sentences.WHOM.items()]  # type: ignore[attr-defined]

    def clean_address(self) -> str:
        typed = self.cleaned_data["address"].strip()
        return normal_address(typed) if typed else ""

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("whom") == AlertRule.Whom.ADDRESS and not self.errors and not data.get("address"):
            self.add_error("address", _("Say whom: an address such as name@example.com."))
        return data

    def fill(self) -> None:
        self.rule.whom = self.cleaned_data["whom"]
        other = self.rule.whom == AlertRule.Whom.ADDRESS
        self.rule.address = self.cleaned_data["address"] if other else ""


class Pace(Blank):
    """How soon."""

    rows = (("pace",),)
    pace = forms.ChoiceField(label=gettext_lazy("They are told"), widget=forms.RadioSelect)

    def __init__(self, rule: AlertRule, data: Any = None, *, terms: AlertTerms | None = None) -> None:
        self.rule = rule
        super().__init__(data, initial={"pace": rule.pace})
        held = terms or AlertTerms()
        choices = [(one, sentences.pace(one, held)) for one in AlertRule.Pace.values]
        self.fields["pace"].choices = choices  # type: ignore[attr-defined]

    def fill(self) -> None:
        self.rule.pace = self.cleaned_data["pace"]


class Least(Blank):
    """How sure it must be."""

    rows = (("least",),)
    least = forms.TypedChoiceField(
        label=gettext_lazy("If it was"),
        coerce=int,
        widget=forms.RadioSelect,
        help_text=gettext_lazy(
            "Security programs open links as well. What they do is kept, and nobody is told of it."
        ),
    )

    def __init__(self, rule: AlertRule, data: Any = None) -> None:
        self.rule = rule
        levels = (CERTAIN, FAIRLY, PERHAPS)
        now = next((level for level in levels if rule.least >= level), PERHAPS)
        super().__init__(data, initial={"least": now})
        said = [(level, _("{sure} a person").format(sure=sentences.least(level))) for level in levels]
        self.fields["least"].choices = said  # type: ignore[attr-defined]

    def fill(self) -> None:
        self.rule.least = self.cleaned_data["least"]


class Terms(Blank):
    """In which language, and at what hour."""

    rows = (("language", "digest_hour"),)
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=settings.LANGUAGES)
    digest_hour = forms.TypedChoiceField(
        label=gettext_lazy("Daily digests at"),
        coerce=int,
        choices=[(at, sentences.hour(at)) for at in range(24)],
    )

    def __init__(self, terms: AlertTerms, data: Any = None) -> None:
        self.terms = terms
        super().__init__(data, initial={"language": terms.language, "digest_hour": terms.digest_hour})

    def fill(self) -> None:
        self.terms.language = self.cleaned_data["language"]
        self.terms.digest_hour = self.cleaned_data["digest_hour"]


#: `?edit=` → its blank.
BLANKS: dict[str, type[About | Whom | Pace | Least]] = {
    "about": About,
    "whom": Whom,
    "pace": Pace,
    "least": Least,
}
