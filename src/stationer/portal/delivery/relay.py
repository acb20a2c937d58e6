"""One relay, one mail: which recipients it took, which it wants later, which it refused (RFC 5321 §4.2.1)."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Sequence
from enum import Enum
from typing import NamedTuple

from stationer.settings import Relay

TIMEOUT_S = 30.0


class Fate(Enum):
    """What became of a recipient."""

    SENT = "sent"
    LATER = "later"
    NEVER = "never"


class Outcome(NamedTuple):
    """A fate, and the relay's own words."""

    fate: Fate
    reason: str = ""


def hand_over(relay: Relay, sender: str, recipients: Sequence[str], mail: bytes) -> dict[str, Outcome]:
    """Give the mail to the relay. Never raises: every recipient has an outcome."""
    if not relay.host:
        return dict.fromkeys(recipients, Outcome(Fate.LATER, "no relay is set: portal.relay.host is empty"))
    try:
        with _connected(relay) as session:
            return _speak(session, sender, recipients, mail)
    except smtplib.SMTPAuthenticationError as error:
        return dict.fromkeys(
            recipients, Outcome(Fate.LATER, f"the relay refused our password: {_said(error)}")
        )
    except smtplib.SMTPResponseException as error:
        return dict.fromkeys(recipients, _outcome(error.smtp_code, _said(error)))
    except (smtplib.SMTPException, OSError) as error:
        return dict.fromkeys(recipients, Outcome(Fate.LATER, f"{type(error).__name__}: {error}"))


def _connected(relay: Relay) -> smtplib.SMTP:
    session: smtplib.SMTP
    if relay.tls == "implicit":
        context = ssl.create_default_context()
        session = smtplib.SMTP_SSL(relay.host, relay.port, timeout=TIMEOUT_S, context=context)
    else:
        session = smtplib.SMTP(relay.host, relay.port, timeout=TIMEOUT_S)
    try:
        if relay.tls == "starttls":
            session.starttls(context=ssl.create_default_context())
        session.ehlo_or_helo_if_needed()
        if relay.user:
            session.login(relay.user, relay.password)
    except BaseException:
        session.close()
        raise
    return session


def _speak(session: smtplib.SMTP, sender: str, recipients: Sequence[str], mail: bytes) -> dict[str, Outcome]:
    fates: dict[str, Outcome] = {}
    options = _options(session, [sender, *recipients], mail)
    if options is None:
        return dict.fromkeys(recipients, Outcome(Fate.NEVER, "the relay takes no addresses beyond ASCII"))
    code, words = session.mail(sender, options)
    if code != 250:
        raise smtplib.SMTPResponseException(code, words)
    for address in recipients:
        code, words = session.rcpt(address)
        if code not in (250, 251):
            fates[address] = _outcome(code, _text(words))
    accepted = [address for address in recipients if address not in fates]
    if accepted:
        code, words = session.data(mail)
        fates |= dict.fromkeys(accepted, _outcome(code, _text(words)))
    return fates


def _options(session: smtplib.SMTP, addresses: Sequence[str], mail: bytes) -> list[str] | None:
    """Parameters of MAIL FROM; None where an address needs SMTPUTF8 (RFC 6531) and the relay has it not."""
    options = [f"SIZE={len(mail)}"] if session.has_extn("size") else []
    if not mail.isascii() and session.has_extn("8bitmime"):
        options.append("BODY=8BITMIME")
    if all(address.isascii() for address in addresses):
        return options
    if not session.has_extn("smtputf8"):
        return None
    session.command_encoding = "utf-8"
    return [*options, "SMTPUTF8"]


def _outcome(code: int, words: str) -> Outcome:
    if 200 <= code < 300:
        return Outcome(Fate.SENT, words)
    return Outcome(Fate.NEVER if 500 <= code < 600 else Fate.LATER, f"{code} {words}")


def _said(error: smtplib.SMTPResponseException) -> str:
    return f"{error.smtp_code} {_text(error.smtp_error)}"


def _text(words: bytes | str) -> str:
    return words.decode("utf-8", "replace") if isinstance(words, bytes) else words
