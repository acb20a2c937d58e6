"""Members change their own details: at once where the PEN lets them, otherwise as a proposal that somebody agrees to.

Whoever may decide is told by mail when a proposal comes; the member is told what became of it. Both mails leave with
the transaction or not at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from email.message import EmailMessage

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from stationer.portal.access.models import Membership
from stationer.portal.delivery.sending import Unsendable, send
from stationer.portal.people.attributes import in_use
from stationer.portal.people.members import save_member
from stationer.portal.people.models import Attribute, Member, Pen, Proposal
from stationer.portal.people.scope import current_pen_id
from stationer.portal.site.letterhead import sender_called

Editing = Attribute.Editing
Outcome = Proposal.Outcome
#: How many of those who may decide are told of a proposal.
MOST_TOLD = 12


def own(member: Member) -> dict[str, Attribute]:
    """The attributes that this member may change or propose to change."""
    if "details" not in member.package.rights:
        return {}
    return {name: one for name, one in in_use().items() if one.editing != Editing.OFFICE}


def open_proposal(member: Member) -> Proposal | None:
    """What this member has proposed and nobody has decided yet."""
    return Proposal.objects.filter(member=member, outcome=Outcome.OPEN).first()


def change(member: Member, values: Mapping[str, str]) -> tuple[list[str], list[str]]:
    """Take in what a member says of themselves. Returns what is changed and what is proposed, by name.

    `values` are proper already; what this member may not touch is left out. Raises ValidationError.
    """
    may = own(member)
    with transaction.atomic():
        member = Member.objects.select_for_update().get(pk=member.pk)
        now = member.attributes
        new = {n: v for n, v in values.items() if n in may and v != now.get(n, "")}
        said = {name: value for name, value in new.items() if may[name].editing == Editing.SELF}
        asked = {name: value for name, value in new.items() if may[name].editing == Editing.ASKED}
        if said:
            member.attributes = {k: v for k, v in (now | said).items() if v}
            save_member(member)
        taken_back = {name for name in values if name in may and name not in new}
        _propose(member, asked, taken_back)
    return list(said), list(asked)


def _propose(member: Member, asked: Mapping[str, str], taken_back: set[str]) -> None:
    row = open_proposal(member)
    kept = {name: value for name, value in (row.values if row else {}).items() if name not in taken_back}
    values = kept | dict(asked)
    if not values:
        if row is not None:
            row.delete()
        return
    first = row is None
    row = row or Proposal(member=member)
    row.values = values
    row.before = {name: member.attributes.get(name, "") for name in values}
    row.save()
    if first:
        _tell_deciders(member)


def decide(row: Proposal, *, agree: bool, by: str) -> bool:
    """Agree or decline, once. Returns whether it was still open. Raises ValidationError."""
    with transaction.atomic():
        open_ones = Proposal.objects.filter(pk=row.pk, outcome=Outcome.OPEN).select_for_update()
        row = open_ones.select_related("member").first() or row
        if row.outcome != Outcome.OPEN:
            return False
        member = row.member
        if agree:
            member.attributes = {k: v for k, v in (member.attributes | row.values).items() if v}
            save_member(member)
        row.outcome = Outcome.AGREED if agree else Outcome.DECLINED
        row.decided_at, row.decided_by = timezone.now(), by
        row.save()
        _tell_member(member, agree, by)
    return True


def deciders() -> list[str]:
    """The addresses of those who may decide."""
    rows = Membership.objects.select_related("account", "own_role").order_by("created_at")
    return [row.account.email for row in rows if "change-people" in row.rights][:MOST_TOLD]


def _tell_deciders(member: Member) -> None:
    address = _home() + reverse("proposals")
    for decider in deciders():
        _mail(
            decider,
            _("{name} would like their details changed").format(name=member.name),
            _(
                "{name} has proposed a change of their own details. Nothing changes before somebody agrees:"
            ).format(name=member.name),
            address,
        )


def _tell_member(member: Member, agree: bool, by: str) -> None:
    said = (
        _("{name} has agreed to the change of your details. It is on your next mail.")
        if agree
        else _("{name} has declined the change of your details. What the letterhead knows of you:")
    )
    subject = _("Your details are changed") if agree else _("Your details stay as they are")
    _mail(member.address, subject, said.format(name=by), _home() + reverse("myself"))


def _home() -> str:
    return Pen.objects.get(pk=current_pen_id()).url


def _mail(to: str, subject: str, words: str, address: str) -> None:
    pen = Pen.objects.get(pk=current_pen_id())
    mail = EmailMessage()
    mail["From"], mail["To"] = sender_called(pen.from_above().house), to
    mail["Subject"] = " ".join(subject.split())
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834 §5: no holiday notice answers
    mail.set_content(f"{words}\n\n{address}\n\n-- \n{pen.name}\n")
    try:
        send(mail, sender=settings.DEFAULT_FROM_EMAIL, recipients=[to], pen=pen)
    except Unsendable:  # an address that no envelope takes must not undo what was decided
        return
