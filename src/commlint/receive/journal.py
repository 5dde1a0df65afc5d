"""Files of raw messages, each behind its length as the Collector's file exporter has it."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path
from typing import Final

FILE: Final = 64 << 20
"""Bytes after which a new file is begun."""

MESSAGE: Final = 64 << 20
"""Bytes of one message."""

ROOM: Final = 16 << 30
"""Bytes of all files together."""


FILES: Final = "traces-*.otlp"


class FullError(Exception):
    """There is no room for more; whoever sent it should try again later."""


class Journal:
    """
    Takes messages from any thread. Once `append` has returned, the message outlives this process.

    Messages may be compressed, each by itself.
    """

    def __init__(self, folder: Path, room: int = ROOM, file: int = FILE) -> None:
        self._folder, self._left, self._file = folder, room, file
        self._lock = threading.Lock()
        # What another process has left there stays as it is.
        self._number, self._written = len(list(folder.glob(FILES))), 0
        self._open = -1
        self.messages = 0
        self.changed = time.monotonic()

    def append(self, message: bytes) -> None:
        """
        Raises:
            FullError: there is no room, or the disk refuses.
        """
        with self._lock:
            self.changed = time.monotonic()
            if not message:
                return
            record = len(message).to_bytes(4, "big") + message
            if len(record) > self._left:
                raise FullError("no room is left for traces")
            try:
                self._write(record)
            except OSError as error:
                raise FullError(str(error.strerror or error)) from error
            self._left -= len(record)
            self._written += len(record)
            self.messages += 1

    def _write(self, record: bytes) -> None:
        if self._open < 0 or self._written >= self._file:
            self._begin()
        left = memoryview(record)
        try:
            while left:
                left = left[os.write(self._open, left) :]
        except OSError:
            # Half a record would make all behind it unreadable.
            os.ftruncate(self._open, self._written)
            os.lseek(self._open, self._written, os.SEEK_SET)
            raise

    def _begin(self) -> None:
        self._finish()
        self._number += 1
        while True:
            path = self._folder / f"traces-{self._number:05d}.otlp"
            try:
                self._open = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
                break
            except FileExistsError:
                self._number += 1
        self._written = 0

    def _finish(self) -> None:
        if self._open >= 0:
            os.close(self._open)
            self._open = -1

    def close(self) -> tuple[Path, ...]:
        """Stop taking messages; the files that hold them."""
        with self._lock:
            self._left = 0
            self._finish()
        return tuple(sorted(self._folder.glob(FILES)))
