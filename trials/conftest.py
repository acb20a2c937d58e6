"""The trials' fixtures: real servers, session-scoped where a test cannot spoil them for the next one.

A server that is not installed leaves its trials out, with the reason; with CI=true that is a failure instead.
What the servers logged is shown when a test fails, and their folder is kept then.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from trials.browser import chromium
from trials.servers.agent import Ports
from trials.servers.agents import Agents
from trials.servers.bad_edges import BadEdge
from trials.servers.company import SHORT_HOLD_MS, Company
from trials.servers.dovecot import Dovecot
from trials.servers.edge import Edge
from trials.servers.mailbox import Mailbox
from trials.servers.opendkim import Keys, OpenDkim
from trials.servers.people import EVERYONE, Person
from trials.servers.postfix import Postfix
from trials.servers.postgres import Postgres
from trials.servers.proxy import CLEAR, Hear, Line, Proxy
from trials.servers.running import wait_until
from trials.servers.workshop import Workshop, missing_for_dkim, missing_for_mail, missing_for_postgres

FAILED = pytest.StashKey[bool]()
WORKSHOP = pytest.StashKey[Workshop]()
LOG_CHARACTERS = 6000


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder is a trial."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.trial)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Attach the ends of the servers' logs to a failure."""
    outcome = yield
    report = outcome.get_result()  # type: ignore[attr-defined]
    workshop = item.session.stash.get(WORKSHOP, None)
    if not report.failed or workshop is None:
        return
    item.session.stash[FAILED] = True
    for log in workshop.logs():
        if text := log.read_text(errors="replace")[-LOG_CHARACTERS:]:
            report.sections.append((str(log), text))


@pytest.fixture(scope="session")
def workshop(request: pytest.FixtureRequest) -> Iterator[Workshop]:
    """`workshop(name)` makes a folder for a server. All are kept when a test failed."""
    workshop = Workshop()
    request.session.stash[WORKSHOP] = workshop
    yield workshop
    if request.session.stash.get(FAILED, False):
        print(f"\nThe servers' folders and logs are kept in {workshop.root}")
    else:
        workshop.clear()


def leave_out(why: str) -> None:
    """Skip this trial, or fail it where every trial has to run (CI=true); nothing when `why` is empty."""
    if why and os.environ.get("CI") == "true":
        pytest.fail(f"left out: {why}", pytrace=False)
    if why:
        pytest.skip(why)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium; one for all trials, since Playwright runs once a process."""
    leave_out("" if chromium.program() else chromium.MISSING)
    with chromium.browser() as found:
        yield found


@pytest.fixture(scope="session")
def dovecot(workshop: Workshop) -> Iterator[Dovecot]:
    """IMAP, LMTP and SASL for everyone; SPECIAL-USE folders."""
    leave_out(missing_for_mail())
    server = Dovecot(workshop("dovecot"))
    yield server
    server.stop()


@pytest.fixture(scope="session")
def plain_dovecot(workshop: Workshop) -> Iterator[Dovecot]:
    """A mail server without SPECIAL-USE, whose folder for sent mail has a name nobody can guess."""
    leave_out(missing_for_mail())
    server = Dovecot(workshop("plain-dovecot"), special_use=False)
    yield server
    server.stop()


@pytest.fixture(scope="session")
def postfix(workshop: Workshop, dovecot: Dovecot) -> Iterator[Postfix]:
    """Submission, and delivery into `dovecot`."""
    server = Postfix(workshop("postfix"), dovecot)
    yield server
    server.stop()


@pytest.fixture(scope="session")
def small_postfix(workshop: Workshop, dovecot: Dovecot) -> Iterator[Postfix]:
    """A server that takes mails of at most 200 kB."""
    server = Postfix(workshop("small-postfix"), dovecot, size_limit=200_000)
    yield server
    server.stop()


@pytest.fixture(scope="session")
def dkim_keys() -> Keys:
    """The domain's DKIM keys."""
    return Keys()


@pytest.fixture(scope="session")
def signing_postfix(workshop: Workshop, dovecot: Dovecot, dkim_keys: Keys) -> Iterator[Postfix]:
    """A server that has OpenDKIM put three signatures on each mail.

    Not Ed25519 with simple/simple: Debian's OpenDKIM 2.11 makes one there that nobody verifies, on any mail.
    """
    leave_out(missing_for_dkim())
    ways = (("rsa", "relaxed/relaxed"), ("rsa", "simple/simple"), ("ed25519", "relaxed/relaxed"))
    signers = [OpenDkim(workshop("opendkim"), dkim_keys, *way) for way in ways]
    milters = tuple(signer.milter for signer in signers)
    server = Postfix(workshop("signing-postfix"), dovecot, milters=milters)
    yield server
    server.stop()
    for signer in signers:
        signer.stop()


@pytest.fixture(scope="session")
def postgres(workshop: Workshop) -> Iterator[Postgres]:
    """A PostgreSQL cluster; ask it for a database."""
    leave_out(missing_for_postgres())
    server = Postgres(workshop("postgres"))
    yield server
    server.stop()


@pytest.fixture(scope="session")
def company(workshop: Workshop) -> Company:
    """A company with the default hold limit."""
    return Company(workshop("company"))


@pytest.fixture(scope="session")
def edge(workshop: Workshop, company: Company) -> Iterator[Edge]:
    """An edge that serves `company`."""
    server = Edge(company, workshop("edge"))
    yield server
    server.stop()


@pytest.fixture(scope="session")
def short_edge(workshop: Workshop) -> Iterator[Edge]:
    """An edge whose PEN holds a mail for 3 s at most."""
    server = Edge(Company(workshop("short-company"), hold_limit_ms=SHORT_HOLD_MS), workshop("short-edge"))
    yield server
    server.stop()


@pytest.fixture
def mailbox(dovecot: Dovecot, postfix: Postfix) -> Callable[[Person], Mailbox]:
    """`mailbox(ALICE)`: their mailbox, empty at the start of the test, with nothing on its way any more."""
    wait_until("the mails of the test before to be delivered", postfix.queue_is_empty)
    for person in EVERYONE:
        Mailbox(dovecot, person).empty()
    return lambda person: Mailbox(dovecot, person)


@pytest.fixture(scope="session")
def agents(
    workshop: Workshop, dovecot: Dovecot, postfix: Postfix, edge: Edge, company: Company
) -> Iterator[Agents]:
    """All agents of the session."""
    made = Agents(workshop, Ports(dovecot.imap_port, postfix.port, edge.port), company.tokens)
    yield made
    made.stop_special()
    made.stop_kept()


@pytest.fixture
def agent(agents: Agents, mailbox: Callable[[Person], Mailbox]) -> Iterator[Agents]:
    """`agent()` is the usual one for Alice and Bob; with words one of this test alone, e.g. `agent(smtp=port)`.

    Mailboxes are empty before it starts (`mailbox`).
    """
    yield agents
    agents.stop_special()


@pytest.fixture
def proxy() -> Iterator[Callable[..., Proxy]]:
    """`proxy(port)`: a recording and fault proxy in front of a port on loopback; more arguments as Proxy's."""
    made: list[Proxy] = []

    def make(port: int, line: Line = CLEAR, **hooks: Hear) -> Proxy:
        made.append(Proxy(port, line, **hooks))
        return made[-1]

    yield make
    for each in made:
        each.close()


@pytest.fixture
def bad_edge() -> Iterator[Callable[[str], BadEdge]]:
    """`bad_edge(kind)`: an edge that gets it wrong in that way (trials/servers/bad_edges.py)."""
    made: list[BadEdge] = []

    def make(kind: str) -> BadEdge:
        made.append(BadEdge(kind))
        return made[-1]

    yield make
    for each in made:
        with suppress(OSError):
            each.close()
