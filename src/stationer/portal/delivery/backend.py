"""Django's EMAIL_BACKEND: every mail of Django and allauth goes through the one door."""

from __future__ import annotations

from collections.abc import Sequence
from email.utils import parseaddr

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from stationer.portal.delivery.sending import Unsendable, send


class EmailBackend(BaseEmailBackend):
    """Queues; never talks to a server, so that no page waits for one."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        return sum(self._queue(message) for message in email_messages)

    def _queue(self, message: EmailMessage) -> int:
        recipients = [parseaddr(address)[1] for address in message.recipients()]
        try:
            send(
                message.message().as_bytes(),
                sender=parseaddr(message.from_email)[1],
                recipients=recipients,
                automatic=True,
            )
        except Unsendable:
            if not self.fail_silently:
                raise
            return 0
        return 1
