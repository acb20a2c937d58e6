"""The API at /api/v1: all routers, one key, and every refusal in the wire's form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import RequestDataTooBig, ValidationError
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from ninja.errors import AuthenticationError, HttpError
from ninja.errors import ValidationError as SchemaError

from stationer.portal.access.api import router as access
from stationer.portal.access.keys_api import router as keys
from stationer.portal.access.link_api import router as link_domain
from stationer.portal.access.programs import Key, only_known_keys
from stationer.portal.alerts.api import router as alerts
from stationer.portal.audit.api import router as audit
from stationer.portal.company.api import router as company
from stationer.portal.content.api import router as content
from stationer.portal.content.lint_api import router as linting
from stationer.portal.content.pictures_api import router as pictures
from stationer.portal.hooks.api import router as hooks
from stationer.portal.notices.api import router as notifications
from stationer.portal.people.api import router as people
from stationer.portal.people.bin_api import router as bins
from stationer.portal.people.delegates_api import router as delegates
from stationer.portal.people.details_api import router as details
from stationer.portal.people.door_api import router as secure_door
from stationer.portal.people.imports_api import router as imports
from stationer.portal.programs.describing import Described
from stationer.portal.publishing.api import router as publishing
from stationer.portal.publishing.defining import NotReady
from stationer.portal.publishing.trying_api import router as trying
from stationer.portal.publishing.versions_api import router as versions
from stationer.portal.site.refusals import answer
from stationer.portal.statistics.edge_api import router as edges
from stationer.portal.statistics.figures.api import router as figures
from stationer.portal.statistics.linking.api import router as links
from stationer.portal.statistics.visiting.api import router as visitors
from stationer.portal.surveys.api import router as surveys
from stationer.portal.vault.api import router as secure
from stationer.portal.vault.errors import VaultError
from stationer.portal.vault.refusing import refused as of_the_vault
from stationer.portal.visits.api import router as visits
from stationer.watch.log import Voice

api = Described(
    title="Stationer",
    version="1",
    description="What the pages do, for programs (docs/api.md). "
    "Refusals are `{error, message, fields?, retry_after?}`; unknown and forbidden look the same (404).",
    auth=Key("manage-roles"),  # each router says which rights it needs; one that forgot is nearly shut
    docs_url=None,
    urls_namespace="api",
)
api.add_decorator(only_known_keys)
for router in (
    access, keys, link_domain, people, delegates, details, imports, content, linting, pictures, bins, publishing,
    versions, trying, visitors, links, figures, edges, alerts, hooks, visits, surveys, audit, company, secure,
    notifications, secure_door,
):  # fmt: skip
    api.add_router("", router)
say = Voice("portal")
#: By the name of a route: how many octets are taken, where a verb of its path brings a file (site.sizes).
LARGE = {
    one.view_func.__name__: max(
        getattr(other.view_func, "most_octets", (0,))[0] for other in verbs.operations
    )
    for router in (people, imports, content, pictures, company, secure, secure_door)
    for verbs in router.path_operations.values()
    for one in verbs.operations
}


def refused(
    exception: type[Exception],
) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Registers what an exception is answered with."""
    return api.exception_handler(exception)


@refused(SchemaError)
def _schema(request: HttpRequest, error: SchemaError) -> HttpResponse:
    fields: dict[str, list[str]] = {}
    for one in error.errors:
        place = [
            str(part)
            for part in one.get("loc", ())
            if part not in ("body", "query", "path", "form", "asked", "paging")
        ]
        fields.setdefault(".".join(place) or "body", []).append(str(one.get("msg", "")))
    return answer("invalid", fields=fields)


@refused(ValidationError)
def _model(request: HttpRequest, error: ValidationError) -> HttpResponse:
    if hasattr(error, "error_dict"):
        named = {name if name != "__all__" else "body": words for name, words in error.message_dict.items()}
        return answer("invalid", fields=named)
    return answer("invalid", fields={"body": error.messages})


@refused(NotReady)
def _troubles(request: HttpRequest, error: NotReady) -> HttpResponse:
    fields: dict[str, list[str]] = {}
    for trouble in error.troubles:
        fields.setdefault(f"{trouble.kind}: {trouble.name}", []).append(trouble.sentence())
    return answer("invalid", "The drafts cannot be published yet.", fields=fields)


@refused(VaultError)
def _vault(request: HttpRequest, error: VaultError) -> HttpResponse:
    return of_the_vault(error)


@refused(Http404)
def _absent(request: HttpRequest, error: Http404) -> HttpResponse:
    return answer("not-found")


@refused(AuthenticationError)
def _unknown(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    response = answer("unauthorised")
    response["WWW-Authenticate"] = "Bearer"
    return response


@refused(RequestDataTooBig)
def _large(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
    return answer("too-large")


@refused(HttpError)
def _http(request: HttpRequest, error: HttpError) -> HttpResponse:
    codes = {400: "malformed", 401: "unauthorised", 403: "not-found", 404: "not-found", 413: "too-large"}
    return answer(codes.get(error.status_code, "malformed"))


@refused(IntegrityError)
def _clash(request: HttpRequest, error: IntegrityError) -> HttpResponse:
    return answer("invalid", "Somebody else has just made one like it. Ask for what is there and try again.")


@refused(Exception)
def _fault(request: HttpRequest, error: Any) -> HttpResponse:
    say.fault("fault", path=request.path)
    return answer("fault")
