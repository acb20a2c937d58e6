"""Environment over file over default, checked whole: every setting is right, or all problems at once."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_origin

import msgspec

from stationer.settings.leaves import LEAVES, Leaf
from stationer.settings.sections import Agent, Edge, Log, Portal, Settings
from stationer.settings.sources import (
    SYSTEM,
    Given,
    Problem,
    find_file,
    from_environment,
    from_file,
    user_folder,
)

DEFAULT = "default"


class WrongSettingsError(Exception):
    """Some settings cannot be used. `problems` holds them all; the message lists them, one a line."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__("These settings stop the start:\n" + "\n".join(f"  {p}" for p in problems))


class Loaded(msgspec.Struct, frozen=True):
    """Settings in force. `origins` says for each dotted name where its value came from."""

    settings: Settings
    values: dict[str, Any]
    origins: dict[str, str]

    @property
    def data(self) -> Path:
        """The folder below which programs keep their files by default."""
        return self.settings.data

    @property
    def portal(self) -> Portal:
        """The portal's and its worker's."""
        return self.settings.portal

    @property
    def edge(self) -> Edge:
        """The edge's."""
        return self.settings.edge

    @property
    def agent(self) -> Agent:
        """The agent's."""
        return self.settings.agent

    @property
    def log(self) -> Log:
        """Of the log, for every program."""
        return self.settings.log


def load(environ: Mapping[str, str] | None = None, cwd: Path | None = None, system: Path = SYSTEM) -> Loaded:
    """Settings from `environ` (else the process's) and the file found from `cwd`.

    Raises WrongSettingsError with every problem there is.
    """
    environ = os.environ if environ is None else environ
    cwd = (cwd or Path.cwd()).absolute()
    path = find_file(environ, cwd, system)
    in_file, problems = from_file(path) if path else ({}, [])
    in_environment, more = from_environment(environ, cwd)
    given = in_file | in_environment
    values: dict[str, Any] = {}
    problems += more
    for leaf in LEAVES.values():
        try:
            values[leaf.name] = _value(leaf, given, values, environ, cwd)
        except ValueError as error:  # msgspec.ValidationError is one
            problems.append(Problem(leaf.name, given[leaf.name].origin, str(error)))
            values[leaf.name] = leaf.default
    if problems:
        raise WrongSettingsError(problems)
    origins = {name: given[name].origin if name in given else DEFAULT for name in LEAVES}
    return Loaded(_built(Settings, "", values), values, origins)


def _value(
    leaf: Leaf, given: Mapping[str, Given], values: Mapping[str, Any], environ: Mapping[str, str], cwd: Path
) -> Any:
    if leaf.name in given:
        return _converted(leaf, given[leaf.name])
    if "under" in leaf.extra:
        return values["data"] / leaf.extra["under"]
    if "user" in leaf.extra:
        return user_folder(leaf.extra["user"], environ)
    return cwd / leaf.default if leaf.plain is Path else leaf.default


def _converted(leaf: Leaf, given: Given) -> Any:
    if leaf.plain is Path:
        if not isinstance(given.value, str) or not given.value.strip():
            raise ValueError("expected the path of a file or folder.")
        return given.base / Path(given.value).expanduser()
    value = given.value
    if given.text and get_origin(leaf.plain) is tuple:
        value = tuple(word.strip() for word in value.split(",") if word.strip())
    try:
        return msgspec.convert(value, leaf.type, strict=not given.text)
    except msgspec.ValidationError as error:
        raise ValueError(_reason(leaf, value, str(error))) from None


def _reason(leaf: Leaf, value: Any, fault: str) -> str:
    said = "" if leaf.secret else f", not {value!r}"
    if form := leaf.extra.get("form"):
        return f"expected {form}{said}."
    return f"{fault[:1].lower()}{fault[1:]}{said}." if not leaf.secret else "it has the wrong form."


def _built(struct: type[Any], prefix: str, values: Mapping[str, Any]) -> Any:
    """The struct from its flat values."""
    return struct(
        **{
            field.name: values[prefix + field.name]
            if prefix + field.name in values
            else _built(field.type, f"{prefix}{field.name}.", values)
            for field in msgspec.structs.fields(struct)
        }
    )
