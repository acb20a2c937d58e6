"""`GET /a/{digest}.{ext}`: a picture in a mail, for everyone, for ever. No cookie, no database."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from stationer.blobs.folder import Absent
from stationer.portal.content.models import EXTENSIONS
from stationer.portal.content.pictures import blobs

_TYPES = {extension: kind for kind, extension in EXTENSIONS.items()}


@require_safe
def picture(request: HttpRequest, digest: str, extension: str) -> HttpResponse:
    """The bytes, immutable; 404 for what is none."""
    try:
        data = blobs().get(f"pictures/{digest}.{extension}")
    except Absent as error:
        raise Http404("no such picture") from error
    response = HttpResponse(data, content_type=_TYPES[extension])
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
