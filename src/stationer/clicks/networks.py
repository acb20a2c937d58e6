"""Whose network an address is in, as far as the services publish it. Data centres and readers are not told apart."""

from __future__ import annotations

import json
from functools import lru_cache
from importlib.resources import files
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Literal

import msgspec

NetworkKind = Literal["scanner", "shared"]


class Service(msgspec.Struct, frozen=True):
    """Who publishes these networks, and where."""

    name: str
    source: str
    networks: tuple[str, ...]


def _read() -> list[tuple[NetworkKind, str, IPv4Network | IPv6Network]]:
    text = files("stationer.clicks").joinpath("networks.json").read_text(encoding="utf-8")
    data = msgspec.convert(json.loads(text), dict[NetworkKind, tuple[Service, ...]])
    return [
        (kind, service.name, ip_network(network))
        for kind, services in data.items()
        for service in services
        for network in service.networks
    ]


_NETWORKS = _read()


@lru_cache(maxsize=4096)
def network_of(address: str) -> tuple[NetworkKind, str] | None:
    """The kind and the name of the service that this address belongs to; None where nobody said so."""
    try:
        wanted = ip_address(address)
    except ValueError:
        return None
    return next((
        (kind, name)
        for kind, name, network in _NETWORKS
        if network.version == wanted.version and wanted in network
    ), None)  # fmt: skip
