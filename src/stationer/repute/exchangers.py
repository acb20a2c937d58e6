"""Who takes a domain's mail: its MX (RFC 5321 §5.1, RFC 7505)."""

from __future__ import annotations

from stationer.repute.book import Book
from stationer.repute.findings import Finding


def hosts(domain: str, book: Book) -> list[str]:
    """The names of its exchangers, small letters, without the dot."""
    return [one.split()[-1].lower().rstrip(".") for one in book.get(domain, "MX").records]


def check(domain: str, ours: str, book: Book) -> list[Finding]:
    """`ours`: the host that has to be among them; empty where any will do."""
    answer = book.get(domain, "MX")
    if answer.state == "failed":
        return [Finding("dns-silent", {"name": domain, "kind": "MX"})]
    names = hosts(domain, book)
    if not names:
        return [Finding("mx-missing", {"domain": domain})]
    if names == [""]:
        return [Finding("mx-null", {"domain": domain})]
    if ours and ours.lower() not in names:
        return [Finding("mx-other", {"domain": domain, "host": names[0], "ours": ours})]
    found = []
    for name in names:
        if name.replace(".", "").isdigit():
            found.append(Finding("mx-address", {"domain": domain, "host": name}))
            continue
        leads = book.addresses(name)
        if leads.state == "failed":
            found.append(Finding("dns-silent", {"name": name, "kind": "A"}))
        elif leads.state == "none":
            found.append(Finding("mx-nowhere", {"domain": domain, "host": name}))
    return found
