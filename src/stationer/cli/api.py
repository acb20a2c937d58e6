"""Ask a portal's API: `stationer api list_people --portal https://portal.example.org --token-file key`.

`stationer api` lists what can be asked. What stands in the path or the query is written name=value, what is sent stands
in a JSON file (`--body FILE`, `-` is standard input), a file of octets is name=@FILE. A list is printed as one JSON
object a line, everything else as JSON. What was lost on the way is sent again and done once.

Exit codes: 0 done · 1 the portal cannot be reached · 2 usage · 3 the portal refused (its sentence on stderr).
"""

from __future__ import annotations

import argparse
import inspect
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, get_args, get_type_hints

import msgspec

from stationer.client import Client, File, Refused, Unreachable

#: What a client has besides operations.
BY_PATH = ("call", "each", "put", "octets")


def operations() -> dict[str, Callable[..., Any]]:
    """Everything that can be asked, by name; octets have none: a client brings and fetches them by path."""
    found = {name: getattr(Client, name) for name in dir(Client) if not name.startswith("_")}
    return {name: one for name, one in found.items() if name not in BY_PATH}


def configure(parser: argparse.ArgumentParser) -> None:
    """The arguments of `stationer api`."""
    parser.add_argument("operation", nargs="?", help="what is asked, as GET /api/v1/openapi.json names it")
    parser.add_argument("values", nargs="*", metavar="name=value", help="of the path or the query")
    parser.add_argument("--portal", default="", metavar="URL", help="address of the portal")
    parser.add_argument("--token-file", type=Path, metavar="FILE", help="file that holds the API key's token")
    parser.add_argument("--body", metavar="FILE", help="JSON that is sent; - is standard input")


def run(arguments: argparse.Namespace) -> int:
    """0, 1, 2 or 3."""
    known = operations()
    if not arguments.operation:
        for name, one in known.items():
            print(f"{name:<24} {(one.__doc__ or '').split('. ')[0]}")
        return 0
    if arguments.operation not in known:
        return _usage(f"there is no {arguments.operation}; `stationer api` lists what there is")
    try:
        client = Client(arguments.portal, _token(arguments.token_file))
        values = _values(known[arguments.operation], arguments)
    except (OSError, ValueError, msgspec.MsgspecError) as error:
        return _usage(str(error))
    try:
        _print(getattr(client, arguments.operation)(**values))
    except Refused as error:
        print(f"stationer api: {error}", file=sys.stderr)
        return 3
    except Unreachable as error:
        print(f"stationer api: {error}", file=sys.stderr)
        return 1
    return 0


def _usage(sentence: str) -> int:
    print(f"stationer api: {sentence}", file=sys.stderr)
    return 2


def _token(file: Path | None) -> str:
    if file is None:
        raise ValueError("--token-file says where the API key's token is")
    return file.read_text(encoding="utf-8").strip()


def _values(one: Callable[..., Any], arguments: argparse.Namespace) -> dict[str, Any]:
    """What the operation is called with. Raises ValueError, OSError, MsgspecError."""
    kinds, found = get_type_hints(one), {}
    wanted = inspect.signature(one).parameters
    for said in arguments.values:
        name, equals, value = said.partition("=")
        if not equals or name not in wanted or name in ("self", "body"):
            raise ValueError(f"{said!r} is no name=value of {arguments.operation}")
        if File not in get_args(kinds[name]):
            found[name] = msgspec.convert(value, kinds[name], strict=False)
        elif value.startswith("@"):
            found[name] = File(Path(value[1:]).name, Path(value[1:]).read_bytes())
        else:
            raise ValueError(f"{name} is a file: write {name}=@FILE")
    if "body" in wanted:
        if not arguments.body:
            raise ValueError(f"{arguments.operation} sends something: write it into a JSON file, --body FILE")
        data = sys.stdin.buffer.read() if arguments.body == "-" else Path(arguments.body).read_bytes()
        found["body"] = msgspec.json.decode(data, type=kinds["body"])
    needed = [name for name, one in wanted.items() if one.default is one.empty and name != "self"]
    missing = [name for name in needed if name not in found]
    if missing:
        raise ValueError(f"{arguments.operation} needs {missing[0]}=…")
    return found


def _print(found: Any) -> None:
    if isinstance(found, Iterator):
        for row in found:
            print(msgspec.json.encode(row).decode())
            sys.stdout.flush()
    elif found is not None:
        print(msgspec.json.format(msgspec.json.encode(found), indent=2).decode())
