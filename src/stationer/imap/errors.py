"""What may go wrong with a mailbox; one flag says whether to try again.

ImapError ─ UnreachableError (later) ─ AuthError (somebody has to look) ─ RefusedError (the server said NO)
          ─ ChangedError (UIDVALIDITY is another: look anew)
"""

from __future__ import annotations

import imaplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager


class ImapError(Exception):
    """Something with the mailbox. The message is for the user; `permanent`: trying again will not help."""

    permanent = False


class UnreachableError(ImapError):
    """No connection, or it broke. Use a new one."""


class AuthError(ImapError):
    """The server is there and does not accept this login."""

    permanent = True


class RefusedError(ImapError):
    """The server answered NO or BAD to a command. The connection is still good."""

    permanent = True


class ChangedError(ImapError):
    """The folder's UIDVALIDITY is not the one that the UIDs were told with (RFC 9051 §2.3.1.1)."""


@contextmanager
def told(where: str, doing: str) -> Iterator[None]:
    """Turn the library's errors into ours: `told("mail.example.org:993", "filing a mail")`."""
    try:
        yield
    except ImapError:
        raise
    except ssl.SSLError as error:
        raise UnreachableError(
            f"{where} offers no encryption that can be trusted: {words(error)}."
        ) from error
    except (imaplib.IMAP4.abort, OSError, EOFError) as error:
        raise UnreachableError(f"{where} is not reachable ({doing}): {words(error)}.") from error
    except imaplib.IMAP4.error as error:
        raise RefusedError(f"{where} refused {doing}: {words(error)}.") from error
    except (ValueError, KeyError, IndexError, TypeError) as error:  # an answer that the parser cannot read
        raise UnreachableError(f"{where} answered {doing} with something that is not IMAP.") from error


def words(error: Exception) -> str:
    """The server's or the system's own words, on one line and without a full stop."""
    return " ".join(str(error).split()).rstrip(".") or type(error).__name__
