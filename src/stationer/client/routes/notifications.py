"""Routes about notifications. Made by `make generated` from the API's description."""

from __future__ import annotations

from stationer.client.calling import Caller
from stationer.client.shapes import Notifications, NotificationsShown


class NotificationsRoutes(Caller):
    """What can be asked about notifications."""

    def show_notifications(self) -> NotificationsShown:
        """What notifications say. A key needs `see-settings`."""
        return self.call("GET", "/notifications", NotificationsShown)

    def put_notifications(self, body: Notifications) -> NotificationsShown:
        """Say this from now on, as one more version. What is wrong is told by its place, and nothing is
        kept then. A key needs `change-settings`."""
        return self.call("PUT", "/notifications", NotificationsShown, body=body)
