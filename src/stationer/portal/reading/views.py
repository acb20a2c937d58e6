"""The door of a letter: the page behind its link, the code, the way in, and the way out.

To look (GET, HEAD) changes nothing and opens nothing. Each form below changes something for its own browser alone.
"""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from stationer.portal.partners.labels import house_of
from stationer.portal.people.models import Pen
from stationer.portal.reading import codes, door, levels, letter, mailing, sittings, steps
from stationer.portal.reading.finding import by_locator, reader_of
from stationer.portal.reading.models import Code, ReadingTerms
from stationer.portal.vault.models import SecureMessage
from stationer.watch.log import Voice

say = Voice("reading")


@require_safe
@by_locator
def message(request: HttpRequest, pen: Pen, message: SecureMessage) -> HttpResponseBase:
    """The letter for whoever has shown enough, the next step for whoever has shown something, else the door."""
    reader = reader_of(request, pen, message)
    if reader is None:
        return render(request, "reading/door.html", facts_of(request, pen, message))
    if not levels.enough(message, reader):
        return steps.page(request, pen, message, reader)
    return letter.show(request, message, reader)


def facts_of(
    request: HttpRequest, pen: Pen, message: SecureMessage, form: door.AddressForm | None = None
) -> dict[str, object]:
    """What the door's pages show; no word of the letter, and nobody who may read it but by a hint."""
    return {
        "pen": pen,
        "letter": message,
        "author": mailing.author_of(message),
        "offers": door.offers(message),
        "form": form or door.AddressForm(),
        "host": request.get_host().partition(":")[0],
        "quick": levels.terms().quick == ReadingTerms.Quick.PASSWORD,
        "needed": levels.needed(message),
    }


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
    said = {"row": row, "reference": codes.reference(row), "to": door.shown(row, message), "wrong": wrong}
    facts = facts_of(request, pen, message) | said
    return render(request, "reading/code.html", facts, status=422 if wrong else 200)


def _ask(request: HttpRequest, pen: Pen, message: SecureMessage) -> HttpResponse:
    asked = _asked(request, message)
    if isinstance(asked, door.AddressForm):
        return render(request, "reading/door.html", facts_of(request, pen, message, asked), status=422)
    mark = "" if sittings.door(request) else sittings.new_door()
    codes.ask(
        pen, message, door=sittings.digest(mark) if mark else sittings.door(request), asked=asked,
        address=door.meant(message, asked), house=house_of(request),
    )  # fmt: skip
    answer = redirect("secure-code", message.locator)
    answer.status_code = 303
    if mark:
        sittings.carry_door(answer, mark)
    return answer


def _asked(request: HttpRequest, message: SecureMessage) -> str | door.AddressForm:
    """The address that was chosen by its number, or typed; the form where it is none."""
    number = request.POST.get("to", "")
    if number.isdecimal() and len(number) < 3:
        found = door.visible(message)
        if len(found) <= door.MOST_OFFERED and 0 < int(number) <= len(found):
            return found[int(number) - 1]
    form = door.AddressForm(request.POST)
    return str(form.cleaned_data["address"]) if form.is_valid() else form


@require_POST
@by_locator
def enter(request: HttpRequest, pen: Pen, message: SecureMessage) -> HttpResponseBase:
    """The code is typed: right, the letter opens; wrong, it says so; over, another can be asked for."""
    mark, pk = sittings.door(request), _uuid(request.POST.get("of", ""))
    row = codes.use(mark, pk, request.POST.get("code", "")) if mark and pk else None
    if row is not None:
        return let_in(request, pen, message, row.address, levels.CODE)
    waits = codes.latest(mark)
    if waits is None:
        facts = facts_of(request, pen, message) | {"over": True}
        return render(request, "reading/door.html", facts, status=410)
    wrong = _("This is not the code. Look once more: after five wrong ones, another must be sent.")
    return _asking(request, pen, message, waits, wrong)


def let_in(
    request: HttpRequest, pen: Pen, message: SecureMessage, address: str, level: int
) -> HttpResponse:
    """The address was shown in this browser; the letter is next."""
    own = request.POST.get("own_device") == "1"
    row, secret = sittings.add(request, pen, address, level, own_device=own)
    levels.remember(address, level)
    say.info("reader-in", message=message.pk.hex, level=level)
    answer = redirect("secure-message", message.locator)
    answer.status_code = 303
    sittings.carry(answer, pen, row, secret)
    return answer


def _uuid(text: str) -> str:
    try:
        return str(uuid.UUID(text))
    except ValueError:
        return ""


@require_POST
@by_locator
def leave(request: HttpRequest, pen: Pen, message: SecureMessage) -> HttpResponseBase:
    """Sign out of this company's letters in this browser."""
    answer = render(request, "reading/left.html", {"pen": pen, "letter": message})
    sittings.end(request, answer, pen)
    return answer
