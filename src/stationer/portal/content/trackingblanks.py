"""What is kept of whoever follows a link, as a choice in plain words (contract/links.md §1, §6)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stationer.portal.content.penblanks import PenBlank
from stationer.portal.people.consent import law_of

TRACKING: dict[str, Callable[[], str]] = {
    "people": lambda: _("we note who follows them"),
    "domains": lambda: _("we note which company follows them, and not who"),
    "off": lambda: _("we note nothing, and the links are as their authors wrote them"),
}


def consent_first() -> str:
    """What is said where the law of the company's country asks for consent first."""
    return _(
        "In your country the law asks a recipient's consent before it is noted who follows a link. So we began with "
        "nothing; ask first, or have it looked at by somebody who knows."
    )


class Tracking(PenBlank):
    """What is kept of whoever follows a link."""

    field, rows = "tracking", (("tracking",),)
    tracking = forms.ChoiceField(
        label=gettext_lazy("Of links in mails"),
        widget=forms.RadioSelect,
        help_text=gettext_lazy(
            "Links that somebody unsubscribes with, mail addresses and telephone numbers are always left alone. "
            "Mails that have left already keep their links, and these go on working."
        ),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if law_of(self.pen.domains):
            self.fields["tracking"].help_text = f"{self.fields['tracking'].help_text} {consent_first()}"
        self.fields["tracking"].choices = [(name, words()) for name, words in TRACKING.items()]  # type: ignore[attr-defined]


class Decoy(PenBlank):
    """Whether blocks end in a link that nobody sees."""

    field, rows = "decoy", (("decoy",),)
    decoy = forms.TypedChoiceField(
        label=gettext_lazy("A link that nobody sees"),
        widget=forms.RadioSelect,
        coerce=lambda value: value == "True",
        choices=[("False", gettext_lazy("no")), ("True", gettext_lazy("yes"))],
        help_text=gettext_lazy(
            "Some companies let a program open every link of a mail before its reader sees it. Such a program follows "
            "the hidden link as well, and a person cannot; so it is not taken for a visitor."
        ),
    )
