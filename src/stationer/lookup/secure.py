"""A certificate as a client sees it, and the MTA-STS policy behind one (RFC 8461 §3.3). Nothing is redirected."""

from __future__ import annotations

import http.client
import socket
import ssl
from collections.abc import Sequence

from stationer.repute import Answer

#: A policy has some hundred octets.
MOST_OCTETS = 65_536
PATH = "/.well-known/mta-sts.txt"


def certificate(
    host: str, port: int, addresses: Sequence[str], trusted: ssl.SSLContext, seconds: float
) -> Answer:
    """`found` with the end in ms since 1970; `none`, with the reason, where it is not valid for the name."""
    try:
        with _connected(host, port, addresses, trusted, seconds) as secure:
            ends = ssl.cert_time_to_seconds(str((secure.getpeercert() or {})["notAfter"]))
    except ssl.SSLCertVerificationError as error:
        return Answer("none", said=error.verify_message)
    except (OSError, ValueError, KeyError) as error:
        return Answer("failed", said=_said(error))
    return Answer("found", (str(ends * 1000),))


def policy(host: str, port: int, addresses: Sequence[str], trusted: ssl.SSLContext, seconds: float) -> Answer:
    """`found` with the text; `none`, with the reason, where there surely is none that may be used."""
    try:
        with _connected(host, port, addresses, trusted, seconds) as secure:
            secure.sendall(f"GET {PATH} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
            answer = http.client.HTTPResponse(secure)
            answer.begin()
            text = answer.read(MOST_OCTETS)
    except ssl.SSLCertVerificationError as error:
        return Answer("none", said=error.verify_message)
    except (OSError, ValueError, http.client.HTTPException) as error:
        return Answer("failed", said=_said(error))
    if answer.status != 200:
        return Answer("none", said=f"HTTP {answer.status}")
    return Answer("found", (text.decode("utf-8", "replace"),))


def _connected(
    host: str, port: int, addresses: Sequence[str], trusted: ssl.SSLContext, seconds: float
) -> ssl.SSLSocket:
    """TLS with the name that was asked for, at an address that was looked up before. Raises OSError."""
    if not addresses:
        raise OSError(f"{host} has no address that can be asked")
    plain = socket.create_connection((addresses[0], port), seconds)
    try:
        return trusted.wrap_socket(plain, server_hostname=host)
    except BaseException:
        plain.close()
        raise


def _said(error: Exception) -> str:
    return str(error)[:200] or type(error).__name__
