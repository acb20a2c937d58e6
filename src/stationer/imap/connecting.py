"""Connect and log in: TLS from the start, STARTTLS, or plain on loopback. Never less than was asked for."""

from __future__ import annotations

import contextlib
import imaplib
import socket
import ssl

from imapclient import IMAPClient, SocketTimeout
from imapclient.exceptions import LoginError

from stationer.imap.errors import AuthError, RefusedError, UnreachableError, told, words
from stationer.imap.mailbox import Mailbox
from stationer.wire.account import Server, is_loopback

CONNECT_S = 10.0
#: For each answer; a large mail over a slow line comes in many pieces, each within this time.
TIMEOUT_S = 60.0


def connect(server: Server, user: str, password: str, context: ssl.SSLContext | None = None) -> Mailbox:
    """A logged-in connection. Raises UnreachableError or AuthError."""
    where = f"{server.host}:{server.port}"
    if server.security == "plain" and not is_loopback(server.host):
        raise UnreachableError(f"{where}: an unencrypted connection is allowed to this machine only.")
    try:
        with told(where, "the connection"):
            client = _open(server, context or ssl.create_default_context())
    except RefusedError as error:
        raise UnreachableError(str(error)) from error
    try:
        _login(client, where, user, password)
        client.capabilities()
        return Mailbox(client, where)
    except BaseException:
        with contextlib.suppress(OSError, imaplib.IMAP4.error):
            client.shutdown()
        raise


def _open(server: Server, context: ssl.SSLContext) -> IMAPClient:
    client = IMAPClient(
        server.host,
        server.port,
        ssl=server.security == "tls",
        ssl_context=context if server.security == "tls" else None,
        timeout=SocketTimeout(CONNECT_S, TIMEOUT_S),
    )
    try:
        # a literal is a packet of its own: without this it would wait for the acknowledgement of the one
        # before
        client.socket().setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if server.security == "starttls":
            client.starttls(context)
    except BaseException:
        client.shutdown()
        raise
    return client


def _login(client: IMAPClient, where: str, user: str, password: str) -> None:
    with told(where, "the login"):
        try:
            if user.isascii() and password.isascii():
                client.login(user, password)
            else:  # LOGIN's strings are ASCII; PLAIN's are UTF-8 (RFC 4616)
                client.plain_login(user, password)
        except LoginError as error:
            if "UNAVAILABLE" in str(error):  # RFC 5530 §3
                raise UnreachableError(f"{where} cannot check logins now: {words(error)}.") from error
            raise AuthError(f"{where} does not accept the password of {user}: {words(error)}.") from error
