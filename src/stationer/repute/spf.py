"""SPF (RFC 7208): is there one record, may our addresses send by it, and does it ask for too much?

The whole tree is counted, also behind the term that lets our address in: mail of others walks on. What depends on the
single mail (macros, §7) is counted and not followed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Literal

from stationer.repute.book import Answer, Book
from stationer.repute.findings import Finding

#: §4.6.4: terms that ask DNS, and answers with nothing in them.
MOST_LOOKUPS, MOST_VOIDS = 10, 2
Result = Literal["pass", "fail", "softfail", "neutral", "none", "error", "unknown"]
_QUALIFIER: dict[str, Result] = {"+": "pass", "-": "fail", "~": "softfail", "?": "neutral", "": "pass"}
_TERM = re.compile(
    r"([+\-~?]?)(all|include|a|mx|ptr|ip4|ip6|exists)(?::([^/]*))?(?:/(\d{1,3}))?(?://(\d{1,3}))?\Z", re.I
)
_MODIFIER = re.compile(r"([a-z][a-z0-9._-]*)=(.*)\Z", re.I)


def check(domain: str, addresses: Iterable[str], book: Book) -> list[Finding]:
    """What is wrong with the SPF of an envelope sender's domain, for mail from these addresses."""
    found: list[Finding] = []
    for address in addresses:
        walk = _Walk(ip_address(address), book)
        result = walk.domain(domain)
        told = {"domain": domain, "address": address}
        if result == "none":
            walk.say("spf-missing", domain=domain)
        elif result in ("fail", "softfail", "neutral"):
            walk.say("spf-outside", **told)
        elif result == "unknown":
            walk.say("spf-unsure", **told)
        if walk.lookups > MOST_LOOKUPS:
            walk.say("spf-lookups", domain=domain, most=str(MOST_LOOKUPS))
        if walk.voids > MOST_VOIDS:
            walk.say("spf-voids", domain=domain, count=str(walk.voids))
        found += [one for one in walk.found if one not in found]
    return found


class _Walk:
    """One address through a record and all that it includes."""

    def __init__(self, address: IPv4Address | IPv6Address, book: Book) -> None:
        self.address, self.book = address, book
        self.lookups = self.voids = 0
        self.found: list[Finding] = []

    def say(self, rule: str, **saw: str) -> None:
        """Note a finding."""
        self.found.append(Finding(rule, saw))

    def domain(self, domain: str) -> Result:
        """check_host() (§4) for a domain's record."""
        answer = self.book.get(domain, "TXT")
        if answer.state == "failed":
            self.say("dns-silent", name=domain, kind="TXT")
            return "error"
        records = [
            one for one in answer.records if one.lower() == "v=spf1" or one.lower().startswith("v=spf1 ")
        ]
        if len(records) > 1:
            self.say("spf-several", domain=domain, count=str(len(records)))
            return "error"
        return self._record(domain, records[0].split()[1:]) if records else "none"

    def _record(self, domain: str, terms: list[str]) -> Result:
        result: Result | None = None
        redirect = ""
        for term in terms:
            if mechanism := _TERM.match(term):
                met = self._mechanism(domain, *mechanism.groups())
                result = result or met
            elif modifier := _MODIFIER.match(term):
                redirect = modifier[2] if modifier[1].lower() == "redirect" else redirect
            else:
                self.say("spf-broken", domain=domain, term=term)
                result = result or "error"
        if redirect and not any(term.lstrip("+-~?").lower() == "all" for term in terms):
            met = self._below(redirect)
            if met == "none":
                self.say("spf-broken", domain=domain, term=f"redirect={redirect}")
            return result or ("error" if met == "none" else met)
        return result or "neutral"

    def _mechanism(
        self, domain: str, sign: str, name: str, value: str | None, four: str | None, six: str | None
    ) -> Result | None:
        """The result where it matches; None where it does not."""
        name = name.lower()
        if name == "all":
            if _QUALIFIER[sign] == "pass":
                self.say("spf-open", domain=domain)
            return _QUALIFIER[sign]
        if name in ("ip4", "ip6"):
            return self._network(domain, sign, name, f"{value}/{four}" if four else value or "")
        if name == "include":
            return self._include(domain, sign, value or "")
        return self._lookup(name, value or domain, _QUALIFIER[sign], four, six)

    def _network(self, domain: str, sign: str, name: str, written: str) -> Result | None:
        try:
            network = ip_network(written, strict=False)
        except ValueError:
            network = None
        if network is None or network.version != int(name[2]):
            self.say("spf-broken", domain=domain, term=f"{sign}{name}:{written}")
            return "error"
        return _QUALIFIER[sign] if self.address in network else None

    def _include(self, domain: str, sign: str, target: str) -> Result | None:
        met = self._below(target)
        if met == "none":
            self.say("spf-broken", domain=domain, term=f"{sign}include:{target}")
            return "error"
        if met in ("error", "unknown"):
            return met
        return _QUALIFIER[sign] if met == "pass" else None

    def _below(self, target: str) -> Result:
        """The record of an include or a redirect; past the limit nobody is asked any more."""
        self.lookups += 1
        if "%" in target:
            return "unknown"
        return "error" if self.lookups > MOST_LOOKUPS else self.domain(target)

    def _lookup(
        self, name: str, target: str, met: Result, four: str | None, six: str | None
    ) -> Result | None:
        """a, mx, exists, ptr (§5.3 to §5.7)."""
        self.lookups += 1
        if name == "ptr":
            self.say("spf-ptr", domain=target)
            return None
        if "%" in target:
            return "unknown"
        if self.lookups > MOST_LOOKUPS:
            return None
        hosts = [target]
        if name == "mx":
            hosts = [one.split()[-1] for one in self._asked(target, self.book.get(target, "MX")).records][:10]
        for host in hosts:
            answer = self.book.get(host, "A") if name == "exists" else self.book.addresses(host)
            records = self._asked(host, answer).records
            if records and (name == "exists" or any(self._is_near(one, four, six) for one in records)):
                return met
        return None

    def _asked(self, name: str, answer: Answer) -> Answer:
        if answer.state == "failed":
            self.say("dns-silent", name=name, kind="A")
        self.voids += answer.state == "none"
        return answer

    def _is_near(self, record: str, four: str | None, six: str | None) -> bool:
        """Whether our address is the record's, or in the network of that size round it."""
        other = ip_address(record)
        if other.version != self.address.version:
            return False
        size = (four or "32") if other.version == 4 else (six or "128")
        return int(size) <= other.max_prefixlen and self.address in ip_network(
            f"{other}/{size}", strict=False
        )
