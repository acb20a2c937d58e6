"""Routes about surveys. Made by `make generated` from the API's description."""

from __future__ import annotations

from collections.abc import Iterator

from stationer.client.calling import Caller, place
from stationer.client.shapes import SurveyShown, VoteShown


class SurveysRoutes(Caller):
    """What can be asked about surveys."""

    def list_surveys(
        self,
        *,
        since: str | None = None,
        until: str | None = None,
        days: str | None = None,
        limit: int | None = None,
    ) -> Iterator[SurveyShown]:
        """Every survey that was published; counted by when its mails left. A key needs `see-figures`."""
        return self.each(
            "/surveys", SurveyShown, query={"since": since, "until": until, "days": days, "limit": limit}
        )

    def list_votes(
        self, *, limit: int | None = None, of: str | None = None, commented: bool | None = None
    ) -> Iterator[VoteShown]:
        """Votes in the order in which they were made first. A key needs `see-visitors`."""
        return self.each("/votes", VoteShown, query={"limit": limit, "of": of, "commented": commented})

    def get_vote(self, vote_id: str) -> VoteShown:
        """One vote. A key needs `see-visitors`."""
        return self.call("GET", f"/votes/{place(vote_id)}", VoteShown)
