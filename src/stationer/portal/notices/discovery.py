"""`/.well-known/stationer/PEN`: what programs learn of a PEN (contract/notice.md §9), the same for everybody."""

from __future__ import annotations

from hashlib import sha256
from typing import cast

import msgspec
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from stationer.notice.descriptor import Access, described
from stationer.portal.notices import keys
from stationer.portal.notices.pens import drawn, wording
from stationer.portal.people.models import Pen, pen_id_of
from stationer.portal.people.scope import pen_scope

#: How long it may be kept, in seconds, and how long it stays the same.
KEPT_S = 300


@require_safe
def descriptor(request: HttpRequest, pen: str) -> HttpResponse:
    """The descriptor; 404 for a PEN that is not there, has ended or cannot sign."""
    octets = octets_of(pen_called(pen))
    tag = f'"{sha256(octets).hexdigest()[:32]}"'
    same = tag in request.headers.get("If-None-Match", "")
    answer = HttpResponse(
        b"" if same else octets, content_type="application/json", status=304 if same else 200
    )
    answer["Cache-Control"], answer["ETag"] = f"public, max-age={KEPT_S}", tag
    return answer


def pen_called(text: str) -> Pen:
    """The PEN of an outside id. Raises Http404."""
    try:
        found = Pen.objects.filter(pk=pen_id_of(text)).exclude(standing=Pen.Standing.ENDED).first()
    except ValueError:
        found = None
    if found is None:
        raise Http404
    return found


def octets_of(pen: Pen) -> bytes:
    """As it is served now. Raises Http404 where no key of the PEN opens: nobody could believe it."""
    with pen_scope(pen):
        said = drawn(pen, wording(), {}, tuple(map(keys.key_of, keys.in_force())))
    if said.signing_key is None:
        raise Http404
    at = int(timezone.now().timestamp()) // KEPT_S * KEPT_S * 1000
    where = reverse("oauth2_provider:device-authorization")
    return msgspec.json.encode(described(said, cast("Access", str(pen.access)), where, at))
