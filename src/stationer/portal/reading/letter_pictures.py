"""Pictures of the company's own in a letter: those that its stationery calls by their address here.

The letter shows them at once, and nobody is asked for them: they are taken from where they are kept and written into
the document, so that no server learns from a picture who reads when (contract/reading.md §5).
"""

from __future__ import annotations

import re
from collections.abc import Collection
from contextlib import suppress
from urllib.parse import urlsplit

from django.conf import settings

from stationer import show
from stationer.blobs.names import Absent
from stationer.portal.content.pictures import blobs
from stationer.portal.people.models import Pen
from stationer.portal.people.scope import current_pen_id

_OURS = re.compile(r"/a/([0-9a-f]{40}\.(?:png|jpg|gif))")


def our_picture(url: str, hosts: Collection[str]) -> bytes | None:
    """The octets of a picture that is served here, at one of these `hosts`, under this web address; None where it is
    none."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    found = _OURS.fullmatch(parts.path)
    if not found or parts.query or parts.netloc.lower() not in hosts:
        return None
    with suppress(Absent, OSError):
        return bytes(blobs().get(f"pictures/{found[1]}"))
    return None


def logo_inside(pen: Pen) -> str:
    """The PEN's logo as the value of `src`, for a document that fetches nothing; empty where there is none."""
    with suppress(Absent, OSError):
        return show.written_in(bytes(blobs().get(f"pictures/{pen.logo.path.rpartition('/')[2]}"))) or ""
    return ""


def our_hosts() -> set[str]:
    """Under which host names pictures have their addresses: the installation's, and that of the PEN's pages."""
    addresses = (str(settings.PUBLIC_URL), Pen.objects.get(pk=current_pen_id()).url)
    return {urlsplit(address).netloc.lower() for address in addresses}
