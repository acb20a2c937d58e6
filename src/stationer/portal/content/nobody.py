"""A campaign that can be on no mail at all: said in a sentence on its page, before anybody wonders."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from stationer.pick import plain_value
from stationer.portal.content.models import Campaign, Message
from stationer.portal.content.sentence import PLACES, any_of
from stationer.portal.content.standing import has_ended
from stationer.portal.people.models import AddressList, Group, Member, Pen
from stationer.wire.definition import Management
from stationer.wire.rules import Recipients, Senders


def said(campaign: Campaign, texts: Sequence[Message], pen: Pen, now: datetime) -> str:
    """Why nobody would ever see it, and what to do; empty where somebody may."""
    rule, settings = campaign.wire_rule(), pen.management()
    if has_ended(campaign, now):
        return _("Its time is over, so it is on no mail. Give it a later day to show it again.")
    return (
        _no_place(texts, settings)
        or _no_sender(rule.senders, rule.except_senders, settings.quiet_groups)
        or _no_recipient(rule.to, settings)
    )


def _no_place(texts: Sequence[Message], settings: Management) -> str:
    if not settings.most_messages:
        return _("Mails carry no campaign messages at all here. Change that in the settings.")
    slots = {row.slot for row in texts}
    if slots and not slots & set(settings.slots):
        places = any_of([PLACES[slot]() for slot in sorted(slots)])
        sentence = _("Nothing may stand {place} here. Choose another place, or allow it in the settings.")
        return sentence.format(place=places)
    return ""


def _no_sender(asked: Senders, but: Senders | None, quiet: tuple[str, ...]) -> str:
    writers = _members(asked)
    if but is not None and not but.where:
        writers = writers.exclude(pk__in=_members(but).values("pk"))
    loud = writers.exclude(groups__name__in=quiet) if quiet else writers
    if _somebody(loud, asked):
        return ""
    if quiet and _somebody(writers, asked):
        return _("Mails of everybody whom it asks for carry no messages. Change that in the settings.")
    return _("Nobody in the company is whom it asks for, so it is on no mail. Choose other people who write.")


def _members(asked: Senders) -> QuerySet[Member]:
    """Whom the entries name, before attributes narrow that."""
    if asked.names_nobody():
        return Member.objects.all()
    wanted = Q(address__in=asked.addresses) | Q(package__name__in=asked.packages)
    return Member.objects.filter(wanted | Q(groups__name__in=asked.groups))


def _somebody(writers: QuerySet[Member], asked: Senders) -> bool:
    if not asked.where:
        return writers.exists()
    wanted = {name: set(map(plain_value, values)) for name, values in asked.where.items()}
    return any(
        all(plain_value(str(own.get(name, ""))) in values for name, values in wanted.items())
        for own in writers.values_list("attributes", flat=True).iterator()
    )


def _no_recipient(to: Recipients, settings: Management) -> str:
    if to.side == "mixed" and settings.mixed != "shared":
        return _("No mail is looked at as going inside and outside at once here. Choose where they are anew.")
    if to.domains or to.addresses or not (to.groups or to.lists):
        return ""
    if to.lists and any(AddressList.objects.filter(name__in=to.lists).values_list("addresses", flat=True)):
        return ""
    if to.groups and Group.objects.filter(name__in=to.groups, members__isnull=False).exists():
        return ""
    names = any_of([_("“{name}”").format(name=name) for name in (*to.lists, *to.groups)])
    return _("Nobody is in {names}, so it is on no mail. Put somebody in, or choose others.").format(
        names=names
    )
