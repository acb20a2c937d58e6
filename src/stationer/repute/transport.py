"""MTA-STS (RFC 8461): the record, the policy it announces, and whether that names the exchangers."""

from __future__ import annotations

from stationer.repute import exchangers
from stationer.repute.book import Book, tags
from stationer.repute.findings import Finding


def check(domain: str, book: Book) -> list[Finding]:
    """Of a domain that takes mail. None at all is a hint: whoever sends to it may be led astray."""
    name = f"_mta-sts.{domain}"
    answer = book.get(name, "TXT")
    if answer.state == "failed":
        return [Finding("dns-silent", {"name": name, "kind": "TXT"})]
    records = [one for one in answer.records if one.startswith("v=STSv1")]
    if not records:
        return [Finding("sts-missing", {"domain": domain})]
    said = tags(records[0]) if len(records) == 1 else None
    if said is None or not said.get("id", "").isalnum():
        return [Finding("sts-broken", {"name": name})]
    policy = book.get(domain, "POLICY")
    if policy.state == "failed":
        return [Finding("sts-silent", {"domain": domain, "reason": policy.said})]
    if policy.state == "none":
        return [Finding("sts-policy", {"domain": domain, "reason": policy.said})]
    return _policy(domain, policy.records[0], book)


def _policy(domain: str, text: str, book: Book) -> list[Finding]:
    lines = [line.partition(":") for line in text.replace("\r\n", "\n").split("\n") if line.strip()]
    pairs = [(name.strip(), value.strip()) for name, _, value in lines]
    said, patterns = dict(pairs), [value.lower() for name, value in pairs if name == "mx"]
    mode = said.get("mode")
    if (
        said.get("version") != "STSv1"
        or mode not in ("enforce", "testing", "none")
        or not said.get("max_age", "").isdigit()
        or (mode != "none" and not patterns)
    ):
        return [Finding("sts-policy", {"domain": domain, "reason": "version, mode, mx or max_age"})]
    if mode == "none":
        return [Finding("sts-missing", {"domain": domain})]
    out = [host for host in exchangers.hosts(domain, book) if not any(_names(one, host) for one in patterns)]
    found = [Finding("sts-mx", {"domain": domain, "host": host}) for host in out]
    return found if mode == "enforce" else [*found, Finding("sts-testing", {"domain": domain})]


def _names(pattern: str, host: str) -> bool:
    """§4.1: a star stands for exactly one label, the first."""
    return pattern == host or (pattern.startswith("*.") and host.partition(".")[2] == pattern[2:])
