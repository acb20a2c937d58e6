"""What Entra ID and Okta send otherwise than the RFC has it, put right before it is read.

Capital letters of `op` and of attributes, "True" and "False" as words, dotted names as keys, and a `remove` with a
value are read by scim2-models as they come.
"""

from __future__ import annotations

from typing import Any

#: What a service alone decides; Okta and Entra ID send some of it back in changes without a path.
OURS = ("id", "meta", "schemas", "groups")


def whole(data: Any) -> Any:
    """A resource as it can be read: a manager may be an id alone."""
    if not isinstance(data, dict):
        return data
    return {
        key: {name: _value(name, one) for name, one in value.items()} if isinstance(value, dict) else value
        for key, value in data.items()
    }


def operations(data: Any) -> Any:
    """A PatchOp as it can be read."""
    if not isinstance(data, dict):
        return data
    return {
        key: [_operation(one) for one in value]
        if key.lower() == "operations" and isinstance(value, list)
        else value
        for key, value in data.items()
    }


def _operation(one: Any) -> Any:
    if not isinstance(one, dict):
        return one
    said = {key.lower(): value for key, value in one.items()}
    path, value = said.get("path"), said.get("value")
    if isinstance(path, str) and path.strip():
        said["value"] = _value(path, value)
    elif isinstance(value, dict):
        said.pop("path", None)
        kept = {name: found for name, found in value.items() if name.lower() not in OURS}
        said["value"] = {name: _value(name, found) for name, found in whole(kept).items()}
    return {key: found for key, found in said.items() if key != "value" or "value" in one or "Value" in one}


def _value(path: str, value: Any) -> Any:
    """A manager is an object; Entra ID sends its id, or a list of one."""
    name = path.lower().replace(":", ".").rpartition(".")[2]
    if name != "manager":
        return value
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    return {"value": value} if isinstance(value, str) else value
