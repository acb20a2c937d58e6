"""What may go wrong before a mail is handed over.

SmtpError ─ UnreachableError (try again later) ─ AuthError (somebody has to look at it)

What the server says about one mail is no error but an Outcome.
"""

from __future__ import annotations


class SmtpError(Exception):
    """The mail server cannot be used now.

    The message is for the user; `permanent`: trying again will not help.
    """

    permanent = False


class UnreachableError(SmtpError):
    """No connection, no encryption, or no greeting."""


class AuthError(SmtpError):
    """The server is there and does not accept this login."""

    permanent = True
