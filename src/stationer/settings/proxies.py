"""Who asked, when proxies stand in front (`trusted_proxies`): a chain is believed of them and of nobody else."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import ip_address, ip_network


class Proxies:
    """Network addresses that may say for whom they ask."""

    def __init__(self, proxies: Iterable[str] = ()) -> None:
        """Addresses or networks. Raises ValueError for what is neither."""
        self._networks = [ip_network(text, strict=False) for text in proxies]

    def trusts(self, address: str) -> bool:
        """Whether this is one of them; never for what is no address."""
        return (
            bool(self._networks)
            and _is_address(address)
            and any(ip_address(address) in network for network in self._networks)
        )

    def asker(self, chain: str) -> str:
        """The last address of an X-Forwarded-For that is not one of them: those before it anyone may have written.
        Empty where there is none."""
        for address in reversed([part.strip() for part in chain.split(",") if part.strip()]):
            if not self.trusts(address):
                return address if _is_address(address) else ""
        return ""


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
