"""Back to an earlier version: its bytes are published again as a new version, so nothing of the past is changed.

The drafts stay as they are and wait on the Publish page, where what was wrong can be mended; who wants the drafts of
that version as well takes them back with it.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.db import OperationalError
from django.utils import timezone
from django.utils.translation import gettext as _

from stationer.pick import Compiled, Damaged, unpack
from stationer.portal.access.models import Account
from stationer.portal.content.binning import discard
from stationer.portal.content.locked_parts import carries
from stationer.portal.content.models import Campaign, Message, Template, Written
from stationer.portal.content.pictures import blobs
from stationer.portal.content.sentence import all_of
from stationer.portal.people.beside import met, patiently, whole
from stationer.portal.people.models import AddressList, Pen
from stationer.portal.people.scope import pen_scope
from stationer.portal.publishing.changes import SETTINGS, Drafts, between, last_publication, made, read
from stationer.portal.publishing.meaning import by_names_of_now, further_names
from stationer.portal.publishing.models import Publication
from stationer.portal.publishing.publish import follow, put_down
from stationer.watch.log import Voice
from stationer.wire import ids

UNDO = timedelta(days=30)
#: What a version says of the PEN itself; what a partner hands down is the partner's.
_OWN = (
    "name",
    "domains",
    "hold_limit_ms",
    "most_messages",
    "slots",
    *(n for n in SETTINGS if n != "inherited"),
)

say = Voice("publishing")
W = TypeVar("W", bound=Written)


class CannotReturn(ValueError):
    """That version cannot be put in force; the sentence says why."""


def undoable(last: Publication | None) -> Publication | None:
    """The version that Undo would put in force again, or None: there is none, or the last is too old."""
    if last is None or last.made_at + UNDO < timezone.now():
        return None
    before = made().filter(serial__lt=last.serial).order_by("-serial")
    return before.defer("drafts", "changed").first()


def undo_until(last: Publication) -> datetime:
    """Until when the last version can be undone by one press."""
    return last.made_at + UNDO


def put_back(
    pen: Pen,
    wanted: Publication,
    by: Account | None,
    *,
    with_drafts: bool = False,
    over: int | None = None,
    by_name: str = "",
) -> Publication:
    """Put this version in force again; `over` is the version that must still be in force,
    `by_name` whose it is where no account is at work.

    Raises CannotReturn; then nothing changed.
    """
    name = by.email if by else by_name
    with pen_scope(pen):
        try:
            row = patiently(lambda: _put_back(wanted, by, name, with_drafts, over))
        except OperationalError as fault:
            if not met(fault):
                raise
            sentence = _("Others are writing here just now. Nothing is done; try again in a moment.")
            raise CannotReturn(sentence) from fault
    say.info("put-back", pen=pen.outside_id, serial=row.serial, version=wanted.serial)
    return row


def _put_back(
    wanted: Publication, by: Account | None, by_name: str, with_drafts: bool, over: int | None
) -> Publication:
    pen, last = whole(), last_publication()
    if over is not None and (last is None or last.serial != over):
        raise CannotReturn(_("Nothing was undone: another version is in force by now."))
    _carries_locks(pen, wanted)
    compiled = bytes_of(wanted)
    about = _("Version {number} again").format(number=wanted.serial)
    rows = read().by_outside_id()
    changed = between(last.drafts if last else {}, wanted.drafts, rows)
    before = further_names()
    row = put_down(pen, compiled, wanted.drafts, changed, by, about, by_name, wanted.knows)
    if with_drafts:
        take_back(pen, by_names_of_now(wanted.drafts, row.knows), by)
    follow(pen.pk, before)
    return row


def _carries_locks(pen: Pen, wanted: Publication) -> None:
    """Whether that version says what the partner has locked since. Raises CannotReturn."""
    handed = pen.from_above()
    said = wanted.drafts["settings"]["pen"].get("inherited", {})
    same = not pen.inherited.get("locks") or said == pen.inherited
    if not (same and all(carries(one["parts"], handed) for one in wanted.drafts["template"].values())):
        sentence = _("{partner} has locked something since that version. Publish what is there now instead.")
        lockers = {one.by for one in handed.locked().values()} | set(handed.locked_by.values())
        raise CannotReturn(sentence.format(partner=all_of(sorted(lockers))))


def bytes_of(wanted: Publication) -> Compiled:
    try:
        payload = unpack(blobs().get(wanted.blob), kind="snapshot", public_key=None).payload
    except (OSError, Damaged, LookupError) as fault:
        say.error("publication-unreadable", blob=wanted.blob, reason=str(fault))
        sentence = _("The file of version {number} cannot be read. Choose another version.")
        raise CannotReturn(sentence.format(number=wanted.serial)) from fault
    assert isinstance(payload, Compiled)
    return payload


def take_back(pen: Pen, said: Drafts, by: Account | None) -> None:
    """The drafts as that version had them. Campaigns that were not in it are paused, templates and messages go into
    the bin; pictures stay as they are."""
    for name in _OWN:
        field: Any = Pen._meta.get_field(name)
        setattr(pen, name, said["settings"]["pen"].get(name, field.get_default()))
    pen.save()
    _templates(said["template"], by)
    _campaigns(said["campaign"], said["message"], by)
    for name, one in said["list"].items():
        AddressList.objects.update_or_create(name=name, defaults={"addresses": one["addresses"]})


def _templates(said: Mapping[str, Any], by: Account | None) -> None:
    Template.objects.filter(fallback=True).update(fallback=False)
    for row in Template.objects.all():
        if row.outside_id not in said:
            discard(row, by)
    for key, fields in said.items():
        _written(Template, ids.inside("template", key), fields, by)


def _campaigns(said: Mapping[str, Any], texts: Mapping[str, Any], by: Account | None) -> None:
    for row in Campaign.objects.filter(state=Campaign.State.LIVE):
        if row.outside_id not in said:
            row.state, row.changed_by = Campaign.State.PAUSED, by
            row.save()
    for key, fields in said.items():
        _written(Campaign, ids.inside("campaign", key), {**fields, "state": Campaign.State.LIVE}, by)
    for text in Message.objects.select_related("campaign"):
        if text.campaign.outside_id in said and text.outside_id not in texts:
            discard(text, by)
    for key, fields in texts.items():
        own = {**fields, "campaign_id": ids.inside("campaign", fields["campaign"])}
        own.pop("campaign")
        _written(Message, ids.inside("message", key), own, by)


def _written(model: type[W], key: uuid.UUID, fields: Mapping[str, Any], by: Account | None) -> None:
    """The row with exactly what was said; what was not said is as it comes."""
    row = model.objects.filter(pk=key).first() or model(pk=key)
    usual = {"key", "created_at", "changed_at", "changed_by", "id", "pen", "campaign"}
    for field in model._meta.concrete_fields:
        if field.name not in usual and field.has_default():
            setattr(row, field.name, field.get_default())
    for name, value in fields.items():
        setattr(row, name, value)
    row.changed_by = by
    row.save()
