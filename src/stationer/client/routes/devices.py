"""Routes about devices. Made by `make generated` from the API's description."""

from __future__ import annotations

from collections.abc import Iterator

from stationer.client.calling import Caller, NoneType, place
from stationer.client.shapes import DeviceShown, KeyShown, NewKey


class DevicesRoutes(Caller):
    """What can be asked about devices."""

    def list_devices(self, *, limit: int | None = None) -> Iterator[DeviceShown]:
        """Devices and API keys, the removed ones as well. A key needs `see-people`."""
        return self.each("/devices", DeviceShown, query={"limit": limit})

    def get_device(self, device_id: str) -> DeviceShown:
        """One device. A key needs `see-people`."""
        return self.call("GET", f"/devices/{place(device_id)}", DeviceShown)

    def remove_device(self, device_id: str) -> None:
        """Out of force: here at once, at the edge within 2 s. A key needs `change-people`."""
        self.call("DELETE", f"/devices/{place(device_id)}", NoneType)

    def show_key(self) -> KeyShown:
        """What the asking key may do. A key needs `see-names`."""
        return self.call("GET", "/key", KeyShown)

    def add_key(self, body: NewKey, *, key: str = "") -> KeyShown:
        """Make another key. Its token is in the answer, this once; DELETE `/devices/{id}` ends it. A key
        needs `manage-roles`."""
        return self.call("POST", "/keys", KeyShown, body=body, key=key)
