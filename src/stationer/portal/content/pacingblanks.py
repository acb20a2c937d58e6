"""The blanks of how often, which message, and what links say: each a small form that keeps what it is filled with."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stationer.pick.checks import MOST_HELD_BACK, MOST_HOURS, MOST_MAILS
from stationer.portal.content.blanks import Blank
from stationer.portal.content.models import Campaign, Message
from stationer.portal.content.valid import MOST_UTM


class CampaignBlank(Blank):
    """A blank that is about the campaign itself, and writes these `columns` of it."""

    columns: tuple[str, ...] = ()

    def __init__(self, campaign: Campaign, data: Any = None, *, messages: Sequence[Message] = ()) -> None:
        self.campaign, self.messages = campaign, list(messages)
        super().__init__(data, initial=self.now())

    def now(self) -> dict[str, Any]:
        """What is in the blank now."""
        raise NotImplementedError

    def change(self) -> list[Message]:
        """Put it into the campaign; the messages that changed as well. Nothing is saved here."""
        raise NotImplementedError


def _times(label: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, required=False, min_value=0, max_value=MOST_MAILS)


class Often(CampaignBlank):
    """At most so many mails with it to one person."""

    columns = ("caps",)
    rows = (("day", "week"), ("ever",))
    day = _times(gettext_lazy("Times a day, at most"))
    week = _times(gettext_lazy("Times in seven days, at most"))
    ever = _times(gettext_lazy("Times in all, at most"))
    ever.help_text = gettext_lazy("Empty: no limit. A mail to several people counts for each of them.")

    def now(self) -> dict[str, Any]:
        return {name: self.campaign.caps.get(name) or "" for name in ("day", "week", "ever")}

    def change(self) -> list[Message]:
        self.campaign.caps = {name: value for name, value in self.cleaned_data.items() if value}
        return []


class Again(CampaignBlank):
    """Not again to one person before some time has passed."""

    columns = ("cool_down_h",)
    rows = (("count", "unit"),)
    count = forms.IntegerField(
        label=gettext_lazy("Not again within"), required=False, min_value=0, max_value=MOST_HOURS
    )
    unit = forms.ChoiceField(
        label=gettext_lazy("counted in"),
        choices=[("1", gettext_lazy("hours")), ("24", gettext_lazy("days"))],
    )

    def now(self) -> dict[str, Any]:
        hours = self.campaign.cool_down_h
        unit = 24 if hours and not hours % 24 else 1
        return {"count": hours // unit or "", "unit": str(unit)}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if (data.get("count") or 0) * int(data.get("unit", 1)) > MOST_HOURS:
            self.add_error("count", _("Ten years are enough."))
        return data

    def change(self) -> list[Message]:
        self.campaign.cool_down_h = (self.cleaned_data["count"] or 0) * int(self.cleaned_data["unit"])
        return []


class Click(CampaignBlank):
    """Whether it stops for those who clicked."""

    columns = ("stop_after_click",)
    rows = (("stop",),)
    stop = forms.ChoiceField(
        label=gettext_lazy("When somebody has clicked one of its links"),
        widget=forms.RadioSelect,
        choices=[("", gettext_lazy("it goes on")), ("1", gettext_lazy("that person does not see it again"))],
        required=False,
        help_text=gettext_lazy(
            "Clicks are known where links lead through your own edge; as long as none is known, nothing stops."
        ),
    )

    def now(self) -> dict[str, Any]:
        return {"stop": "1" if self.campaign.stop_after_click else ""}

    def change(self) -> list[Message]:
        self.campaign.stop_after_click = bool(self.cleaned_data["stop"])
        return []


class Holdout(CampaignBlank):
    """How many mails go without it."""

    columns = ("holdout",)
    rows = (("share",),)
    share = forms.IntegerField(
        label=gettext_lazy("Of 100 mails, so many go without it"),
        required=False,
        min_value=0,
        max_value=MOST_HELD_BACK,
        help_text=gettext_lazy(
            "It is always the same senders and recipients. Compare them with the others, and you see what it does."
        ),
    )

    def now(self) -> dict[str, Any]:
        return {"share": self.campaign.holdout or ""}

    def change(self) -> list[Message]:
        self.campaign.holdout = self.cleaned_data["share"] or 0
        return []


class Turn(CampaignBlank):
    """Which of several messages a mail carries: by shares, or one after the other."""

    columns = ("sequence",)
    turn = forms.ChoiceField(
        label=gettext_lazy("Its messages come"),
        widget=forms.RadioSelect,
        choices=[
            ("", gettext_lazy("by chance, in these shares")),
            ("1", gettext_lazy("one after the other to each person, in this order")),
        ],
        required=False,
        help_text=gettext_lazy(
            "Shares are any whole numbers: 1 and 1 are half and half, 80 and 20 four in five."
        ),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        number = len(self.messages)
        for n, row in enumerate(self.messages):
            share = forms.IntegerField(
                label=_("Share of “{name}”").format(name=row.name), min_value=1, max_value=1_000_000
            )
            place = forms.IntegerField(
                label=_("Place of “{name}”").format(name=row.name), min_value=1, max_value=number
            )
            self.fields |= {f"share_{n}": share, f"place_{n}": place}
        self.rows = (("turn",), *((f"share_{n}", f"place_{n}") for n in range(number)))

    def now(self) -> dict[str, Any]:
        each = {f"share_{n}": row.weight for n, row in enumerate(self.messages)}
        places = {f"place_{n}": n + 1 for n in range(len(self.messages))}
        return {"turn": "1" if self.campaign.sequence else "", **each, **places}

    def change(self) -> list[Message]:
        data = self.cleaned_data
        self.campaign.sequence = bool(data["turn"])
        order = sorted(range(len(self.messages)), key=lambda n: (data[f"place_{n}"], n))
        moved = order != list(range(len(self.messages)))
        for n, row in enumerate(self.messages):
            row.weight = data[f"share_{n}"]
            if moved:
                row.place = order.index(n)
        return self.messages


def _words(label: Any) -> forms.CharField:
    return forms.CharField(label=label, required=False, max_length=MOST_UTM)


class UtmBlank(CampaignBlank):
    """What its links say to the websites they lead to; of several messages, what each calls itself."""

    columns = ("utm",)
    source = _words(gettext_lazy("Source (utm_source)"))
    medium = _words(gettext_lazy("Medium (utm_medium)"))
    campaign_name = _words(gettext_lazy("Campaign (utm_campaign)"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        own = [f"content_{n}" for n in range(len(self.messages))]
        for name, row in zip(own, self.messages, strict=True):
            self.fields[name] = _words(_("“{name}” (utm_content)").format(name=row.name))
        self.rows = (("source", "medium"), ("campaign_name",), *((name,) for name in own))
        last = own[-1] if own else "campaign_name"
        self.fields[last].help_text = _(
            "It is put behind the addresses of its links when you publish, never into mail addresses, telephone "
            "numbers or addresses for unsubscribing. All empty: links stay as they are written."
        )

    def now(self) -> dict[str, Any]:
        """What is said; where nothing is, what most people would say."""
        said = self.campaign.wire_utm()
        several = len(self.messages) > 1
        if not said.tags():
            usual = {
                "source": "email",
                "medium": "signature",
                "campaign_name": plain_word(self.campaign.name),
            }
            return usual | {
                f"content_{n}": row.utm_content or (plain_word(row.name) if several else "")
                for n, row in enumerate(self.messages)
            }
        own = {f"content_{n}": row.utm_content for n, row in enumerate(self.messages)}
        return {"source": said.source, "medium": said.medium, "campaign_name": said.campaign, **own}

    def change(self) -> list[Message]:
        data = self.cleaned_data
        said = {"source": data["source"], "medium": data["medium"], "campaign": data["campaign_name"]}
        self.campaign.utm = {name: words for name, words in said.items() if words}
        for n, row in enumerate(self.messages):
            row.utm_content = data[f"content_{n}"] if self.campaign.utm else ""
        return self.messages


def plain_word(text: str) -> str:
    """`Open evening, 3 December` → `open-evening-3-december`."""
    ascii_only = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", ascii_only.lower()).strip("-")[:MOST_UTM]


#: `?edit=` → its blank.
PACING: dict[str, type[CampaignBlank]] = {
    "often": Often,
    "again": Again,
    "click": Click,
    "holdout": Holdout,
    "turn": Turn,
    "utm": UtmBlank,
}
