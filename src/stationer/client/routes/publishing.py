"""Routes about publishing. Made by `make generated` from the API's description."""

from __future__ import annotations

from collections.abc import Iterator

from stationer.client.calling import Caller, place
from stationer.client.shapes import (
    CampaignReach,
    ChangeShown,
    DraftsReach,
    PublicationShown,
    Publishing,
    Restoring,
    Tried,
    Trying,
    Undoing,
)


class PublishingRoutes(Caller):
    """What can be asked about publishing."""

    def list_changes(self, *, limit: int | None = None) -> Iterator[ChangeShown]:
        """What Publish would change. A key needs `see-content`."""
        return self.each("/changes", ChangeShown, query={"limit": limit})

    def publish_drafts(self, body: Publishing, *, key: str = "") -> PublicationShown:
        """Put the drafts in force, at the edge within 2 s; or 422 with everything to mend. A key needs
        `publish`."""
        return self.call("POST", "/publish", PublicationShown, body=body, key=key)

    def list_publications(self, *, limit: int | None = None) -> Iterator[PublicationShown]:
        """Publications, the first first. A key needs `see-content`."""
        return self.each("/publications", PublicationShown, query={"limit": limit})

    def get_publication(self, publication_id: str) -> PublicationShown:
        """One version and what it changed. A key needs `see-content`."""
        return self.call("GET", f"/publications/{place(publication_id)}", PublicationShown)

    def restore_publication(self, publication_id: str, body: Restoring, *, key: str = "") -> PublicationShown:
        """Put this version in force again, as a new one, at the edge within 2 s. A key needs `publish`."""
        return self.call(
            "POST", f"/publications/{place(publication_id)}/restore", PublicationShown, body=body, key=key
        )

    def undo_publication(self, body: Undoing, *, key: str = "") -> PublicationShown:
        """Put the version before the last in force again, for 30 days after a Publish. A key needs
        `publish`."""
        return self.call("POST", "/undo", PublicationShown, body=body, key=key)

    def try_mail(self, body: Trying, *, key: str = "") -> Tried:
        """What a mail would carry, and why. Nothing is sent and nothing is kept. A key needs `see-
        content`."""
        return self.call("POST", "/try", Tried, body=body, key=key)

    def show_reach(self) -> DraftsReach:
        """How many of last week's mails would carry something else after Publish. A key needs `see-
        content`."""
        return self.call("GET", "/reach", DraftsReach)

    def show_campaign_reach(self, campaign_id: str) -> CampaignReach:
        """How many of last week's mails would have carried it, as if it were live. A key needs `see-
        content`."""
        return self.call("GET", f"/campaigns/{place(campaign_id)}/reach", CampaignReach)
