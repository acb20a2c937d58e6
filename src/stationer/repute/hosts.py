"""A sending address and its greeting: does DNS say the same both ways (RFC 1912 §2.1, RFC 5321 §4.1.4)?"""

from __future__ import annotations

from ipaddress import ip_address

from stationer.repute.book import Book
from stationer.repute.findings import Finding


def reverse(address: str) -> str:
    """The name at which an address's own name stands."""
    return ip_address(address).reverse_pointer


def check(address: str, helo: str, book: Book) -> list[Finding]:
    """The address's name, forward-confirmed, and whether the greeting is it. An empty `helo` is not looked at."""
    answer = book.get(reverse(address), "PTR")
    if answer.state == "failed":
        return [Finding("dns-silent", {"name": reverse(address), "kind": "PTR"})]
    if not answer.records:
        return [Finding("ptr-missing", {"address": address, "name": reverse(address)})]
    forward = {name: book.addresses(name) for name in answer.records[:10]}
    confirmed = [name for name, one in forward.items() if _has(one.records, address)]
    if not confirmed:
        if any(one.state == "failed" for one in forward.values()):
            return [Finding("dns-silent", {"name": answer.records[0], "kind": "A"})]
        return [Finding("ptr-elsewhere", {"address": address, "name": answer.records[0]})]
    if helo and helo.lower() not in {name.lower() for name in confirmed}:
        return [Finding("helo-other", {"address": address, "name": confirmed[0], "helo": helo})]
    return []


def greeting(helo: str, addresses: list[str], book: Book) -> list[Finding]:
    """Whether a greeting's name leads to the addresses that greet with it."""
    answer = book.addresses(helo)
    if answer.state == "failed":
        return [Finding("dns-silent", {"name": helo, "kind": "A"})]
    if answer.state == "none":
        return [Finding("helo-unknown", {"helo": helo})]
    strange = [one for one in addresses if not _has(answer.records, one)]
    return [Finding("helo-elsewhere", {"helo": helo, "address": one}) for one in strange]


def _has(records: tuple[str, ...], address: str) -> bool:
    return ip_address(address) in {ip_address(one) for one in records}
