"""How the server writes mails of its own: its address, and the policy by which programs read what is said to them."""

from __future__ import annotations

from email.headerregistry import BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import Message
from email.policy import SMTP, Policy
from email.utils import parseaddr

from django.conf import settings

#: Fields that hold no words. Python makes encoded words of one that does not fit into a line, which no program that
#: looks for an address decodes (RFC 2047 §5 allows them in words alone; RFC 8058 §3.1 wants the address as it is).
FOR_PROGRAMS = ("List-Unsubscribe", "List-Unsubscribe-Post", "Feedback-ID")


class Verbatim(UnstructuredHeader, BaseHeader):
    """A field in one line (RFC 5322 §2.1.1 allows 998 octets)."""

    def fold(self, *, policy: Policy[Message]) -> str:
        """The line, as it is said."""
        return f"{self.name}: {self}{policy.linesep}"


_fields = HeaderRegistry()
for _name in FOR_PROGRAMS:
    _fields.map_to_type(_name, Verbatim)
#: What `EmailMessage(policy=…)` takes for a mail of the server's own.
OWN = SMTP.clone(header_factory=_fields)


def own_address() -> str:
    """The address that the portal's mails come from, and go back to."""
    return parseaddr(settings.PORTAL.relay.sender)[1]
