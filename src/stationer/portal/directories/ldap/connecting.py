"""A connection to an LDAP server, bound: over verified TLS, with limits on every wait; faults said as Problems."""

from __future__ import annotations

import ipaddress
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import ldap3
from ldap3.core import exceptions as faults

from stationer.portal.directories.ldap.guarding import inside_allowed, look_up
from stationer.portal.directories.models import Directory
from stationer.portal.directories.sealing import password_of
from stationer.portal.directories.told import Problem
from stationer.portal.hooks.guarding import is_outside

CONNECT_S, RECEIVE_S = 10, 30
#: Octets of one answer, such as a page, and of all.
MOST_ANSWER, MOST_OCTETS = 64 * 1024 * 1024, 1024 * 1024 * 1024
Security = Directory.Security

#: What a fault is called; the first that fits.
CALLED: tuple[tuple[type[Exception] | tuple[type[Exception], ...], str], ...] = (
    ((faults.LDAPInvalidCredentialsResult, faults.LDAPInappropriateAuthenticationResult), "credentials"),
    (faults.LDAPPasswordIsMandatoryError, "credentials"),
    ((faults.LDAPConfidentialityRequiredResult, faults.LDAPStrongerAuthRequiredResult), "confidential"),
    ((faults.LDAPNoSuchObjectResult, faults.LDAPInvalidDNSyntaxResult, faults.LDAPInvalidDnError), "base"),
    ((faults.LDAPInvalidFilterError, faults.LDAPAttributeError, faults.LDAPObjectClassError), "filter"),
    (faults.LDAPInsufficientAccessRightsResult, "rights"),
    ((faults.LDAPSizeLimitExceededResult, faults.LDAPAdminLimitExceededResult), "limit"),
    (faults.LDAPTimeLimitExceededResult, "slow"),
    (
        (
            faults.LDAPStartTLSError,
            faults.LDAPSSLConfigurationError,
            faults.LDAPCertificateError,
            ssl.SSLError,
        ),
        "tls",
    ),
    (faults.LDAPSocketOpenError, "refused"),
    ((faults.LDAPCommunicationError, faults.LDAPMaximumRetriesError, OSError), "broken"),
    (faults.LDAPOperationResult, "answer"),
)


@contextmanager
def told() -> Iterator[None]:
    """Faults of ldap3 inside become Problems."""
    try:
        yield
    except (faults.LDAPException, OSError) as fault:
        code = next((name for kinds, name in CALLED if isinstance(fault, kinds)), "broken")
        if code == "refused" and "certificate" in str(fault).lower():
            code = "tls"
        raise Problem(code, said=str(fault)[:200]) from fault


@contextmanager
def opened(row: Directory, seconds: float) -> Iterator[Any]:
    """A bound `ldap3.Connection` that raises on every answer that is none, for so long. Raises Problem."""
    until = time.monotonic() + seconds
    if row.security == Security.NONE and not inside_allowed():
        raise Problem("plain")
    ip = look_up(row.host, row.port)
    if row.security == Security.NONE and is_outside(ipaddress.ip_address(ip)):
        raise Problem(
            "plain"
        )  # inside its own network an installation may say so; beyond it everybody reads along
    password = password_of(row)
    with told():
        tls = None if row.security == Security.NONE else _Tls(row)
        server = ldap3.Server(
            ip,
            port=row.port,
            use_ssl=row.security == Security.LDAPS,
            tls=tls,
            get_info=ldap3.NONE,
            connect_timeout=CONNECT_S,
        )
        connection = _bound(server, row, password, until)
    try:
        with told():
            yield connection
    finally:
        with suppress(faults.LDAPException, OSError):
            connection.unbind()


def _bound(server: Any, row: Directory, password: str, until: float) -> Any:
    connection = ldap3.Connection(
        server,
        user=row.bind or None,
        password=password or None,
        authentication=ldap3.SIMPLE if row.bind else ldap3.ANONYMOUS,
        client_strategy=ldap3.SYNC,
        auto_referrals=False,  # the password is for this server alone
        read_only=True,
        raise_exceptions=True,
        receive_timeout=min(RECEIVE_S, max(1, int(until - time.monotonic()))),
        collect_usage=True,
        check_names=False,
        auto_bind=ldap3.AUTO_BIND_NONE,
    )
    try:
        connection.open()
        connection.socket = Bounded(connection.socket, until)
        if row.security == Security.STARTTLS:
            connection.start_tls()
            connection.socket = Bounded(connection.socket, until)
        connection.bind()
    except BaseException:
        with suppress(faults.LDAPException, OSError):
            connection.unbind()
        raise
    return connection


class Bounded:
    """A socket that gives only so many octets, and until then: a server that drips or never ends holds nobody."""

    def __init__(self, inner: Any, until: float) -> None:
        self.inner, self.until = inner, until
        self.answer = self.all = 0

    def sendall(self, data: bytes) -> None:
        """Ask; what comes now is its answer."""
        self.answer = 0
        self.inner.sendall(data)

    def recv(self, size: int) -> bytes:
        """Raises Problem, OSError."""
        left = self.until - time.monotonic()
        if left <= 0:
            raise Problem("slow")
        if self.answer > MOST_ANSWER or self.all > MOST_OCTETS:
            raise Problem("broken", said=f"{self.all} octets")
        self.inner.settimeout(min(RECEIVE_S, left))
        found = bytes(self.inner.recv(size))
        self.answer, self.all = self.answer + len(found), self.all + len(found)
        return found

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)


class _Tls(ldap3.Tls):  # type: ignore[misc]
    """Certificates are verified against the name that was typed and nothing else, though a network address is called
    (RFC 9525 §6.1): ldap3 by itself believes one of that address as well."""

    def __init__(self, row: Directory) -> None:
        super().__init__(validate=ssl.CERT_REQUIRED)
        self.name, self.authorities = row.host, row.authorities.strip()

    def wrap_socket(self, connection: Any, do_handshake: bool = False) -> None:
        """The handshake is made in any case."""
        context = ssl.create_default_context(cadata=self.authorities or None)
        plain = connection.socket.inner if isinstance(connection.socket, Bounded) else connection.socket
        connection.socket = context.wrap_socket(plain, server_hostname=self.name)
