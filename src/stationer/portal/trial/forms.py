"""What somebody says of themselves to try it, and the code from their mail."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stationer import compose
from stationer.portal.content.pictures import inspect
from stationer.portal.content.starters import STARTERS
from stationer.portal.people.valid import normal_address
from stationer.portal.site.fields import OneLine
from stationer.portal.trial import making
from stationer.portal.trial.making import Unfit, Wish

#: A logo's octets: it is kept for an hour at least before anybody has proven anything.
MOST_LOGO = 400_000


class TrialForm(forms.Form):
    """An address and a company; what more is said makes the mail more theirs. `only`: the one address that an
    invitation is for; `own` the page that links lead to without a website."""

    address = forms.CharField(
        label=gettext_lazy("Your address at work"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=gettext_lazy("A code goes there first, so that nobody can send a mail to you but you."),
    )
    company = OneLine(
        label=gettext_lazy("What is your company called?"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    logo = forms.FileField(
        label=gettext_lazy("Logo"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/gif"}),
        help_text=gettext_lazy(
            "PNG, JPEG or GIF, up to 400 KB. Without one, the company’s name heads the letter."
        ),
    )
    colour = forms.CharField(
        label=gettext_lazy("Your colour"),
        initial=making.COLOUR,
        max_length=7,
        widget=forms.TextInput(attrs={"type": "color", "class": "is-auto"}),
    )
    starter = forms.ChoiceField(
        label=gettext_lazy("What would you like to tell everybody you write to?"),
        widget=forms.RadioSelect,
        initial=making.CAMPAIGNS[0],
    )
    headline = OneLine(
        label=gettext_lazy("In your own words"),
        required=False,
        max_length=80,
        help_text=gettext_lazy("The heading of it. Everything else can be changed afterwards."),
    )
    person = OneLine(
        label=gettext_lazy("Your name"),
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    website = forms.CharField(
        label=gettext_lazy("Your website"),
        required=False,
        max_length=300,
        widget=forms.TextInput(attrs={"autocomplete": "url", "inputmode": "url"}),
        help_text=gettext_lazy("Where the buttons lead. Left empty, it is guessed from your address."),
    )

    def __init__(self, *args: Any, only: str = "", own: str = "", **options: Any) -> None:
        super().__init__(*args, **options)
        self.only, self.own = only, own
        choices = [(name, STARTERS[name].label()) for name in making.CAMPAIGNS]
        self.fields["starter"].choices = choices  # type: ignore[attr-defined]

    def clean_address(self) -> str:
        address = normal_address(self.cleaned_data["address"])
        if not address.isascii():
            raise ValidationError(_("The trial takes addresses of a–z, digits and the usual signs alone."))
        if self.only and address != self.only:
            raise ValidationError(_("The invitation is for {address}.").format(address=self.only))
        return address

    def clean_logo(self) -> bytes:
        said = self.cleaned_data["logo"]
        if not isinstance(said, UploadedFile):
            return b""
        data = bytes(said.read(MOST_LOGO + 1))
        if len(data) > MOST_LOGO:
            raise ValidationError(_("A logo may have 400 KB. Save it smaller and try again."))
        try:
            inspect(data)
        except ValidationError as error:
            raise ValidationError(error.messages) from None
        return data

    def clean_colour(self) -> str:
        colour = str(self.cleaned_data["colour"]).lower()
        if len(colour) != 7 or not compose.is_colour(colour):
            raise ValidationError(_("A colour is # and six digits, such as #1f4468."))
        return colour

    def clean_website(self) -> str:
        try:
            return making.website(self.cleaned_data["website"])
        except ValueError:
            raise ValidationError(_("Write your website as www.example.com.")) from None

    def clean(self) -> dict[str, Any]:
        """What is typed has to make a mail: that is tried at once, and not after the code."""
        data = super().clean() or {}
        if not self.errors:
            wish = self.wish()
            try:
                making.blocks(wish, wish.own_website or self.own)
            except Unfit as error:
                raise ValidationError(error.sentences) from None
        return data

    def wish(self) -> Wish:
        """What was asked for."""
        return Wish(**self.cleaned_data)


class CodeForm(forms.Form):
    """The code from the mail."""

    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=20,
        widget=forms.TextInput(attrs={"class": "input code", "autocomplete": "one-time-code"}),
    )
