"""The door of a letter: the page behind its link, the code, the way in, and the way out.

To look (GET, HEAD) changes nothing and opens nothing. Each form below changes something for its own browser alone.
"""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from stationer.portal.partners.labels import house_of
from stationer.portal.people.models import Pen
from stationer.portal.reading import codes, door, entering, letter, levels, saying, sittings, steps
from stationer.portal.reading.finding import by_locator, only_sent_to, reader_of
from stationer.portal.vault.models import SecureMessage


@require_safe
@by_locator
def message(request: HttpRequest, pen: Pen, message: SecureMessage) -> HttpResponseBase:
    """The letter for whoever has shown enough, the next step for whoever has shown something, the page of the code for
    whoever waits for one, else the door; with `?other` the door even so, for another address."""
    reader = reader_of(request, pen, message)
    if reader is not None:
        enough = levels.enough(message, reader)
        return letter.show(request, message, reader) if enough else steps.page(request, pen, message, reader)
    waits = codes.latest(sittings.door(request), message)
    if waits is not None and "other" not in request.GET:
        return redirect("secure-code", message.locator)
    facts = saying.at_the_door(request.GET.get("said", "")) | {"waits": waits}
    return render(request, "reading/door.html", entering.facts_of(request, pen, message) | facts)


@require_http_methods(["GET", "HEAD", "POST"])
@by_locator
def code(request: HttpRequest, pen: Pen, message: SecureMessage) -> HttpResponseBase:
    """POST: a code is on its way. GET: the page that asks for it, and says what came of the last figures."""
    if request.method == "POST":
        return _ask(request, pen, message)
    door_of = sittings.door(request)
    row = codes.latest(door_of, message)
    if row is None:
        return redirect("secure-message", message.locator)
    other = codes.of_door(door_of, _uuid(request.GET.get("of", "")))
    said = saying.of_a_code(request.GET.get("said", ""), row, other)
    facts = {"row": row, "reference": codes.reference(row), "to": door.shown(row), "said": said}
    return render(request, "reading/code.html", entering.facts_of(request, pen, message) | facts)


def _ask(request: HttpRequest, pen: Pen, message: SecureMessage) -> HttpResponse:
    chosen = _asked(request, message)
    if isinstance(chosen, door.AddressForm):
        facts = entering.facts_of(request, pen, message, chosen)
        return render(request, "reading/door.html", facts, status=422)
    address, offered = chosen
    mark = "" if sittings.door(request) else sittings.new_door()
    asked = codes.ask(
        pen, message, door=sittings.digest(mark) if mark else sittings.door(request), asked=address,
        address=door.meant(message, address), offered=offered, house=house_of(request),
    )  # fmt: skip
    word = "soon" if not asked.sent else "sent" if asked.row.mails > 1 else ""
    answer = entering.on_to("secure-code", message, word)
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
    row = codes.of_door(sittings.door(request), again)
    if row is not None:
        return row.asked, row.offered
    form = door.AddressForm(request.POST)
    return (str(form.cleaned_data["address"]), False) if form.is_valid() else form


@only_sent_to("secure-code")
@by_locator
def enter(request: HttpRequest, pen: Pen, message: SecureMessage) -> HttpResponseBase:
    """The code is typed: right, the letter opens; else on to a page that says what is the case."""
    mark = sittings.door(request)
    used = codes.use(mark, _uuid(request.POST.get("of", "")), request.POST.get("code", ""))
    if used.said == "in" and used.row is not None:
        return entering.let_in(request, pen, message, used.row.address, levels.CODE)
    if codes.latest(mark, message) is None:
        last = "guessed" if used.said == "wrong" else used.said
        return entering.on_to("secure-message", message, last)
    older = {"of": str(used.row.pk)} if used.said == "older" and used.row is not None else {}
    return entering.on_to("secure-code", message, used.said, **older)


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
