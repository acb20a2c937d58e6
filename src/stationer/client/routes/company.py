"""Routes about company. Made by `make generated` from the API's description."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from stationer.client.calling import Caller, NoneType, place
from stationer.client.form import File
from stationer.client.shapes import ArrivalShown, CompanyChange, CompanyShown, Going


class CompanyRoutes(Caller):
    """What can be asked about company."""

    def get_company(self, *, of: Literal["now", "force"] | None = None) -> CompanyShown:
        """The company as a file: as it is written `now`, or with templates, campaigns, lists and settings
        as they are in `force`. 404 for that while nothing is published. A key needs `see-settings`."""
        return self.call("GET", "/company", CompanyShown, query={"of": of})

    def look_at_company(
        self, file: bytes | File, *, absent: Literal["keep", "remove"] | None = None, key: str = ""
    ) -> ArrivalShown:
        """Send a company file (multipart/form-data) and learn what it would change; nothing is changed.
        `absent`: what becomes of what the file does not name. A key needs `change-settings`."""
        return self.call("POST", "/company", ArrivalShown, files={"file": file, "absent": absent}, key=key)

    def list_company_files(self, *, limit: int | None = None) -> Iterator[ArrivalShown]:
        """The files of the last 30 days. A key needs `see-settings`."""
        return self.each("/company/files", ArrivalShown, query={"limit": limit})

    def get_company_file(self, arrival_id: str) -> ArrivalShown:
        """One file. A key needs `see-settings`."""
        return self.call("GET", f"/company/files/{place(arrival_id)}", ArrivalShown)

    def remove_company_file(self, arrival_id: str) -> None:
        """Forget it. One that was put in place stays so, and can no longer be taken back. A key needs
        `change-settings`."""
        self.call("DELETE", f"/company/files/{place(arrival_id)}", NoneType)

    def list_company_changes(self, arrival_id: str, *, limit: int | None = None) -> Iterator[CompanyChange]:
        """What it would change, or has changed, in the order in which its page tells it. A key needs `see-
        settings`."""
        return self.each(f"/company/files/{place(arrival_id)}/changes", CompanyChange, query={"limit": limit})

    def apply_company_file(self, arrival_id: str, body: Going, *, key: str = "") -> ArrivalShown:
        """Put it in place: all that was shown, or nothing. 409 where something was changed since; ask for
        it anew. A key needs `change-settings`."""
        return self.call(
            "POST", f"/company/files/{place(arrival_id)}/apply", ArrivalShown, body=body, key=key
        )

    def undo_company_file(self, arrival_id: str, *, key: str = "") -> ArrivalShown:
        """Take it back, but for what was changed since (`left`). A key needs `change-settings`."""
        return self.call("POST", f"/company/files/{place(arrival_id)}/undo", ArrivalShown, key=key)
