"""One entry of Django's ALLOWED_HOSTS that stands for every host name a partner has proven."""

from __future__ import annotations


class HostsOfPartners(str):
    """Equal to such a host name, and to nothing else (`django.http.request.validate_host` compares one entry after the
    other, so partners' names are asked for where none of the installation's own fits)."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, str) or other == "*" or isinstance(other, HostsOfPartners):
            return isinstance(other, HostsOfPartners)
        from stationer.portal.partners.hosts import whose

        return bool(whose(other))

    def __hash__(self) -> int:
        return hash("hosts of partners")

    def lower(self) -> str:
        return self
