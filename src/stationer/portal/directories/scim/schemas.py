"""The resources that are served, and what is tolerated of those who send them (RFC 7643, by scim2-models)."""

from __future__ import annotations

from typing import Annotated, ClassVar

import scim2_models
from pydantic import Field
from scim2_models import (
    AuthenticationScheme,
    Bulk,
    CaseExact,
    ChangePassword,
    ComplexAttribute,
    ETag,
    Extension,
    External,
    Filter,
    Mutability,
    Pagination,
    Patch,
    Reference,
    ResourceType,
    ScimPolicy,
    ScimProvider,
    ServiceProviderConfig,
    Sort,
    User,
)

#: Resources on one page, when nobody says and at most.
USUAL_PAGE, MOST_PAGE = 100, 200


class Manager(ComplexAttribute):
    """A person's manager. Nothing of it is required: Entra ID sends the id alone (RFC 7643 §4.3 recommends both)."""

    value: str | None = None
    ref: Reference[External] | None = Field(None, serialization_alias="$ref", validation_alias="$ref")
    display_name: Annotated[str | None, Mutability.read_only] = None


class EnterpriseUser(Extension):
    """The enterprise extension (RFC 7643 §4.3)."""

    __schema__ = scim2_models.EnterpriseUser.__schema__

    employee_number: str | None = None
    cost_center: str | None = None
    organization: str | None = None
    division: str | None = None
    department: str | None = None
    manager: Manager | None = None


class Inside(ComplexAttribute):
    """Somebody, or a group, in a group (RFC 7643 §4.2): what says who never changes. What they are called stands with
    themselves."""

    value: Annotated[str | None, Mutability.immutable, CaseExact.true] = None
    ref: Annotated[Reference[User | scim2_models.Group] | None, Mutability.immutable] = Field(  # type: ignore[type-arg]
        None, serialization_alias="$ref", validation_alias="$ref"
    )
    type: Annotated[str | None, Mutability.immutable] = Field(None, examples=["User", "Group"])


class Group(scim2_models.Group):
    """A group."""

    members: list[Inside] | None = None  # type: ignore[assignment]
    Members: ClassVar[type[ComplexAttribute]] = Inside


Person = User[EnterpriseUser]
Team = Group

CONFIG = ServiceProviderConfig(
    patch=Patch(supported=True),
    bulk=Bulk(supported=False, max_operations=0, max_payload_size=0),
    filter=Filter(supported=True, max_results=MOST_PAGE),
    change_password=ChangePassword(supported=False),
    sort=Sort(supported=True),
    etag=ETag(supported=True),
    pagination=Pagination(
        cursor=False,
        index=True,
        default_pagination_method=Pagination.DefaultPaginationMethod.index,
        default_page_size=USUAL_PAGE,
        max_page_size=MOST_PAGE,
    ),
    authentication_schemes=[
        AuthenticationScheme(
            type=AuthenticationScheme.Type.oauthbearertoken,
            name="Bearer token",
            description="The token that the directory's page showed once (RFC 6750).",
            primary=True,
        )
    ],
)
#: What Entra ID and Okta do otherwise: attributes of their own are left out, a `remove` says what by its value, and
#: a path with a filter that fits nothing yet makes what it describes.
POLICY = ScimPolicy(
    unknown=ScimPolicy.Unknown.ignore,
    remove_value_as_filter=ScimPolicy.RemoveValue.apply,
    unmatched_path_filter=ScimPolicy.UnmatchedPathFilter.create,
)
PROVIDER = ScimProvider(
    models=[User, EnterpriseUser, Group],
    resource_types=[ResourceType.from_resource(Person), ResourceType.from_resource(Team)],
    config=CONFIG,
    policy=POLICY,
)
