"""Routes about visitors. Made by `make generated` from the API's description."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from stationer.client.calling import Caller, NoneType, place
from stationer.client.shapes import HitShown, LinkShown, NewLinks


class VisitorsRoutes(Caller):
    """What can be asked about visitors."""

    def list_hits(
        self,
        *,
        limit: int | None = None,
        human: bool | None = None,
        campaign: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> Iterator[HitShown]:
        """Hits, the oldest first. A key needs `see-visitors`."""
        return self.each(
            "/hits",
            HitShown,
            query={"limit": limit, "human": human, "campaign": campaign, "since": since, "until": until},
        )

    def get_hit(self, hit_id: str) -> HitShown:
        """One hit. A key needs `see-visitors`."""
        return self.call("GET", f"/hits/{place(hit_id)}", HitShown)

    def list_links(self, *, limit: int | None = None) -> Iterator[LinkShown]:
        """Links, the oldest first. A key needs `see-visitors`."""
        return self.each("/links", LinkShown, query={"limit": limit})

    def add_links(self, body: NewLinks, *, key: str = "") -> list[LinkShown]:
        """One link for each of `people`, or one for nobody in particular. A key needs `see-visitors`."""
        return self.call("POST", "/links", list[LinkShown], body=body, key=key)

    def get_link(self, link_id: str) -> LinkShown:
        """One link. A key needs `see-visitors`."""
        return self.call("GET", f"/links/{place(link_id)}", LinkShown)

    def remove_link(self, link_id: str) -> None:
        """It leads nowhere from then on, and its hits are forgotten. The key needs `change-settings` as
        well: as on the page, nobody else removes other people's links. A key needs `see-visitors`."""
        self.call("DELETE", f"/links/{place(link_id)}", NoneType)
