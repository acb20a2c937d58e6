"""A private Dovecot 2.3: IMAP (plain and TLS) for everyone, LMTP and SASL for Postfix.

`special_use=False` is a server that neither advertises SPECIAL-USE (RFC 6154) nor has a folder called Sent.
`durable=True` fsyncs every mail, for the bench. Never touches /etc/dovecot or a running Dovecot.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from trials.servers.certificate import make_certificate
from trials.servers.people import EVERYONE, STAFF, Person
from trials.servers.running import Running, free_port, greets, program

#: Mail belongs to this user and group: Debian's own `mail`, which every system has.
MAIL_USER, MAIL_ID = "mail", 8
SENT_WITHOUT_SPECIAL_USE = "Gesendete Elemente"

CONFIGURATION = """
base_dir = {folder}/run
state_dir = {folder}/run
log_path = {folder}/dovecot.log
protocols = imap lmtp
listen = 127.0.0.1
instance_name = stationer-trial-{imap_port}
ssl = yes
ssl_cert = <{folder}/cert.pem
ssl_key = <{folder}/key.pem
disable_plaintext_auth = no
auth_mechanisms = plain login
auth_failure_delay = 0
first_valid_uid = {mail_id}
first_valid_gid = {mail_id}
mail_uid = {mail_id}
mail_gid = {mail_id}
mail_home = {folder}/mail/%d/%n
mail_location = sdbox:~/sdbox
mail_fsync = {fsync}
recipient_delimiter = +
lmtp_save_to_detail_mailbox = yes
passdb {{
  driver = passwd-file
  args = scheme=PLAIN username_format=%u {folder}/users
}}
userdb {{
  driver = static
  args = uid={mail_id} gid={mail_id} home={folder}/mail/%d/%n
}}
namespace inbox {{
  inbox = yes
  separator = /
{mailboxes}
}}
service imap-login {{
  inet_listener imap {{
    port = {imap_port}
  }}
  inet_listener imaps {{
    port = {imaps_port}
    ssl = yes
  }}
  service_count = 0
  client_limit = 1000
}}
service imap {{
  process_limit = 256
}}
service lmtp {{
  inet_listener lmtp {{
    port = {lmtp_port}
  }}
}}
service auth {{
  inet_listener sasl {{
    port = {sasl_port}
  }}
}}
service stats {{
  client_limit = 1000
}}
service anvil {{
  client_limit = 1000
}}
protocol lmtp {{
  postmaster_address = postmaster@acme.test
}}
protocol imap {{
  mail_max_userip_connections = 200
{capability}
}}
"""
MAILBOX = "  mailbox {name} {{\n    special_use = \\{use}\n    auto = subscribe\n  }}"
PLAIN_MAILBOX = '  mailbox "{name}" {{\n    auto = subscribe\n  }}'
#: What Dovecot 2.3 advertises after login, without SPECIAL-USE.
WITHOUT_SPECIAL_USE = (
    "  imap_capability = IMAP4rev1 LITERAL+ SASL-IR ENABLE IDLE UIDPLUS MOVE UNSELECT NAMESPACE"
)


@dataclass
class Dovecot:
    """A running Dovecot: where it listens, and its certificate."""

    folder: Path
    special_use: bool = True
    durable: bool = False
    people: Iterable[Person] = (*EVERYONE, *STAFF)
    host: str = "127.0.0.1"
    imap_port: int = field(default_factory=free_port)
    imaps_port: int = field(default_factory=free_port)
    lmtp_port: int = field(default_factory=free_port)
    sasl_port: int = field(default_factory=free_port)

    def __post_init__(self) -> None:
        """Write the configuration and start. Raises NotReady with Dovecot's own words."""
        self._write()
        self.running = Running(
            "dovecot",
            [program("dovecot") or "dovecot", "-F", "-c", self.folder / "dovecot.conf"],
            self.folder / "dovecot.log",
            lambda: (
                greets(self.imap_port, b"* OK") and greets(self.lmtp_port, b"220") and greets(self.sasl_port)
            ),
        )

    @property
    def certificate(self) -> Path:
        """The certificate that clients must trust."""
        return self.folder / "cert.pem"

    @property
    def sent(self) -> str:
        """The name of the folder for sent mail."""
        return "Sent" if self.special_use else SENT_WITHOUT_SPECIAL_USE

    def _write(self) -> None:
        make_certificate(self.folder)
        for name, owner in (("run", "root"), ("mail", MAIL_USER)):
            (self.folder / name).mkdir()
            shutil.chown(self.folder / name, owner, owner)
        lines = [f"{person.address}:{{PLAIN}}{person.password}::::::\n" for person in self.people]
        (self.folder / "users").write_text("".join(lines))
        uses = ("Drafts", "Sent", "Junk", "Trash", "Archive")
        named = "\n".join(MAILBOX.format(name=use, use=use) for use in uses)
        text = CONFIGURATION.format(
            folder=self.folder,
            imap_port=self.imap_port,
            imaps_port=self.imaps_port,
            lmtp_port=self.lmtp_port,
            sasl_port=self.sasl_port,
            mail_id=MAIL_ID,
            fsync="always" if self.durable else "never",
            mailboxes=named if self.special_use else PLAIN_MAILBOX.format(name=self.sent),
            capability="" if self.special_use else WITHOUT_SPECIAL_USE,
        )
        (self.folder / "dovecot.conf").write_text(text)

    def stop(self) -> None:
        """Stop this Dovecot and no other."""
        self.running.stop()
