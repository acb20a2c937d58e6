"""What the API's description says that a key may ask is what the client and `stationer api` can ask."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from stationer.cli.api import operations

DESCRIPTION = json.loads(Path(__file__).parents[2].joinpath("contract/openapi.json").read_text())


def is_of_octets(said: dict[str, Any]) -> bool:
    """Whether a request or an answer of it may be octets too many to be held: a client goes by its path."""
    bodies = [said.get("requestBody", {}), *said["responses"].values()]
    return any("application/octet-stream" in body.get("content", {}) for body in bodies)


def test_each_operation_of_a_key_has_a_method_and_no_other_has() -> None:
    schemes = DESCRIPTION["components"]["securitySchemes"]
    keys = {name for name, said in schemes.items() if "API key" in said["description"]}
    of_keys = {
        said["operationId"]: said
        for verbs in DESCRIPTION["paths"].values()
        for said in verbs.values()
        if any(keys & set(one) for one in said.get("security", ()))
    }
    of_octets = {name for name, said in of_keys.items() if is_of_octets(said)}
    assert of_octets == {"put_piece", "get_content", "get_part", "get_notification"}
    assert set(of_keys) - of_octets == set(operations())
    assert {"look_at_company", "apply_company_file", "show_key", "remove_device"} <= set(of_keys)
    assert not {"put_segment", "enrol_device", "tell_visit"} & set(of_keys)
