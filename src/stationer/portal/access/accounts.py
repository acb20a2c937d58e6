"""Accounts and what they are members of: made by an owner or at the command line, never by themselves."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from django.contrib.auth.password_validation import validate_password
from django.db import transaction

from stationer.portal.access.models import Account, Membership, Role
from stationer.portal.people.members import add_member, find_member
from stationer.portal.people.models import Member
from stationer.portal.people.valid import normal_address


def give_access(
    address: str,
    *,
    role: str | Role = Membership.Role.MEMBER,
    password: str | None = None,
    member: Member | None = None,
    verified: bool = True,
) -> Membership:
    """The account of this address may sign in to the PEN in scope; account and member are made where missing.

    `role` is one that is built in, by its name, or one of the PEN's own.

    Without a password the person signs in by a code sent to the address. A password given for an account that
    exists is ignored: only its owner changes it. Raises ValidationError for a weak password or a wrong address, and
    LastOwner where the PEN would have no owner left.
    """
    email = normal_address(address)
    with transaction.atomic():
        account = Account.objects.filter(email=email).first()
        if account is None:
            account = Account(email=email)
            if password is not None:
                validate_password(password, account)
            account = Account.objects.create_user(email, password)
        EmailAddress.objects.get_or_create(
            user=account, email=email, defaults={"verified": verified, "primary": True}
        )
        member = member or find_member(email) or add_member(email)
        own = role if isinstance(role, Role) else None
        named = Membership.Role.OWN if own else Membership.Role(str(role))
        row, _ = Membership.objects.update_or_create(
            account=account, defaults={"member": member, "role": named, "own_role": own}
        )
    return row


def take_access(row: Membership) -> None:
    """The account is no longer in the PEN; it counts from its next request on. Raises LastOwner."""
    row.delete()
