"""Examples of requests and answers: by a field's name what it holds, so that the same thing looks the same everywhere.

Each is made by walking a schema. tests/portal/test_description.py holds every example against its schema, and sends
every request to a furnished company.
"""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

Json = dict[str, Any]
#: `bodies`: of an operation. `fields`: by name. `shapes`: by a schema's name and the field's, where that says it
#: better. `query`: parameters.
_SAID: Json = json.loads((files("stationer.portal.programs") / "examples.json").read_text("utf-8"))
FIELDS: Json = _SAID["fields"]
SHAPES: dict[str, Json] = _SAID["shapes"]
#: Fields that an example leaves out of what is sent: a form with all of them says too much.
QUIET = frozenset(_SAID["quiet"])


def put(said: Json, schemas: Json) -> None:
    """An example into every parameter, request and answer of an operation."""
    for parameter in said["parameters"]:
        if "example" not in parameter:
            name = parameter["name"]
            if parameter["in"] == "path" or name in _SAID["query"]:
                parameter["example"] = _SAID["query"].get(name, FIELDS.get(name))
    bodies = [said["requestBody"]] if "requestBody" in said else []
    for content in bodies[0]["content"].values() if said["operationId"] in _SAID["bodies"] else ():
        content["example"] = _SAID["bodies"][said["operationId"]]
    for body in [*bodies, *said["responses"].values()]:
        for content in body.get("content", {}).values():
            if "example" not in content and "schema" in content:
                content["example"] = of(content["schema"], schemas, sent=body in bodies)


def of(schema: Json, schemas: Json, name: str = "", shape: str = "", sent: bool = False) -> Any:
    """An example of this schema, which stands under `name` in the schema called `shape`."""
    if name and name in SHAPES.get(shape, {}):
        return SHAPES[shape][name]
    if "$ref" in schema:
        return _object(schemas[schema["$ref"].rpartition("/")[2]], schemas, schema["$ref"], sent)
    either = schema.get("anyOf") or schema.get("allOf")
    if name in FIELDS and "properties" not in schema and not _refers(schema):
        return FIELDS[name]
    if either:
        return of(next(one for one in either if one.get("type") != "null"), schemas, name, shape, sent)
    if schema.get("type") == "array":
        return [of(schema.get("items", {}), schemas, name, shape, sent)]
    if "properties" in schema:
        return _object(schema, schemas, shape, sent)
    return schema.get("default", _plain(schema))


def _refers(schema: Json) -> bool:
    inner = [schema.get("items", {}), *schema.get("anyOf", ()), *schema.get("allOf", ())]
    return any("$ref" in one or (one.get("items") and "$ref" in one["items"]) for one in inner)


def _object(schema: Json, schemas: Json, reference: str, sent: bool) -> Any:
    shape = reference.rpartition("/")[2]
    if "enum" in schema:
        return schema["enum"][0]
    needed = schema.get("required", ())
    return {
        name: of(inner, schemas, name, shape, sent)
        for name, inner in schema.get("properties", {}).items()
        if not sent or name in needed or (name in SHAPES.get(shape, {})) or name not in QUIET
    }


def _plain(schema: Json) -> Any:
    if "enum" in schema:
        return schema["enum"][0]
    if "const" in schema:
        return schema["const"]
    return {"integer": 1, "number": 0.5, "boolean": False, "object": {}, "null": None}.get(
        schema.get("type", ""), ""
    )
