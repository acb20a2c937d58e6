"""A sending domain: its name, and how its mail is signed and comes back."""

from __future__ import annotations

from base64 import b64decode

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stationer.portal.access import domains
from stationer.portal.people.valid import normal_domain
from stationer.portal.reputation.models import SendingDomain
from stationer.wire.domains import ascii_domain

_PLAIN = {"spellcheck": "false", "autocapitalize": "none", "autocomplete": "off"}


class NewForm(forms.ModelForm):  # type: ignore[type-arg]
    """Which domain."""

    class Meta:
        model = SendingDomain
        fields = ("name",)
        labels = {"name": gettext_lazy("Domain of the senders’ addresses")}
        help_texts = {
            "name": gettext_lazy(
                "A name below your domain, such as news.example.com, keeps your people’s own mail out of any risk."
            )
        }
        widgets = {"name": forms.TextInput(attrs=_PLAIN)}

    def clean_name(self) -> str:
        """In ASCII, as DNS has it, and below what the company has proven."""
        name = ascii_domain(normal_domain(self.cleaned_data["name"])) or ""
        if not domains.is_of(name, domains.proven()):
            said = _("{domain} is not below a domain that you have proven. Prove the domain first.")
            raise ValidationError(said.format(domain=name))
        if SendingDomain.objects.filter(name=name).exists():
            raise ValidationError(_("There is already one with this %(field)s.") % {"field": _("name")})
        return name


class SigningForm(forms.ModelForm):  # type: ignore[type-arg]
    """How its mail is signed, and where what bounces goes."""

    class Meta:
        model = SendingDomain
        fields = ("selector", "key", "bounce")
        labels = {
            "selector": gettext_lazy("Selector of its DKIM key"),
            "key": gettext_lazy("Public key"),
            "bounce": gettext_lazy("Name of the return path"),
        }
        help_texts = {
            "selector": gettext_lazy("What stands before ._domainkey in DNS, such as s1."),
            "key": gettext_lazy("What stands behind p=. Empty: only whether there is one is looked at."),
            "bounce": gettext_lazy(
                "A name below the domain, for bounces alone. Empty: they go to the domain itself."
            ),
        }
        widgets = {
            "selector": forms.TextInput(attrs=_PLAIN),
            "key": forms.Textarea(attrs={**_PLAIN, "rows": 4}),
            "bounce": forms.TextInput(attrs=_PLAIN),
        }

    def clean_key(self) -> str:
        """Without the white space that comes with pasting."""
        key = "".join(self.cleaned_data["key"].split())
        try:
            b64decode(key, validate=True)
        except ValueError as error:
            raise ValidationError(_("This key is cut: copy it whole, up to its last letter.")) from error
        return key

    def clean_selector(self) -> str:
        """One label or several, as DNS can have them."""
        return _labels(self.cleaned_data["selector"])

    def clean_bounce(self) -> str:
        """The same."""
        return _labels(self.cleaned_data["bounce"])


def _labels(text: str) -> str:
    """Raises ValidationError for what is no name: an empty label, or one that a hyphen begins or ends."""
    if any(not one or one != one.strip("-") for one in text.split(".") if text):
        raise ValidationError(_("This is no name that DNS can have."))
    return text
