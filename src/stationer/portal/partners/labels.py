"""Whose portal this looks like: the name, logo and colours of the partner whose host name was asked for.

Somebody who is signed in sees their own PEN's look wherever they are; the name of the house goes by the host, and at
the installation's own host by the partner of their PEN.
"""

from __future__ import annotations

from collections.abc import Callable
from hashlib import blake2b
from typing import Any, cast

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from stationer.blobs.folder import Absent
from stationer.portal.access.presence import Presence
from stationer.portal.content.models import EXTENSIONS
from stationer.portal.content.pictures import blobs, inspect
from stationer.portal.partners.hosts import Label, at
from stationer.portal.people.models import Pen

#: The installation's own name, where no partner has said another.
OWN = "Stationer"
MOST_LOGO = 200_000
#: In a session: the partner's host at which it was signed in.
HOST_KEY = "host"


class LabelMiddleware:
    """Sets `request.label`: what is at the host name that was asked for, or None. A session of another host is that of
    nobody here."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith("/static/"):
            cast(Any, request).label = None
            return self.get_response(request)
        cast(Any, request).label = at(request.get_host())
        if request.user.is_authenticated and request.session.get(HOST_KEY, "") != host_of(request):
            request.user = AnonymousUser()
        return self.get_response(request)


def host_of(request: HttpRequest) -> str:
    """The partner's host that was asked for; nothing at the installation's own names."""
    found = getattr(request, "label", None)
    return found.host if isinstance(found, Label) else ""


def signed_in(request: HttpRequest | None = None, **_: Any) -> None:
    """A sign-in: the session is good at this host alone. Whoever runs a partner's host can read what goes through it,
    and so must not be let in elsewhere by that."""
    if request is not None:
        request.session[HOST_KEY] = host_of(request)


def label(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `house`, the name of the portal; `logo` and `host_brand` where the host has them."""
    found = getattr(request, "label", None)
    here = getattr(request, "presence", None)
    if isinstance(found, Label) and found.house:
        return {"house": found.house, "logo": found.logo, "host_brand": dict(found.brand), "label": found}
    if isinstance(here, Presence):
        above = here.pen.from_above()
        return {"house": above.house or OWN, "logo": above.logo, "host_brand": {}, "label": found}
    brand = dict(found.brand) if isinstance(found, Label) else {}
    return {"house": OWN, "logo": "", "host_brand": brand, "label": found}


def house_of(request: HttpRequest | None) -> str:
    """What the portal is called for whoever asks, in mails."""
    return str(label(request)["house"]) if request is not None else OWN


def house_of_pen(pen: Pen) -> str:
    """What the portal is called for a PEN's people."""
    return pen.from_above().house or OWN


def keep_logo(data: bytes) -> str:
    """Take in a logo; returns what it is called. Raises ValidationError."""
    if len(data) > MOST_LOGO:
        raise ValidationError({"logo": [f"{len(data) // 1024} KB > {MOST_LOGO // 1024} KB"]})
    kind, _width, _height = inspect(data)
    key = settings.SECRET_KEY.encode()[:64]
    name = f"{blake2b(data, key=key, digest_size=20).hexdigest()}.{EXTENSIONS[kind]}"
    blobs().put(f"labels/{name}", data)
    return name


@require_GET
def logo(request: HttpRequest, digest: str, extension: str) -> HttpResponse:
    """A logo; its bytes never change under this name."""
    kind = next(kind for kind, end in EXTENSIONS.items() if end == extension)
    try:
        data = blobs().get(f"labels/{digest}.{extension}")
    except Absent:
        raise Http404("no such logo") from None
    return HttpResponse(
        data,
        content_type=kind,
        headers={
            "Cache-Control": "public, max-age=31536000, immutable",
            "Content-Security-Policy": "sandbox",
        },
    )
