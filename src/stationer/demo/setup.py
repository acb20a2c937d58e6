"""What the first start makes once: the company, accounts, tokens, what is published, who is enrolled.

Each step's result is written into `setup.json` as soon as it is there, so a start that was cut short goes
on where it ended. What depends on a port is done again when that port has changed.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import Any

import msgspec

from stationer.demo import tell
from stationer.demo.children import Children
from stationer.demo.people import ALICE, PEOPLE, Person
from stationer.demo.ports import Ports

COMPANY = files("stationer.demo").joinpath("company/company.yaml")


class Made(msgspec.Struct, frozen=True):
    """Tokens for whoever drives the demo."""

    edge_token: str
    api_token: str


class Diary:
    """`setup.json`: steps by name, and what came of them."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._done: dict[str, Any] = json.loads(file.read_text()) if file.exists() else {}

    def once(self, step: str, do: Callable[[], Any]) -> Any:
        """What came of this step; done now if it was not."""
        if step not in self._done:
            self._done[step] = do()
            temporary = self._file.with_suffix(".tmp")
            temporary.touch(0o600)
            temporary.write_text(json.dumps(self._done, indent=2) + "\n")
            temporary.replace(self._file)
        return self._done[step]

    def forget(self, step: str, unless: object) -> None:
        """Have a step done again, unless what it was done for still holds."""
        if self._done.get(step) != unless:
            self._done.pop(step, None)


def settings(folder: Path, ports: Ports) -> Path:
    """`stationer.toml` of this run; relative paths in it count from where it stands."""
    path = folder / "stationer.toml"
    path.write_text(
        f"""# Made by each start of the demo. To use a command on it: STATIONER_CONFIG={path}
data = "."

[portal]
listen = "127.0.0.1:{ports.portal}"
public_url = "http://127.0.0.1:{ports.portal}"
edge_url = "http://127.0.0.1:{ports.edge}"

[portal.relay]
host = "127.0.0.1"
port = {ports.smtp}
tls = "none"
sender = "office@harbourdental.example"

[edge]
listen = "127.0.0.1:{ports.edge}"

[agent]
folder = "agent"
portal = "http://127.0.0.1:{ports.portal}"
"""
    )
    return path


def prepare(children: Children, folder: Path, ports: Ports) -> Made:
    """The company is there, its people can sign in, and its stationery is in force."""
    diary = Diary(folder / "setup.json")

    def admin(command: str, *words: str) -> Any:
        return json.loads(children.run("setup", ["admin", command, *words]))

    with tell.step("Company"):
        diary.once("company", lambda: children.run("setup", ["company", "import", str(COMPANY)]))
    with tell.step("Accounts and tokens"):
        for one in PEOPLE:
            if one.role != "outsider":
                diary.once(f"account of {one.address}", partial(_account, admin, one))
        edge_token = diary.once("edge token", lambda: _device(admin, ALICE, "Scripts of the demo"))
        api_token = diary.once(
            "api token", lambda: admin("create_api_key", "--name", "Scripts of the demo")["token"]
        )
    with tell.step("Publishing"):
        # Pictures are published with the portal's address in theirs.
        diary.forget("published for", unless=ports.portal)
        diary.once("published for", lambda: admin("publish", "--about", "The demo begins") and ports.portal)
    return Made(edge_token, api_token)


def _account(admin: Callable[..., Any], person: Person) -> Any:
    words = ["--email", person.address, "--password", person.password, "--role", person.role]
    return admin("create_account", *words)["member"]


def _device(admin: Callable[..., Any], person: Person, name: str) -> str:
    return str(admin("enrol_device", "--address", person.address, "--name", name)["token"])


def enrol(children: Children, folder: Path, ports: Ports) -> None:
    """The agent knows the mailboxes it watches, and where the servers are now."""
    diary = Diary(folder / "setup.json")
    where = _where(ports)
    for one in PEOPLE:
        if one.enrolled:
            step = f"mailbox of {one.address}"
            diary.forget(step, unless=where)
            token = diary.once(f"device of {one.address}", partial(_token, children, one))
            diary.once(step, partial(_enrol, children, folder, ports, one, token))


def _where(ports: Ports) -> list[int]:
    """What an enrolled mailbox depends on."""
    return [ports.edge, ports.imap, ports.smtp]


def _token(children: Children, person: Person) -> str:
    name = f"{person.name.split()[0]}’s computer"
    words = ["admin", "enrol_device", "--address", person.address, "--name", name]
    return str(json.loads(children.run("setup", words))["token"])


def _enrol(children: Children, folder: Path, ports: Ports, person: Person, token: str) -> list[int]:
    secrets = {}
    for name, secret in (("password", person.password), ("token", token)):
        secrets[name] = folder / f".{name}"
        secrets[name].touch(0o600)
        secrets[name].write_text(secret)
    words = ["agent", "enrol", "--no-keyring", "--address", person.address]
    words += ["--imap", f"127.0.0.1:{ports.imap}", "--imap-security", "plain"]
    words += ["--smtp", f"127.0.0.1:{ports.smtp}", "--smtp-security", "plain"]
    words += ["--edge", f"http://127.0.0.1:{ports.edge}"]
    words += ["--token-file", str(secrets["token"]), "--password-file", str(secrets["password"])]
    try:
        children.run("setup", words)
    finally:
        for file in secrets.values():
            file.unlink()
    return _where(ports)
