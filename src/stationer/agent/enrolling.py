"""Enrolling a device (contract/http.md §4) and a mailbox: everything is tried before anything is stored."""

from __future__ import annotations

import platform
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import msgspec

from stationer import imap, smtp
from stationer.agent.accounts import Account
from stationer.agent.edge import Edge, EdgeError
from stationer.wire.account import Server, is_loopback
from stationer.wire.enrol import Enrolled, Enrolling
from stationer.wire.pick import Question

CLIENT_ID = "stationer-agent"
DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"  # RFC 8628 §3.4
#: A new device is in force at the edge within 2 s (contract/http.md §4).
IN_FORCE_S = 6.0


class EnrolError(Exception):
    """Enrolment did not succeed, and nothing was stored. The message says what to do."""


class Portal:
    """The portal, as a device that is being enrolled speaks to it."""

    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/")
        self._client = httpx.Client(timeout=15.0, trust_env=not is_loopback(httpx.URL(url).host))

    def enrol(
        self, show: Callable[[str, str], None], sleep: Callable[[float], None] = time.sleep
    ) -> Enrolled:
        """The whole device grant. `show` gets the address to open and the code to type. Raises EnrolError."""
        started = self._post("/o/device-authorization/", {"client_id": CLIENT_ID, "scope": "device"})
        for name in ("device_code", "user_code", "verification_uri"):
            if not isinstance(started.get(name), str):
                raise EnrolError(
                    f"{self._url} does not enrol devices as a portal does. Is that the right address?"
                )
        show(
            str(started.get("verification_uri_complete") or started["verification_uri"]),
            str(started["user_code"]),
        )
        token = self._poll(started, sleep)
        body = msgspec.json.encode(Enrolling(f"{platform.node() or 'A computer'}'s agent"))
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        response = self._send("/api/v1/devices", content=body, headers=headers)
        if response.status_code != 201:
            raise EnrolError(f"The portal did not enrol this device: {_said(response)}")
        try:
            return msgspec.json.decode(response.content, type=Enrolled)
        except msgspec.DecodeError as error:
            raise EnrolError(f"The portal's answer cannot be read: {error}") from error

    def _poll(self, started: dict[str, object], sleep: Callable[[float], None]) -> str:
        """Ask until the person has agreed, or refused, or the code is too old (RFC 8628 §3.5)."""
        interval, left = float(str(started.get("interval", 5))), float(str(started.get("expires_in", 600)))
        form = {
            "grant_type": DEVICE_GRANT,
            "device_code": str(started["device_code"]),
            "client_id": CLIENT_ID,
        }
        while left > 0:
            sleep(interval)
            left -= interval
            answer = self._post("/o/token/", form, expected=(200, 400, 401, 403))
            if token := answer.get("access_token"):
                return str(token)
            match answer.get("error"):
                case "authorization_pending":
                    continue
                case "slow_down":
                    interval += 5
                case "access_denied":
                    raise EnrolError("It was refused in the browser. Nothing was stored.")
                case "expired_token":
                    break
                case other:
                    raise EnrolError(f"The portal answered {other!r} to the code. Run the command again.")
        raise EnrolError("Nobody typed the code in time. Run the command again.")

    def _post(self, path: str, form: dict[str, str], expected: tuple[int, ...] = (200,)) -> dict[str, object]:
        response = self._send(path, data=form)
        if response.status_code not in expected:
            raise EnrolError(f"{self._url}{path} answered {response.status_code}: {_said(response)}")
        try:
            return msgspec.json.decode(response.content, type=dict[str, object])
        except msgspec.DecodeError as error:
            raise EnrolError(
                f"{self._url} does not answer as a portal does. Is that the right address?"
            ) from error

    def _send(self, path: str, **request: object) -> httpx.Response:
        try:
            return self._client.post(self._url + path, **request)  # type: ignore[arg-type]
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise EnrolError(
                f"The portal at {self._url} is not reachable: {error}. Nothing was stored."
            ) from error


def _said(response: httpx.Response) -> str:
    """The portal's own sentence, if it gave one."""
    try:
        return str(
            response.json().get("message") or response.json().get("error_description") or response.status_code
        )
    except (ValueError, AttributeError):
        return f"status {response.status_code}"


def check_token(edge_url: str, token: str, address: str, cache: Path) -> tuple[int | None, str]:
    """The PEN's hold limit if the edge takes this token; else None and a warning.

    Raises EnrolError for a 401.
    """
    edge, end = Edge(edge_url, token, cache), time.monotonic() + IN_FORCE_S
    try:
        while True:
            try:
                return edge.ask(Question(address, [], []), 4_000).hold_limit_ms, ""
            except EdgeError as error:
                if not error.trouble.refusing:
                    return (
                        None,
                        f"The edge at {edge_url} does not answer now ({error}); mails leave all the same.",
                    )
                if time.monotonic() > end:
                    raise EnrolError(f"The edge at {edge_url} does not know this device's token.") from error
                time.sleep(0.5)
    finally:
        edge.close()


def check_mailbox(
    address: str,
    imap_server: Server,
    smtp_server: Server,
    user: str,
    password: str,
    choose_sent: Callable[[list[str], list[str]], str],
    *,
    sent: str = "",
) -> Account:
    """Try both logins, make the folders, find Sent; `choose_sent` gets the usual names found and all folders.

    Raises EnrolError. The account lacks what the edge adds.
    """
    try:
        smtp.connect(smtp_server, user, password).close()
        mailbox = imap.connect(imap_server, user, password)
    except (smtp.SmtpError, imap.ImapError) as error:
        raise EnrolError(f"{error} Nothing was stored.") from error
    try:
        names = imap.make_folders(mailbox)
        found = sent or imap.find_sent(mailbox)
        if not found:
            folders = [name for _, name in imap.folders.all_folders(mailbox)]
            found = choose_sent(imap.usual_sent(mailbox), folders)
        imap.folders.make(mailbox, found)
    except imap.ImapError as error:
        raise EnrolError(f"{error} Nothing was stored.") from error
    finally:
        mailbox.close()
    return Account(
        address=address,
        imap=imap_server,
        smtp=smtp_server,
        user=user,
        outbox=names.outbox,
        aside=names.aside,
        sent=found,
        edge="",
    )
