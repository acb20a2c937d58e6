"""The trials' fixtures: real servers, session-scoped where a test cannot spoil them for the next one.

A server that is not installed leaves its trials out, with the reason; with CI=true that is a failure instead.
What the servers logged is shown when a test fails, and their folder is kept then.
"""

from __future__ import annotations

import itertools
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from trials.servers import postgres as postgresql
from trials.servers.bad_edges import BadEdge
from trials.servers.dovecot import Dovecot
from trials.servers.mailbox import Mailbox
from trials.servers.people import EVERYONE, Person
from trials.servers.postfix import Postfix
from trials.servers.postgres import Postgres
from trials.servers.proxy import CLEAR, Line, Proxy

FAILED = pytest.StashKey[bool]()
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
    folder = item.session.stash.get(WORKSHOP, None)
    if not report.failed or folder is None:
        return
    item.session.stash[FAILED] = True
    for log in sorted(folder.glob("*/*.log")):
        if text := log.read_text(errors="replace")[-LOG_CHARACTERS:]:
            report.sections.append((str(log), text))


WORKSHOP = pytest.StashKey[Path]()


@pytest.fixture(scope="session")
def workshop(request: pytest.FixtureRequest) -> Iterator[Callable[[str], Path]]:
    """`workshop(name)` makes a folder that other users' servers may pass through. Kept when a test failed."""
    root = Path(tempfile.mkdtemp(prefix="stationer-trial-"))
    root.chmod(0o711)
    request.session.stash[WORKSHOP] = root
    numbers = itertools.count(1)

    def make(name: str) -> Path:
        folder = root / f"{name}-{next(numbers)}"
        folder.mkdir(mode=0o755)
        return folder

    yield make
    if request.session.stash.get(FAILED, False):
        print(f"\nThe servers' folders and logs are kept in {root}")
    else:
        shutil.rmtree(root, ignore_errors=True)


def leave_out(why: str) -> None:
    """Skip this trial, or fail it where every trial has to run (CI=true)."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"left out: {why}", pytrace=False)
    pytest.skip(why)


def need(program: str, package: str) -> None:
    """Leave the trial out unless `program` is installed and we may start servers as other users."""
    path = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/usr/lib/dovecot"])
    if shutil.which(program, path=path) is None:
        leave_out(f"{package} is not installed (make servers)")
    if os.geteuid() != 0:
        leave_out(f"{package} runs under several users, which only root may start")


def need_dovecot() -> None:
    """Leave the trial out without Dovecot 2.3 (2.4 has another configuration language)."""
    need("dovecot", "dovecot-imapd")
    need("lmtp", "dovecot-lmtpd")
    said = subprocess.run(["dovecot", "--version"], capture_output=True, text=True, check=True).stdout
    if not said.startswith("2.3."):
        leave_out(f"the trials are written for Dovecot 2.3, and this is {said.split()[0]}")


@pytest.fixture(scope="session")
def dovecot(workshop: Callable[[str], Path]) -> Iterator[Dovecot]:
    """IMAP, LMTP and SASL for everyone; SPECIAL-USE folders."""
    need_dovecot()
    server = Dovecot(workshop("dovecot"))
    yield server
    server.stop()


@pytest.fixture(scope="session")
def plain_dovecot(workshop: Callable[[str], Path]) -> Iterator[Dovecot]:
    """A mail server without SPECIAL-USE, whose folder for sent mail has a name nobody can guess."""
    need_dovecot()
    server = Dovecot(workshop("plain-dovecot"), special_use=False)
    yield server
    server.stop()


@pytest.fixture(scope="session")
def postfix(workshop: Callable[[str], Path], dovecot: Dovecot) -> Iterator[Postfix]:
    """Submission, and delivery into `dovecot`."""
    need("postfix", "postfix")
    server = Postfix(workshop("postfix"), dovecot)
    yield server
    server.stop()


@pytest.fixture(scope="session")
def postgres(workshop: Callable[[str], Path]) -> Iterator[Postgres]:
    """A PostgreSQL cluster; ask it for a database."""
    if postgresql.programs() is None:
        leave_out("postgresql is not installed (make servers)")
    need("setpriv", "util-linux")
    server = Postgres(workshop("postgres"))
    yield server
    server.stop()


@pytest.fixture
def mailbox(dovecot: Dovecot) -> Callable[[Person], Mailbox]:
    """`mailbox(ALICE)`: their mailbox, empty at the start of the test."""
    for person in EVERYONE:
        Mailbox(dovecot, person).empty()
    return lambda person: Mailbox(dovecot, person)


@pytest.fixture
def proxy() -> Iterator[Callable[..., Proxy]]:
    """`proxy(port, line)`: a recording and fault proxy in front of a port on loopback."""
    made: list[Proxy] = []

    def make(port: int, line: Line = CLEAR) -> Proxy:
        made.append(Proxy(port, line))
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
