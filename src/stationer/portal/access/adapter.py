"""What allauth asks the house: nobody makes an account by themselves; owners and the command line do."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Sign-up is closed: an account is made with a membership."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
