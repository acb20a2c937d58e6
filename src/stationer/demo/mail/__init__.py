"""The demo's mail server: IMAP and SMTP on loopback, plain, for a handful of people, kept over restarts.

For the demo alone: passwords are known, nothing is encrypted, and a mail can reach no one but these people.
IMAP is pymap's (IDLE, UIDPLUS, MOVE, LITERAL+, SPECIAL-USE), SMTP is aiosmtpd's; both run in one event loop.
"""

from stationer.demo.mail.server import Mailbox, Ports, serve

__all__ = ["Mailbox", "Ports", "serve"]
