"""stationer agent: watches the "Stationer Outbox" of your mailboxes, stamps what you put there, and sends it.

enrol   connect this computer to your company's portal, and a mailbox to this computer
run     watch all enrolled mailboxes until Ctrl-C
status  what each mailbox does, what waits, and why
"""

from __future__ import annotations

import argparse
import getpass
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stationer.agent.accounts import Account
    from stationer.agent.running import Runner
    from stationer.wire.account import Server


def configure(parser: argparse.ArgumentParser) -> None:
    """Three verbs, each with its own flags."""
    parser.add_argument("--folder", type=Path, help="the agent's folder (default: the setting agent.folder)")
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="enrol|run|status")
    _configure_enrol(
        verbs.add_parser("enrol", help="connect this computer and a mailbox", allow_abbrev=False)
    )
    run_ = verbs.add_parser("run", help="watch all enrolled mailboxes", allow_abbrev=False)
    run_.add_argument("--crash-at", type=int, default=0, help=argparse.SUPPRESS)
    run_.add_argument("--side", choices=("before", "after"), default="before", help=argparse.SUPPRESS)
    status = verbs.add_parser(
        "status", help="what each mailbox does, what waits, and why", allow_abbrev=False
    )
    status.add_argument("--json", action="store_true", help="for programs")
    for verb in verbs.choices.values():
        verb.add_argument("--folder", type=Path, default=argparse.SUPPRESS, help=argparse.SUPPRESS)


def _configure_enrol(parser: argparse.ArgumentParser) -> None:
    device = parser.add_argument_group("the device")
    device.add_argument("--portal", help="the portal's address (default: the setting agent.portal)")
    device.add_argument("--token", help="a device token that was made already; needs --edge")
    device.add_argument("--token-file", type=Path, help="the same, from a file")
    device.add_argument("--edge", help="the edge's address, with --token or --token-file")
    device.add_argument("--pen", help="the company's id, with a token and --portal: to seal and to restore")
    mailbox = parser.add_argument_group("the mailbox")
    mailbox.add_argument("--address", help="your address")
    mailbox.add_argument("--user", help="the login (default: your address)")
    mailbox.add_argument(
        "--password-file", type=Path, help="the password, in a file (default: it is asked for)"
    )
    for name, port in (("imap", 993), ("smtp", 465)):
        mailbox.add_argument(f"--{name}", metavar="HOST:PORT", help=f"for example mail.example.org:{port}")
        mailbox.add_argument(f"--{name}-security", choices=("tls", "starttls", "plain"), default="tls")
    mailbox.add_argument("--sent", help="the folder for sent mail, where the server does not name it")
    parser.add_argument(
        "--no-keyring", action="store_true", help="keep secrets in a file, readable by you alone"
    )


def run(arguments: argparse.Namespace) -> int:
    """The exit code (contract/cli.md)."""
    from stationer.settings import WrongSettingsError

    try:
        folder = _folder(arguments)
    except WrongSettingsError as error:
        return _fail(error, 4)
    return {"enrol": _enrol, "run": _run, "status": _status}[arguments.verb](folder, arguments)


def _folder(arguments: argparse.Namespace) -> Path:
    if arguments.folder:
        return Path(arguments.folder)
    from stationer.settings import load

    return load().settings.agent.folder.expanduser()


def _fail(message: object, code: int = 1) -> int:
    print(f"stationer agent: {message}", file=sys.stderr)
    return code


# ── enrol ──


def _enrol(folder: Path, arguments: argparse.Namespace) -> int:
    from stationer.agent import accounts, passwords
    from stationer.agent.enrolling import EnrolError
    from stationer.wire.account import parse_server

    try:
        servers = [
            parse_server(_asked(getattr(arguments, name), f"{name.upper()} server (HOST:PORT)"), security)
            for name, security in (("imap", arguments.imap_security), ("smtp", arguments.smtp_security))
        ]
    except ValueError as error:
        return _fail(error, 2)
    try:
        account, secrets = _enrolled(folder, arguments, *servers)
        accounts.store(folder, account)
        where = passwords.store(folder, account.address, secrets, keyring=not arguments.no_keyring)
    except (EnrolError, accounts.AccountsError, passwords.SecretsError, OSError) as error:
        return _fail(error)
    print(f"{account.address} is enrolled. Put a mail into {account.outbox!r} and it is stamped and sent;")
    print(f"it is filed in {account.sent!r}. What cannot be sent comes to {account.aside!r}.")
    print(f"The password and the device's token are {where}.")
    return 0


def _enrolled(
    folder: Path, arguments: argparse.Namespace, imap: Server, smtp: Server
) -> tuple[Account, passwords.Secrets]:  # type: ignore[name-defined]  # noqa: F821
    """Everything is tried here, and nothing is stored yet."""
    import msgspec

    from stationer.agent import enrolling, passwords

    address = _asked(arguments.address, "Your address")
    password = _password(arguments, address)
    user = arguments.user or address
    account = enrolling.check_mailbox(
        address, imap, smtp, user, password, _choose_sent, sent=arguments.sent or ""
    )
    token, edge, changes = _device(arguments)
    limit, warning = enrolling.check_token(edge, token, address, folder / "blocks")
    if warning:
        print(warning, file=sys.stderr)
    if limit is not None:
        changes["hold_limit_ms"] = limit
    return msgspec.structs.replace(account, edge=edge, **changes), passwords.Secrets(password, token)


def _device(arguments: argparse.Namespace) -> tuple[str, str, dict[str, object]]:
    """The device's token, the edge's address, and what the portal says of the device."""
    from stationer.agent.enrolling import EnrolError, Portal
    from stationer.settings import load

    token = arguments.token or (arguments.token_file.read_text().strip() if arguments.token_file else "")
    if token:
        if not arguments.edge:
            raise EnrolError("A token needs --edge, the address of the edge it is for.")
        return token, arguments.edge, _pen(arguments.portal, arguments.pen)
    portal = arguments.portal or load().settings.agent.portal
    enrolled = Portal(portal).enrol(_show_code)
    about = {
        "pen_name": enrolled.pen_name,
        "device": enrolled.device,
        "hold_limit_ms": enrolled.hold_limit_ms,
    } | _pen(portal, enrolled.pen)
    return enrolled.token, arguments.edge or enrolled.edge, about


def _pen(portal: str | None, pen: str | None) -> dict[str, object]:
    """What sealing and restoring need, as the portal tells it; nothing where it is not told."""
    from stationer.agent import pens

    if not portal or not pen:
        return {}
    try:
        found = pens.fetch(portal, pen)
    except pens.PenError as error:
        print(
            f"{error} The agent goes on asking. Until it knows your company's keys, a mail waits in the Outbox if it"
            " asks for a seal or its subject begins with a word in [brackets]; all others leave as always.",
            file=sys.stderr,
        )
        return {"portal": portal, "pen_id": pen}
    return {"portal": portal, "pen_id": pen, "pen": found.pen, "pen_issued_at": found.issued_at}


def _show_code(address: str, code: str) -> None:
    print(
        f"Open this address in a browser where you are signed in:\n\n  {address}\n\n"
        f"and type this code:\n\n  {code}\n"
    )
    print("Waiting for you …", flush=True)


def _asked(value: str | None, question: str) -> str:
    """A flag's value, or the answer of a person; without either, a usage error."""
    if value:
        return value
    if not sys.stdin.isatty():
        raise ValueError(f"{question} is missing; see `stationer agent enrol --help`.")
    return input(f"{question}: ").strip()


def _password(arguments: argparse.Namespace, address: str) -> str:
    from stationer.agent.enrolling import EnrolError

    if arguments.password_file:
        return str(arguments.password_file.read_text()).rstrip("\r\n")
    if not sys.stdin.isatty():
        raise EnrolError("The password is missing: give --password-file.")
    return getpass.getpass(f"Password of {address}: ")


def _choose_sent(usual: list[str], folders: list[str]) -> str:
    """Asked once: the server does not say which folder is for sent mail (RFC 6154)."""
    from stationer.agent.enrolling import EnrolError

    if sys.stdin.isatty():
        print("Your server does not say where sent mail lies. Its folders:\n  " + "\n  ".join(folders))
        default = usual[0] if usual else "Sent"
        return input(f"Folder for sent mail [{default}]: ").strip() or default
    if len(usual) == 1:
        return usual[0]
    named = ", ".join(repr(name) for name in usual or folders)
    raise EnrolError(f"The server does not say where sent mail lies. Give --sent, one of: {named}.")


# ── run, status ──


def _run(folder: Path, arguments: argparse.Namespace) -> int:
    from stationer.agent import accounts, passwords, program
    from stationer.agent.crash import crash_at
    from stationer.agent.journal import JournalError
    from stationer.settings import load
    from stationer.watch import log

    settings = load().settings.log
    log.start(settings.level, settings.key)

    def started(runner: Runner) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: runner.stop())

    watch = crash_at(arguments.crash_at, arguments.side) if arguments.crash_at else None
    try:
        program.run(folder, started=started, watch=watch)
    except (
        program.AgentError,
        accounts.AccountsError,
        passwords.SecretsError,
        JournalError,
        OSError,
    ) as error:
        return _fail(error)
    return 0


def _status(folder: Path, arguments: argparse.Namespace) -> int:
    import msgspec

    from stationer.agent import program, status

    found = status.read(folder)
    if found is None:
        return _fail("no agent has run here yet. Run `stationer agent enrol`, then `stationer agent run`.")
    if found.running and not program.is_running(folder):
        found = msgspec.structs.replace(found, running=False)
    if arguments.json:
        print(msgspec.json.encode(found).decode())
    else:
        print(status.in_words(found))
    return 0 if found.running else 3
