"""Routes about links. Made by `make generated` from the API's description."""

from __future__ import annotations

from stationer.client.calling import Caller
from stationer.client.shapes import LinkDomain, LinkDomainShown


class LinksRoutes(Caller):
    """What can be asked about links."""

    def show_link_domain(self) -> LinkDomainShown:
        """The link domain as it stands; nobody is asked. A key needs `see-settings`."""
        return self.call("GET", "/link-domain", LinkDomainShown)

    def choose_link_domain(self, body: LinkDomain) -> LinkDomainShown:
        """Choose another, or none. It is in use at the first Publish after it was found to lead here. A key
        needs `change-settings`."""
        return self.call("PUT", "/link-domain", LinkDomainShown, body=body)

    def look_at_link_domain(self, *, key: str = "") -> LinkDomainShown:
        """Ask DNS and the address itself, now. A key needs `change-settings`."""
        return self.call("POST", "/link-domain/look", LinkDomainShown, key=key)
