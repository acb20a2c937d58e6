"""Where a picture is used: in which templates and messages, by its name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from stationer.compose import KINDS, SHAPES
from stationer.portal.content.models import Asset, Message, Template
from stationer.portal.content.parts import PARTS, source_of
from stationer.wire.source import Source


@dataclass(frozen=True)
class Use:
    """A place that shows a picture."""

    said: str
    url: str


def names_in(source: Source) -> Iterator[str]:
    """The names of the pictures that a source calls; what else is written in such fields too."""
    shape = SHAPES.get(source.shape)
    for field in shape.fields if shape else ():
        if field.kind == "picture":
            yield source.values.get(field.name, field.otherwise)
        elif field.kind == "mjml":
            for part in source.values.get(field.name, "").split('src="picture:')[1:]:
                yield part.partition('"')[0]
    for element in source.listed:
        kind = KINDS.get(element.kind)
        for field in kind.fields if kind else ():
            if field.kind == "picture":
                yield element.values.get(field.name, field.otherwise)


def uses() -> dict[str, list[Use]]:
    """Every picture that the PEN's drafts use: where, by its name."""
    found: dict[str, list[Use]] = {}
    for source, use in _places():
        for name in dict.fromkeys(names_in(source)):
            if name and use not in found.setdefault(name, []):
                found[name].append(use)
    return found


def _places() -> Iterator[tuple[Source, Use]]:
    for row in Template.objects.all():
        parts = row.wire_parts()
        for key, part in PARTS.items():
            source = source_of(parts, part)
            if source is not None:
                url = reverse("template-part", args=[row.outside_id, key])
                yield source, Use(_("{part} of “{name}”").format(part=part.name(), name=row.name), url)
    for message in Message.objects.select_related("campaign"):
        url = reverse("message", args=[message.outside_id])
        said = _("Message “{name}” of “{campaign}”").format(name=message.name, campaign=message.campaign.name)
        yield message.wire_source(), Use(said, url)


def uses_of(row: Asset) -> list[Use]:
    """Where this one is used."""
    return uses().get(row.name, [])
