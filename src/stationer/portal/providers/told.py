"""What a provider says of somebody, and why somebody is not let in (contract/sign-in.md §5)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Said:
    """What came back and was verified: who it is for the provider, and what it says of them.

    `verified`: the address that the provider says is theirs, in small letters; empty where it says so of none.
    `proofs`: how they showed who they are there (amr, acr, AuthnContextClassRef). `values`: names in small letters,
    each with its texts. `hint`: what the provider wants to see again at the end of the session (its
    ID token), or nothing.
    """

    issuer: str
    subject: str
    verified: str = ""
    values: Mapping[str, Sequence[str]] = field(default_factory=dict)
    proofs: frozenset[str] = frozenset()
    hint: str = ""


class Refused(Exception):
    """Nobody is signed in, and nothing is kept. `code` is a key of `WHY`; `detail` is for the log and the owner."""

    def __init__(self, code: str, detail: str = "", **said: Any) -> None:
        self.code, self.detail, self.said = code, detail, said
        super().__init__(f"{code}: {detail}" if detail else code)

    def sentences(self) -> tuple[str, str]:
        """What happened, and what to do next."""
        happened, following = WHY[self.code]
        return happened().format(**self.said), following().format(**self.said)


def _again() -> str:
    return _("Begin again from the sign-in page. If it stays so, tell whoever looks after your sign-in.")


def _tell() -> str:
    return _("Tell whoever looks after your company’s sign-in; their page here says the same, with details.")


WHY: dict[str, tuple[Callable[[], str], Callable[[], str]]] = {
    "gone": (
        lambda: _("This way to sign in is not there, or it is switched off."),
        lambda: _("Sign in by a code or your password, or ask an owner of your company here."),
    ),
    "state": (
        lambda: _(
            "This answer belongs to no sign-in that was begun in this browser, or it was used or is too old."
        ),
        _again,
    ),
    "cancelled": (
        lambda: _(
            "Your company’s sign-in let nobody in: it was stopped there, or you are not allowed to come here."
        ),
        lambda: _("Try again, or ask whoever looks after it to let you use this application."),
    ),
    "answer": (
        lambda: _("What your company’s sign-in answered is not to be trusted, so it does not count."),
        _tell,
    ),
    "unreachable": (
        lambda: _("Your company’s sign-in could not be asked just now."),
        lambda: _("Try again in a few minutes."),
    ),
    "replayed": (lambda: _("This answer was used already."), _again),
    "extra": (
        lambda: _("SAML is not installed on this server."),
        lambda: _("Whoever runs it installs stationer[saml] and starts it again."),
    ),
    "no-address": (
        lambda: _("Your company’s sign-in did not say what your e-mail address is."),
        _tell,
    ),
    "unverified": (
        lambda: _("Your company’s sign-in does not say that it has verified {address}."),
        _tell,
    ),
    "domain": (
        lambda: _("{address} is not of a domain that this sign-in is for."),
        lambda: _("Sign in with your company’s address, or ask an owner to add the domain."),
    ),
    "stranger": (
        lambda: _("Nobody here has let {address} in yet."),
        lambda: _("Ask an owner of your company here to give you access."),
    ),
    "taken": (
        lambda: _("Another person of your company’s sign-in comes in as {address} already."),
        lambda: _(
            "An owner can forget that link on the page of this sign-in, when the address has gone to you."
        ),
    ),
    "other-account": (
        lambda: _("The person with {address} signs in here with another address."),
        lambda: _("Ask an owner to take that access away first, or sign in as before."),
    ),
    "resting": (
        lambda: _("This company is not open here just now."),
        lambda: _("Ask an owner of your company."),
    ),
    "code": (
        lambda: _("This address and this emergency code do not fit together, or the code was used already."),
        lambda: _("Look whether you typed it as it is written. Each code works once."),
    ),
    "often": (
        lambda: _("That was tried too often."),
        lambda: _("Wait a quarter of an hour, then try again."),
    ),
}
