"""DMARC (RFC 7489): is there one policy, and do SPF and DKIM speak for the domain in From?

The organisational domain (§3.2) is found as later DMARC does, by walking up the names: the one with a record that is
nearest to the root. A list of public suffixes would be data that ages.
"""

from __future__ import annotations

from collections.abc import Iterator

from stationer.repute.book import Answer, Book, tags
from stationer.repute.findings import Finding

#: So many names are asked at most; a name of more labels is cut from the left.
MOST_NAMES = 8


def check(domain: str, signed_by: str, bounce: str, book: Book) -> list[Finding]:
    """Of a From domain: its policy, and whether the domains of signature (`d=`) and Return-Path are aligned with it.
    An empty one is not looked at."""
    found: list[Finding] = []
    policies: list[tuple[str, dict[str, str]]] = []
    for name in _upwards(domain):
        answer = book.get(f"_dmarc.{name}", "TXT")
        if answer.state == "failed":
            return [Finding("dns-silent", {"name": f"_dmarc.{name}", "kind": "TXT"})]
        said, wrong = _policy(name, answer)
        found += wrong if not policies else []
        if said is not None:
            policies.append((name, said))
    if found or not policies:
        return found or [Finding("dmarc-missing", {"domain": domain})]
    said, top = policies[0][1], policies[-1][0]
    found += _strength(domain, policies[0][0], said)
    if signed_by and not _aligned(domain, signed_by, top, said.get("adkim", "r")):
        found.append(Finding("dmarc-apart-dkim", {"domain": domain, "other": signed_by}))
    if bounce and not _aligned(domain, bounce, top, said.get("aspf", "r")):
        found.append(Finding("dmarc-apart-spf", {"domain": domain, "other": bounce}))
    return found


def _upwards(domain: str) -> Iterator[str]:
    labels = domain.split(".")
    for at in range(max(0, len(labels) - MOST_NAMES), max(1, len(labels) - 1)):
        yield ".".join(labels[at:])


def _policy(name: str, answer: Answer) -> tuple[dict[str, str] | None, list[Finding]]:
    records = [one for one in answer.records if "".join(one.split()).lower().startswith("v=dmarc1")]
    if not records:
        return None, []
    if len(records) > 1:
        return None, [Finding("dmarc-several", {"name": f"_dmarc.{name}", "count": str(len(records))})]
    said = tags(records[0])
    if said is None or said.get("p") not in ("none", "quarantine", "reject"):
        return None, [Finding("dmarc-broken", {"name": f"_dmarc.{name}"})]
    return said, []


def _strength(domain: str, at: str, said: dict[str, str]) -> list[Finding]:
    wish = said["p"] if at == domain else said.get("sp", said["p"])
    found = [Finding("dmarc-none", {"name": f"_dmarc.{at}"})] if wish == "none" else []
    return found if said.get("rua") else [*found, Finding("dmarc-unreported", {"name": f"_dmarc.{at}"})]


def _aligned(domain: str, other: str, top: str, mode: str) -> bool:
    return other == domain or (mode != "s" and (other == top or other.endswith(f".{top}")))
