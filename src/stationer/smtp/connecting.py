"""Connect and log in: TLS from the start, STARTTLS (RFC 3207), or plain on loopback.

Never less than was asked for.
"""

from __future__ import annotations

import contextlib
import smtplib
import socket
import ssl

from stationer.smtp.errors import AuthError, UnreachableError
from stationer.smtp.way import Way
from stationer.wire.account import Server, is_loopback

#: For each answer of the server (RFC 5321 §4.5.3.2 would allow minutes; a person waits).
TIMEOUT_S = 30.0
CONNECT_S = 10.0
#: After the final dot a server may scan the mail (RFC 5321 §4.5.3.2.6 asks for ten minutes).
AFTER_DOT_S = 600.0


#: A user's own host name is nobody's business (RFC 5321 §4.1.3 allows the literal).
NAMELESS = "[127.0.0.1]"


def connect(
    server: Server,
    user: str = "",
    password: str = "",
    context: ssl.SSLContext | None = None,
    *,
    name: str = NAMELESS,
    plain_anywhere: bool = False,
) -> Way:
    """A logged-in connection. Without `user` nobody logs in. `name`: who EHLO says that we are; `plain_anywhere`: no
    encryption to other machines too. Raises UnreachableError or AuthError."""
    if server.security == "plain" and not plain_anywhere and not is_loopback(server.host):
        raise UnreachableError(f"{server.host}: an unencrypted connection is allowed to this machine only.")
    client = _connected(server, context, name)
    try:
        _login(client, server, user, password)
    except BaseException:
        with contextlib.suppress(OSError, smtplib.SMTPException):
            client.close()
        raise
    return Way(client, after_dot_s=AFTER_DOT_S)


def _connected(server: Server, context: ssl.SSLContext | None, name: str) -> smtplib.SMTP:
    where = f"{server.host}:{server.port}"
    try:
        client = _open(server, context or ssl.create_default_context(), name)
    except ssl.SSLError as error:
        raise UnreachableError(
            f"{where} offers no encryption that can be trusted: {_reason(error)}."
        ) from error
    except smtplib.SMTPNotSupportedError as error:
        raise UnreachableError(f"{where} does not offer STARTTLS. Nothing was sent.") from error
    except (OSError, smtplib.SMTPException) as error:
        raise UnreachableError(f"{where} does not answer as a mail server: {_reason(error)}.") from error
    if client.sock is not None:
        client.sock.settimeout(TIMEOUT_S)
        # the final dot is a packet of its own: without this it would wait for the acknowledgement before it
        client.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return client


def _open(server: Server, context: ssl.SSLContext, name: str) -> smtplib.SMTP:
    """Connected, encrypted as asked, and greeted with EHLO."""
    if server.security == "tls":
        client: smtplib.SMTP = smtplib.SMTP_SSL(
            server.host, server.port, local_hostname=name, timeout=CONNECT_S, context=context
        )
    else:
        client = smtplib.SMTP(server.host, server.port, local_hostname=name, timeout=CONNECT_S)
    try:
        client.ehlo_or_helo_if_needed()
        if server.security == "starttls":
            client.starttls(context=context)
            client.ehlo()
    except BaseException:
        client.close()
        raise
    return client


def _login(client: smtplib.SMTP, server: Server, user: str, password: str) -> None:
    if not user:
        return
    where = f"{server.host}:{server.port}"
    try:
        client.login(user, password)
    except smtplib.SMTPAuthenticationError as error:
        if 400 <= error.smtp_code < 500:
            raise UnreachableError(f"{where} cannot check logins now: {_reason(error)}.") from error
        raise AuthError(f"{where} does not accept the password of {user}: {_reason(error)}.") from error
    except smtplib.SMTPNotSupportedError as error:
        raise AuthError(f"{where} offers no way to log in on this connection.") from error
    except (OSError, smtplib.SMTPException, ValueError) as error:
        raise UnreachableError(f"{where} broke off the login: {_reason(error)}.") from error


def _reason(error: Exception) -> str:
    """The server's or the system's own words, on one line and without a full stop."""
    if isinstance(error, smtplib.SMTPResponseException):
        text = (
            error.smtp_error.decode("utf-8", "replace")
            if isinstance(error.smtp_error, bytes)
            else error.smtp_error
        )
        return f"{error.smtp_code} {' '.join(str(text).split())}".rstrip(".")
    return " ".join(str(error).split()).rstrip(".") or type(error).__name__
