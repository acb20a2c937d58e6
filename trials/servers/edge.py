"""A real edge: `stationer serve edge` in a process of its own, over a company's folder."""

from __future__ import annotations

import sys
import urllib.request
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from trials.servers.running import LOOPBACK, Running, free_port


class Source(Protocol):
    """Whoever writes snapshots and rolls: a company of the trials, or a portal."""

    @property
    def folder(self) -> Path: ...
    @property
    def public_key(self) -> Path: ...


@dataclass
class Edge:
    """A running edge on `port`. `ready` is the address that must say 200 before it counts as started; `more` are
    further settings."""

    company: Source
    home: Path
    workers: int = 1
    port: int = field(default_factory=free_port)
    ready: str = "/readyz"
    more: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Start, and wait until it is ready. Raises NotReady with the edge's own words."""
        self.running = Running(
            "edge",
            [sys.executable, "-m", "stationer", "serve", "edge"],
            self.home / "edge.log",
            self.is_ready,
            environment={
                "STATIONER_DATA": str(self.home),
                "STATIONER_EDGE__FOLDER": str(self.company.folder),
                "STATIONER_EDGE__PUBLIC_KEY": str(self.company.public_key),
                "STATIONER_EDGE__LISTEN": f"{LOOPBACK}:{self.port}",
                "STATIONER_EDGE__WORKERS": str(self.workers),
                **getattr(self.company, "uplink", {}),
                **self.more,
            },
            folder=self.home,
        )

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://{LOOPBACK}:{self.port}"

    def is_ready(self) -> bool:
        """Whether it answers (with the default of `ready`: a pick) now."""
        with suppress(OSError), urllib.request.urlopen(f"{self.url}{self.ready}", timeout=2) as answer:
            return bool(answer.status == 200)
        return False

    def stop(self) -> None:
        """Stop this edge and no other."""
        self.running.stop()
