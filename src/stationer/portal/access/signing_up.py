"""Founding a company: who may (the setting `portal.sign_up`), and the form of an address and a company's name.

The address is proven by a code before anything is made. An address that has an account already is answered in the
same words, and its owner gets a mail that says so.
"""

from __future__ import annotations

from typing import Any

from allauth.account.forms import SignupForm
from allauth.core import context
from django import forms
from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

#: What the session keeps while the address is being proven.
COMPANY, INVITED = "company", "invited"
INVITATION_S = 7 * 24 * 3600


def is_open() -> bool:
    """Whether everybody may found a company."""
    return bool(settings.PORTAL.sign_up == "open")


def may(request: HttpRequest) -> bool:
    """Whether whoever asks may."""
    return is_open() or (settings.PORTAL.sign_up == "invitation" and bool(request.session.get(INVITED)))


def invitation(address: str, company: str = "") -> str:
    """A token for this address, good for seven days."""
    said: str = TimestampSigner(salt="invitation").sign_object([address, company])
    return said


def invited(token: str) -> tuple[str, str] | None:
    """The address and company of a token; None for one that is not ours, or too old."""
    try:
        address, company = TimestampSigner(salt="invitation").unsign_object(token, max_age=INVITATION_S)
    except (BadSignature, ValueError):
        return None
    return str(address), str(company)


class SignUpForm(SignupForm):  # type: ignore[misc]
    """An address and a company. allauth does the rest: the code, the mail, and no word about who has an account."""

    field_order = ("company", "email")
    company = forms.CharField(
        label=gettext_lazy("What is your company called?"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields.pop("password1", None)  # a code is enough; one may be set later
        self.fields["email"].label = _("Your address there")
        self.fields["company"].initial = context.request.GET.get("company", "")[:120]

    def clean_email(self) -> str:
        email: str = super().clean_email()
        asked = self._invited()
        if not is_open() and email.lower() != asked.lower():
            raise forms.ValidationError(_("The invitation is for {address}.").format(address=asked))
        return email

    def _invited(self) -> str:
        return str(context.request.session.get(INVITED, ""))

    def try_save(self, request: HttpRequest) -> tuple[Any, HttpResponse | None]:
        request.session[COMPANY] = self.cleaned_data["company"].strip()
        saved: tuple[Any, HttpResponse | None] = super().try_save(request)
        return saved
