"""What every PEN begins with: whoever sent the mail is told at once, when it is fairly sure that a person clicked."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils import translation

from stationer.portal.alerts.models import AlertRule, AlertTerms
from stationer.portal.audit.actor import in_one
from stationer.portal.people.models import Pen
from stationer.portal.people.scope import pen_scope


def founded(instance: Pen, created: bool = False, raw: bool = False, **_: Any) -> None:
    """A new PEN gets the first rule, and the language of whoever founds it."""
    if not created or raw:
        return
    known = dict(settings.LANGUAGES)
    spoken = translation.get_language() or ""
    with pen_scope(instance), in_one():
        AlertTerms.objects.create(language=spoken if spoken in known else settings.LANGUAGE_CODE)
        AlertRule.objects.create()
