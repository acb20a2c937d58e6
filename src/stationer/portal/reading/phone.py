"""The second step by telephone: a code is asked for and typed, in the sitting in which a code by mail was typed."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from stationer.portal.people.models import Pen
from stationer.portal.reading import codes, entering, gateway, levels, phone_codes
from stationer.portal.reading.finding import by_locator, only_sent_to, reader_of
from stationer.portal.reading.models import Contact, Sitting
from stationer.portal.reading.phone_rows import PhoneCode
from stationer.portal.reading.sittings import Reader
from stationer.portal.vault.models import SecureMessage


def of(message: SecureMessage, reader: Reader) -> Contact | None:
    """The contact whose telephone gets a code for this letter; None where that way is not open."""
    if reader.sitting is None or reader.mailbox is not None:
        return None
    if levels.needed(message) != levels.MEANS or gateway.there() is None:
        return None
    return Contact.objects.filter(address=reader.address).exclude(phone="").first()


def _asking(
    request: HttpRequest, pen: Pen, message: SecureMessage
) -> tuple[Reader, Contact, Sitting] | HttpResponseBase:
    """Who asks, and for which telephone; else where they are led."""
    reader = reader_of(request, pen, message)
    contact = of(message, reader) if reader is not None and not levels.enough(message, reader) else None
    if reader is None or contact is None or reader.sitting is None:
        return redirect("secure-message", message.locator)
    return reader, contact, reader.sitting


@require_http_methods(["GET", "HEAD", "POST"])
@by_locator
def page(request: HttpRequest, pen: Pen, message: SecureMessage) -> HttpResponseBase:
    """POST: a code goes to the telephone. GET: the page that asks for it."""
    who = _asking(request, pen, message)
    if not isinstance(who, tuple):
        return who
    reader, contact, sitting = who
    if request.method != "POST":
        row = phone_codes.latest(contact, sitting)
        if row is None:
            return redirect("secure-message", message.locator)
        return _page(request, pen, message, reader, row)
    try:
        phone_codes.ask(contact, sitting)
    except phone_codes.TooMany as many:
        row = phone_codes.latest(contact, sitting)
        return _page(request, pen, message, reader, row, many=str(many))
    answer = redirect("secure-phone", message.locator)
    answer.status_code = 303
    return answer


def _page(
    request: HttpRequest, pen: Pen, message: SecureMessage, reader: Reader, row: PhoneCode | None,
    *, wrong: str = "", many: str = "",
) -> HttpResponse:  # fmt: skip
    facts = entering.facts_of(request, pen, message) | {"reader": reader, "row": row}
    facts |= {"reference": codes.reference(row) if row else "", "wrong": wrong, "many": many}
    return render(request, "reading/phone.html", facts, status=429 if many else 422 if wrong else 200)


@only_sent_to("secure-phone")
@by_locator
def enter(request: HttpRequest, pen: Pen, message: SecureMessage) -> HttpResponseBase:
    """The code is typed."""
    who = _asking(request, pen, message)
    if not isinstance(who, tuple):
        return who
    reader, contact, sitting = who
    if phone_codes.use(contact, sitting, _pk(request.POST.get("of", "")), request.POST.get("code", "")):
        return entering.let_in(request, pen, message, reader.address, levels.MEANS)
    row = phone_codes.latest(contact, sitting)
    over = _("This code is over. Ask for another.")
    wrong = _("This is not the code. Look once more: after five wrong ones, another must be sent.")
    return _page(request, pen, message, reader, row, wrong=wrong if row else over)


def _pk(text: str) -> str:
    try:
        return str(uuid.UUID(text))
    except ValueError:
        return str(uuid.UUID(int=0))
