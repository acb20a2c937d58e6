"""What allauth asks the house: whether a company may be founded here by whoever asks (access.signing_up)."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from stationer.portal.access import signing_up


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Sign-up is closed unless the installation says otherwise: an account is made with a membership."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return signing_up.may(request)
