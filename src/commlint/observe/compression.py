"""Compressed files and records: told by their first bytes, opened when the means are there."""

from __future__ import annotations

import gzip
import importlib
import io
from typing import Any, BinaryIO, Final, cast

GZIP: Final = b"\x1f\x8b"
ZSTD: Final = b"\x28\xb5\x2f\xfd"
AT_ONCE: Final = 1 << 20
"""Bytes that are read from a file at a time."""

NO_ZSTD: Final = "is compressed with zstd; install `zstandard`, or decompress it first"
DAMAGED: Final = "is compressed, and damaged or cut off; what stands before that was read"


class UnreadableError(Exception):
    """A file or record that cannot be opened; `str()` says why, with the cure."""


class _Decompressing(io.RawIOBase):
    """The content of a compressed stream; whatever its library raises is an UnreadableError here."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            # What was decompressed before something turned out to be damaged is not lost then.
            content = self._inner.read1(len(buffer))
        except Exception as error:
            raise UnreadableError(DAMAGED) from error
        buffer[: len(content)] = content
        return len(content)


def opened(file: BinaryIO) -> io.BufferedReader:
    """
    The content of a file that may be compressed; nesting is not followed.

    Raises:
        UnreadableError: it is compressed in a way that cannot be opened here; reading from the answer may raise it too.
        OSError: it cannot be read.
    """
    buffered: io.BufferedReader = io.BufferedReader(cast(io.RawIOBase, file), AT_ONCE)
    head = buffered.peek(4)[:4]
    if head.startswith(GZIP):
        return io.BufferedReader(_Decompressing(gzip.GzipFile(fileobj=buffered, mode="rb")), AT_ONCE)
    if head == ZSTD:
        return io.BufferedReader(_Decompressing(_zstd(buffered)), AT_ONCE)
    return buffered


def inflated(record: bytes, limit: int) -> bytes:
    """
    The content of a record that may be compressed by itself.

    Raises:
        UnreadableError: it is damaged, holds more than `limit` bytes, or is compressed in a way that cannot be opened.
    """
    if not record.startswith((ZSTD, GZIP)):
        return record
    content = opened(io.BytesIO(record)).read(limit + 1)
    if len(content) > limit:
        raise UnreadableError(f"holds more than {limit >> 20} MiB once decompressed")
    return content


def _zstd(file: BinaryIO) -> Any:
    try:
        module = importlib.import_module("zstandard")
    except ImportError:
        raise UnreadableError(NO_ZSTD) from None
    return module.ZstdDecompressor().stream_reader(file, read_across_frames=True)
