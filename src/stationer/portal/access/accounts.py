"""Accounts and what they are members of: made by an owner or at the command line, never by themselves."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from stationer.portal.access.models import Account, Membership, Role
from stationer.portal.people.members import add_member, find_member
from stationer.portal.people.models import Member, Pen
from stationer.portal.people.scope import current_pen_id
from stationer.portal.people.valid import normal_address


class SignsInAlready(ValidationError):
    """Somebody else of the PEN signs in with this address; an account stays whose it is."""

    def __init__(self, address: str, name: str) -> None:
        sentence = _(
            "{name} signs in with {address} already. Let them change it under “You”, or take their key away first."
        )
        super().__init__(sentence.format(name=name, address=address), code="signs-in")


def give_access(
    address: str,
    *,
    role: str | Role = Membership.Role.MEMBER,
    password: str | None = None,
    member: Member | None = None,
    verified: bool = True,
) -> Membership:
    """The account of this address may sign in to the PEN in scope; account and member are made where missing.

    A member signs in with one account: one who has it already keeps it, whatever their address is by now, and it
    gets the role; any further one is shut out. `role` is one that is built in, by its name, or one of the PEN's own.

    Without a password the person signs in by a code sent to the address. A password given for an account that
    exists is ignored: only its owner changes it. Raises ValidationError for a weak password or a wrong address,
    SignsInAlready where the account is another member's, and LastOwner where the PEN would have no owner left.
    """
    email = normal_address(address)
    with transaction.atomic():
        Pen.objects.select_for_update(no_key=True).filter(
            pk=current_pen_id()
        ).first()  # two at once make one account
        member = member or _member_of(email) or find_member(email) or add_member(email)
        row = _kept(member, email) or _new(member, email, password, verified)
        own = role if isinstance(role, Role) else None
        row.role = Membership.Role.OWN if own else Membership.Role(str(role))
        row.own_role = own
        row.save()
        for other in member.memberships.exclude(pk=row.pk):
            take_access(other)
    return row


def _member_of(email: str) -> Member | None:
    """Who signs in with this address."""
    row = Membership.objects.filter(account__email=email).select_related("member").first()
    return row.member if row else None


def _kept(member: Member, email: str) -> Membership | None:
    """What the member signs in with already: of several the one with this address, else the oldest."""
    rows = sorted(member.memberships.select_related("account"), key=lambda row: row.created_at)
    return next((row for row in rows if row.account.email == email), rows[0] if rows else None)


def _new(member: Member, email: str, password: str | None, verified: bool) -> Membership:
    theirs = Membership.objects.filter(account__email=email).select_related("member").first()
    if theirs is not None:
        raise SignsInAlready(email, theirs.member.name)
    account = Account.objects.filter(email=email).first()
    if account is None:
        account = Account(email=email)
        if password is not None:
            validate_password(password, account)
        account = Account.objects.create_user(email, password)
    EmailAddress.objects.get_or_create(
        user=account, email=email, defaults={"verified": verified, "primary": True}
    )
    return Membership(account=account, member=member)


def take_access(row: Membership) -> None:
    """The account is no longer in the PEN; it counts from its next request on. Raises LastOwner."""
    row.delete()
