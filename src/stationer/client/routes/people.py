"""Routes about people. Made by `make generated` from the API's description."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from stationer.client.calling import Caller, NoneType, place
from stationer.client.form import File
from stationer.client.shapes import (
    Decision,
    Delegates,
    DelegatesShown,
    Detail,
    DetailShown,
    DoorChange,
    DoorShown,
    GroupShown,
    ImportShown,
    ListName,
    ListShown,
    NewGroup,
    NewList,
    NewPackage,
    NewPerson,
    PackageChange,
    PackageShown,
    PersonChange,
    PersonShown,
    ProposalShown,
    WrongLine,
)


class PeopleRoutes(Caller):
    """What can be asked about people."""

    def list_people(self, *, limit: int | None = None) -> Iterator[PersonShown]:
        """Members. A key needs `see-people`."""
        return self.each("/people", PersonShown, query={"limit": limit})

    def add_person(self, body: NewPerson, *, key: str = "") -> PersonShown:
        """A new member. A key needs `change-people`."""
        return self.call("POST", "/people", PersonShown, body=body, key=key)

    def get_person(self, member_id: str) -> PersonShown:
        """One member. A key needs `see-people`."""
        return self.call("GET", f"/people/{place(member_id)}", PersonShown)

    def change_person(self, member_id: str, body: PersonChange) -> PersonShown:
        """Change what is sent. A key needs `change-people`."""
        return self.call("PATCH", f"/people/{place(member_id)}", PersonShown, body=body)

    def remove_person(self, member_id: str) -> None:
        """The member, their devices and their access are gone. A key needs `change-people`."""
        self.call("DELETE", f"/people/{place(member_id)}", NoneType)

    def list_groups(self, *, limit: int | None = None) -> Iterator[GroupShown]:
        """Groups. A key needs `see-people`."""
        return self.each("/groups", GroupShown, query={"limit": limit})

    def add_group(self, body: NewGroup, *, key: str = "") -> GroupShown:
        """A new group. A key needs `change-people`."""
        return self.call("POST", "/groups", GroupShown, body=body, key=key)

    def get_group(self, group_id: str) -> GroupShown:
        """One group. A key needs `see-people`."""
        return self.call("GET", f"/groups/{place(group_id)}", GroupShown)

    def change_group(self, group_id: str, body: NewGroup) -> GroupShown:
        """Another name. Drafts that name it follow; mail follows at the next Publish. A key needs `change-
        people`."""
        return self.call("PATCH", f"/groups/{place(group_id)}", GroupShown, body=body)

    def remove_group(self, group_id: str) -> None:
        """The group goes into the bin; its members stay. Not while mail goes by it: take it out there and
        publish first. A key needs `change-people`."""
        self.call("DELETE", f"/groups/{place(group_id)}", NoneType)

    def list_packages(self, *, limit: int | None = None) -> Iterator[PackageShown]:
        """Packages. A key needs `see-people`."""
        return self.each("/packages", PackageShown, query={"limit": limit})

    def add_package(self, body: NewPackage, *, key: str = "") -> PackageShown:
        """A new package. A key needs `change-people`."""
        return self.call("POST", "/packages", PackageShown, body=body, key=key)

    def get_package(self, package_id: str) -> PackageShown:
        """One package. A key needs `see-people`."""
        return self.call("GET", f"/packages/{place(package_id)}", PackageShown)

    def change_package(self, package_id: str, body: PackageChange) -> PackageShown:
        """Change what is sent. Drafts that name it follow another name; mail follows at the next Publish. A
        key needs `change-people`."""
        return self.call("PATCH", f"/packages/{place(package_id)}", PackageShown, body=body)

    def remove_package(self, package_id: str) -> None:
        """A package that nobody is in any more. A key needs `change-people`."""
        self.call("DELETE", f"/packages/{place(package_id)}", NoneType)

    def list_lists(self, *, limit: int | None = None) -> Iterator[ListName]:
        """Lists, by name. A key needs `see-people`."""
        return self.each("/lists", ListName, query={"limit": limit})

    def get_list(self, name: str) -> ListShown:
        """One list. A key needs `see-people`."""
        return self.call("GET", f"/lists/{place(name)}", ListShown)

    def put_list(self, name: str, body: NewList) -> ListShown:
        """The list has these addresses and no others. A key needs `change-people`."""
        return self.call("PUT", f"/lists/{place(name)}", ListShown, body=body)

    def remove_list(self, name: str) -> None:
        """The list goes into the bin, from which people can bring it back for 30 days. A key needs `change-
        people`."""
        self.call("DELETE", f"/lists/{place(name)}", NoneType)

    def list_delegates(self, member_id: str) -> DelegatesShown:
        """Who reads for a member. A key needs `see-people`."""
        return self.call("GET", f"/people/{place(member_id)}/delegates", DelegatesShown)

    def put_delegates(self, member_id: str, body: Delegates) -> DelegatesShown:
        """These read for the member, and nobody else; the mailbox is told by mail of each new one.
        `earlier` of somebody who reads already is only ever given; to take it back, leave them out first. A
        key needs `change-people`."""
        return self.call("PUT", f"/people/{place(member_id)}/delegates", DelegatesShown, body=body)

    def list_details(self, *, limit: int | None = None) -> Iterator[DetailShown]:
        """What is known of people, by name. A key needs `see-people`."""
        return self.each("/details", DetailShown, query={"limit": limit})

    def put_detail(self, detail: str, body: Detail) -> DetailShown:
        """Say what a detail is; a new one where nobody has it. A key needs `change-people`."""
        return self.call("PUT", f"/details/{place(detail)}", DetailShown, body=body)

    def remove_detail(self, detail: str) -> None:
        """It is as it came; what people have stays. A key needs `change-people`."""
        self.call("DELETE", f"/details/{place(detail)}", NoneType)

    def list_proposals(
        self, *, limit: int | None = None, open: bool | None = None
    ) -> Iterator[ProposalShown]:
        """What people would like changed of their own details. A key needs `see-people`."""
        return self.each("/proposals", ProposalShown, query={"limit": limit, "open": open})

    def decide_proposal(self, proposal_id: str, body: Decision, *, key: str = "") -> ProposalShown:
        """Agree or decline; the person is told by mail. A key needs `change-people`."""
        return self.call("POST", f"/proposals/{place(proposal_id)}", ProposalShown, body=body, key=key)

    def list_imports(self, *, limit: int | None = None) -> Iterator[ImportShown]:
        """The imports of the last 30 days. A key needs `see-people`."""
        return self.each("/imports", ImportShown, query={"limit": limit})

    def add_import(
        self,
        file: bytes | File,
        *,
        columns: str | None = None,
        empty: Literal["keep", "clear"] | None = None,
        groups: Literal["add", "exact"] | None = None,
        gone: Literal["keep", "remove"] | None = None,
        key: str = "",
    ) -> ImportShown:
        """Send a CSV file (multipart/form-data). `columns` is a JSON list of targets, one a column:
        `address`, `aliases`, `groups`, `package`, `a:NAME`, or nothing to leave it out; without it they are
        guessed from the headings. A key needs `change-people`."""
        return self.call(
            "POST",
            "/imports",
            ImportShown,
            files={"file": file, "columns": columns, "empty": empty, "groups": groups, "gone": gone},
            key=key,
        )

    def get_import(self, import_id: str) -> ImportShown:
        """One import. A key needs `see-people`."""
        return self.call("GET", f"/imports/{place(import_id)}", ImportShown)

    def remove_import(self, import_id: str) -> None:
        """Forget it. One that was put in place stays so, and can no longer be taken back. A key needs
        `change-people`."""
        self.call("DELETE", f"/imports/{place(import_id)}", NoneType)

    def list_wrong_lines(self, import_id: str, *, limit: int | None = None) -> Iterator[WrongLine]:
        """The lines that are left out, in the order of the file. A key needs `see-people`."""
        return self.each(f"/imports/{place(import_id)}/wrong", WrongLine, query={"limit": limit})

    def apply_import(self, import_id: str, *, key: str = "") -> ImportShown:
        """Put it in place, without the wrong lines: everything or nothing. A key needs `change-people`."""
        return self.call("POST", f"/imports/{place(import_id)}/apply", ImportShown, key=key)

    def undo_import(self, import_id: str, *, key: str = "") -> ImportShown:
        """Take it back. A key needs `change-people`."""
        return self.call("POST", f"/imports/{place(import_id)}/undo", ImportShown, key=key)

    def show_door(self) -> DoorShown:
        """Who from outside may begin a secure message. A key needs `see-people`."""
        return self.call("GET", "/secure-door", DoorShown)

    def change_door(self, body: DoorChange) -> DoorShown:
        """Change what is sent; in force at once. A key needs `change-people`."""
        return self.call("PATCH", "/secure-door", DoorShown, body=body)
