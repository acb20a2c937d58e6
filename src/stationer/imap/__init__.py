"""The user's mailbox (RFC 3501, RFC 9051): connect, and verbs that use what the server can do and do without
the rest.

It decides nothing. One suite (tests/imap/suite.py) judges it on every server we know.
"""

from stationer.imap.connecting import connect
from stationer.imap.errors import AuthError, ChangedError, ImapError, RefusedError, UnreachableError
from stationer.imap.folders import Names, find_sent, make_folders, usual_sent
from stationer.imap.mailbox import Item, Letter, Mailbox, Position

__all__ = [
    "AuthError",
    "ChangedError",
    "ImapError",
    "Item",
    "Letter",
    "Mailbox",
    "Names",
    "Position",
    "RefusedError",
    "UnreachableError",
    "connect",
    "find_sent",
    "make_folders",
    "usual_sent",
]
