"""What the demo says in the terminal. Plain lines when stdout is none."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from stationer.demo import show
from stationer.demo.letter import Journey
from stationer.demo.people import ALICE, OUTBOX, PEOPLE
from stationer.demo.ports import Ports
from stationer.demo.sealed import Sealed, text_of


def line(text: str = "") -> None:
    """One line, at once."""
    print(text, flush=True)


def fault(text: str, logs: Path) -> None:
    """What went wrong, on stderr."""
    print(f"\nThe demo has stopped. {text}\n\nThe programs' logs are in {logs}.", file=sys.stderr, flush=True)


@contextmanager
def step(name: str) -> Iterator[None]:
    """`name …` while it lasts, and how long it took."""
    begun = time.monotonic()
    print(f"  {name:<28}", end="", flush=True)
    try:
        yield
    except BaseException:
        line()
        raise
    line(f"{time.monotonic() - begun:5.1f} s")


def _bold(text: str) -> str:
    return f"\033[1m{text}\033[0m" if show.coloured() else text


def _title(text: str) -> str:
    return f"\n{_bold(text)}\n{'─' * len(text)}"


def _sealed(folder: Path, secret: Sealed) -> None:
    """What became of the sealed mail."""
    line(_title("The first sealed mail"))
    line(
        f"Alice wrote [secure] into the subject; {secret.announced:.1f} s later Carol had this, and no more:\n"
    )
    for text in text_of(secret.carol).strip().splitlines():
        line(f"    {text}".rstrip())
    line(f"\nBob’s computer put the content in its place, {secret.restored:.1f} s after Alice sent it;")
    line("his mailbox holds her mail as she wrote it, and so does her Sent.")
    line(f"\n  Carol’s link    {secret.link}")
    line(
        f"  byte for byte  {', '.join(str(folder / f'sealed-{name}.eml') for name in ('left', 'carol', 'bob'))}"
    )


def all_is_well(folder: Path, ports: Ports, journey: Journey, secret: Sealed, took: float) -> None:
    """The whole account: the mail, where everything is, how to try it, how to end it."""
    line(_title("The first mail, as it arrived"))
    line(f"{ALICE.name} put it into “{OUTBOX}”; {journey.took:.1f} s later Carol and Bob had it.")
    line("Stationer put in the lines marked +; every other byte of her text is as she wrote it.\n")
    line(show.in_terminal(journey, show.coloured()))
    line(f"\n  side by side   {folder / 'first-mail.html'}")
    line(f"  byte for byte  {folder / 'what-left.eml'}, {folder / 'what-arrived.eml'}")
    _sealed(folder, secret)
    line(_title("Where everything is"))
    line(f"  portal         http://127.0.0.1:{ports.portal}")
    line(f"  with passkeys  http://localhost:{ports.portal}, which is the same: a passkey needs a host name")
    line(f"  edge           http://127.0.0.1:{ports.edge}")
    line(f"  mailboxes      IMAP 127.0.0.1:{ports.imap}, SMTP 127.0.0.1:{ports.smtp}, no encryption")
    line(f"  for scripts    {folder / 'demo.json'}")
    line(f"  logs           {folder / 'log'}")
    line(f"  any command    STATIONER_CONFIG={folder / 'stationer.toml'} stationer keys show")
    line(f"                 STATIONER_CONFIG={folder / 'stationer.toml'} stationer agent status\n")
    line(f"  {'name':<16}{'address, and login':<30}{'password':<18}role")
    for one in PEOPLE:
        role = f"{one.role}{', watched by the agent' if one.enrolled else ''}"
        line(f"  {one.name:<16}{one.address:<30}{one.password:<18}{role}")
    line(_title("Try it"))
    line("  In the portal, sign in as Alice, change something, and publish.")
    line("  In your own mail program, add Alice’s mailbox (the ports above). Write a mail to Carol,")
    line(f"  save it as a draft, and move it into “{OUTBOX}”: a moment later it is in Carol’s inbox,")
    line("  stamped, and in Alice’s Sent. With [secure] in its subject it leaves sealed.")
    line(f"\nReady after {took:.1f} s. Ctrl-C stops everything and keeps it.")
