"""Delegates: members who read another's letters, and the mailboxes that several share (contract/people.md §6).

A shared mailbox is a member like others, whom nobody signs in as: whoever reads it is its delegate.
"""

from __future__ import annotations

from email.message import EmailMessage

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from stationer.portal.access.models import Membership
from stationer.portal.delivery.sending import Unsendable, send
from stationer.portal.people.delegate_rows import Delegation
from stationer.portal.people.members import find_member
from stationer.portal.people.models import Member, Pen
from stationer.portal.people.scope import current_pen_id
from stationer.portal.site.letterhead import sender_called

#: Delegates of one mailbox.
MOST = 100


def of(mailbox: Member) -> list[Delegation]:
    """Who reads for this member."""
    return list(Delegation.objects.filter(mailbox=mailbox).select_related("delegate"))


def read_by(delegate: Member) -> list[Delegation]:
    """For whom this member reads."""
    return list(Delegation.objects.filter(delegate=delegate).select_related("mailbox"))


def signs_in(member: Member) -> bool:
    """Whether somebody signs in as this member: then the mailbox is that person's own."""
    return Membership.objects.filter(member=member).exists()


def let(mailbox: Member, address: str, *, earlier: bool = False, by: Member | None = None) -> Delegation:
    """Somebody reads for this member from now on. `by`: who said so; None where a program did. The mailbox is told by
    mail, unless its owner did it. Raises ValidationError (`address`)."""
    delegate = find_member(address)
    if delegate is None:
        raise _no(_("Nobody of this company has the address {address}.").format(address=address.strip()))
    if delegate.pk == mailbox.pk:
        raise _no(_("Everybody reads their own letters."))
    if by is not None and by.pk == delegate.pk and signs_in(mailbox):
        raise _no(_("Nobody takes this for themselves: {name} does it, or a colleague of yours.").format(
            name=mailbox.name))  # fmt: skip
    with transaction.atomic():
        Member.objects.select_for_update().get(pk=mailbox.pk)
        row = Delegation.objects.filter(mailbox=mailbox, delegate=delegate).first()
        if row is None and Delegation.objects.filter(mailbox=mailbox).count() >= MOST:
            raise _no(_("{most} people read for {name} already.").format(most=MOST, name=mailbox.name))
        known = row is not None and (row.earlier or not earlier)
        row = row or Delegation(mailbox=mailbox, delegate=delegate)
        row.earlier = row.earlier or earlier
        row.made_by = by.address if by else ""
        if known:
            return row
        row.save()
        if by is None or by.pk != mailbox.pk:
            _tell(mailbox, delegate, by)
    return row


def stop(row: Delegation) -> None:
    """They read for them no more, from the next page or request on."""
    row.delete()


def _no(sentence: str) -> ValidationError:
    return ValidationError({"address": [sentence]}, code="delegate")


def _tell(mailbox: Member, delegate: Member, by: Member | None) -> None:
    pen = Pen.objects.get(pk=current_pen_id())
    facts = {"name": delegate.name, "address": delegate.address, "by": by.name if by else pen.name}
    words = _(
        "{name} ({address}) reads secure messages that are sent to you, from now on. {by} has set it up. If that is "
        "not right, take it back here, or tell them:"
    ).format(**facts)
    mail = EmailMessage()
    mail["From"], mail["To"] = sender_called(pen.from_above().house), mailbox.address
    mail["Subject"] = " ".join(_("{name} reads your letters").format(**facts).split())
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834 §5
    mail.set_content(f"{words}\n\n{pen.url}{reverse('own-delegates')}\n\n-- \n{pen.name}\n")
    try:
        send(mail, sender=settings.DEFAULT_FROM_EMAIL, recipients=[mailbox.address], pen=pen)
    except Unsendable:  # an address that no envelope takes must not undo what was decided
        return
