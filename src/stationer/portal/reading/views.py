"""The door of a letter: the page behind its link, the code, the way in, and the way out.

To look (GET, HEAD) changes nothing and opens nothing. Each form below changes something for its own browser alone.
"""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from stationer.portal.partners.labels import house_of
from stationer.portal.people.models import Pen
from stationer.portal.reading import codes, door, entering, letter, levels, sittings, steps
from stationer.portal.reading.finding import by_locator, only_sent_to, reader_of
from stationer.portal.reading.models import Code
from stationer.portal.vault.models import SecureMessage


@require_safe
@by_locator
def message(request: HttpRequest, pen: Pen, message: SecureMessage) -> HttpResponseBase:
    """The letter for whoever has shown enough, the next step for whoever has shown something, else the door."""
    reader = reader_of(request, pen, message)
    if reader is None:
        return render(request, "reading/door.html", entering.facts_of(request, pen, message))
    if not levels.enough(message, reader):
        return steps.page(request, pen, message, reader)
    return letter.show(request, message, reader)


@require_http_methods(["GET", "HEAD", "POST"])
@by_locator
def code(request: HttpRequest, pen: Pen, message: SecureMessage) -> HttpResponseBase:
    """POST: a code is on its way. GET: the page that asks for it."""
    if request.method == "POST":
        return _ask(request, pen, message)
    row = codes.latest(sittings.door(request))
    if row is None:
        return redirect("secure-message", message.locator)
    return _asking(request, pen, message, row)


def _asking(
    request: HttpRequest, pen: Pen, message: SecureMessage, row: Code, wrong: str = ""
) -> HttpResponse:
    said = {"row": row, "reference": codes.reference(row), "to": door.shown(row), "wrong": wrong}
    facts = entering.facts_of(request, pen, message) | said
    return render(request, "reading/code.html", facts, status=422 if wrong else 200)


def _ask(request: HttpRequest, pen: Pen, message: SecureMessage) -> HttpResponse:
    asked = _asked(request, message)
    if isinstance(asked, door.AddressForm):
        return render(
            request, "reading/door.html", entering.facts_of(request, pen, message, asked), status=422
        )
    address, offered = asked
    mark = "" if sittings.door(request) else sittings.new_door()
    codes.ask(
        pen, message, door=sittings.digest(mark) if mark else sittings.door(request), asked=address,
        address=door.meant(message, address), offered=offered, house=house_of(request),
    )  # fmt: skip
    answer = redirect("secure-code", message.locator)
    answer.status_code = 303
    if mark:
        sittings.carry_door(answer, mark)
    return answer


def _asked(request: HttpRequest, message: SecureMessage) -> tuple[str, bool] | door.AddressForm:
    """The address that a code is asked for, and whether it was chosen by its number; the form where it is none."""
    number, again = request.POST.get("to", ""), _uuid(request.POST.get("again", ""))
    if number.isdecimal() and len(number) < 3:
        found = door.visible(message)
        chosen = found[int(number) - 1] if 0 < int(number) <= len(found) <= door.MOST_OFFERED else ""
        if chosen and door.may_be_sent(chosen):
            return chosen, True
    row = codes.of_door(sittings.door(request), again) if again else None
    if row is not None:
        return row.asked, row.offered
    form = door.AddressForm(request.POST)
    return (str(form.cleaned_data["address"]), False) if form.is_valid() else form


@only_sent_to("secure-code")
@by_locator
def enter(request: HttpRequest, pen: Pen, message: SecureMessage) -> HttpResponseBase:
    """The code is typed: right, the letter opens; wrong, it says so; over, another can be asked for."""
    mark, pk = sittings.door(request), _uuid(request.POST.get("of", ""))
    row = codes.use(mark, pk, request.POST.get("code", "")) if mark and pk else None
    if row is not None:
        return entering.let_in(request, pen, message, row.address, levels.CODE)
    waits = codes.latest(mark)
    if waits is None:
        facts = entering.facts_of(request, pen, message) | {"over": True}
        return render(request, "reading/door.html", facts, status=410)
    wrong = _("This is not the code. Look once more: after five wrong ones, another must be sent.")
    return _asking(request, pen, message, waits, wrong)


def _uuid(text: str) -> str:
    try:
        return str(uuid.UUID(text))
    except ValueError:
        return ""


@only_sent_to("secure-message")
@by_locator
def leave(request: HttpRequest, pen: Pen, message: SecureMessage) -> HttpResponseBase:
    """Sign out of this company's letters in this browser."""
    answer = render(request, "reading/left.html", {"pen": pen, "letter": message})
    sittings.end(request, answer, pen)
    return answer
