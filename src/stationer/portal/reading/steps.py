"""The second step of a letter that asks for more than a code: the secret that was agreed on, or a passkey; and the ways
of those who come by neither, a password."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from stationer.notice import canonical
from stationer.portal.people.models import Pen
from stationer.portal.people.valid import normal_address
from stationer.portal.reading import door, entering, levels, passkeys, phone, saying, secret
from stationer.portal.reading.entering import on_to
from stationer.portal.reading.finding import by_locator, only_sent_to, reader_of
from stationer.portal.reading.models import Contact, ReadingTerms
from stationer.portal.reading.sittings import Reader
from stationer.portal.vault.models import SecureMessage


def page(request: HttpRequest, pen: Pen, message: SecureMessage, reader: Reader) -> HttpResponse:
    """What is still missing, and how to come by it."""
    contact = Contact.objects.filter(address=reader.address).first() if reader.mailbox is None else None
    needed = levels.needed(message)
    facts = entering.facts_of(request, pen, message) | {
        "reader": reader,
        "secret": bool(contact and contact.secret) and needed <= levels.MEANS,
        "passkey": bool(contact and contact.passkeys.filter(level__gte=levels.MEANS).exists())
        and passkeys.possible(request),
        "phone": phone.of(message, reader),
        "strong": needed >= levels.STRONG,
        "wrong": saying.at_the_step(request.GET.get("said", "")),
    }
    return render(request, "reading/step.html", facts)


@only_sent_to("secure-message")
@by_locator
def agreed(request: HttpRequest, pen: Pen, message: SecureMessage) -> HttpResponseBase:
    """The shared secret is typed, after the code."""
    reader = reader_of(request, pen, message)
    if reader is None or reader.mailbox is not None:  # who reads for somebody shows nothing of theirs
        return redirect("secure-message", message.locator)
    said = secret.shown(pen, reader.address, request.POST.get("secret", ""))
    if said == "right":
        return entering.let_in(request, pen, message, reader.address, levels.MEANS)
    return on_to("secure-message", message, "secret" if said == "wrong" else "wait")


@only_sent_to("secure-message")
@by_locator
def password(request: HttpRequest, pen: Pen, message: SecureMessage) -> HttpResponseBase:
    """Address and password, where the PEN takes them. Whatever is wrong is told in the same words."""
    if levels.terms().quick != ReadingTerms.Quick.PASSWORD:
        raise Http404("no passwords here")
    try:
        typed = canonical(normal_address(request.POST.get("address", "")))
    except ValidationError:
        typed = "nobody@invalid"
    meant = door.meant(message, typed)
    if secret.known(typed, meant, request.POST.get("password", "")):
        return entering.let_in(request, pen, message, meant, levels.CODE)
    return on_to("secure-message", message, "password", other="1")


@require_POST
@by_locator
def passkey_asked(request: HttpRequest, pen: Pen, message: SecureMessage) -> HttpResponseBase:
    """The challenge, for the script of the page."""
    return JsonResponse(passkeys.begin_entering(request, pen))


@only_sent_to("secure-message")
@by_locator
def passkey(request: HttpRequest, pen: Pen, message: SecureMessage) -> HttpResponseBase:
    """A passkey was shown: it stands for its contact's address, whatever letter it was shown for."""
    try:
        contact, level = passkeys.enter(request, pen, request.POST.get("credential", ""))
    except passkeys.NotShown:
        return on_to("secure-message", message, "passkey", other="1")
    return entering.let_in(request, pen, message, contact.address, level)
