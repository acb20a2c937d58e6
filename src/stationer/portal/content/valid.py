"""JSON columns checked against the wire's structs, with msgspec's sentence as the message."""

from __future__ import annotations

from typing import Any

import msgspec
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from stationer.pick.checks import MOST_MAILS
from stationer.wire.definition import Caps
from stationer.wire.rules import Rule
from stationer.wire.source import Source, Utm
from stationer.wire.words import Slot, Variant

#: Characters of one utm_… in the address of a link.
MOST_UTM = 80
#: What a template holds: variant → slot → Source.
Parts = dict[Variant, dict[Slot, Source]]


def _check(value: Any, form: Any) -> None:
    try:
        msgspec.convert(value, form)
    except msgspec.ValidationError as error:
        raise ValidationError(str(error), code="form") from None


def check_rule(value: Any) -> None:
    """Refuses what is no `wire.rules.Rule`."""
    _check(value, Rule)


def check_caps(value: Any) -> None:
    """Refuses what is no `wire.definition.Caps`, and numbers that cannot be."""
    _check(value, Caps)
    if not all(0 <= cap <= MOST_MAILS for cap in value.values()):
        raise ValidationError(_("Write 0 to {most} for each cap.").format(most=MOST_MAILS), code="caps")


def check_utm(value: Any) -> None:
    """Refuses what is no `wire.source.Utm`, and words that no query is meant for."""
    _check(value, Utm)
    if any(len(words) > MOST_UTM for words in value.values()):
        sentence = _("Write at most {most} characters for each.")
        raise ValidationError(sentence.format(most=MOST_UTM), code="utm")


def check_source(value: Any) -> None:
    """Refuses what is no `wire.source.Source`."""
    _check(value, Source)


def check_parts(value: Any) -> None:
    """Refuses what is not variant → slot → Source."""
    _check(value, Parts)


def check_variants(value: Any) -> None:
    """Refuses what is no list of different variants, at least one."""
    _check(value, list[Variant])
    if not value or len(set(value)) != len(value):
        sentence = _("Name at least one of new, reply, forward, each once.")
        raise ValidationError(sentence, code="variants")
