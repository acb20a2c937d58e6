"""How passwords are kept (argon2id, RFC 9106) and which are refused."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core.exceptions import ValidationError
from django.utils.translation import gettext


class Argon2(Argon2PasswordHasher):
    """argon2id, 64 MiB, three passes, one lane: about a quarter of a second on a small server."""

    time_cost = 3
    memory_cost = 65_536
    parallelism = 1


class NotTheAddress:
    """Refuses a password that is the e-mail address or its part before the @."""

    def validate(self, password: str, user: Any = None) -> None:
        address = str(getattr(user, "email", "") or "").lower()
        if address and password.lower() in (address, address.partition("@")[0]):
            raise ValidationError(gettext("The password is your address: choose another."), code="address")

    def get_help_text(self) -> str:
        return gettext("Your password can’t be your e-mail address.")
