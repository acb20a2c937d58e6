"""Who is offered a code at a letter's door, and which address somebody means who types one."""

from __future__ import annotations

from dataclasses import dataclass

from django import forms
from django.utils.translation import gettext_lazy

from stationer.notice import canonical
from stationer.portal.delivery.sending import Unsendable, envelope_address
from stationer.portal.people.valid import no_address, normal_address
from stationer.portal.reading.models import Code
from stationer.portal.vault import grants
from stationer.portal.vault.models import Grant, SecureMessage

#: More visible recipients than this are not offered one by one.
MOST_OFFERED = 6
VISIBLE = (Grant.Kind.TO, Grant.Kind.CC)


@dataclass(frozen=True)
class Offer:
    """A visible recipient: the number that the form sends, and as much of the address as its owner knows again."""

    number: int
    hint: str


def visible(message: SecureMessage) -> list[str]:
    """The addresses that everybody who got the notification can read in its head; never a blind one."""
    rows = message.grants.filter(kind__in=VISIBLE, withdrawn_at=None)
    return list(rows.order_by("-kind", "id").values_list("address", flat=True)[: MOST_OFFERED + 1])


def offers(message: SecureMessage) -> list[Offer]:
    """Whom the page offers a code. Nobody where they are many: everybody types the address then."""
    found = visible(message)
    return (
        [] if len(found) > MOST_OFFERED else [Offer(n, hint(address)) for n, address in enumerate(found, 1)]
    )


def hint(address: str) -> str:
    """`carol@sommer.example` → `c•••l@sommer.example`."""
    local, _, domain = address.rpartition("@")
    return f"{local[:1]}•••{local[-1:] if len(local) > 2 else ''}@{domain}"


def shown(row: Code) -> str:
    """What the page calls the address of a code: its hint where that was chosen, else as it was typed."""
    return hint(row.asked) if row.offered else row.asked


def plain(address: str) -> str:
    """The address without what stands behind a plus (RFC 5233): of all that lead to one right it is the same."""
    local, _, domain = address.rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"


def may_be_sent(address: str) -> bool:
    """Whether a mail can go there: no code ever reaches an address that no envelope may have."""
    try:
        return bool(envelope_address(address))
    except Unsendable:
        return False


def meant(message: SecureMessage, typed: str) -> str:
    """The address with a right that this spelling leads to, empty for none: itself, else the one that differs by what
    stands behind a plus (RFC 5233). The code goes to the address that has the right, and proves that one."""
    exact = grants.grant_of(message, [typed])
    local, _, domain = plain(typed).rpartition("@")
    near = message.grants.filter(withdrawn_at=None, address__endswith=f"@{domain}")
    near = near.filter(address__startswith=f"{local}+") | near.filter(address=f"{local}@{domain}")
    found = near.order_by("id").values_list("address", flat=True).first()
    return exact.address if exact is not None else found or ""


class AddressForm(forms.Form):
    """Somebody types their address."""

    address = forms.CharField(
        label=gettext_lazy("Your address"),
        max_length=320,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def clean_address(self) -> str:
        typed = self.cleaned_data["address"]
        address = canonical(normal_address(typed))
        if not may_be_sent(address):
            raise forms.ValidationError(no_address(typed), code="address")
        return address
