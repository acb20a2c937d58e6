"""Harbour Dental with a domain that its zone has proven: what its own sign-in needs."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from stationer.portal.access.models import ProvenDomain
from stationer.portal.people.scope import pen_scope
from trials.browser import harbour

DOMAIN = "harbourdental.example"
FURNISH = "__import__('trials.browser.entered', fromlist=['furnish']).furnish()"


def furnish() -> Any:
    """As `harbour.furnish`, and proven."""
    made = harbour.furnish()
    with pen_scope(made.pen):
        ProvenDomain.objects.create(domain=DOMAIN, proven_at=timezone.now())
    return made
