"""
What an earlier run found out, in one file.

The file is a head and a heap of blobs. The head says of each file of the tree its digest, what its status was when
that was computed, and where in the heap its facts are; it also says where the last results are. Nothing of the heap
is read before it is asked for. The file is replaced as a whole, so that a reader never sees half of it; when
two runs write, the later one wins. Whatever is wrong with it, the worst that happens is that work is done again.
"""

from __future__ import annotations

import contextlib
import logging
import os
import tempfile
import time
import zlib
from pathlib import Path
from typing import IO, Final

import msgspec

from commlint.store.discovery import SourceFile

FILE: Final = "commlint.cache"
RESULTS_KEPT: Final = 6
FINE_TICK: Final = 100_000_000
COARSE_TICK: Final = 2_000_000_000
"""Nanoseconds a clock of a file system may stand still; times of whole seconds point to a coarse one."""

_MAGIC: Final = b"commlint cache 1\n"
_log = logging.getLogger(__name__)


class Blob(msgspec.Struct, frozen=True, array_like=True):
    """A piece of the heap with its checksum."""

    offset: int
    length: int
    checksum: int


class Known(msgspec.Struct, frozen=True, array_like=True):
    """
    What is remembered of one file.

    `stamp`: size, times and inode it had; empty when it was too young to tell a later change by them.
    `imports` and `module`: what a sketch of it told; None and "" when it has none.
    """

    digest: str
    stamp: tuple[int, ...] = ()
    imports: tuple[str, ...] | None = None
    facts: Blob | None = None
    module: str = ""


class _Head(msgspec.Struct, array_like=True):
    producer: str
    heap: int
    files: dict[str, Known] = {}
    results: dict[str, tuple[Blob, ...]] = {}


class Cache:
    """
    Answers of earlier runs of the same `producer`; everything asked of it may be answered with None.

    Args:
        folder: where it is kept; None keeps nothing.
        producer: whatever makes old answers worthless when it changes: versions of the program and its readers.
    """

    def __init__(self, folder: Path | None, producer: str) -> None:
        self._began = time.time_ns()
        # A link may lead to where nobody wants our files.
        self._folder = None if folder is None or folder.is_symlink() else folder
        self._producer = producer
        self._file: IO[bytes] | None = None
        self._start = 0
        self._old = self._open()
        self._new = _Head(producer, 0)
        self._blobs: list[bytes] = []

    def __enter__(self) -> Cache:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def unchanged(self, file: SourceFile) -> Known | None:
        """What is known of a file whose status says that nobody wrote to it since."""
        known = self._old.files.get(file.path)
        return known if known is not None and known.stamp and known.stamp == file.stamp else None

    def same_content(self, path: str, digest: str) -> Known | None:
        """What is known of a file that has been read again."""
        known = self._old.files.get(path)
        return known if known is not None and known.digest == digest else None

    def facts(self, path: str, digest: str) -> bytes | None:
        """The facts of a file with this content."""
        known = self.same_content(path, digest)
        return self._read(known.facts) if known is not None and known.facts is not None else None

    def result(self, key: str) -> tuple[bytes, ...] | None:
        """The parts of a result."""
        blobs = self._old.results.get(key)
        parts = [self._read(blob) for blob in blobs or ()]
        return tuple(part for part in parts if part is not None) if blobs and None not in parts else None

    def part(self, key: str, number: int) -> bytes | None:
        """One part of a result; the others, which may be large, are not read."""
        blobs = self._old.results.get(key, ())
        return self._read(blobs[number]) if number < len(blobs) else None

    def remember(
        self, file: SourceFile, digest: str, imports: tuple[str, ...] | None, facts: bytes | None, module: str = ""
    ) -> None:
        """Keep what was found out about a file in this run; what is not remembered again is forgotten."""
        stamp = file.stamp if self._is_settled(file) else ()
        self._new.files[file.path] = Known(digest, stamp, imports, self._add(facts), module)

    def keep(self, file: SourceFile, known: Known) -> None:
        """Take over what an earlier run knew of a file, with the status it has now."""
        stamp = file.stamp if self._is_settled(file) else ()
        kept = self._read(known.facts) if known.facts is not None else None
        self._new.files[file.path] = Known(known.digest, stamp, known.imports, self._add(kept), known.module)

    def remember_result(self, key: str, parts: tuple[bytes, ...]) -> None:
        """Keep a result; the file holds the latest few, newest first."""
        self._new.results[key] = tuple(blob for part in parts if (blob := self._add(part)) is not None)

    def save(self) -> None:
        """Replace the file with what this run remembered; trouble is logged, and nothing is lost but time."""
        if self._folder is None:
            return
        for key, blobs in self._old.results.items():
            if len(self._new.results) >= RESULTS_KEPT:
                break
            parts = [self._read(blob) for blob in blobs]
            if key not in self._new.results and None not in parts:
                self.remember_result(key, tuple(part for part in parts if part is not None))
        try:
            _prepare(self._folder)
            _replace(self._folder / FILE, self._image())
        except OSError as error:
            _log.warning("the cache in %s cannot be written: %s", self._folder, error.strerror)

    def _is_settled(self, file: SourceFile) -> bool:
        """
        Whether a change since this run began must show in the times of the file.

        A file written just before could be written again within the same tick of the clock of its file system.
        """
        tick = COARSE_TICK if file.modified % 1_000_000_000 == 0 else FINE_TICK
        return max(file.modified, file.changed) + tick < self._began

    def _image(self) -> list[bytes]:
        self._new.heap = sum(map(len, self._blobs))
        head = msgspec.msgpack.encode(self._new)
        return [_MAGIC, len(head).to_bytes(8, "big"), zlib.crc32(head).to_bytes(4, "big"), head, *self._blobs]

    def _add(self, content: bytes | None) -> Blob | None:
        if content is None:
            return None
        blob = Blob(self._new.heap, len(content), zlib.crc32(content))
        self._new.heap += len(content)
        self._blobs.append(content)
        return blob

    def _read(self, blob: Blob) -> bytes | None:
        if self._file is None:
            return None
        try:
            self._file.seek(self._start + blob.offset)
            content = self._file.read(blob.length)
        except (OSError, ValueError, OverflowError):
            content = b""
        if len(content) != blob.length or zlib.crc32(content) != blob.checksum:
            _log.warning("a part of the cache in %s is broken and is made again", self._folder)
            return None
        return content

    def _open(self) -> _Head:
        """The head of the file there is; an empty one when it is absent, foreign, broken or out of date."""
        empty = _Head(self._producer, 0)
        if self._folder is None:
            return empty
        try:
            file = open(self._folder / FILE, "rb")  # noqa: SIM115  (parts of it are read until the end of the run)
        except FileNotFoundError:
            return empty
        except OSError as error:
            _log.warning("the cache in %s cannot be read: %s", self._folder, error.strerror)
            return empty
        head = self._head(file)
        if head is None or head.producer != self._producer:
            _log.info("the cache in %s is %s and is made again", self._folder, "out of date" if head else "broken")
            file.close()
            return empty
        self._file = file
        return head

    def _head(self, file: IO[bytes]) -> _Head | None:
        fixed = len(_MAGIC) + 12
        start = file.read(fixed)
        if len(start) != fixed or not start.startswith(_MAGIC):
            return None
        length = int.from_bytes(start[-12:-4], "big")
        size = os.fstat(file.fileno()).st_size
        content = file.read(length) if length <= size else b""
        if len(content) != length or zlib.crc32(content) != int.from_bytes(start[-4:], "big"):
            return None
        try:
            head = msgspec.msgpack.decode(content, type=_Head)
        except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
            return None
        self._start = fixed + length
        return head if self._start + head.heap == size else None


def _prepare(folder: Path) -> None:
    """A folder that backup programs and git leave alone."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in (
        (
            "CACHEDIR.TAG",
            "Signature: 8a477f597d28d172789f06886806bc55\n# This folder holds what commlint can make again.\n",
        ),
        (".gitignore", "*\n"),
    ):
        with contextlib.suppress(FileExistsError), open(folder / name, "x", encoding="utf-8") as file:
            file.write(content)


def _replace(path: Path, parts: list[bytes]) -> None:
    descriptor, temporary = tempfile.mkstemp(prefix=".commlint-", dir=path.parent)
    try:
        with open(descriptor, "wb") as file:
            file.writelines(parts)
        os.replace(temporary, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise
