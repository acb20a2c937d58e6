"""What every page of the door shows, and the moment when somebody is let in."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from stationer.portal.people.models import Pen
from stationer.portal.providers.forced import offered
from stationer.portal.reading import door, levels, mailing, passkeys, sittings
from stationer.portal.reading.models import ReadingTerms
from stationer.portal.vault import grants
from stationer.portal.vault.models import SecureMessage
from stationer.watch.log import Voice

say = Voice("reading")


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
        "passkeys": passkeys.possible(request),
        "providers": offered(request),
    }


def let_in(request: HttpRequest, pen: Pen, message: SecureMessage, address: str, level: int) -> HttpResponse:
    """The address was shown in this browser; the letter is next."""
    own = request.POST.get("own_device") == "1"
    row, secret = sittings.add(request, pen, address, level, own_device=own)
    levels.remember(address, level)
    grants.come_back(address)
    say.info("reader-in", message=message.pk.hex, level=level)
    answer = redirect("secure-message", message.locator)
    answer.status_code = 303
    sittings.carry(answer, pen, row, secret)
    return answer


def on_to(page: str, message: SecureMessage, said: str, **more: str) -> HttpResponse:
    """On to a page that is looked at: to go back, or to load it again, sends nothing twice (RFC 9110 §15.4.4)."""
    words = urlencode(({"said": said} if said else {}) | more)
    answer = redirect(reverse(page, args=[message.locator]) + (f"?{words}" if words else ""))
    answer.status_code = 303
    return answer
