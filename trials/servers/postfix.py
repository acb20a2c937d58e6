"""A private Postfix: authenticated submission, delivery to Dovecot by LMTP, nothing leaves the machine.

`port` is plain or STARTTLS, `tls_port` is TLS from the start, and `filing_port` is a submission port that
also files the mail in the sender's Sent folder by itself, as some large providers do. Never touches
/etc/postfix or its queue.
"""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from trials.servers.dovecot import Dovecot
from trials.servers.people import DOMAINS, EVERYONE
from trials.servers.running import LOOPBACK, Running, free_port, greets, program

MAIN = """
compatibility_level = 3.6
queue_directory = {folder}/spool
data_directory = {folder}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
meta_directory = /etc/postfix
mail_owner = postfix
setgid_group = postdrop
syslog_name = trial
maillog_file = {folder}/postfix.log
maillog_file_prefixes = {folder}
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mail.acme.test
mydomain = acme.test
mydestination =
mynetworks = 127.0.0.0/8
local_recipient_maps =
alias_maps =
alias_database =
recipient_delimiter = +
virtual_mailbox_domains = {domains}
virtual_mailbox_maps =
virtual_transport = lmtp:inet:{host}:{lmtp_port}
default_transport = error:nothing leaves the trial
relay_transport = error:nothing leaves the trial
smtp_host_lookup = native
disable_dns_lookups = yes
smtpd_peername_lookup = no
smtpd_tls_cert_file = {certificate}
smtpd_tls_key_file = {key}
smtpd_tls_security_level = may
smtpd_sasl_type = dovecot
smtpd_sasl_path = inet:{host}:{sasl_port}
smtpd_sasl_auth_enable = yes
smtpd_relay_restrictions = {relaying}
smtpd_recipient_restrictions = {receiving}
smtpd_client_connection_count_limit = 0
smtpd_client_connection_rate_limit = 0
smtpd_client_message_rate_limit = 0
message_size_limit = {size_limit}
mailbox_size_limit = 0
virtual_mailbox_limit = 0
in_flow_delay = 0
lmtp_connection_cache_on_demand = yes
smtputf8_enable = yes
# what was submitted is what arrives: no header dropped (Bcc!), none added, no address completed
message_drop_headers =
local_header_rewrite_clients =
always_add_missing_headers = no
# who reads the mail before it is queued, and signs it
smtpd_milters = {milters}
milter_default_action = tempfail
"""
MASTER = """
{host}:{port} inet n - n - - smtpd
{host}:{tls_port} inet n - n - - smtpd -o smtpd_tls_wrappermode=yes
{host}:{filing_port} inet n - n - - smtpd -o cleanup_service_name=cleanup-filing
cleanup-filing unix n - n - 0 cleanup -o sender_bcc_maps=inline:{{{filing}}}
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
proxywrite unix - - n - 1 proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""


@dataclass
class Postfix:
    """A running Postfix in front of `dovecot`. `size_limit` is in bytes; `milters` are asked in their order. `answers`:
    as the world it takes mail of anybody, and says to these recipients what is told here."""

    folder: Path
    dovecot: Dovecot
    size_limit: int = 62_914_560
    milters: tuple[str, ...] = ()
    answers: tuple[tuple[str, str], ...] = ()
    host: str = LOOPBACK
    port: int = field(default_factory=free_port)
    tls_port: int = field(default_factory=free_port)
    filing_port: int = field(default_factory=free_port)

    def __post_init__(self) -> None:
        """Write the configuration and start. Raises NotReady with Postfix's own words."""
        self._write()
        self.running = Running(
            "postfix",
            [program("postfix") or "postfix", "-c", self.etc, "start-fg"],
            self.folder / "postfix.log",
            lambda: greets(self.port, b"220") and greets(self.filing_port, b"220"),
        )

    @property
    def etc(self) -> Path:
        """The folder of main.cf and master.cf."""
        return self.folder / "etc"

    def _write(self) -> None:
        for name, owner in (("etc", "root"), ("spool", "root"), ("data", "postfix")):
            (self.folder / name).mkdir()
            shutil.chown(self.folder / name, owner)
        main = MAIN.format(
            folder=self.folder,
            host=self.host,
            domains=", ".join(DOMAINS),
            lmtp_port=self.dovecot.lmtp_port,
            sasl_port=self.dovecot.sasl_port,
            certificate=self.dovecot.certificate,
            key=self.dovecot.certificate.with_name("key.pem"),
            size_limit=self.size_limit,
            milters=", ".join(self.milters),
            **self._restrictions(),
        )
        (self.etc / "main.cf").write_text(main)
        filing = ",".join(
            f"{person.address}={person.address.replace('@', f'+{self.dovecot.sent}@')}"
            for person in EVERYONE
            if self.dovecot.special_use
        )
        ports = {"port": self.port, "tls_port": self.tls_port, "filing_port": self.filing_port}
        (self.etc / "master.cf").write_text(MASTER.format(host=self.host, filing=filing, **ports))

    def _restrictions(self) -> dict[str, str]:
        if not self.answers:
            own = "permit_sasl_authenticated, reject"
            return {"relaying": own, "receiving": own}
        told = ", ".join(f"{{{address} = {answer}}}" for address, answer in self.answers)
        receiving = f"check_recipient_access inline:{{{told}}}, permit_mynetworks, reject"
        return {"relaying": "permit_mynetworks, reject", "receiving": receiving}

    def queue_is_empty(self) -> bool:
        """Whether no mail is on its way: everything accepted has been delivered or returned."""
        queue = subprocess.run(
            [program("postqueue") or "postqueue", "-c", self.etc, "-j"],
            capture_output=True,
            check=True,
            timeout=30,
        )
        return not queue.stdout.strip()

    def stop(self) -> None:
        """Stop this Postfix and no other: its master ends its own children."""
        subprocess.run(
            [program("postfix") or "postfix", "-c", self.etc, "stop"],
            capture_output=True,
            timeout=60,
            check=False,
        )
        self.running.stop()
