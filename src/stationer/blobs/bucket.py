"""Blobs in an object store that speaks S3, by obstore (the extra `s3`). An object appears whole or not at all, and is
durable when the store says so: that is the store's promise."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from stationer.blobs.names import Absent, StoreError, checked

#: Bytes of a part of what is sent in parts (S3 takes 10,000 of them), and how many are on their way at a time.
_PART, _AT_A_TIME = 8 << 20, 2


class WrongPlace(OSError):
    """This is no place for blobs; the message says what one is."""


class Bucket:
    """Blobs as objects below a prefix of a bucket."""

    def __init__(self, url: str) -> None:
        """`s3://BUCKET[/PREFIX][?endpoint=URL&region=NAME]`; credentials come from `AWS_…` variables or the machine's
        role. Nothing is asked of the store yet. Raises WrongPlace."""
        try:
            import obstore
            from obstore import exceptions, store
        except ImportError as fault:
            raise WrongPlace(
                f"A bucket needs a part that is not installed: pip install 'stationer[s3]' ({fault})"
            ) from fault
        said = urlsplit(url)
        asked = dict(parse_qsl(said.query, keep_blank_values=True))
        if said.scheme != "s3" or not said.netloc or asked.keys() - {"endpoint", "region"}:
            raise WrongPlace(f"{url} is not s3://BUCKET/PREFIX, with ?endpoint=URL and region=NAME at most.")
        options: dict[str, Any] = dict(asked)
        if asked.get("endpoint", "").startswith("http://"):
            options["client_options"] = {"allow_http": True}
        self._by, self._faults = obstore, exceptions
        self._store = store.S3Store(
            said.netloc,
            prefix=said.path.strip("/") or None,
            retry_config={"max_retries": 3, "retry_timeout": timedelta(seconds=30)},
            **options,
        )

    def put(self, name: str, data: bytes) -> None:
        """Keep `data` by that name. Raises StoreError, WrongName."""
        with self._told(checked(name), putting=True):
            self._by.put(self._store, name, data, use_multipart=False)

    def write(self, name: str, chunks: Iterable[bytes]) -> int:
        """Keep all that `chunks` give; how many bytes. Raises StoreError, WrongName, what `chunks` raise."""
        checked(name)
        size, fault = 0, None

        def counted() -> Iterator[bytes]:
            nonlocal size, fault
            try:
                for chunk in chunks:
                    size += len(chunk)
                    yield bytes(chunk)
            except BaseException as raised:
                fault = raised
                raise

        try:
            with self._told(name, putting=True):
                self._by.put(self._store, name, counted(), chunk_size=_PART, max_concurrency=_AT_A_TIME)
        except Exception as told:
            raise (fault or told) from None
        return size

    def get(self, name: str) -> bytes:
        """The bytes. Raises Absent, StoreError, WrongName."""
        with self._told(checked(name)):
            return self._by.get(self._store, name).bytes().to_bytes()

    def read(self, name: str, start: int, stop: int) -> bytes:
        """Bytes from `start` up to `stop`, as far as there are. Raises Absent, StoreError, WrongName."""
        if start < stop:
            with contextlib.suppress(StoreError), self._told(checked(name)):
                return self._by.get_range(self._store, name, start=start, end=stop).to_bytes()
        end = min(stop, self.size(name))  # a range that begins behind the end is a fault to some stores
        if start >= end:
            return b""
        with self._told(name):
            return self._by.get_range(self._store, name, start=start, end=end).to_bytes()

    def size(self, name: str) -> int:
        """How many bytes it has. Raises Absent, StoreError, WrongName."""
        with self._told(checked(name)):
            return self._by.head(self._store, name)["size"]

    def has(self, name: str) -> bool:
        """Whether there is a blob by that name. Raises StoreError, WrongName."""
        try:
            self.size(name)
        except Absent:
            return False
        return True

    def delete(self, name: str) -> None:
        """Forget the blob; nothing happens when there is none. Raises StoreError, WrongName."""
        with (
            self._told(checked(name)),
            contextlib.suppress(Absent, self._faults.NotFoundError, FileNotFoundError),
        ):
            self._by.delete(self._store, name)

    def names(self, prefix: str = "") -> Iterator[str]:
        """Names of all blobs below a prefix (whole segments), sorted. Raises StoreError, WrongName."""
        with self._told(prefix and checked(prefix)):
            pages = self._by.list(self._store, prefix or None)
            found = [one["path"] for page in pages for one in page]
        yield from sorted(found)

    def clean(self) -> list[str]:
        """Nothing: an object is whole or not there. Parts of an upload that was broken off are no objects, and the
        store drops them by a rule of the bucket (docs/keys.md)."""
        return []

    @contextlib.contextmanager
    def _told(self, name: str, putting: bool = False) -> Iterator[None]:
        try:
            yield
        except (self._faults.NotFoundError, FileNotFoundError) as fault:
            if putting:
                raise StoreError("There is no such bucket, or not for these credentials.") from fault
            raise Absent(name) from fault
        except (self._faults.BaseError, OSError) as fault:
            reason = str(fault).strip().splitlines()[0]
            raise StoreError(f"The object store did not do it ({name}): {reason}") from fault
