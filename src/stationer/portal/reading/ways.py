"""The ways in of somebody who is in: their passkeys, their password, and the offer of the first read."""

from __future__ import annotations

from django import forms
from django.contrib import messages as notes
from django.contrib.auth.password_validation import validate_password
from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from stationer.portal.reading import levels, passkeys, secret
from stationer.portal.reading.finding import for_themselves
from stationer.portal.reading.models import Contact, Passkey, ReadingTerms
from stationer.portal.reading.sittings import Reader
from stationer.portal.vault.models import SecureMessage


class PasswordForm(forms.Form):
    """A password of one's own."""

    password = forms.CharField(
        label=gettext_lazy("A new password"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=gettext_lazy("At least ten characters, and nothing that others use too."),
    )

    def clean_password(self) -> str:
        typed = str(self.cleaned_data["password"])
        validate_password(typed)
        return typed


def _contact(reader: Reader) -> Contact:
    """The contact of the address that is read with; a member has none until they want one."""
    return Contact.objects.get_or_create(address=reader.address)[0]


@for_themselves
def page(request: HttpRequest, message: SecureMessage, reader: Reader) -> HttpResponseBase:
    """Passkeys and password; a POST sets or takes away one of them."""
    taken = levels.terms().quick == ReadingTerms.Quick.PASSWORD
    form = PasswordForm(request.POST if "password" in request.POST else None)
    if request.method == "POST" and _done(request, reader, form, taken):
        return redirect("secure-ways", message.locator)
    row = Contact.objects.filter(address=reader.address).first()
    facts = {
        "pen": message.pen,
        "letter": message,
        "reader": reader,
        "contact": row,
        "passkeys": list(row.passkeys.all()) if row else [],
        "possible": passkeys.possible(request),
        "form": form if taken else None,
    }
    return render(request, "reading/ways.html", facts, status=422 if form.errors else 200)


def _done(request: HttpRequest, reader: Reader, form: PasswordForm, taken: bool) -> bool:
    """Whether something was done."""
    if "remove" in request.POST:
        Passkey.objects.filter(contact__address=reader.address, pk__in=_pk(request)).delete()
        notes.success(request, _("The passkey lets nobody in any more."))
    elif "no_password" in request.POST:
        secret.choose(reader.address, "")
        notes.success(request, _("The password lets nobody in any more."))
    elif taken and form.is_valid():
        _contact(reader)
        secret.choose(reader.address, form.cleaned_data["password"])
        notes.success(request, _("From now on your address and this password let you in as well."))
    else:
        return False
    return True


def _pk(request: HttpRequest) -> list[str]:
    try:
        return [str(forms.UUIDField().clean(request.POST.get("remove", "")))]
    except forms.ValidationError:
        return []


@require_POST
@for_themselves
def begin(request: HttpRequest, message: SecureMessage, reader: Reader) -> HttpResponseBase:
    """What the browser makes a passkey from, for the script of the page."""
    return JsonResponse(passkeys.begin_adding(request, message.pen, _contact(reader)))


@require_POST
@for_themselves
def add(request: HttpRequest, message: SecureMessage, reader: Reader) -> HttpResponseBase:
    """The browser made a passkey."""
    try:
        passkeys.add(request, message.pen, _contact(reader), request.POST.get("credential", ""), reader.level)
    except passkeys.NotShown:
        notes.error(
            request, _("No passkey was made: it took too long, or the device did not want to. Try once more.")
        )
    else:
        notes.success(request, _("Next time your passkey opens the letter, without a code."))
    return redirect("secure-message", message.locator)


@require_POST
@for_themselves
def decline(request: HttpRequest, message: SecureMessage, reader: Reader) -> HttpResponseBase:
    """No passkey, thank you; it is not offered again."""
    Contact.objects.filter(address=reader.address).update(declined_at=timezone.now())
    return redirect("secure-message", message.locator)
