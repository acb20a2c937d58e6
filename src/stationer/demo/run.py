"""One run of the demo: start everything in order, send the first mail, say where everything is, wait.

Everything lies in one folder (`var`): `stationer.toml` (the settings of this run), `mail/`, `portal/`,
`edge/`, `keys/`, `agent/`, `log/`, `setup.json` (what the first start made), `ports.json`, and while
everything answers `demo.json` (what outsiders rely on: its keys never change their meaning).
"""

from __future__ import annotations

import fcntl
import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import msgspec

from stationer.demo import answers, letter, sealed, show, tell
from stationer.demo.children import Child, ChildDied, Children, CommandFailed
from stationer.demo.people import ALICE, CAROL, OUTBOX, PEOPLE, Person
from stationer.demo.ports import Ports, choose
from stationer.demo.setup import Made, edge_token, enrol, made_before, prepare, settings

#: How long the portal may take to make its tables on a busy machine, in seconds.
TABLES = 240.0


class Stopped(Exception):
    """Ctrl-C or SIGTERM."""


class Place(msgspec.Struct, frozen=True):
    """A server on this machine."""

    port: int
    host: str = "127.0.0.1"


class Facts(msgspec.Struct, frozen=True):
    """`demo.json`, by which scripts drive the demo."""

    portal: str
    edge: str
    imap: Place
    smtp: Place
    edge_token: str
    api_token: str
    outbox: str = OUTBOX
    people: tuple[Person, ...] = PEOPLE


def run(folder: Path, once: bool) -> int:
    """The demo, until Ctrl-C, or with `once` until the first mail has arrived. 1: something went wrong."""
    folder = folder.absolute()
    folder.mkdir(parents=True, exist_ok=True)
    facts = folder / "demo.json"
    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGINT, _stop)
    try:
        with _alone(folder):
            facts.unlink(missing_ok=True)
            try:
                _run(folder, facts, once)
            finally:
                facts.unlink(missing_ok=True)
    except Stopped:
        tell.line("\nStopped. Everything is kept in " + str(folder) + "; `make clean-demo` forgets it.")
    except (ChildDied, CommandFailed, TimeoutError, OSError) as error:
        tell.fault(str(error), folder / "log")
        return 1
    return 0


def _stop(number: int, frame: FrameType | None) -> None:
    # Once is enough: a second Ctrl-C must not interrupt the programs' being stopped.
    for one in (signal.SIGTERM, signal.SIGINT):
        signal.signal(one, signal.SIG_IGN)
    raise Stopped


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One demo a folder. Raises OSError when there is one already."""
    with (folder / "demo.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise OSError(f"A demo runs in {folder} already. Stop it, or choose another --folder.") from None
        yield


def _run(folder: Path, facts: Path, once: bool) -> None:
    begun = time.monotonic()
    ports = choose(folder / "ports.json")
    config = settings(folder, ports)
    with Children(folder / "log", _environment(config)) as children:
        made = _start(children, folder, ports)
        journey = letter.send(ports.imap, children.look)
        secret = sealed.send(ports.imap, children.look)
        _keep(folder, journey, secret)
        _write(facts, _facts(ports, made))
        tell.all_is_well(folder, ports, journey, secret, time.monotonic() - begun)
        while not once:
            for news in children.tend(time.monotonic()):
                tell.line(news)
            time.sleep(0.25)


def _environment(config: Path) -> dict[str, str]:
    """Ours, with this run's settings and no other's."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("STATIONER_")}
    token = str(edge_token(config.parent))
    ours = {"STATIONER_CONFIG": str(config), "STATIONER_EDGE__UPLINK_TOKEN_FILE": token}
    return kept | ours | {"PYTHONUNBUFFERED": "1"}


def _start(children: Children, folder: Path, ports: Ports) -> Made:
    """Every program answers, and what the first start makes is there."""
    if made := made_before(folder, ports):
        with tell.step("Mailboxes, portal, edge, agent"):
            _mail(children, folder, ports)
            for program in ("portal", "edge"):
                children.start(program, ["serve", program])
            agent = children.start("agent", ["agent", "run"])
            _all_answer(children, folder, ports, made, agent)
            # Nobody waits for the worker, and everybody for a processor.
            children.start("worker", ["serve", "worker"])
        return made
    with tell.step("Mailboxes"):
        _mail(children, folder, ports)
        _until(children, "The mail server", lambda: answers.greets(ports.imap))
    with tell.step("Portal"):
        children.start("portal", ["serve", "portal"])
        answers.wait("The portal", lambda: answers.ready(ports.portal), children.look, TABLES)
    made = prepare(children, folder, ports)
    with tell.step("Edge and worker"):
        for program in ("edge", "worker"):
            children.start(program, ["serve", program])
        _until(children, "The edge", lambda: answers.picks(ports.edge, made.edge_token, ALICE))
    with tell.step("Agent"):
        enrol(children, folder, ports)
        agent = children.start("agent", ["agent", "run"])
        _all_answer(children, folder, ports, made, agent)
    return made


def _mail(children: Children, folder: Path, ports: Ports) -> None:
    people = [{"address": one.address, "password": one.password} for one in PEOPLE]
    words = ["demo", "mail", "--folder", str(folder / "mail")]
    words += ["--imap-port", str(ports.imap), "--smtp-port", str(ports.smtp)]
    children.start("mail", words, say=msgspec.json.encode(people))


def _all_answer(children: Children, folder: Path, ports: Ports, made: Made, agent: Child) -> None:
    _until(children, "The mail server", lambda: answers.greets(ports.imap))
    _until(children, "The portal", lambda: answers.ready(ports.portal))
    _until(children, "The edge", lambda: answers.picks(ports.edge, made.edge_token, ALICE))
    status = folder / "agent/status.json"
    _until(children, "The agent", lambda: answers.watches(status, agent.process.pid))


def _until(children: Children, what: str, holds: Callable[[], bool]) -> None:
    answers.wait(what, holds, children.look)


def _facts(ports: Ports, made: Made) -> Facts:
    return Facts(
        portal=f"http://127.0.0.1:{ports.portal}",
        edge=f"http://127.0.0.1:{ports.edge}",
        imap=Place(ports.imap),
        smtp=Place(ports.smtp),
        edge_token=made.edge_token,
        api_token=made.api_token,
    )


def _keep(folder: Path, journey: letter.Journey, secret: sealed.Sealed) -> None:
    """The first mails, for looking at."""
    for name, mail in (("left", secret.left), ("carol", secret.carol), ("bob", secret.bob)):
        (folder / f"sealed-{name}.eml").write_bytes(mail)
    (folder / "what-left.eml").write_bytes(journey.left)
    (folder / "what-arrived.eml").write_bytes(journey.arrived[CAROL.address])
    (folder / "first-mail.html").write_text(show.as_page(journey))


def _write(path: Path, value: Any) -> None:
    """Whole or not at all: whoever waits for the file may read it at once."""
    temporary = path.with_name(f".{path.name}.tmp")
    temporary.write_bytes(msgspec.json.format(msgspec.json.encode(value), indent=2) + b"\n")
    temporary.replace(path)
