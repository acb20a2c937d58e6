"""A private OpenLDAP server (Debian's slapd): its own folder and database, TLS by a certificate of the trial, paging."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable
from pathlib import Path

from trials.servers.certificate import make_certificate
from trials.servers.running import LOOPBACK, Running, free_port, greets, program

BASE = "dc=acme,dc=example"
READER = "cn: reader\nuserPassword: reader-pw\n"
ADMIN, PASSWORD = f"cn=admin,{BASE}", "admin-pw"
#: What an anonymous bind is asked for, as octets: a version 3 bind (RFC 4511 §4.2).
_BIND = bytes.fromhex("300c020101600702010304008000")

CONFIG = """include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
include /etc/ldap/schema/nis.schema
modulepath /usr/lib/ldap
moduleload back_mdb
pidfile {folder}/pid
TLSCertificateFile {folder}/cert.pem
TLSCertificateKeyFile {folder}/key.pem
sizelimit {sizelimit}
database mdb
directory {folder}/db
maxsize 268435456
suffix {base}
rootdn {admin}
rootpw {password}
# whoever reads with this account sees no more than the size limit, and pages
access to attrs=userPassword by anonymous auth by * none
access to * by dn.exact="cn=reader,{base}" read by anonymous auth
index objectClass,mail,uid eq
"""


class Slapd(Running):
    """The server; `port` with StartTLS, `secure_port` with TLS from the start."""

    def __init__(
        self, folder: Path, ldif: Iterable[str], *, sizelimit: str = "size.soft=500 size.prtotal=unlimited"
    ) -> None:
        (folder / "db").mkdir(exist_ok=True)
        self.certificate, _key = make_certificate(folder)
        self.port, self.secure_port = free_port(), free_port()
        self.config = folder / "slapd.conf"
        said = {"folder": folder, "base": BASE, "admin": ADMIN, "password": PASSWORD, "sizelimit": sizelimit}
        self.config.write_text(CONFIG.format(**said))
        seed = folder / "seed.ldif"
        seed.write_text("\n".join(ldif))
        tool = program("slapadd")
        assert tool, "slapd is not installed"
        subprocess.run([tool, "-q", "-f", self.config, "-l", seed], check=True, capture_output=True)
        urls = f"ldap://{LOOPBACK}:{self.port} ldaps://{LOOPBACK}:{self.secure_port}"
        command = [program("slapd") or "slapd", "-f", self.config, "-h", urls, "-d", "0"]
        super().__init__("slapd", command, folder / "log", lambda: greets(self.port, b"\x30", _BIND))

    def change(self, ldif: str) -> None:
        """Change entries as the administrator, by `ldapmodify`."""
        tool = program("ldapmodify")
        assert tool, "ldap-utils is not installed"
        url = f"ldap://{LOOPBACK}:{self.port}"
        subprocess.run(
            [tool, "-x", "-H", url, "-D", ADMIN, "-w", PASSWORD],
            input=ldif.encode(),
            check=True,
            capture_output=True,
        )


def people(number: int) -> list[str]:
    """LDIF (RFC 2849) of a company: an account that reads, so many people in ten groups, and groups round them."""
    said = [
        f"dn: {BASE}\nobjectClass: dcObject\nobjectClass: organization\no: Acme\ndc: acme\n",
        f"dn: ou=people,{BASE}\nobjectClass: organizationalUnit\nou: people\n",
        f"dn: ou=groups,{BASE}\nobjectClass: organizationalUnit\nou: groups\n",
        f"dn: cn=reader,{BASE}\nobjectClass: organizationalRole\nobjectClass: simpleSecurityObject\n{READER}",
    ]
    said += [person(n) for n in range(number)]
    for team in range(10):
        members = "\n".join(f"member: {dn(n)}" for n in range(team, number, 10))
        said.append(
            f"dn: cn=team {team},ou=groups,{BASE}\nobjectClass: groupOfNames\ncn: team {team}\n{members}\n"
        )
    outer = "\n".join(f"member: cn=team {team},ou=groups,{BASE}" for team in range(5))
    said.append(
        f"dn: cn=Sales\\, North,ou=groups,{BASE}\nobjectClass: groupOfNames\ncn: Sales, North\n{outer}\n"
    )
    circle = f"member: cn=Sales\\, North,ou=groups,{BASE}\nmember: cn=Everyone,ou=groups,{BASE}"
    said.append(f"dn: cn=Everyone,ou=groups,{BASE}\nobjectClass: groupOfNames\ncn: Everyone\n{circle}\n")
    return said


def dn(n: int) -> str:
    """The distinguished name of the n-th person."""
    return f"uid=p{n:05},ou=people,{BASE}"


def person(n: int) -> str:
    """The n-th person."""
    return (
        f"dn: {dn(n)}\nobjectClass: inetOrgPerson\nobjectClass: extensibleObject\nuid: p{n:05}\ncn: Person {n}\n"
        f"givenName: Person\nsn: {n}\nmail: p{n:05}@acme.example\ntitle: Engineer\ntitle;lang-de: Ingenieur\n"
        f"preferredLanguage: {'de-AT, en;q=0.5' if n % 2 else 'en'}\ntelephoneNumber: 030 1234{n:05}\n"
        f"postalAddress: Hafenstr. 1$1010 Wien\n"
    )
