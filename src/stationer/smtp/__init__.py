"""The way out: hand a mail to the user's own submission server (RFC 6409), and say exactly what it said.

It decides nothing: the bytes, the envelope sender and the recipients are arguments.
"""

from stationer.smtp.connecting import connect
from stationer.smtp.errors import AuthError, SmtpError, UnreachableError
from stationer.smtp.way import Outcome, Way, evened

__all__ = ["AuthError", "Outcome", "SmtpError", "UnreachableError", "Way", "connect", "evened"]
