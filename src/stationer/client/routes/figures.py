"""Routes about figures. Made by `make generated` from the API's description."""

from __future__ import annotations

from collections.abc import Iterator

from stationer.client.calling import Caller, place
from stationer.client.shapes import Figures, PartShown


class FiguresRoutes(Caller):
    """What can be asked about figures."""

    def get_figures(
        self, *, since: str | None = None, until: str | None = None, days: str | None = None
    ) -> Figures:
        """Everything the PEN sent. A key needs `see-figures`."""
        return self.call("GET", "/figures", Figures, query={"since": since, "until": until, "days": days})

    def get_campaign_figures(
        self, campaign_id: str, *, since: str | None = None, until: str | None = None, days: str | None = None
    ) -> Figures:
        """One campaign and each of its messages, with their lift against the holdout. A key needs `see-
        figures`."""
        return self.call(
            "GET",
            f"/figures/campaigns/{place(campaign_id)}",
            Figures,
            query={"since": since, "until": until, "days": days},
        )

    def get_message_figures(
        self, message_id: str, *, since: str | None = None, until: str | None = None, days: str | None = None
    ) -> Figures:
        """One message. A key needs `see-figures`."""
        return self.call(
            "GET",
            f"/figures/messages/{place(message_id)}",
            Figures,
            query={"since": since, "until": until, "days": days},
        )

    def get_member_figures(
        self, member_id: str, *, since: str | None = None, until: str | None = None, days: str | None = None
    ) -> Figures:
        """What one member sent. A key needs `see-figures`."""
        return self.call(
            "GET",
            f"/figures/members/{place(member_id)}",
            Figures,
            query={"since": since, "until": until, "days": days},
        )

    def list_message_figures(
        self,
        *,
        since: str | None = None,
        until: str | None = None,
        days: str | None = None,
        limit: int | None = None,
        campaign: str | None = None,
    ) -> Iterator[PartShown]:
        """Each message; of one campaign with `campaign`. `next` is the cursor of the page after. A key
        needs `see-figures`."""
        return self.each(
            "/figures/messages",
            PartShown,
            query={"since": since, "until": until, "days": days, "limit": limit, "campaign": campaign},
        )

    def list_figures(
        self,
        sort: str,
        *,
        since: str | None = None,
        until: str | None = None,
        days: str | None = None,
        limit: int | None = None,
        campaign: str | None = None,
    ) -> Iterator[PartShown]:
        """Each member, domain or list; of one campaign with `campaign`. `next` is the cursor of the page
        after. A key needs `see-figures`."""
        return self.each(
            f"/figures/{place(sort)}",
            PartShown,
            query={"since": since, "until": until, "days": days, "limit": limit, "campaign": campaign},
        )
