"""The one tag that a letter's page needs of the door: whether a passkey is offered below it."""

from __future__ import annotations

from django import template
from django.template.context import Context

from stationer.portal.reading import passkeys

register = template.Library()


@register.simple_tag(takes_context=True)
def passkey_offered(context: Context) -> bool:
    """Whether the `reader` of this page is offered one now. A member has ways of their own."""
    reader = context.get("reader")
    return (
        reader is not None and reader.member is None and passkeys.offered(reader.address, context["request"])
    )
