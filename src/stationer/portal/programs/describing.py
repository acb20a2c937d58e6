"""The API describes itself (OpenAPI 3.1): what ninja reads from types, and beside it what holds for every operation.

Summaries and descriptions are the functions' own; an operation's name is its function's. Added here: the rights that a
key needs, every refusal with its sentence, how often one may ask, Idempotency-Key, and an example of everything.
"""

from __future__ import annotations

import re
from typing import Any

import msgspec
from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation

from stationer.portal.access.programs import Key
from stationer.portal.programs import examples
from stationer.portal.programs.marking import SENTENCE
from stationer.wire.errors import ERRORS, Refusal, refusal

Json = dict[str, Any]
#: Refusals by status, and which of their codes comes as an example.
REFUSED = {
    400: "malformed",
    401: "unauthorised",
    404: "not-found",
    409: "resting",
    413: "too-large",
    422: "invalid",
    429: "too-many-requests",
}
_LIMITS = {"RateLimit-Policy": "How often may be asked", "RateLimit": "How much of that is left"}
_SCHEMES = {
    "Key": "An API key of a company, with the rights that the operation names.",
    "AnyKey": "An API key, whatever it may do.",
    "Whole": "An API key that also sees all that stands in a company file.",
    "KeyOrDevice": "An API key, or the token of a device for itself.",
    "AccessTokenBearer": "The access token of a device grant (RFC 8628), good for one device.",
    "EdgeToken": "The token of an edge of this installation.",
}


class Described(NinjaAPI):
    """An API that describes itself once a process: making the document takes a second, and anybody may ask."""

    document: OpenAPISchema | None = None

    def get_openapi_operation_id(self, operation: Operation) -> str:
        """As the route is called in the code, and in the client."""
        return str(getattr(operation, "url_name", None) or operation.view_func.__name__)

    def get_openapi_schema(self, **at: Any) -> OpenAPISchema:
        """The OpenAPI document."""
        if self.document is None:
            made = super().get_openapi_schema(**at)
            complete(self, made)
            self.document = made
        return self.document


def complete(api: NinjaAPI, made: Json) -> None:
    """Everything that ninja does not know, into the document."""
    schemas = made["components"]["schemas"]
    schemas["Refusal"] = _refusal()
    made["components"]["responses"] = {f"Refused{status}": _answer(status) for status in REFUSED}
    for name, scheme in made["components"]["securitySchemes"].items():
        scheme["description"] = _SCHEMES[name]
    found = {
        (method.lower(), one.operation_id or api.get_openapi_operation_id(one)): one
        for bound in api._get_bound_routers()
        for view in bound.path_operations.values()
        for one in view.operations
        for method in one.methods
    }
    for verbs in made["paths"].values():
        for method, said in verbs.items():
            _complete(found[method, said["operationId"]], method, said, schemas)


def _complete(one: Operation, method: str, said: Json, schemas: Json) -> None:
    words = " ".join((one.view_func.__doc__ or "").split())
    if said["summary"] == one.view_func.__name__.title().replace("_", " "):  # nobody wrote one
        said["summary"] = re.split(r"[.;:] |\.$", words)[0]
    said["description"] = f"{words}{_rights(one, method, said)}"
    said["responses"] = {str(status): answered for status, answered in said["responses"].items()}
    for status in _statuses(one, method, said):
        said["responses"][str(status)] = {"$ref": f"#/components/responses/Refused{status}"}
    of_a_key = any(isinstance(auth, Key) for auth in one.auth_callbacks or ())
    if of_a_key and method == "post":
        said["parameters"].append(_key())
    for status, answered in said["responses"].items():
        if int(status) < 300 and of_a_key:
            answered["headers"] = {
                name: {"description": words, "schema": {"type": "string"}} for name, words in _LIMITS.items()
            }
    examples.put(said, schemas)


def _rights(one: Operation, method: str, said: Json) -> str:
    """Which rights a key needs; they stand in the security requirement as well (OpenAPI 3.1, roles)."""
    needed: list[str] = []
    for auth in one.auth_callbacks or ():
        if isinstance(auth, Key):
            needed = [right for right in (auth.needs[method != "get"], auth.also) if right]
    for requirement in said.get("security", ()):
        for name in requirement:
            requirement[name] = list(needed)
    listed = " and ".join(f"`{right}`" for right in needed)
    return f"\n\nA key needs {listed}." if needed else ""


def _statuses(one: Operation, method: str, said: Json) -> list[int]:
    shut = "security" in said
    takes = method in ("post", "put", "patch")
    return [400, *([401] if shut or takes else []), 404, *([409] if method != "get" else []),
            *([413] if takes else []), 422, 429]  # fmt: skip


def _key() -> Json:
    return {
        "in": "header",
        "name": "Idempotency-Key",
        "required": False,
        "description": f"Sent again within 24 hours, nothing is done again, and the answer is the same. {SENTENCE}",
        "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!#-\\[\\]-~]+$"},
        "example": "0192f0c4-6d0e-7b3a-9f60-1c5b1f0a7e21",
    }


def _refusal() -> Json:
    (reference,), parts = msgspec.json.schema_components(
        [Refusal], ref_template="#/components/schemas/{name}"
    )
    shape: Json = parts[reference["$ref"].rpartition("/")[2]]
    shape["properties"]["error"] = {"type": "string", "enum": sorted(ERRORS)}
    return shape


def _answer(status: int) -> Json:
    more: Json = {"fields": {"name": ["This field is required."]}} if status == 422 else {}
    more |= {"retry_after": 42} if status == 429 else {}
    example = msgspec.to_builtins(refusal(REFUSED[status], **more)[1])
    codes = ", ".join(sorted(f"`{code}`" for code, (known, _) in ERRORS.items() if known == status))
    described: Json = {
        "description": f"Refused: {codes}",
        "content": {
            "application/json": {"schema": {"$ref": "#/components/schemas/Refusal"}, "example": example}
        },
    }
    if status in (409, 429):
        described["headers"] = {
            "Retry-After": {"description": "In so many seconds", "schema": {"type": "integer"}}
        }
    return described
