"""Routes about bin. Made by `make generated` from the API's description."""

from __future__ import annotations

from collections.abc import Iterator

from stationer.client.calling import Caller, place
from stationer.client.shapes import BinnedShown, Restored


class BinRoutes(Caller):
    """What can be asked about bin."""

    def list_bin(self, *, limit: int | None = None) -> Iterator[BinnedShown]:
        """Templates, campaigns and messages that were deleted. A key needs `see-content`."""
        return self.each("/bin", BinnedShown, query={"limit": limit})

    def restore_binned(self, binned_id: str, *, key: str = "") -> Restored:
        """Bring it back as it was, under its id; a campaign with its messages. In mail at the next Publish.
        A key needs `change-content`."""
        return self.call("POST", f"/bin/{place(binned_id)}/restore", Restored, key=key)

    def list_people_bin(self, *, limit: int | None = None) -> Iterator[BinnedShown]:
        """Groups and lists that were deleted. A key needs `see-people`."""
        return self.each("/people-bin", BinnedShown, query={"limit": limit})

    def restore_binned_people(self, binned_id: str, *, key: str = "") -> Restored:
        """Bring it back with who was in it; `people_gone` have left meanwhile. A key needs `change-
        people`."""
        return self.call("POST", f"/people-bin/{place(binned_id)}/restore", Restored, key=key)
