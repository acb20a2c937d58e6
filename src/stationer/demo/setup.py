"""What the first start makes once: the company, accounts, tokens, what is published, who is enrolled.

Each step's result is written into `setup.json` as soon as it is there, so a start that was cut short goes
on where it ended. What depends on a port is done again when that port has changed.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Mapping
from functools import partial
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import msgspec

from stationer.demo import house, tell
from stationer.demo.children import Children
from stationer.demo.people import ALICE, PEOPLE, Person
from stationer.demo.ports import Ports

_EDGE_TOKEN, _API_TOKEN, _PUBLISHED = "edge token", "api token", "published for"
_COMPANY = "company"


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

    def what(self, step: str) -> Any:
        """What came of a step that was done. Raises KeyError."""
        return self._done[step]

    def has(self, steps: Mapping[str, object]) -> bool:
        """Whether each of these steps came to this."""
        return all(self._done.get(step) == result for step, result in steps.items())

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
hosts = ["localhost"]
edge_url = "http://127.0.0.1:{ports.edge}"

[portal.relay]
host = "127.0.0.1"
port = {ports.smtp}
tls = "none"
sender = "office@harbourdental.example"

[edge]
listen = "127.0.0.1:{ports.edge}"
uplink_url = "http://127.0.0.1:{ports.portal}"

[agent]
folder = "agent"
portal = "http://127.0.0.1:{ports.portal}"
"""
    )
    return path


def edge_token(folder: Path) -> Path:
    """The file with the token by which the edge tells the portal who clicked; made once."""
    path = folder / "edge.token"
    if not path.exists():
        path.touch(0o600)
        path.write_text(secrets.token_urlsafe(32))
    return path


def made_before(folder: Path, ports: Ports) -> Made | None:
    """What an earlier start made for these ports; None when something is missing yet."""
    diary = Diary(folder / "setup.json")
    mailboxes = {_mailbox(one): _where(ports) for one in PEOPLE if one.enrolled}
    if not diary.has({_PUBLISHED: ports.portal, **mailboxes}):
        return None
    return Made(diary.what(_EDGE_TOKEN), diary.what(_API_TOKEN))


def prepare(children: Children, folder: Path, ports: Ports) -> Made:
    """The company is there, its people can sign in, and its stationery is in force."""
    diary = Diary(folder / "setup.json")
    with tell.step("Company"):
        pen = diary.once(_COMPANY, partial(_import, children))

    def admin(command: str, *words: str) -> Any:
        return json.loads(children.run("setup", ["admin", command, "--pen", pen, *words]))

    with tell.step("Accounts and tokens"):
        for one in PEOPLE:
            if one.role != "outsider":
                diary.once(f"account of {one.address}", partial(_account, admin, one))
            if one.enrolled:
                name = f"{one.name.split()[0]}’s computer"
                diary.once(_device(one), partial(_new_device, admin, one, name))
        # scripts drive the demo's pages, and passkeys need a name: at 127.0.0.1 there is none
        diary.once("no second factor", lambda: admin("second_factor", "off")["second_factor"])
        scripts = "Scripts of the demo"
        edge_token = diary.once(_EDGE_TOKEN, lambda: _new_device(admin, ALICE, scripts))
        api_token = diary.once(_API_TOKEN, lambda: admin("create_api_key", "--name", scripts)["token"])
        diary.once("looks", lambda: admin("set_looks", *house.LOOKS)["looks"])
        portal = f"http://127.0.0.1:{ports.portal}"
        diary.once("notifications", partial(house.introduce, portal, api_token))
    with tell.step("Publishing"):
        # Pictures are published with the portal's address in theirs.
        diary.forget(_PUBLISHED, unless=ports.portal)
        diary.once(_PUBLISHED, lambda: admin("publish", "--about", "The demo begins") and ports.portal)
    return Made(edge_token, api_token)


def _import(children: Children) -> str:
    """The company file into the portal; the PEN's id stands at the beginning of the last line."""
    with as_file(files("stationer.demo").joinpath("company")) as company:
        said = children.run("setup", ["company", "import", str(company / "company.yaml")])
    return said.splitlines()[-1].split()[0]


def _account(admin: Callable[..., Any], person: Person) -> Any:
    words = ["--email", person.address, "--password", person.password, "--role", person.role]
    return admin("create_account", *words)["member"]


def _new_device(admin: Callable[..., Any], person: Person, name: str) -> str:
    return str(admin("enrol_device", "--address", person.address, "--name", name)["token"])


def enrol(children: Children, folder: Path, ports: Ports) -> None:
    """The agent knows the mailboxes it watches, and where the servers are now."""
    diary = Diary(folder / "setup.json")
    where = _where(ports)
    for one in PEOPLE:
        if one.enrolled:
            step = _mailbox(one)
            diary.forget(step, unless=where)
            token, pen = diary.what(_device(one)), diary.what(_COMPANY)
            diary.once(step, partial(_enrol, children, folder, ports, one, token, pen))


def _mailbox(person: Person) -> str:
    """The name of the step that enrols a mailbox."""
    return f"mailbox of {person.address}"


def _device(person: Person) -> str:
    """The name of the step that makes the agent's token for a mailbox."""
    return f"device of {person.address}"


def _where(ports: Ports) -> list[int]:
    """What an enrolled mailbox depends on."""
    return [ports.edge, ports.imap, ports.smtp, ports.portal]


def _enrol(children: Children, folder: Path, ports: Ports, person: Person, token: str, pen: str) -> list[int]:
    secrets = {}
    for name, secret in (("password", person.password), ("token", token)):
        secrets[name] = folder / f".{name}"
        secrets[name].touch(0o600)
        secrets[name].write_text(secret)
    words = ["agent", "enrol", "--no-keyring", "--address", person.address]
    words += ["--imap", f"127.0.0.1:{ports.imap}", "--imap-security", "plain"]
    words += ["--smtp", f"127.0.0.1:{ports.smtp}", "--smtp-security", "plain"]
    words += ["--edge", f"http://127.0.0.1:{ports.edge}"]
    words += ["--portal", f"http://127.0.0.1:{ports.portal}", "--pen", pen]
    words += ["--token-file", str(secrets["token"]), "--password-file", str(secrets["password"])]
    try:
        children.run("setup", words)
    finally:
        for file in secrets.values():
            file.unlink()
    return _where(ports)
