"""The typed client, made from the API's own description: `stationer.client.shapes` and `stationer.client.routes`.

A file for each tag. Structs of what is sent leave out what is not set; structs of what is answered pass over what they
do not know. A list with a cursor becomes an iterator. Operations that no API key may use are left out.
"""

from __future__ import annotations

import keyword
import re
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]
HEAD = (
    '"""{} Made by `make generated` from the API\'s description."""\n\nfrom __future__ import annotations\n\n'
)
#: Imports are sorted the same before and after the files are there.
FIRST = 'lint.isort.known-first-party=["stationer"]'
#: Whatever else an operation asks for is a key of some kind: none is forgotten because its kind is new.
NO_KEYS = {"EdgeToken", "AccessTokenBearer"}
PLAIN = {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "null": "None"}


def files(document: Json) -> dict[str, str]:
    """Every generated file of the client, by its path."""
    made = {f"src/stationer/client/{path}": text for path, text in _Maker(document).files().items()}
    return {path: _formatted(path, text) for path, text in made.items()}


def _formatted(path: str, text: str) -> str:
    command = [sys.executable, "-m", "ruff"]
    for more in (["check", "--fix-only", "-q", "--select", "I,F401", "--config", FIRST], ["format", "-q"]):
        ran = subprocess.run(
            [*command, *more, "--stdin-filename", path, "-"],
            input=text,
            capture_output=True,
            text=True,
            check=True,
        )
        text = ran.stdout
    return text


def _of_octets(said: Json) -> bool:
    """Whether it takes or answers octets alone, which may be too many to be held: who asks for them reads a stream."""
    bodies = [said.get("requestBody", {}), *said["responses"].values()]
    return any("application/octet-stream" in body.get("content", {}) for body in bodies)


class _Maker:
    """One description, and which of its shapes are sent and which are answered."""

    def __init__(self, document: Json) -> None:
        self.shapes: Json = document["components"]["schemas"]
        self.operations = [
            (path.removeprefix("/api/v1"), method, said)
            for path, verbs in document["paths"].items()
            for method, said in verbs.items()
            if {name for one in said.get("security", ()) for name in one} - NO_KEYS and not _of_octets(said)
        ]
        self.homes: dict[str, str] = {}
        self.sent: set[str] = set()
        for _, _, said in self.operations:
            tag = said["tags"][0]
            self._find(said.get("requestBody", {}), tag, sent=True)
            answers = [one for status, one in said["responses"].items() if int(status) < 300]
            self._find([self._item(said) or answers], tag, sent=False)

    def _find(self, where: Any, tag: str, sent: bool) -> None:
        for name in _references(where):
            known = name in self.homes and (not sent or name in self.sent)
            self.homes.setdefault(name, tag)
            self.sent |= {name} if sent else set()
            if not known:
                self._find(self.shapes[name], tag, sent)

    def files(self) -> dict[str, str]:
        """`shapes/TAG.py`, `routes/TAG.py`, and both packages' fronts."""
        tags = sorted({said["tags"][0] for _, _, said in self.operations})
        homes = sorted(set(self.homes.values()))
        made = {f"shapes/{tag}.py": self._shapes(tag) for tag in homes}
        made |= {f"routes/{tag}.py": self._routes(tag) for tag in tags}
        front = HEAD.format("Every shape that the API takes or answers.")
        for tag in homes:
            names = ", ".join(sorted(name for name, home in self.homes.items() if home == tag))
            front += f"from stationer.client.shapes.{tag} import {names}\n"
        front += f"\n__all__ = {sorted(self.homes)!r}\n"
        made["shapes/__init__.py"] = front.replace("'", '"')
        routes = HEAD.format("Every route of the API, by what it is about.")
        routes += "".join(f"from stationer.client.routes.{tag} import {_class(tag)}\n" for tag in tags)
        routes += f"\n\nclass Routes({', '.join(map(_class, tags))}):\n"
        made["routes/__init__.py"] = routes + '    """All of them."""\n'
        return made

    # ── shapes ──

    def _shapes(self, tag: str) -> str:
        mine = [name for name, home in self.homes.items() if home == tag]
        body = "\n\n".join(self._struct(name) for name in mine)
        other: dict[str, set[str]] = {}
        for name in {one for mine_ in mine for one in _references(self.shapes[mine_])} - set(mine):
            other.setdefault(self.homes[name], set()).add(name)
        imports = "".join(
            f"from stationer.client.shapes.{home} import {', '.join(sorted(names))}\n"
            for home, names in sorted(other.items())
        )
        usual = (
            "from datetime import datetime\nfrom typing import Any, Literal\n\nimport msgspec\n"
            "from msgspec import UNSET, UnsetType, field\n"
        )
        return HEAD.format(f"What the API says of {tag}.") + usual + imports + "\n\n" + body

    def _struct(self, name: str) -> str:
        shape = self.shapes[name]
        sent = name in self.sent
        bounds = "kw_only=True, omit_defaults=True" if sent else "kw_only=True"
        lines = [f"class {name}(msgspec.Struct, {bounds}):", _words(shape.get("description", name), 4), ""]
        needed = set(shape.get("required", ()))
        for field, inner in shape.get("properties", {}).items():
            lines.append(f"    {self._field(field, inner, field in needed, sent)}")
        return "\n".join(lines) + "\n"

    def _field(self, name: str, inner: Json, needed: bool, sent: bool) -> str:
        shown = _called(name)
        kind = self.kind(inner)
        if not needed and sent:
            nullable = kind.endswith(" | None")
            bare = kind.removesuffix(" | None")
            return f"{shown}: {bare} | UnsetType{' | None' * nullable} = UNSET"
        said = [] if shown == name else [f'name="{name}"']
        if not needed:
            usual = inner.get("default")
            said.append(
                f"default_factory={type(usual).__name__}"
                if isinstance(usual, list | dict)
                else f"default={usual!r}"
            )
            kind = kind if usual is not None or "None" in kind else f"{kind} | None"
        return f"{shown}: {kind}" + (f" = field({', '.join(said)})" if said else "")

    def kind(self, schema: Json) -> str:
        """The Python type of a schema."""
        if "$ref" in schema:
            return str(schema["$ref"].rpartition("/")[2])
        if "anyOf" in schema:
            return " | ".join(dict.fromkeys(self.kind(one) for one in schema["anyOf"]))
        if "enum" in schema or "const" in schema:
            return f"Literal[{', '.join(repr(one) for one in schema.get('enum', [schema.get('const')]))}]"
        if schema.get("type") == "array":
            return f"list[{self.kind(schema.get('items', {}))}]"
        if schema.get("type") == "object":
            inner = schema.get("additionalProperties", {})
            return f"dict[str, {self.kind(inner) if isinstance(inner, dict) else 'Any'}]"
        if schema.get("format") == "date-time":
            return "datetime"
        if schema.get("format") == "binary" or schema.get("contentMediaType") == "application/octet-stream":
            return "bytes | File"
        return PLAIN.get(schema.get("type", ""), "Any")

    # ── routes ──

    def _routes(self, tag: str) -> str:
        mine = [one for one in self.operations if one[2]["tags"][0] == tag]
        body = "\n".join(self._method(*one) for one in mine)
        names = sorted({name for name in self.homes if re.search(rf"\b{name}\b", body)})
        head = HEAD.format(f"Routes about {tag}.")
        head += "from collections.abc import Iterator\nfrom datetime import datetime\n"
        head += "from typing import Any, Literal\n\nfrom stationer.client.calling import Caller, NoneType, place\n"
        head += "from stationer.client.form import File\n"
        head += f"from stationer.client.shapes import {', '.join(names)}\n" if names else ""
        about = f'    """What can be asked about {tag}."""\n\n'
        return f"{head}\n\nclass {_class(tag)}(Caller):\n{about}{body}"

    def _item(self, said: Json) -> Json | None:
        """What a list is of, where the operation has a cursor."""
        if not any(one["name"] == "cursor" for one in said["parameters"]):
            return None
        shape = said["responses"]["200"]["content"]["application/json"]["schema"]
        items: Json = self.shapes[shape["$ref"].rpartition("/")[2]]["properties"]["items"]["items"]
        return items

    def _method(self, path: str, method: str, said: Json) -> str:
        item = self._item(said)
        answers = {k: v for k, v in said["responses"].items() if int(k) < 300}
        content = next(iter(answers.values())).get("content", {}).get("application/json")
        found = self.kind(item) if item else self.kind(content["schema"]) if content else "None"
        taken, passed = self._parameters(method, said, item is not None)
        places = re.sub(r"\{(\w+)\}", r"{place(\1)}", path)
        where = f'f"{places}"' if "{" in path else f'"{path}"'
        asked = [where, found if found != "None" else "NoneType", *passed]
        call = (
            f"self.each({', '.join(asked)})" if item else f'self.call("{method.upper()}", {", ".join(asked)})'
        )
        name, back = said["operationId"], f"Iterator[{found}]" if item else found
        lines = [f"    def {name}(self{taken}) -> {back}:", _words(said["description"], 8)]
        return "\n".join([*lines, f"        {'return ' if back != 'None' else ''}{call}"]) + "\n"

    def _parameters(self, method: str, said: Json, pages: bool) -> tuple[str, list[str]]:
        positional, named, passed = [], [], []
        query = []
        for one in said["parameters"]:
            if one["in"] == "path":
                positional.append(f"{one['name']}: str")
            elif one["in"] == "query" and one["name"] != "cursor":
                query.append(one["name"])
                named.append(
                    f"{_called(one['name'])}: {self.kind(one['schema'])} | None = None".replace(
                        "| None | None", "| None"
                    )
                )
        if query:
            passed.append("query={" + ", ".join(f'"{name}": {_called(name)}' for name in query) + "}")
        for kind, content in said.get("requestBody", {}).get("content", {}).items():
            if kind == "application/json":
                positional.append(f"body: {self.kind(content['schema'])}")
                passed.append("body=body")
                continue
            shape = content["schema"]
            for name, inner in shape["properties"].items():
                needed = name in shape.get("required", ())
                target = positional if needed else named
                target.append(f"{name}: {self.kind(inner)}" + ("" if needed else " | None = None"))
            passed.append("files={" + ", ".join(f'"{name}": {name}' for name in shape["properties"]) + "}")
        if method == "post":
            named.append('key: str = ""')
            passed.append("key=key")
        listed = [*positional, *(["*", *named] if named else [])]
        return "".join(f", {one}" for one in listed), passed


def _references(where: Any) -> Iterator[str]:
    if isinstance(where, dict):
        for name, inner in where.items():
            if name == "$ref" and "/schemas/" in inner:
                yield inner.rpartition("/")[2]
            elif name not in ("example", "examples"):
                yield from _references(inner)
    elif isinstance(where, list):
        for inner in where:
            yield from _references(inner)


def _called(name: str) -> str:
    """A name as Python takes it."""
    return f"{name}_" if keyword.iskeyword(name) else name


def _class(tag: str) -> str:
    return f"{tag.capitalize()}Routes"


def _words(said: str, indent: int) -> str:
    """A docstring of these words."""
    said = " ".join(said.split()).replace("\\", "\\\\")
    return textwrap.fill(f'"""{said}"""', 108, initial_indent=" " * indent, subsequent_indent=" " * indent)
