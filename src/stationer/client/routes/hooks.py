"""Routes about hooks. Made by `make generated` from the API's description."""

from __future__ import annotations

from collections.abc import Iterator

from stationer.client.calling import Caller, NoneType, place
from stationer.client.shapes import DeliveryShown, HookChange, HookShown, NewHook


class HooksRoutes(Caller):
    """What can be asked about hooks."""

    def list_hooks(self, *, limit: int | None = None) -> Iterator[HookShown]:
        """All webhooks. A key needs `see-settings` and `see-visitors`."""
        return self.each("/hooks", HookShown, query={"limit": limit})

    def add_hook(self, body: NewHook, *, key: str = "") -> HookShown:
        """A webhook; the answer holds its secret. A key needs `change-settings` and `see-visitors`."""
        return self.call("POST", "/hooks", HookShown, body=body, key=key)

    def get_hook(self, hook_id: str) -> HookShown:
        """One webhook. A key needs `see-settings` and `see-visitors`."""
        return self.call("GET", f"/hooks/{place(hook_id)}", HookShown)

    def change_hook(self, hook_id: str, body: HookChange) -> HookShown:
        """Change it, switch it off and on. A key needs `change-settings` and `see-visitors`."""
        return self.call("PATCH", f"/hooks/{place(hook_id)}", HookShown, body=body)

    def remove_hook(self, hook_id: str) -> None:
        """Nothing more is sent there. A key needs `change-settings` and `see-visitors`."""
        self.call("DELETE", f"/hooks/{place(hook_id)}", NoneType)

    def exchange_secret(self, hook_id: str, *, key: str = "") -> HookShown:
        """A new secret, in the answer; for a day the one before signs as well. A key needs `change-
        settings` and `see-visitors`."""
        return self.call("POST", f"/hooks/{place(hook_id)}/secret", HookShown, key=key)

    def test_hook(self, hook_id: str, *, key: str = "") -> DeliveryShown:
        """Send an example. A key needs `change-settings` and `see-visitors`."""
        return self.call("POST", f"/hooks/{place(hook_id)}/test", DeliveryShown, key=key)

    def list_deliveries(self, hook_id: str, *, limit: int | None = None) -> Iterator[DeliveryShown]:
        """What was sent, of a month. A key needs `see-settings` and `see-visitors`."""
        return self.each(f"/hooks/{place(hook_id)}/deliveries", DeliveryShown, query={"limit": limit})

    def send_again(self, hook_id: str, delivery_id: str, *, key: str = "") -> DeliveryShown:
        """The same event once more, under the same id. A key needs `change-settings` and `see-visitors`."""
        return self.call(
            "POST", f"/hooks/{place(hook_id)}/deliveries/{place(delivery_id)}/again", DeliveryShown, key=key
        )
