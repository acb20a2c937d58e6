"""The few tags that pages share: an icon, a form control, the letterhead's style. They decide nothing."""

from __future__ import annotations

from typing import Any

from django import template
from django.forms import BoundField
from django.template.context import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from stationer.portal.site.icons import PATHS, TURN
from stationer.portal.site.letterhead import style
from stationer.portal.site.retelling import retold

register = template.Library()

#: Widgets that keep the browser's own look; everything else is an `input` of the design system.
BARE = ("checkbox", "radio", "hidden")


@register.simple_tag
def icon(name: str, extra: str = "") -> SafeString:
    """One icon, hidden from readers of the screen: a word always stands beside it. KeyError for an unknown name."""
    words = " ".join(word for word in ("icon", "turns" if name in TURN else "", extra) if word)
    return format_html(
        '<svg class="{}" width="20" height="20" viewBox="0 0 20 20" aria-hidden="true">{}</svg>',
        words,
        mark_safe(PATHS[name]),
    )


@register.simple_tag
def control(field: BoundField, **attributes: str) -> SafeString:
    """The field's widget in the design system's class; ARIA for hints and errors is Django's own."""
    kind = getattr(field.field.widget, "input_type", "")
    extra: dict[str, Any] = {} if kind in BARE else {"class": "input"}
    if field.field.widget.attrs.get("class"):
        extra["class"] = f"{extra.get('class', '')} {field.field.widget.attrs['class']}".strip()
    field.field.widget.attrs.pop("placeholder", None)  # a label says it, and stays while one types
    return field.as_widget(attrs=extra | attributes)


@register.simple_tag(takes_context=True)
def letterhead(context: Context) -> SafeString:
    """The page's own `<style nonce>`: the voice's font faces and the PEN's four tokens."""
    return style(context.get("pen"), str(context.get("csp_nonce", "")), context.get("host_brand"))


@register.filter(name="retold")
def in_their_language(sentence: str) -> str:
    """What a craft says, in the reader's language."""
    return retold(str(sentence))


@register.simple_tag
def shape_hint(name: object) -> str:
    """What a shape is good for, in one line."""
    from stationer.compose import SHAPES

    shape = SHAPES.get(str(name))
    return gettext(shape.hint) if shape and shape.hint else ""


@register.filter
def breakable(address: str) -> SafeString:
    """A mail address that a narrow place breaks before its `@`, and nowhere else where it need not."""
    name, at, domain = address.rpartition("@")
    return format_html("{}<wbr>{}{}", name, at, domain)


@register.filter
def lasting(seconds: int) -> str:
    """`2 minutes`."""
    from stationer.portal.statistics.visiting.reasons import lasting as said

    return said(int(seconds))


@register.simple_tag
def attribute_label(name: str) -> str:
    """An attribute's name as people say it."""
    from stationer.portal.people.attributes import label

    return label(name)


@register.simple_tag
def named_by(names: dict[str, str], address: str) -> str:
    """The name that goes with an address, or the address."""
    return names.get(address.lower(), address)


@register.filter
def may_be_empty(field: BoundField) -> bool:
    """Whether to say so beside the label: not where most fields may (`quiet`), and never beside a list of choices."""
    said = field.field.required or getattr(field.field, "must", False) or getattr(field.form, "quiet", False)
    return (
        not said
        and not hasattr(field.field, "choices")
        and getattr(field.field.widget, "input_type", "") != "color"
    )


@register.simple_tag
def rows_of(form: Any, names: Any) -> list[list[BoundField]]:
    """Fields by rows, without those that the form left out."""
    rows = [[form[name] for name in row if name in form.fields] for row in names]
    return [row for row in rows if row]
