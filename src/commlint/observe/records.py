"""From a file to its records, whatever they are framed by: lines, lengths, or nothing."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Final, NamedTuple

from commlint.observe.compression import GZIP, ZSTD

RECORD_LIMIT: Final = 128 << 20
"""
Bytes of one record; a larger one is left out.

A bare protobuf message begins with the byte 0x0a, which as the first byte of a length would mean more than this: so
the two cannot be taken for each other.
"""

HEAD: Final = 4096
LOOK: Final = 16
"""Bytes at the end of a line that tell what it is."""

FRAME: Final = 4
"""Bytes of a length before a record."""

CONTROL: Final = frozenset(range(32)) - frozenset(b"\t\n\r\x0c")
FIELD: Final = 0x0A

TOO_LARGE: Final = f"a record of more than {RECORD_LIMIT >> 20} MiB, left out; write smaller batches"
CUT_OFF: Final = "ends in the middle of a record; what stands before it was read"
UNKNOWN: Final = "holds no traces that commlint can read; give OTLP as JSON or protobuf, one record after the other"
EMPTY: Final = "is empty"


class Record(NamedTuple):
    """Bytes of one message. `line`: where it begins in a text, 0 elsewhere."""

    line: int
    content: bytes


class Trouble(NamedTuple):
    """Something in a file that gives no record."""

    line: int
    message: str


def records(stream: io.BufferedReader) -> Iterator[Record | Trouble]:
    """The records of a decompressed file, told by its content; never more than one of them in memory."""
    head = stream.peek(HEAD)[:HEAD]
    if not head:
        yield Trouble(0, EMPTY)
    elif _is_text(head):
        yield from _texts(stream)
    elif head[0] == FIELD:
        yield from _fields(stream)
    elif is_framed(head):
        yield from _frames(stream)
    else:
        yield Trouble(0, UNKNOWN)


def _is_text(head: bytes) -> bool:
    # Protobuf can begin like white space and a brace, but its lengths and ids do not look like text for long.
    return head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"[") and CONTROL.isdisjoint(head)


def is_framed(head: bytes) -> bool:
    length = int.from_bytes(head[:4], "big")
    return 0 < length <= RECORD_LIMIT and head[4:5] in (b"\n", b"{", ZSTD[:1], GZIP[:1])


def _texts(stream: io.BufferedReader) -> Iterator[Record | Trouble]:
    """One record a line, or one document over many lines."""
    number, pretty, began = 0, bytearray(), 1
    while line := stream.readline(RECORD_LIMIT + 1):
        number += 1
        if len(line) > RECORD_LIMIT:
            yield Trouble(number, TOO_LARGE)
            _skip_line(stream, line)
            continue
        if number == 1:
            line = line.removeprefix(b"\xef\xbb\xbf")
        # Most lines are records, and large: to strip one is to copy it.
        if not pretty and _stands_alone(line[-LOOK:].rstrip(), line):
            yield Record(number, line)
            continue
        text = line.rstrip()
        if not pretty and not text.lstrip():
            continue
        if not pretty and _stands_alone(text, text):
            yield Record(number, text)
            continue
        if not pretty:
            began = number
        pretty += line if pretty else text + b"\n"
        if len(pretty) > RECORD_LIMIT:
            yield Trouble(began, TOO_LARGE)
            pretty.clear()
        elif text in (b"}", b"]"):
            # Only the last brace of a printed document stands at the beginning of a line.
            yield Record(began, bytes(pretty))
            pretty.clear()
    if pretty:
        yield from _unfinished(bytes(pretty), began)


def _stands_alone(end: bytes, line: bytes) -> bool:
    """Whether a line is a whole record, or at least the beginning of one that was cut off, but none of many lines."""
    return len(end) > 2 and line.startswith((b"{", b"[")) and not end.endswith((b"{", b"[", b","))


def _unfinished(text: bytes, began: int) -> Iterator[Record | Trouble]:
    """A document without an end of its own line may be whole, or lines after all, of which the first was cut off."""
    if text.rstrip().endswith((b"}", b"]")) and b'\n{"' not in text:
        yield Record(began, text)
        return
    for offset, line in enumerate(text.split(b"\n")):
        if line.startswith(b'{"') and line.rstrip().endswith(b"}"):
            yield Record(began + offset, line)
    yield Trouble(began, CUT_OFF)


def _skip_line(stream: io.BufferedReader, line: bytes) -> None:
    while line and not line.endswith(b"\n"):
        line = stream.readline(1 << 20)


def _frames(stream: io.BufferedReader) -> Iterator[Record | Trouble]:
    """Each record behind its length, as 32 bits with the highest byte first."""
    while head := stream.read(4):
        length = int.from_bytes(head, "big")
        # A crash may leave zeros at the end, without an end.
        if len(head) < 4 or not length:
            yield Trouble(0, CUT_OFF)
            return
        if length > RECORD_LIMIT:
            yield Trouble(0, TOO_LARGE)
            if not _skip(stream, length):
                return
            continue
        content = stream.read(length)
        if len(content) < length:
            yield Trouble(0, CUT_OFF)
            return
        yield Record(0, content)


def _fields(stream: io.BufferedReader) -> Iterator[Record | Trouble]:
    """
    The parts of a bare message: everything in it is field 1, repeated, and each of them alone is a message too.
    """
    while tag := stream.read(1):
        length, head = _varint(stream)
        if tag[0] != FIELD or length < 0:
            yield Trouble(0, CUT_OFF if tag[0] == FIELD else UNKNOWN)
            return
        if length > RECORD_LIMIT:
            yield Trouble(0, TOO_LARGE)
            if not _skip(stream, length):
                return
            continue
        content = stream.read(length)
        if len(content) < length:
            yield Trouble(0, CUT_OFF)
            return
        yield Record(0, tag + head + content)


def _varint(stream: io.BufferedReader) -> tuple[int, bytes]:
    """A number of protobuf and its bytes; -1 when it does not end."""
    value, read = 0, b""
    for position in range(5):
        byte = stream.read(1)
        if not byte:
            return -1, read
        read += byte
        value |= (byte[0] & 0x7F) << (7 * position)
        if byte[0] < 0x80:
            return value, read
    return -1, read


def _skip(stream: io.BufferedReader, length: int) -> bool:
    """Whether that many bytes could be passed over."""
    while length > 0:
        passed = len(stream.read(min(length, 1 << 20)))
        if not passed:
            return False
        length -= passed
    return True
